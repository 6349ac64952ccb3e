"""China's working days and working hours (工作日、工作时间).

Working days follow the State Council's yearly notice (国务院办公厅关于部分节假日安排的通知), as the
``chinese_calendar`` package holds it: public holidays, the days moved to join them, and the
weekends worked in exchange. A district may override any day.

The notice for a year appears in the November before, so a deadline may lie in a year that has none
yet. Such a year counts Monday to Friday as worked, but for the holidays whose dates the law itself
fixes: 1 January, 1–2 May, 1–3 October (全国年节及纪念日放假办法, as revised by State Council decree
795 of 2024). Its other holidays and its make-up days are unknown until then;
`Calendar.is_published` says so, and deadlines are to be worked out again once the notice is in.

Days are days in Shanghai. Moments may come in any zone and go out in Shanghai's; a moment without a
zone is refused with ``ValueError``. A deadline in days falls at the last microsecond of its day,
23:59:59.999999 (the database's resolution): its date is the day named, all of that day is in time,
and a case due today is overdue tomorrow.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

import chinese_calendar

from yanlu.kernel.clock import ZONE

_DAY: Final = dt.timedelta(days=1)
_SATURDAY: Final = 5
_PUBLISHED_YEARS: Final = frozenset(day.year for day in chinese_calendar.holidays)
_NAMES: Final = {name.value: name.chinese for name in chinese_calendar.Holiday}

#: Holidays on dates that the law fixes, by month and day, under their names in the notices.
_FIXED_HOLIDAYS: Final = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (5, 2): "Labour Day",
    (10, 1): "National Day",
    (10, 2): "National Day",
    (10, 3): "National Day",
}


@dataclass(frozen=True)
class OpeningHours:
    """From when to when an office works on a working day.

    Raises ``ValueError`` where *end* is not later than *start*.
    """

    start: dt.time
    end: dt.time

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"an office can't open at {self.start} and close at {self.end}")


#: Usual office hours, 8.5 working hours a day.
OFFICE_HOURS: Final = OpeningHours(dt.time(9), dt.time(17, 30))


class Reason(StrEnum):
    """Why a day is worked or not."""

    ORDINARY = "ordinary"  # a weekday that is worked
    WEEKEND = "weekend"
    HOLIDAY = "holiday"  # on the notice, or fixed by law
    MAKE_UP = "make_up"  # a weekend worked in exchange for a holiday (调休)
    OVERRIDE = "override"  # set by the district


class DayStep(NamedTuple):
    """One day on the way to a deadline."""

    day: dt.date
    #: The how manyeth working day since the start, from 1; None for a day that does not count.
    ordinal: int | None
    reason: Reason
    #: The holiday that the reason goes back to, in English and Chinese; empty for other reasons.
    holiday: str
    holiday_zh: str


class Calendar:
    """Working days of one district: the published ones and its own overrides. Immutable."""

    def __init__(
        self,
        overrides: Mapping[dt.date, bool] = MappingProxyType({}),
        hours: Mapping[dt.date, OpeningHours] = MappingProxyType({}),
    ) -> None:
        """Take days that differ from the notice (True: worked), and *hours* that differ on a day.

        A half day is a whole working day where days are counted.
        """
        self._overrides = dict(overrides)
        self._hours = dict(hours)

    @staticmethod
    def is_published(year: int) -> bool:
        """Whether the State Council's notice for *year* is known to this program."""
        return year in _PUBLISHED_YEARS

    def is_workday(self, day: dt.date) -> bool:
        """Whether *day* is worked; for a moment, its day in Shanghai."""
        return self._status(_day_of(day))[0]

    def add_workdays(self, day: dt.date, n: int) -> dt.date:
        """Return the *n*-th working day after *day*, before it for a negative *n*.

        *day* itself is not counted, so that a limit begins on the day after (民法典 art 201);
        with 0 it is returned, worked or not.
        """
        day, step = _day_of(day), _DAY if n > 0 else -_DAY
        left = abs(n)
        while left:
            day += step
            left -= self._status(day)[0]
        return day

    def workdays_between(self, start: dt.date, end: dt.date) -> int:
        """Return how many working days lie after *start* up to and with *end*.

        Counts below zero, after *end* up to and with *start*'s eve, undo `add_workdays`.
        """
        start, end = _day_of(start), _day_of(end)
        if end < start:
            return -sum(self._status(day)[0] for day in _days(end - _DAY, start - _DAY))
        return sum(self._status(day)[0] for day in _days(start, end))

    def deadline_in_workdays(self, moment: dt.datetime, n: int) -> dt.datetime:
        """Return the end of the *n*-th working day after the day of *moment*."""
        return end_of_day(self.add_workdays(local_day(moment), n))

    def add_working_hours(
        self, moment: dt.datetime, hours: float, opening: OpeningHours = OFFICE_HOURS
    ) -> dt.datetime:
        """Return when *hours* of working time have passed since *moment*.

        Time outside the opening hours does not pass: what comes in late in the evening starts at
        the next opening. Where the hours end at closing time, so does the result. With 0 hours
        *moment* is returned. Raises ``ValueError`` below 0.
        """
        if hours < 0:
            raise ValueError(f"working hours run forward, not {hours}")
        moment, left = _in_shanghai(moment), dt.timedelta(hours=hours)
        day = moment.date()
        while left:
            begin, end = self._worked(day, moment, opening)
            if left <= end - begin:
                return begin + left
            left -= end - begin
            day += _DAY
        return moment

    def working_time_between(
        self, start: dt.datetime, end: dt.datetime, opening: OpeningHours = OFFICE_HOURS
    ) -> dt.timedelta:
        """Return the working time from *start* to *end*, negative where *end* comes first."""
        if end < start:
            return -self.working_time_between(end, start, opening)
        start, end = _in_shanghai(start), _in_shanghai(end)
        passed = dt.timedelta()
        for day in _days(start.date() - _DAY, end.date()):
            begin, close = self._worked(day, start, opening)
            passed += max(min(close, end) - begin, dt.timedelta())
        return passed

    def explain_workdays(self, day: dt.date, n: int) -> tuple[DayStep, ...]:
        """Return every day after *day* up to the *n*-th working day, counted ones numbered."""
        return self.explain_days(day, self.add_workdays(day, n))

    def explain_days(self, start: dt.date, end: dt.date) -> tuple[DayStep, ...]:
        """Return every day after *start* up to and with *end*, counted ones numbered from 1."""
        steps: list[DayStep] = []
        counted = 0
        for day in _days(_day_of(start), _day_of(end)):
            worked, reason, holiday = self._status(day)
            counted += worked
            ordinal = counted if worked else None
            steps.append(DayStep(day, ordinal, reason, holiday, _NAMES.get(holiday, "")))
        return tuple(steps)

    def explain_exceptions(self, start: dt.date, end: dt.date) -> tuple[DayStep, ...]:
        """Return of `explain_days` what needs words: days skipped, and weekends worked."""
        return tuple(
            step for step in self.explain_days(start, end) if step.reason is not Reason.ORDINARY
        )

    def _status(self, day: dt.date) -> tuple[bool, Reason, str]:
        """Return whether *day* is worked, why, and the holiday behind it."""
        if day in self._overrides:
            return self._overrides[day], Reason.OVERRIDE, ""
        if make_up := chinese_calendar.workdays.get(day):
            return True, Reason.MAKE_UP, make_up
        holiday = chinese_calendar.holidays.get(day, "")
        if day.year not in _PUBLISHED_YEARS:
            holiday = _FIXED_HOLIDAYS.get((day.month, day.day), "")
        if holiday:
            return False, Reason.HOLIDAY, holiday
        weekend = day.weekday() >= _SATURDAY
        return not weekend, Reason.WEEKEND if weekend else Reason.ORDINARY, ""

    def _worked(
        self, day: dt.date, since: dt.datetime, opening: OpeningHours
    ) -> tuple[dt.datetime, dt.datetime]:
        """Return the working time of *day* that is not before *since*; an empty span for none."""
        opening = self._hours.get(day, opening)
        end = dt.datetime.combine(day, opening.end, ZONE)
        if not self._status(day)[0]:
            return end, end
        begin = dt.datetime.combine(day, opening.start, ZONE)
        return min(max(begin, since), end), end


def add_calendar_days(moment: dt.datetime, n: int) -> dt.datetime:
    """Return the end of the *n*-th day after the day of *moment*, worked or not."""
    return end_of_day(local_day(moment) + n * _DAY)


def end_of_day(day: dt.date) -> dt.datetime:
    """Return the last microsecond of *day* in Shanghai."""
    return dt.datetime.combine(day, dt.time.max, ZONE)


def local_day(moment: dt.datetime) -> dt.date:
    """Return the day in Shanghai that *moment* lies on."""
    return _in_shanghai(moment).date()


def _in_shanghai(moment: dt.datetime) -> dt.datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} names no time zone")
    return moment.astimezone(ZONE)


def _day_of(day: dt.date) -> dt.date:
    """Return *day*, for a moment its day: a moment would never equal a day of the calendar."""
    return local_day(day) if isinstance(day, dt.datetime) else day


def _days(start: dt.date, end: dt.date) -> Iterator[dt.date]:
    """Yield the days after *start* up to and with *end*."""
    while start < end:
        start += _DAY
        yield start
