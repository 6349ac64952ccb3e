"""Results go out: one after another, in order within an order, until the partner has them.

What happened is safe whenever this stops: a message that the partner took, but whose answer got
lost, goes out again with the same sequence number.
"""

import logging
import time
from collections.abc import Mapping
from datetime import timedelta
from random import uniform
from typing import Any, Final

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Exists, OuterRef

from yanlu.exchange.models import Message, Order, Partner, State
from yanlu.exchange.results import result
from yanlu.exchange.services import subject
from yanlu.kernel import clock, journal
from yanlu.kernel.doors import Door, Failed
from yanlu.kernel.holds import alone
from yanlu.textkit.privacy import mask

log = logging.getLogger(__name__)

ACTOR = journal.System("exchange")
#: Tries before a message is dead; with the waits between them that takes one to two days.
MOST_TRIES: Final = 16
#: Wait after the first failure; each later one is twice as long, up to the longest.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
#: Each wait is drawn from this share of it to all of it, so that not all come back at once.
JITTER: Final = 0.5
#: Characters of what the partner said to a refusal that are kept, without what is personal.
KEPT: Final = 200
#: Seconds after which a run leaves the rest to the next one, so that other jobs get their turn.
RUN: Final = 40.0


def send_due() -> int:
    """Send what waits for partners that can be reached; how many messages they took."""
    partners = Partner.objects.filter(is_active=True).exclude(address="")
    return sum(_send_to(partner) for partner in partners)


def _send_to(partner: Partner) -> int:
    """Send until nothing is due, the time is up, or the partner's door is shut."""
    taken, until = 0, time.monotonic() + RUN
    with alone(f"results to {partner.pk}") as is_alone:
        while is_alone and time.monotonic() < until and (message := _first_due(partner)):
            try:
                taken += _send(partner, message)
            except Failed as failure:
                _note_failure(message, failure)
                if not failure.is_refusal:
                    break
            except (OperationalError, InterfaceError):
                raise  # the database's trouble, not the message's
            except Exception:
                log.exception("a result can't be told", extra={"message_id": message.pk})
                _note_failure(message, Failed("ours"))
    return taken


def _first_due(partner: Partner) -> Message | None:
    """The message due for longest that no earlier one of its order keeps waiting."""
    undone = Message.objects.filter(state__in=(State.WAITING, State.DEAD))
    earlier = undone.filter(order=OuterRef("order"), sequence__lt=OuterRef("sequence"))
    due = undone.filter(state=State.WAITING, next_at__lte=clock.now(), order__partner=partner)
    ready = due.filter(~Exists(earlier)).order_by("next_at", "id")
    return ready.select_related("order__submission").first()


def _send(partner: Partner, message: Message) -> bool:
    """Whether the partner took the message; what is not its to know stays here.

    :raises Failed: it did not.
    """
    row = result(message)
    if row is None:
        _note_done(message, State.WITHHELD)
        return False
    content = partner.dialect.write(row)
    answer = Door(partner.address, partner.secret).post("/results", content)
    told = {"digest": journal.digest(content), "receipt": _receipt(answer)}
    _note_done(message, State.SENT, **told)
    Partner.objects.filter(pk=partner.pk).update(told_at=clock.now())
    return True


def _receipt(answer: Any) -> str:
    """The number that the partner gave, where it gave one that can be kept."""
    given = answer.get("receipt", "") if isinstance(answer, dict) else ""
    text = str(given)[:80]
    return text if text.isprintable() else ""


@transaction.atomic
def _note_done(sent: Message, state: str, **told: str) -> None:
    message = _locked(sent)
    message.state, message.done_at = state, clock.now()
    message.receipt = told.get("receipt", "")
    message.fault = message.note = ""
    message.save()
    verb = "result.sent" if state == State.SENT else "result.withheld"
    _record(verb, message, told)


@transaction.atomic
def _note_failure(sent: Message, failure: Failed) -> None:
    message = _locked(sent)
    if message.state != State.WAITING:  # somebody set it aside meanwhile
        return
    message.tries += 1
    message.fault, message.note = failure.fault, mask(failure.said).text[:KEPT]
    is_dead = failure.is_refusal or message.tries >= MOST_TRIES
    if is_dead:
        message.state = State.DEAD
        log.error("result died", extra={"message_id": message.pk, "fault": failure.fault})
        _record("result.died", message, {"fault": failure.fault, "tries": message.tries})
    else:
        wait = min(FIRST_WAIT * 2 ** (message.tries - 1), LONGEST_WAIT)
        message.next_at = clock.now() + wait * uniform(JITTER, 1)  # noqa: S311 - no secret
    message.save()


def _locked(sent: Message) -> Message:
    """The message as it is by now, its order locked, which orders the chain in the journal."""
    Order.objects.select_for_update().get(pk=sent.order_id)
    return Message.objects.get(pk=sent.pk)


def _record(verb: str, message: Message, data: Mapping[str, Any]) -> None:
    about = {"sequence": message.sequence, "event": message.event}
    journal.record(verb, subject(message.order_id), actor=ACTOR, data={**about, **data})
