"""The write door of orders (督办件): given by hand or by the ladder, answered, taken, sent back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access as cases
from yanlu.cases.acting import sentence
from yanlu.intake import photos
from yanlu.kernel import clock, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.kernel.calendars import calendar
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.oversight import access, clocks, ladder, orders
from yanlu.oversight.models import Kind, Means, Order, OrderStep, Way
from yanlu.people import roles
from yanlu.people import selectors as people
from yanlu.people.access import has_role

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Numbers the lock under which an order gets its running number.
NUMBERING = 710_210
#: Working days for the reply to an order that is given with one click (default).
REPLY_DAYS = 3
#: A rectification needs a plan before it can be answered for.
PLANNED_FIRST = frozenset({Kind.RECTIFICATION.value})


@dataclass(frozen=True)
class Draft:
    """What an order says; ``case_id`` is empty for one about no single case."""

    unit_id: int
    kind: str
    way: str
    subject: str
    grounds: str
    demand: str
    due_on: date
    case_id: int | None = None


@dataclass(frozen=True)
class Spot:
    """Where and how something was found on site."""

    photo: photos.Upload
    lat: float
    lon: float
    is_settled: bool


@transaction.atomic
def issue_order(*, actor: "Account", draft: Draft) -> Order:
    """Give a unit an order (下发督办).

    :raises NotAllowed: supervising this unit is somebody else's, or the case is.
    :raises Invalid: a field says nothing, or the date has passed.
    """
    unit = people.unit(draft.unit_id)
    if unit is None or unit.dissolved_at:
        raise Invalid(_("Choose a unit that exists."), "unit")
    if not access.may_supervise(actor, unit):
        raise NotAllowed(_("This unit is not yours to supervise."))
    if draft.case_id:
        cases.get_case(actor, draft.case_id)
    _check(draft)
    order = Order(
        kind=draft.kind,
        way=draft.way,
        case_id=draft.case_id,
        unit=unit,
        subject=draft.subject.strip()[:120],
        grounds=draft.grounds.strip(),
        demand=draft.demand.strip(),
        issued_by=actor,
        due_at=end_of_day(draft.due_on),
    )
    issue_all([order], actor=actor)
    return order


@transaction.atomic
def order_at_once(*, actor: "Account", case_id: int) -> Order:
    """An order to the unit in charge of a case, in the words that the rules have for it.

    :raises Invalid: no unit has the case, or there is an order about it that is still open.
    """
    case = cases.get_case(actor, case_id, lock=True)
    if case.lead_unit_id is None:
        raise Invalid(_("No unit had this case yet: dispatch it."))
    if Order.objects.filter(case=case_id, unit=case.lead_unit_id, ended_at=None).exists():
        raise Invalid(_("There is an order about this case already that is not done with."))
    draft = Draft(
        unit_id=case.lead_unit_id,
        kind=Kind.ORDER,
        way=Way.ONLINE,
        subject=about(case.number),
        grounds=grounds(case.number, case.due_at),
        demand=ladder.demand(clocks.WHOLE, case.urgency, Means.ORDER),
        due_on=calendar().add_workdays(clock.today(), REPLY_DAYS),
        case_id=case_id,
    )
    return issue_order(actor=actor, draft=draft)


def about(number: str) -> str:
    """What an order about a case is called."""
    return gettext("case %(number)s") % {"number": number}


def grounds(number: str, due_at: datetime | None) -> str:
    """Why a unit is given an order about a case: as a sentence of the order."""
    if due_at is None or due_at > clock.now():
        return gettext("Case %(number)s is not settled.") % {"number": number}
    told = gettext("Case %(number)s was due on %(day)s and is not answered.")
    return told % {"number": number, "day": f"{local_day(due_at):%F}"}


def case_of(actor: "Account", number: str) -> int:
    """The number of the case that is called so, among those that the person may see.

    :raises Invalid: there is none.
    """
    found = cases.visible(actor).filter(number=number).values_list("pk", flat=True).first()
    if found is None:
        raise Invalid(cases.NO_SUCH_CASE, "case")
    return int(found)


def may_order(account: "Account") -> bool:
    """Whether the person gives orders to any unit."""
    return has_role(account, {roles.SUPERVISOR})


def issue_all(given: Sequence[Order], *, actor: journal.Actor) -> None:
    """Number, save and record orders, in the caller's transaction."""
    if not given:
        return
    now = clock.now()
    last = _last_serial(now.year)
    for serial, order in enumerate(given, last + 1):
        order.year, order.serial, order.issued_at = now.year, serial, now
    insert_rows(given)
    journal.record_all([_issued(order) for order in given], actor=actor)


@transaction.atomic
def plan_rectification(
    *, actor: "Account", order_id: int, text: str, until: date, version: int | None = None
) -> Order:
    """Say what the unit will do, and by when (整改方案)."""
    order = _take(actor, order_id, "plan", version)
    if not clock.today() <= until <= local_day(order.due_at):
        raise Invalid(_("Choose a day up to the date of the order."), "until")
    return _move(order, actor, "plan", text, planned_until=until)


@transaction.atomic
def reply(
    *,
    actor: "Account",
    order_id: int,
    text: str,
    photo: photos.Upload | None = None,
    version: int | None = None,
) -> Order:
    """Answer for what was done (督办回复); of a rectification, with its proof (整改报告)."""
    order = _take(actor, order_id, "reply", version)
    if order.kind in PLANNED_FIRST and not order.steps.filter(verb="plan").exists():
        raise NotAllowed(_("First say what you will do and by when."))
    if order.kind in PLANNED_FIRST and photo is None:
        raise Invalid(_("Add a photo as proof."), "photo")
    return _move(order, actor, "reply", text, **_kept(photo))


