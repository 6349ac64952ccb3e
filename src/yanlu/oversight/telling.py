"""Units, dispatchers and supervision are told what the ladder did, how orders and reports stand.

What belongs together is told together: of more than a few measures of one kind about one unit
there is one notice with their number, so that an outage ends in no flood.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from yanlu.cases import access as case_access
from yanlu.cases import selectors as cases
from yanlu.kernel import journal
from yanlu.kernel.followers import Follower
from yanlu.kernel.workdays import local_day
from yanlu.notices.services import Note, notify_all
from yanlu.oversight import access, clocks, inspecting, ordering, reporting
from yanlu.oversight.models import Order, Report
from yanlu.people import roles
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry
    from yanlu.people.models import Account

SYSTEM = journal.System("oversight")
#: Measures of one kind that are told one by one.
FEW = 3
TAKEN = "measure.taken"
#: Steps of an order that its unit is told of, and one that supervision is.
TO_UNIT = frozenset({"order.issued", "order.sent_back", "order.accepted", "order.withdrawn"})
TO_SUPERVISION = "order.replied"
DRAWN_UP, REPORT_ISSUED = "report.drawn_up", "report.issued"


def tell(entries: "list[Entry]") -> None:
    """Tell whoever owes, or waits; twice does no harm."""
    taken = [entry for entry in entries if entry.verb == TAKEN]
    drawn = [entry for entry in entries if entry.verb == DRAWN_UP]
    issued = [entry for entry in entries if entry.verb == REPORT_ISSUED]
    about = [entry for entry in entries if entry.verb in TO_UNIT | {TO_SUPERVISION}]
    notes = [*_of_measures(taken), *_of_orders(about), *_of_drafts(drawn), *_of_reports(issued)]
    notify_all(actor=SYSTEM, notes=notes)


def _of_measures(entries: "list[Entry]") -> Iterator[Note]:
    numbers = {one.id: one for one in cases.facts({entry.data["case"] for entry in entries})}
    parties: dict[tuple[int, str, str], list[Entry]] = {}
    for entry in entries:
        parties.setdefault(_party(entry), []).append(entry)
    for (unit, means, clock), found in parties.items():
        if len(found) > FEW:
            yield from _together(unit, means, clock, found)
            continue
        for entry in found:
            case = numbers[entry.data["case"]]
            told = {"number": case.number, "date": _day(entry.data["due_at"])}
            for account in _owing(unit, clock):
                if _may_know(account, case):
                    about = journal.Subject("case", case.id)
                    yield Note(
                        account.pk, f"oversight.{means}", about, told, once=f"journal:{entry.id}"
                    )


def _together(unit: int, means: str, clock: str, entries: "list[Entry]") -> Iterator[Note]:
    told = {"count": str(len(entries)), "unit": people.unit_names({unit}).get(unit, "")}
    last = max(entry.id for entry in entries)
    for account in _owing(unit, clock):
        about = journal.Subject("board", unit)
        yield Note(
            account.pk, f"oversight.many_{means}", about, told, once=f"journal:{last}:{means}"
        )


def _of_orders(entries: "list[Entry]") -> Iterator[Note]:
    orders = Order.objects.filter(pk__in={entry.subject_id for entry in entries})
    found = {order.pk: order for order in orders.select_related("unit", "issued_by")}
    for entry in entries:
        order = found[entry.subject_id]
        told = {
            "number": order.number,
            "unit": order.unit.name,
            "date": local_day(order.due_at).isoformat(),
        }
        for account in _concerned(entry.verb, order):
            about = ordering.subject(order.pk)
            yield Note(account.pk, entry.verb, about, told, once=f"journal:{entry.id}")


def _concerned(verb: str, order: Order) -> "Iterable[Account]":
    """The unit, or whoever gave the order; of one that the ladder gave, the supervisors."""
    if verb != TO_SUPERVISION:
        return people.members({order.unit_id})
    return [order.issued_by] if order.issued_by else people.holding(roles.SUPERVISOR)


def _of_drafts(entries: "list[Entry]") -> Iterator[Note]:
    """Whoever asked for a report is told that it is there, and whoever may look at its sample."""
    for entry in entries:
        report = Report.objects.get(pk=entry.subject_id)
        told = {"title": report.title, "number": report.title}
        for account in _writing(report):
            about = reporting.subject(report.pk)
            yield Note(account.pk, entry.verb, about, told, once=f"journal:{entry.id}")
        for account in people.holding(roles.GRID_WORKER) if report.sample else []:
            if many := len(inspecting.to_inspect(account)):
                about, count = journal.Subject("inspections", report.pk), {"count": str(many)}
                once = f"journal:{entry.id}:inspections"
                yield Note(account.pk, "report.inspections", about, count, once=once)


def _of_reports(entries: "list[Entry]") -> Iterator[Note]:
    for entry in entries:
        report = Report.objects.get(pk=entry.subject_id)
        told = {"title": report.title, "number": report.number}
        for account in people.members(set(entry.data["units"])):
            about = reporting.subject(report.pk)
            yield Note(account.pk, entry.verb, about, told, once=f"journal:{entry.id}")


def _writing(report: Report) -> "Iterable[Account]":
    """Who asked for it; of one that drew itself up, the supervisors of its place."""
    if report.asked_by:
        return [report.asked_by]
    found = people.holding(roles.SUPERVISOR)
    return [one for one in found if access.report_parties(one, report)]


def _owing(unit: int, clock: str) -> "list[Account]":
    """Who owes: the unit's people, else those who dispatch or call back."""
    if unit:
        return people.members({unit})
    is_verifier = clocks.BY_CODE[clock].owed_by == clocks.VERIFIER
    return people.holding(roles.CALLBACK_CLERK if is_verifier else roles.DISPATCHER)


def _may_know(account: "Account", case: cases.Facts) -> bool:
    """Of a sealed case nobody is told but who may see the sealed lane, or handles it."""
    if not case.is_sealed:
        return True
    return bool(case_access.visible(account).filter(pk=case.id).exists())


def _party(entry: "Entry") -> tuple[int, str, str]:
    return entry.data["unit"] or 0, entry.data["means"], entry.data["clock"]


def _day(told: Any) -> str:
    return local_day(datetime.fromisoformat(told)).isoformat()


TOLD = TO_UNIT | {TAKEN, TO_SUPERVISION, DRAWN_UP, REPORT_ISSUED}
TELL = Follower("oversight.tell", TOLD, tell)
