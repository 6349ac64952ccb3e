"""What is new this week, and what comes back each year at this time. Plain Python."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from yanlu.insight.bursts import LEAST, Series

#: Messages by day; a day without any may be missing.
Counts = Mapping[date, int]
WEEK: Final = timedelta(days=7)
#: Days around the same date that belong to this time of the year.
AROUND: Final = 14
#: What comes back is told at least so many times as often then as in the rest of the year, and by
#: this many standard deviations of a number that comes by chance (Poisson).
TIMES, DEVIATIONS = 2.0, 3.0


@dataclass(frozen=True)
class New:
    """A series without a past: since when, and how many messages."""

    series: Series
    since: date
    seen: int


@dataclass(frozen=True)
class Returning:
    """A series that comes back: in how many years, and how many times as often as otherwise."""

    series: Series
    years: int
    times: float


def new_this_week(series: Mapping[Series, Counts], today: date, *, least: int = LEAST) -> list[New]:
    """Series that nobody wrote of before the seven days that end today; the most told first.

    Fewer than *least* messages are nothing yet.
    """
    begin = today - WEEK
    found = []
    for one, counts in series.items():
        days = [day for day, many in counts.items() if many > 0 and day <= today]
        seen = sum(counts[day] for day in days)
        if days and min(days) > begin and seen >= least:
            found.append(New(one, min(days), seen))
    return sorted(found, key=lambda new: (-new.seen, new.series))


def returns_each_year(
    series: Mapping[Series, Counts], today: date, *, years: int
) -> list[Returning]:
    """Series that in each of the past *years* stood out around this date; the most so first.

    This year counts for nothing: it is said what to expect before it comes. Raises ``ValueError``
    for less than one year.
    """
    if years < 1:
        raise ValueError("what returns has a year behind it")
    found = []
    for one, counts in series.items():
        times = [_times(counts, _same_day(today, today.year - n)) for n in range(1, years + 1)]
        if all(times):
            found.append(Returning(one, years, min(times)))
    return sorted(found, key=lambda returning: (-returning.times, returning.series))


def _times(counts: Counts, middle: date) -> float:
    """How many times as often as in the rest of its year; 0 for what does not stand out."""
    days = [middle + timedelta(days=n) for n in range(-182, 183)]
    near = sum(counts.get(day, 0) for day in days if abs((day - middle).days) <= AROUND)
    rest = sum(counts.get(day, 0) for day in days) - near
    usual = (rest + 1) * (2 * AROUND + 1) / (len(days) - 2 * AROUND - 1)
    stands_out = near >= TIMES * usual and near - usual >= DEVIATIONS * usual**0.5
    return near / usual if stands_out and near >= LEAST else 0.0


def _same_day(day: date, year: int) -> date:
    """The same date of another year; 28 February for the 29th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)
