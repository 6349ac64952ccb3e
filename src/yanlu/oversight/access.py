"""Who sees orders of supervision and scores, and what each may do with one."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access as cases
from yanlu.kernel.errors import NotFound
from yanlu.oversight import orders, reports
from yanlu.oversight.models import Inspection, Order, Report
from yanlu.people import access as people
from yanlu.people import roles
from yanlu.people.selectors import directory
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit

#: Who sees the orders of their territory, and the watch board.
WATCHING = roles.WATCHING | {roles.DISPATCHER}
#: Who writes reports of their territory; supervisors alone issue them.
WRITING = frozenset({roles.SUPERVISOR, roles.RESEARCH_OFFICE})
NO_SUCH_REPORT = _("There is no such report, or it is not yours to see.")
NO_SUCH_SCORE = _("There is no such score, or it is not yours to see.")
NO_SUCH_ORDER = _("There is no such order, or it is not yours to see.")


def visible(account: "Account") -> QuerySet[Order]:
    """Orders to the person's units and, for who watches over it, of their territory.

    One about a case that is hidden from the person is hidden, too.
    """
    inside = {
        place for top in people.places_of(account, WATCHING) for place in territory().within(top)
    }
    mine = Q(unit__in=people.units_of(account)) | Q(unit__place__in=inside)
    seen = Q(case=None) | Q(case__in=cases.visible(account).values("pk"))
    return Order.objects.filter(mine & seen)


def get_order(account: "Account", order_id: int, *, lock: bool = False) -> Order:
    """The order, if this person may see it, or check it on site.

    :raises NotFound: hidden or missing.
    """
    rows = Order.objects.select_for_update(of=("self",)) if lock else Order.objects.all()
    order = rows.select_related("unit", "case").filter(pk=order_id).first()
    if order is None or not (_is_visible(account, order) or parties(account, order)):
        raise NotFound(NO_SUCH_ORDER)
    return order


def parties(account: "Account", order: Order) -> frozenset[str]:
    """What the person is to this order."""
    found = set()
    is_of_unit = order.unit_id in people.units_of(account)
    if is_of_unit:
        found.add(orders.UNIT)
    elif may_supervise(account, order.unit) and sees_case(account, order):
        found |= {orders.SUPERVISOR, orders.CHECKER}
    elif people.covers(account, {roles.GRID_WORKER}, _place(order)) and not _is_sealed(order):
        found.add(orders.CHECKER)
    return frozenset(found)


def may_supervise(account: "Account", unit: "Unit") -> bool:
    """Whether the person supervises this unit: from above it, and never their own."""
    is_own = unit.pk in people.units_of(account)
    return not is_own and people.covers(account, {roles.SUPERVISOR}, unit.place_id)


def sees_score(account: "Account", unit_id: int) -> bool:
    """Whether the person sees how the unit did: over its place, or at its head."""
    return unit_id in scored_units(account)


def scored_units(account: "Account") -> frozenset[int]:
    """Units whose scores the person sees, also those that were dissolved."""
    inside = {
        place for top in people.places_of(account, WATCHING) for place in territory().within(top)
    }
    every = directory().values()
    return headed(account) | {unit.pk for unit in every if unit.place_id in inside}


def heads(account: "Account", unit_id: int) -> bool:
    """Whether the person heads this unit."""
    return unit_id in headed(account)


def headed(account: "Account") -> frozenset[int]:
    """Units that the person heads."""
    return frozenset(
        reach.unit_id
        for reach in people.reach_of(account)
        if reach.unit_id and reach.role == roles.HEAD
    )


def _is_visible(account: "Account", order: Order) -> bool:
    return visible(account).filter(pk=order.pk).exists()


def sees_case(account: "Account", order: Order) -> bool:
    """Whether the person may see the case that it is about, if it is about one."""
    return order.case is None or cases.may_see(account, order.case)


def _is_sealed(order: Order) -> bool:
    return order.case is not None and order.case.is_sealed


def _place(order: Order) -> int | None:
    return order.case.place_id if order.case and order.case.place_id else order.unit.place_id


# ---- Reports


def visible_reports(account: "Account") -> QuerySet[Report]:
    """Reports of the person's territory, and issued ones that were sent to their units."""
    held = people.places_of(account, WATCHING)
    inside = Q(place__in={place for top in held for place in territory().within(top)})
    if people.covers(account, WATCHING, None):
        inside |= Q(place=None)
    sent = Q(state=reports.ISSUED, receipts__unit__in=people.units_of(account))
    return Report.objects.filter(inside | sent).distinct()


def get_report(account: "Account", report_id: int, *, lock: bool = False) -> Report:
    """The report, if this person may see it.

    :raises NotFound: hidden or missing.
    """
    if not visible_reports(account).filter(pk=report_id).exists():
        raise NotFound(NO_SUCH_REPORT)
    rows = Report.objects.select_for_update(of=("self",)) if lock else Report.objects.all()
    return rows.select_related("snapshot", "unit", "place").get(pk=report_id)


def report_parties(account: "Account", report: Report) -> frozenset[str]:
    """What the person is to this report."""
    found = set()
    if may_write(account, report.place_id):
        found.add(reports.WRITER)
    if people.covers(account, {roles.SUPERVISOR}, report.place_id):
        found.add(reports.SIGNER)
    return frozenset(found)


def may_write(account: "Account", place_id: int | None) -> bool:
    """Whether the person writes reports of this place; of the whole district if none is named."""
    return people.covers(account, WRITING, place_id)


def may_inspect(account: "Account", inspection: Inspection, place_id: int | None) -> bool:
    """Whether the person may look on site at what happened there, for no unit that handled it."""
    if inspection.unit_id in people.units_of(account):
        return False
    return people.covers(account, {roles.SUPERVISOR, roles.GRID_WORKER}, place_id)
