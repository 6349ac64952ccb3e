"""Reading rollups: how many, of what, where and since when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db.models import Q, Sum

from yanlu.dispatch.selectors import category_family, category_under, lineage
from yanlu.insight.models import Detail, Grain, Rollup
from yanlu.insight.rollups import MEASURES
from yanlu.kernel import clock
from yanlu.oversight.periods import Period, month
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY

#: Where a group is found, for those that are not called as their column.
_COLUMNS: Final = {"area": "place", "hour": "start", "day": "start", "month": "start"}

#: What rows tell apart besides area and time.
_TOLD: Final = frozenset({"category", "kind", "channel", "level", "outcome"})

Figures = dict[str, int]
Key = tuple[Any, ...]
#: What was never said.
NOTHING: Final[Figures] = dict.fromkeys(MEASURES, 0)


@dataclass(frozen=True)
class Asked:
    """Which matters are meant: what came in within a period, there and of that sort.

    ``place``: with everything in it. ``category``: with everything below it, 0 for what has none.
    Empty: any.
    """

    period: Period
    place: int
    category: int | None = None
    kind: str = ""
    channel: str = ""


def figures(asked: Asked, *by: str) -> dict[Key, Figures]:
    """Every measure of what is asked for, by these groups in this order.

    :param by: of ``category``, ``kind``, ``channel``, ``level``, ``outcome``, ``area`` (the places
        right below the one that is asked for) and ``hour``, ``day`` or ``month`` (by the moment or
        day that it begins with). What lies in the place or the category itself is told by its own
        number.
    """
    grouped = list(dict.fromkeys(_COLUMNS.get(name, name) for name in by))
    sums = {f"sum_{name}": Sum(name, default=0) for name in MEASURES}
    rows = Rollup.objects.filter(_meant(asked, by)).order_by()
    readers = [(_COLUMNS.get(name, name), _reader(asked, name)) for name in by]
    told: dict[Key, Figures] = {}
    for row in rows.values(*grouped).annotate(**sums) if by else [rows.aggregate(**sums)]:
        key = tuple(read(row[column]) for column, read in readers)
        into = told.setdefault(key, dict(NOTHING))
        for name in MEASURES:
            into[name] += row[f"sum_{name}"]
    return {key: row for key, row in told.items() if any(row.values())}


def total(asked: Asked) -> Figures:
    """Every measure of all that is asked for together."""
    return figures(asked).get((), dict(NOTHING))


def _meant(asked: Asked, by: tuple[str, ...]) -> Q:
    """The fewest rows that answer the question."""
    meant = _where_and_when(asked, by)
    if asked.category is not None:
        meant &= of_category(asked.category)
    for name in ("kind", "channel"):
        if getattr(asked, name):
            meant &= Q(**{name: getattr(asked, name)})
    return meant


def of_category(category: int) -> Q:
    """What belongs to a category or to one below it; 0: to none."""
    return Q(category__in=category_family(category)) if category else Q(category=None)


def _where_and_when(asked: Asked, by: tuple[str, ...]) -> Q:
    """Months where a whole month is asked for, days at its edges; hours where nothing else knows.

    What lies in no town of a district is known by the hour alone, and is little. So is what lies
    in no neighbourhood of a town, and whatever a neighbourhood's month is cut by.
    """
    hours = _span(Grain.HOUR, asked.period.first, asked.period.end)
    within = right_in(territory().within(asked.place))
    if _is_fine(asked, by):
        return hours & within
    areas = [asked.place]
    beside = Q(pk__in=[])
    if "area" in by:
        areas = [node.id for node in territory().children(asked.place)]
        beside = hours & right_in([asked.place])
    rows = Q(place__in=areas, detail=_detail(asked, by))
    if _level(asked, by) == COMMUNITY:
        months, edges = _months_and_edges(asked.period)
        return (months & rows) | beside | (_any(Grain.HOUR, edges) & within)
    if "day" in by:
        return (_span(Grain.DAY, asked.period.first, asked.period.end) & rows) | beside
    months, edges = _months_and_edges(asked.period)
    return ((months | _any(Grain.DAY, edges)) & rows) | beside


def right_in(places: list[int]) -> Q:
    """Rows of just these places; what has no place lies in what the installation serves."""
    home = territory().home
    here = Q(place__in=places)
    return here | Q(place=None) if home and home.id in places else here


def _is_fine(asked: Asked, by: tuple[str, ...]) -> bool:
    """Whether only hours know: of buildings, deep categories, neighbourhoods in detail."""
    level = _level(asked, by)
    depth = len(lineage(asked.category or None)) + ("category" in by)
    is_small = level == COMMUNITY and ("day" in by or _detail(asked, by) == Detail.ALL)
    return "hour" in by or depth > 1 or level > COMMUNITY or is_small


def _level(asked: Asked, by: tuple[str, ...]) -> int:
    """Of which level the smallest places are whose rows are read."""
    level = territory().nodes[asked.place].level
    if "area" not in by:
        return level
    return max((node.level for node in territory().children(asked.place)), default=level + 1)


def _detail(asked: Asked, by: tuple[str, ...]) -> Detail:
    """The rows that tell just enough apart."""
    told = _TOLD.intersection(by) | {name for name in ("kind", "channel") if getattr(asked, name)}
    if asked.category is not None:
        told |= {"category"}
    if told <= {"category"}:
        return Detail.SUBJECT
    return Detail.WAY if told <= {"channel", "level", "outcome"} else Detail.ALL


def _months_and_edges(period: Period) -> tuple[Q, list[tuple[date, date]]]:
    """Whole months as such, and from when until when what is left at both ends."""
    first, end = period.first, period.end.replace(day=1)
    if first.day > 1:
        first = month(first.year, first.month).end
    if first >= end:
        return Q(pk__in=[]), [(period.first, period.end)]
    edges = [(period.first, first), (end, period.end)]
    return _span(Grain.MONTH, first, end), [(start, stop) for start, stop in edges if start < stop]


def _any(grain: Grain, spans: list[tuple[date, date]]) -> Q:
    found = Q(pk__in=[])
    for first, end in spans:
        found |= _span(grain, first, end)
    return found


def _span(grain: Grain, first: date, end: date) -> Q:
    span = Period(first, end)
    return Q(grain=grain, start__gte=span.starts_at, start__lt=span.ends_at)


def _reader(asked: Asked, name: str) -> Callable[[Any], Any]:
    """How a column's value tells the group."""
    if name == "area":
        return lambda place: _area_under(asked.place, place)
    if name == "category":
        return lambda category: category_under(asked.category or None, category)
    if name in ("day", "month"):
        return lambda start: _first_day(start, is_month=name == "month")
    return lambda value: value


def _area_under(above: int, place: int | None) -> int:
    """Which of the places right below this one it is or lies in; the place above for itself."""
    way = territory().ancestors(place)
    return next((node.id for node in way if node.parent_id == above), above)


def _first_day(start: datetime, *, is_month: bool) -> date:
    day = start.astimezone(clock.ZONE).date()
    return day.replace(day=1) if is_month else day
