"""The watch board (跟踪看板): what is due, late, silent or sent to and fro, by unit and level.

Counts look at promises alone and hold no case that is sealed from the person; the list behind a
number shows what the person may see, case by case.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Q, QuerySet

from yanlu.cases import access as case_access
from yanlu.cases import selectors as cases
from yanlu.kernel import clock
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.oversight import clocks, orders
from yanlu.oversight.access import WATCHING, visible
from yanlu.oversight.models import Promise
from yanlu.people import access as people_access
from yanlu.people import selectors as people
from yanlu.places.selectors import territory

if TYPE_CHECKING:
    from yanlu.people.models import Account, Unit

#: Days without a sign of life after which a case counts as silent (default).
SILENT = 7
SILENCES = (3, SILENT, 14, 30)
#: Units shown of a level at first.
SHOWN = 30
PAGE = 50

DUE_TODAY, OVERDUE, SILENT_FOR, RETURNED = "due_today", "overdue", "silent", "returned"
#: What cases are counted by, in the order of the columns. How many are open at all is not among
#: them: it helps nobody to act, and takes ten times as long to count.
WHATS = (DUE_TODAY, OVERDUE, SILENT_FOR, RETURNED)


@dataclass
class Sum:
    """How many of each, of all units of a level."""

    level: int
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WHATS, 0))
    orders_owed: int = 0
    orders_late: int = 0


@dataclass
class Line(Sum):
    """How many of each, of one unit."""

    unit: "Unit" = field(kw_only=True)


@dataclass(frozen=True)
class Level:
    """A level with its units, those with most that is late first."""

    level: int
    total: Sum
    lines: list[Line]
    more: int


def may_watch(account: "Account") -> bool:
    """Whether there is anything on the board for this person."""
    return people_access.has_role(account, WATCHING) or bool(people_access.units_of(account))


def board(account: "Account", *, silent: int = SILENT, whole: int | None = None) -> list[Level]:
    """The levels from the top, each with its units.

    :param whole: the level of which all units are wanted, not only those with most that is late.
    """
    lines = _lines(account, silent)
    levels: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        levels[line.level].append(line)
    return [
        _level(number, found, SHOWN if number != whole else len(found))
        for number, found in sorted(levels.items())
    ]


def cases_behind(
    account: "Account",
    what: str,
    *,
    silent: int = SILENT,
    unit_id: int | None = None,
    level: int | None = None,
    page: int = 1,
) -> tuple[list[cases.QueueRow], bool]:
    """A page of the cases behind a number, and whether more follow."""
    chosen = _counted(account, what, silent)
    if unit_id:
        chosen = chosen.filter(unit=unit_id)
    if level:
        chosen = chosen.filter(unit__in=people.units_at({level}))
    ordered = chosen.order_by("due_at", "case").values_list("case", flat=True)
    numbers = list(ordered[(page - 1) * PAGE : page * PAGE + 1])
    return cases.listed(account, numbers[:PAGE]), len(numbers) > PAGE


def _lines(account: "Account", silent: int) -> list[Line]:
    known = people.directory()
    found: dict[int, Line] = {}
    for what in WHATS:
        for unit, many in _by_unit(_counted(account, what, silent)):
            if unit in known:
                line = found.setdefault(unit, Line(known[unit].level, unit=known[unit]))
                line.counts[what] = many
    for unit, owed, late in _orders(account):
        line = found.setdefault(unit, Line(known[unit].level, unit=known[unit]))
        line.orders_owed, line.orders_late = owed, late
    return list(found.values())


def _level(number: int, lines: list[Line], shown: int) -> Level:
    lines.sort(key=lambda line: (-line.counts[OVERDUE], -line.counts[DUE_TODAY], line.unit.code))
    total = Sum(
        number,
        {what: sum(one.counts[what] for one in lines) for what in WHATS},
        sum(line.orders_owed for line in lines),
        sum(line.orders_late for line in lines),
    )
    return Level(number, total, lines[:shown], max(len(lines) - shown, 0))


def _by_unit(promises: QuerySet[Promise]) -> Iterable[tuple[int, int]]:
    rows = promises.filter(unit__isnull=False).order_by()
    # Of all columns: one of its own would be read from the table.
    return rows.values_list("unit").annotate(many=Count("*"))


def _orders(account: "Account") -> Iterable[tuple[int, int, int]]:
    rows = visible(account).filter(state__in=orders.OWED).order_by()
    late = Count("pk", filter=Q(due_at__lt=clock.now()))
    return rows.values_list("unit").annotate(owed=Count("pk"), late=late)


def _counted(account: "Account", what: str, silent: int) -> QuerySet[Promise]:
    """The open promises that count, one for each case."""
    rows = Promise.objects.filter(ended_at=None, clock__in=clocks.MATTERS, **_own(account))
    if not case_access.covers_district(account, case_access.SEALED):
        rows = rows.filter(is_sealed=False)
    return rows.filter(_CONDITIONS[what](clock.now(), silent))


def _own(account: "Account") -> dict[str, object]:
    """Which units' promises: all of the district, of one's territory, or of one's units."""
    if case_access.covers_district(account, WATCHING):
        return {}
    tops = people_access.places_of(account, WATCHING)
    inside = {place for top in tops for place in territory().within(top)}
    units = {one.pk for one in people.directory().values() if one.place_id in inside}
    return {"unit__in": units | people_access.units_of(account)}


def _due_today(now: datetime, _silent: int) -> Q:
    return Q(due_at__gte=now, due_at__lte=end_of_day(local_day(now)))


def _overdue(now: datetime, _silent: int) -> Q:
    return Q(due_at__lt=now)


def _quiet(now: datetime, silent: int) -> Q:
    return Q(moved_at__lt=now - timedelta(days=silent), due_at__isnull=False)


def _to_and_fro(_now: datetime, _silent: int) -> Q:
    return Q(case__in=cases.returned_often().values("pk"))


_CONDITIONS: dict[str, Callable[[datetime, int], Q]] = {
    DUE_TODAY: _due_today,
    OVERDUE: _overdue,
    SILENT_FOR: _quiet,
    RETURNED: _to_and_fro,
}
