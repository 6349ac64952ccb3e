"""The write door of the exchange: orders come in, and what staff do about results.

What goes out is queued by ``outbox`` and sent by ``sending``.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.exchange import access
from yanlu.exchange.incoming import OrderRefusal, Row, Said, number_of, read_order
from yanlu.exchange.models import Delivery, Message, Order, Partner, State
from yanlu.intake.channels.file.batches import NUMBER_TAKEN
from yanlu.intake.services import receive_submission
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound

if TYPE_CHECKING:
    from yanlu.intake.models import Submission
    from yanlu.people.models import Account

log = logging.getLogger(__name__)

OURS = _("This could not be taken in for a fault of ours; an operator finds it in the log.")
#: Refusals of one delivery that are kept for its page.
KEPT_REFUSALS = 200
#: What intake calls our fields, where it calls them otherwise.
AS_OURS = {"text": "description"}
#: Longest reason for going on without a message, in characters.
MAX_NOTE = 200


@dataclass
class Received:
    """What became of the orders of a delivery: the partner's numbers, and who was refused why."""

    delivery: Delivery
    taken: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    refusals: list[OrderRefusal] = field(default_factory=list)


def receive_orders(
    *, actor: journal.Actor, partner: Partner, way: str, rows: Iterable[Row]
) -> Received:
    """Take a partner's orders in: each by itself, so that one refusal holds up no other.

    An order that came before, by whatever way, is known and changes nothing; with other words it
    is refused, so that no word gets lost.

    :raises NotAllowed: the partner is not in use.
    """
    if not partner.is_active:
        raise NotAllowed(_("The exchange with this partner is switched off."))
    delivery = Delivery.objects.create(partner=partner, way=way, at=clock.now())
    received = Received(delivery)
    try:
        for row in rows:
            _sort_in(actor, received, row)
    finally:
        _note(actor, received)
    return received


def _sort_in(actor: journal.Actor, received: Received, row: Row) -> None:
    partner = received.delivery.partner
    try:
        said = read_order(partner.dialect, row, partner.code)
        is_new = _take(actor, received.delivery, row, said)
    except (Invalid, Conflict) as error:
        name = error.field if isinstance(error, Invalid) else "number"
        _refuse(received, row, name, error.message)
    except (OperationalError, InterfaceError):
        raise  # the database's trouble, not the order's
    except Exception:
        log.exception("an order can't be taken in", extra={"partner": partner.code})
        _refuse(received, row, "", OURS)
    else:
        (received.taken if is_new else received.known).append(said.number)


def _refuse(received: Received, row: Row, field: str, reason: str | Promise) -> None:
    dialect = received.delivery.partner.dialect
    heading = dialect.columns.get(AS_OURS.get(field, field), field)
    received.refusals.append(OrderRefusal(row.number, heading, reason, number_of(dialect, row)))


@transaction.atomic
def _take(actor: journal.Actor, delivery: Delivery, row: Row, said: Said) -> bool:
    """Let an order become a submission, and whether it is new.

    :raises Conflict: it came before with other words.
    """
    submission, _is_new = receive_submission(actor=actor, words=said.words)
    if not _says_the_same(submission, said):
        raise Conflict(NUMBER_TAKEN)
    order, is_new = Order.objects.get_or_create(
        partner=delivery.partner,
        number=said.number,
        defaults={
            "original_number": said.original_number,
            "submission": submission,
            "delivery": delivery,
            "details": said.details,
            "original": row.original,
            "came_at": clock.now(),
        },
    )
    if is_new:
        data = {"partner": delivery.partner.code, "way": delivery.way, "submission": submission.pk}
        journal.record("order.received", subject(order.pk), actor=actor, data=data)
    return is_new


def _says_the_same(submission: "Submission", said: Said) -> bool:
    """Blanks and line ends differ between a table and JSON; words must not."""
    held = f"{submission.title} {submission.text}"
    return held.split() == f"{said.words.title} {said.words.text}".split()


