"""What a screen of the insight centre (治慧中心) shows of a place, a span of days and a subject."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from yanlu.insight.selectors import NOTHING, Asked, Figures, figures
from yanlu.kernel import clock
from yanlu.oversight import selectors as oversight
from yanlu.oversight.intervals import Interval, poisson
from yanlu.oversight.periods import Period
from yanlu.oversight.rates import Figure
from yanlu.places.selectors import territory
from yanlu.places.territory import Node

#: The four rates that everybody asks for, and how much is solved inside the neighbourhood.
FOUR: Final = ("contact", "on_time", "solved", "satisfied")
SHOWN: Final = (*FOUR, "inside")
#: Up to so many days a trend is told by the day, then by the month.
MOST_DAYS: Final = 62
#: A year back on the same weekday.
YEAR: Final = timedelta(days=364)
#: For each thousand residents.
THOUSAND: Final = 1000


@dataclass(frozen=True)
class Line:
    """What residents talk about: a category with its matters now and in the period before.

    ``category``: ``None`` for what has none.
    """

    category: int | None
    matters: int
    before: int


@dataclass(frozen=True)
class Point:
    """A day or month of the trend, and a year earlier; ``None`` before anything was said.

    ``is_open``: it is not over, so that it can't be compared yet.
    """

    day: date
    matters: int
    year_ago: int | None
    is_open: bool


@dataclass(frozen=True)
class Area:
    """A place right below the one looked at; ``None`` for matters that lie in no such place.

    ``spoken``: matters for each thousand residents, with its interval. ``is_quiet``: it speaks
    less than the whole by more than chance (沉默区域).
    """

    place: Node | None
    figures: Figures
    residents: int | None
    spoken: Interval | None
    is_quiet: bool

    @property
    def inside(self) -> Figure:
        """How much is solved inside the neighbourhood."""
        return rate(self.figures, "inside")


@dataclass(frozen=True)
class Stream:
    """Matters that came by a channel, are of a level's units, and ended so."""

    channel: str
    level: int | None
    outcome: str
    matters: int


@dataclass(frozen=True)
class Screen:
    """Everything about what is asked for; all of it adds up to ``total``."""

    asked: Asked
    total: Figures
    before: Figures
    categories: list[Line]
    trend: list[Point]
    is_by_month: bool
    areas: list[Area]
    streams: list[Stream]

    @property
    def rates(self) -> dict[str, Figure]:
        """The rates that are shown, by code."""
        return {code: rate(self.total, code) for code in SHOWN}


def screen(asked: Asked) -> Screen:
    """The figures of one screen, from as few sums as it takes."""
    now = figures(asked, "category")
    before = figures(replace(asked, period=asked.period.before()), "category")
    is_by_month = (asked.period.end - asked.period.first).days > MOST_DAYS
    return Screen(
        asked=asked,
        total=_sum(now.values()),
        before=_sum(before.values()),
        categories=_ranking(now, before),
        trend=_trend(asked, is_by_month=is_by_month),
        is_by_month=is_by_month,
        areas=areas(asked),
        streams=_streams(asked),
    )


def rate(row: Figures, code: str) -> Figure:
    """A rate out of sums."""
    return Figure(row[f"{code}_part"], row[f"{code}_whole"])


def areas(asked: Asked) -> list[Area]:
    """The places right below, those that speak least for each resident first."""
    told = {key[0]: row for key, row in figures(asked, "area").items()}
    known = territory()
    places = known.children(asked.place)
    living = {node.id: known.residents(node.id) for node in places}
    people = sum(many for many in living.values() if many)
    spoken = sum(told.get(node.id, NOTHING)["matters"] for node in places if living[node.id])
    usual = spoken / people * THOUSAND if people else None
    found = [_area(node, told.get(node.id, NOTHING), living[node.id], usual) for node in places]
    if elsewhere := told.get(asked.place):
        found.append(Area(None, elsewhere, None, None, is_quiet=False))
    return sorted(found, key=_least_first)


def ladder(asked: Asked) -> dict[str, int]:
    """How often each means of supervision was taken in these days, in that place."""
    return oversight.taken(asked.period, territory().within(asked.place))


def _ranking(
    now: dict[tuple[int | None], Figures], before: dict[tuple[int | None], Figures]
) -> list[Line]:
    lines = [
        Line(key[0], now.get(key, NOTHING)["matters"], before.get(key, NOTHING)["matters"])
        for key in {*now, *before}
    ]
    return sorted(lines, key=lambda one: (-one.matters, -one.before, one.category or 0))


def _trend(asked: Asked, *, is_by_month: bool) -> list[Point]:
    grain = "month" if is_by_month else "day"
    now = _by_time(asked, grain)
    ago = _by_time(replace(asked, period=_year_back(asked.period, is_by_month=is_by_month)), grain)
    steps = list(_steps(asked.period, is_by_month=is_by_month))
    back = [_back(day, is_by_month=is_by_month) for day in steps]
    today = clock.today()
    open_from = today.replace(day=1) if is_by_month else today
    return [
        Point(day, now[day], ago[past] if ago else None, day >= open_from)
        for day, past in zip(steps, back, strict=True)
    ]


def _by_time(asked: Asked, grain: str) -> Counter[date]:
    return Counter({key[0]: row["matters"] for key, row in figures(asked, grain).items()})


def _year_back(period: Period, *, is_by_month: bool) -> Period:
    first, end = (_back(day, is_by_month=is_by_month) for day in (period.first, period.end))
    return Period(first, end)


def _back(day: date, *, is_by_month: bool) -> date:
    """A year earlier: the same date where months are told, else the same weekday."""
    if not is_by_month:
        return day - YEAR
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)


def _steps(period: Period, *, is_by_month: bool) -> Iterable[date]:
    day = period.first.replace(day=1) if is_by_month else period.first
    while day < period.end:
        yield day
        day = (day + timedelta(days=31)).replace(day=1) if is_by_month else day + timedelta(days=1)


def _area(node: Node, row: Figures, residents: int | None, usual: float | None) -> Area:
    if not residents or usual is None:
        return Area(node, row, residents, None, is_quiet=False)
    spoken = poisson(row["matters"], residents / THOUSAND)
    return Area(node, row, residents, spoken, is_quiet=spoken.high < usual)


def _least_first(area: Area) -> tuple[bool, bool, float, str]:
    """Who speaks least; then those whose residents nobody counted; last what lies in no area."""
    spoken = area.spoken.value if area.spoken else 0.0
    return area.place is None, area.spoken is None, spoken, area.place.code if area.place else ""


def _streams(asked: Asked) -> list[Stream]:
    told = figures(asked, "channel", "level", "outcome")
    return [
        Stream(channel, level, outcome, row["matters"])
        for (channel, level, outcome), row in sorted(told.items(), key=str)
    ]


def _sum(rows: Iterable[Figures]) -> Figures:
    total = dict(NOTHING)
    for row in rows:
        for name, many in row.items():
            total[name] += many
    return total
