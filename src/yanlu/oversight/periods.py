"""Spans of days in Shanghai that figures are told for. Plain Python."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from yanlu.kernel.clock import ZONE


@dataclass(frozen=True)
class Period:
    """The days from ``first`` up to, and without, ``end``.

    :raises ValueError: a period without any day.
    """

    first: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.first:
            raise ValueError(f"{self.first} to {self.end} holds no day")

    @property
    def starts_at(self) -> datetime:
        """The first moment."""
        return datetime.combine(self.first, time.min, ZONE)

    @property
    def ends_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.end, time.min, ZONE)

    @property
    def last(self) -> date:
        """The last day."""
        return self.end - timedelta(days=1)

    def before(self) -> "Period":
        """The period before it: of whole months as many months, else as many days."""
        if self.first.day == self.end.day == 1:
            many = 12 * (self.end.year - self.first.year) + self.end.month - self.first.month
            return Period(_months_on(self.first, -many), self.first)
        return Period(self.first - (self.end - self.first), self.first)


def month(of_year: int, number: int) -> Period:
    """A month of the calendar.

    :raises ValueError: no such month.
    """
    return _months(date(of_year, number, 1), 1)


def week(day: date) -> Period:
    """The week of a day, from Monday on."""
    first = day - timedelta(days=day.weekday())
    return Period(first, first + timedelta(days=7))


def quarter(day: date) -> Period:
    """The quarter of a day."""
    return _months(date(day.year, (day.month - 1) // 3 * 3 + 1, 1), 3)


def half_year(day: date) -> Period:
    """The half of the year that a day lies in."""
    return _months(date(day.year, 1 if day.month < 7 else 7, 1), 6)


def year(day: date) -> Period:
    """The year of a day."""
    return _months(date(day.year, 1, 1), 12)


def _months(first: date, many: int) -> Period:
    return Period(first, _months_on(first, many))


def _months_on(first: date, many: int) -> date:
    """The first of the month so many months on, or back."""
    number = 12 * first.year + first.month - 1 + many
    return date(number // 12, number % 12 + 1, 1)