@transaction.atomic
def _note(actor: journal.Actor, received: Received) -> None:
    delivery = Delivery.objects.select_for_update().get(pk=received.delivery.pk)
    delivery.taken, delivery.known = len(received.taken), len(received.known)
    delivery.refused = len(received.refusals)
    with translation.override(settings.LANGUAGE_CODE):
        delivery.refusals = [
            {"row": one.row, "number": one.number, "field": one.field, "reason": str(one.reason)}
            for one in received.refusals[:KEPT_REFUSALS]
        ]
    delivery.save()
    data = {name: getattr(delivery, name) for name in ("way", "taken", "known", "refused")}
    journal.record(
        "orders.delivered",
        journal.Subject("delivery", delivery.pk),
        actor=actor,
        data={"partner": delivery.partner.code, **data},
    )
    received.delivery = delivery


def subject(order_id: int) -> journal.Subject:
    """An order in the journal."""
    return journal.Subject("order", order_id)


@transaction.atomic
def send_again(*, actor: "Account", message_ids: Collection[int]) -> int:
    """Let messages go out again at once: dead ones, and those put off to later; how many.

    :raises NotAllowed: the person does not look after the exchange.
    """
    access.check(actor)
    messages = _lock_undone(message_ids)
    for message in messages:
        message.state, message.tries, message.next_at = State.WAITING, 0, clock.now()
        message.save()
        data = {"sequence": message.sequence}
        journal.record("result.sent_again", subject(message.order_id), actor=actor, data=data)
    return len(messages)


@transaction.atomic
def set_aside(*, actor: "Account", message_id: int, reason: str) -> None:
    """Let the messages behind a dead one go out without it, saying why.

    :raises NotFound: it is not dead (any more).
    :raises Invalid: no reason that says something.
    """
    access.check(actor)
    if len(reason.strip()) < 4:
        raise Invalid(_("Please put it in a sentence of your own."), "reason")
    message = next(iter(_lock_undone([message_id])), None)
    if message is None or message.state != State.DEAD:
        raise NotFound(_("This message does not wait for anybody."))
    message.state, message.done_at = State.SET_ASIDE, clock.now()
    message.note = reason.strip()[:MAX_NOTE]
    message.save()
    data = {"sequence": message.sequence}
    journal.record("result.set_aside", subject(message.order_id), actor=actor, data=data)


def _lock_undone(message_ids: Collection[int]) -> list[Message]:
    """Those of the messages that wait or are dead, their orders locked."""
    wanted = Message.objects.filter(pk__in=message_ids, state__in=(State.WAITING, State.DEAD))
    orders = Order.objects.select_for_update().order_by("pk")
    list(orders.filter(pk__in=wanted.values("order")).values_list("pk"))
    return list(wanted.order_by("order", "sequence"))


@transaction.atomic
def open_original(*, actor: journal.Actor, partner: str, number: str, reason: str) -> str:
    """An order as it came (JSON), persons and all: needs a reason, and is logged.

    :raises NotFound: no such order.
    :raises Invalid: no reason that says something.
    """
    if len(reason.strip()) < 4:
        raise Invalid(_("Say why you need to see who this is."), "reason")
    orders = Order.objects.select_for_update(of=("self",))
    order = orders.filter(partner__code=partner, number=number).first()
    if order is None:
        raise NotFound(_("There is no such order."))
    journal.record("order.opened", subject(order.pk), actor=actor, data={"reason": reason.strip()})
    return json.dumps(json.loads(order.original), ensure_ascii=False, indent=1)


@transaction.atomic
def note_export(*, actor: journal.Actor, partner: Partner, rows: int) -> None:
    """Record that somebody took a partner's results out."""
    Partner.objects.select_for_update().get(pk=partner.pk)
    about = journal.Subject("partner", partner.pk)
    journal.record("results.exported", about, actor=actor, data={"rows": rows})


def reseal() -> Iterator[int]:
    """Encrypt every secret and every original anew with the newest key, one at a time."""
    for model, name in ((Partner, "secret"), (Order, "original")):
        for number in model.objects.order_by("pk").values_list("pk", flat=True).iterator():
            with transaction.atomic():
                row = model.objects.select_for_update().get(pk=number)
                row.save(update_fields=[name])
            yield number
