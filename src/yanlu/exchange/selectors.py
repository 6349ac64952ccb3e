"""Reading the exchange: for its page, and beside a case."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.cases.selectors import case_of_code, settled_submissions
from yanlu.exchange import access
from yanlu.exchange.models import Delivery, Message, Order, Partner, State
from yanlu.kernel.errors import NotFound

if TYPE_CHECKING:
    from yanlu.cases.models import Case
    from yanlu.people.models import Account

#: Deliveries and undone messages on the page; there may be more.
SHOWN = 20


@dataclass(frozen=True)
class Standing:
    """How the exchange with a partner stands: results that wait, dead ones, what came last."""

    partner: Partner
    waiting: int
    dead: int
    last_delivery: Delivery | None


@dataclass(frozen=True)
class OrderFile:
    """An order beside its case: numbers of both sides, what the partner says, what it was told."""

    order: Order
    case: "Case | None"
    messages: list[Message]

    @property
    def details(self) -> dict[str, str]:
        """What the partner says of the order, by its own headings."""
        return self.order.partner.dialect.write(self.order.details)


def partner_of_code(code: str) -> Partner:
    """The partner.

    :raises NotFound: there is none of this code.
    """
    partner = Partner.objects.filter(code=code).first()
    if partner is None:
        raise NotFound(_("There is no such partner."))
    return partner


def standings(account: "Account") -> list[Standing]:
    """How the exchange with each partner stands, for whoever looks after it.

    :raises NotAllowed: the person does not.
    """
    access.check(account)
    return [_standing(partner) for partner in Partner.objects.all()]


def _standing(partner: Partner) -> Standing:
    undone = Message.objects.filter(state__in=(State.WAITING, State.DEAD), order__partner=partner)
    counts = undone.aggregate(dead=Count("pk", Q(state=State.DEAD)), all=Count("pk"))
    return Standing(
        partner=partner,
        waiting=counts["all"] - counts["dead"],
        dead=counts["dead"],
        last_delivery=partner.deliveries.order_by("-pk").first(),
    )


def deliveries(account: "Account") -> list[Delivery]:
    """The last deliveries, newest first.

    :raises NotAllowed: the person does not look after the exchange.
    """
    access.check(account)
    return list(Delivery.objects.select_related("partner").order_by("-pk")[:SHOWN])


def undone(account: "Account") -> list[Message]:
    """Messages that are dead, and those that failed and are tried again; the dead ones first.

    :raises NotAllowed: the person does not look after the exchange.
    """
    access.check(account)
    rows = Message.objects.filter(Q(state=State.DEAD) | Q(state=State.WAITING, tries__gt=0))
    rows = rows.select_related("order__partner", "order__submission")
    return list(rows.order_by("state", "next_at", "pk")[:SHOWN])


def undone_of(account: "Account", code: str) -> list[int]:
    """Numbers of all messages of a partner that are dead or put off.

    :raises NotAllowed: the person does not look after the exchange.
    """
    access.check(account)
    rows = Message.objects.filter(Q(state=State.DEAD) | Q(state=State.WAITING, tries__gt=0))
    return list(rows.filter(order__partner__code=code).values_list("pk", flat=True))


def orders_by_number(account: "Account", number: str) -> list[OrderFile]:
    """The orders of this number of a partner's.

    :raises NotAllowed: the person does not look after the exchange.
    """
    access.check(account)
    partners = list(Partner.objects.values_list("pk", flat=True))
    return _files(Order.objects.filter(partner__in=partners, number=number.strip()))


def orders_of_case(case: "Case") -> list[OrderFile]:
    """The orders whose matter this case settles. The caller has checked who may see the case."""
    if not (case.submission.source or case.co_signer_count):
        return []
    return _files(Order.objects.filter(submission__in=settled_submissions(case)))


def _files(orders: QuerySet[Order]) -> list[OrderFile]:
    rows = orders.select_related("partner", "submission").defer("original")
    shown = list(rows.order_by("pk")[:SHOWN])
    told: dict[int, list[Message]] = {order.pk: [] for order in shown}
    for message in Message.objects.filter(order__in=shown).order_by("order", "sequence"):
        told[message.order_id].append(message)
    return [
        OrderFile(order, case_of_code(order.submission.query_code), told[order.pk])
        for order in shown
    ]