@transaction.atomic
def accept_reply(
    *, actor: "Account", order_id: int, text: str = "", version: int | None = None
) -> Order:
    """Take the reply; the order is done with (销号)."""
    return _move(_take(actor, order_id, "accept", version), actor, "accept", text)


@transaction.atomic
def send_back(
    *, actor: "Account", order_id: int, text: str, due_on: date, version: int | None = None
) -> Order:
    """Have the unit answer again, by a new date (退回重报)."""
    order = _take(actor, order_id, "send_back", version)
    if due_on < clock.today():
        raise Invalid(_("Choose a day that has not passed."), "due_on")
    order.due_at = end_of_day(due_on)
    return _move(order, actor, "send_back", text)


@transaction.atomic
def check_on_site(
    *, actor: "Account", order_id: int, text: str, spot: Spot, version: int | None = None
) -> Order:
    """Record what was seen on site, with photo, position and time (现场督查)."""
    order = _take(actor, order_id, "check", version)
    where = {"lat": spot.lat, "lon": spot.lon, "is_settled": spot.is_settled}
    return _move(order, actor, "check", text, **where, **_kept(spot.photo))


@transaction.atomic
def report_progress(
    *, actor: "Account", order_id: int, text: str, version: int | None = None
) -> Order:
    """Note how it is going: what was done, a result (办理进展)."""
    return _move(_take(actor, order_id, "report", version), actor, "report", text)


@transaction.atomic
def note_visit(
    *,
    actor: "Account",
    order_id: int,
    text: str,
    visited_on: date,
    photo: photos.Upload | None = None,
    version: int | None = None,
) -> Order:
    """Note that somebody went to see those whom a key item concerns (走访).

    :raises Invalid: a day before the order, or one that has not come.
    """
    order = _take(actor, order_id, "visit", version)
    if not local_day(order.issued_at) <= visited_on <= clock.today():
        raise Invalid(_("Choose a day since the order was given, up to today."), "visited_on")
    return _move(order, actor, "visit", text, visited_on=visited_on, **_kept(photo))


@transaction.atomic
def withdraw_order(
    *, actor: "Account", order_id: int, text: str, version: int | None = None
) -> Order:
    """Take the order back, saying why (撤回)."""
    return _move(_take(actor, order_id, "withdraw", version), actor, "withdraw", text)


def _check(draft: Draft) -> None:
    if draft.kind not in Kind.values:
        raise Invalid(_("Choose what it is."), "kind")
    if draft.way not in Way.values:
        raise Invalid(_("Choose how it is given."), "way")
    if draft.due_on < clock.today():
        raise Invalid(_("Choose a day that has not passed."), "due_on")
    for name in ("subject", "grounds", "demand"):
        sentence(getattr(draft, name), name)


def _take(actor: "Account", order_id: int, verb: str, version: int | None) -> Order:
    """The order under lock, if this person may do this now.

    :raises Conflict: somebody acted since the person looked, or the state does not allow it.
    :raises NotAllowed: the act is somebody else's.
    """
    order = access.get_order(actor, order_id, lock=True)
    step = orders.BY_VERB[verb]
    if not step.is_of(order.kind):
        raise NotAllowed(_("Visits are noted of key items alone."))
    if order.state not in step.sources or version not in (None, order.version):
        raise Conflict(
            _("Somebody was faster: the order has moved on since you looked. Nothing was changed.")
        )
    if step.who.isdisjoint(access.parties(actor, order)):
        raise NotAllowed(_("This act is not yours in this order."))
    return order


def _move(order: Order, actor: "Account", verb: str, text: str, **more: Any) -> Order:
    """Bring the order to the state behind the verb, with what was said, and record it."""
    step, now = orders.BY_VERB[verb], clock.now()
    said = text.strip() if verb == "accept" else sentence(text, "text")
    made = OrderStep.objects.create(order=order, verb=verb, by=actor, text=said, at=now, **more)
    order.state = step.target or order.state
    order.version += 1
    order.ended_at = now if order.state in orders.ENDED else None
    order.save()
    data = {"step": made.pk, "due_at": order.due_at, "digest": journal.digest(said)}
    if made.file:
        data["photo"] = made.file
    journal.record(step.event, subject(order.pk), actor=actor, data=data)
    return order


def subject(order_id: int) -> journal.Subject:
    """An order in the journal."""
    return journal.Subject("order", order_id)


def _issued(order: Order) -> journal.Event:
    data = {
        "kind": order.kind,
        "unit": order.unit_id,
        "case": order.case_id,
        "measure": order.measure_id,
        "due_at": order.due_at,
        "digest": journal.digest(order.subject, order.grounds, order.demand),
    }
    return journal.Event("order.issued", subject(order.pk), data)


def _last_serial(year: int) -> int:
    """The last number given this year; others wait for theirs until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [NUMBERING])
    last: int | None = Order.objects.filter(year=year).aggregate(last=Max("serial"))["last"]
    return last or 0


def _kept(photo: photos.Upload | None) -> dict[str, Any]:
    if photo is None:
        return {}
    return photos.keep_one(photo).columns()
