"""The one clock. Domain code asks here for the time, so that tests and simulations can set it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

#: Office hours, holidays and deadlines are those of China.
ZONE = ZoneInfo("Asia/Shanghai")

_source: Callable[[], datetime] = lambda: datetime.now(ZONE)  # noqa: E731


def now() -> datetime:
    """The present moment, aware, in China's time zone."""
    return _source()


def today() -> date:
    """The present day in China."""
    return now().date()


@contextmanager
def at(moment: datetime | Callable[[], datetime]) -> Iterator[None]:
    """Let the whole process live at ``moment`` (or by a clock of the caller's) meanwhile."""
    global _source  # noqa: PLW0603 - the one clock is a process's only piece of global state
    before = _source
    _source = moment if callable(moment) else lambda: moment
    try:
        yield
    finally:
        _source = before
