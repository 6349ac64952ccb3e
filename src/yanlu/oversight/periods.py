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

    @property
    def is_month(self) -> bool:
        """Whether it is one whole month."""
        return self == month(self.first.year, self.first.month)

    def before(self) -> "Period":
        """The period before it: of a month the month before, else as many days."""
        if self.is_month:
            last = self.first - timedelta(days=1)
            return month(last.year, last.month)
        return Period(self.first - (self.end - self.first), self.first)


def month(year: int, number: int) -> Period:
    """A month of the calendar.

    :raises ValueError: no such month.
    """
    first = date(year, number, 1)
    return Period(first, date(year + number // 12, number % 12 + 1, 1))
