"""The district's working calendar: the published one with its own overrides."""

import time
from datetime import datetime, timedelta

from yanlu.kernel.models import HolidayOverride
from yanlu.kernel.workdays import Calendar, add_calendar_days

#: Seconds for which a process may still count by the overrides from before an edit.
STALE = 60.0
_held: tuple[float, Calendar] | None = None


def calendar() -> Calendar:
    """The calendar in force."""
    global _held  # noqa: PLW0603 - one calendar a process
    if _held is None or time.monotonic() - _held[0] > STALE:
        rows = HolidayOverride.objects.values_list("day", "is_workday")
        _held = (time.monotonic(), Calendar(dict(rows)))
    return _held[1]


def forget_calendar() -> None:
    """Read the overrides afresh next time."""
    global _held  # noqa: PLW0603
    _held = None


def deadline(start: datetime, amount: int, unit: str) -> datetime:
    """When a limit that starts now ends.

    :param unit: ``hours`` (round the clock), ``working_hours``, ``working_days`` or ``days``;
        the last two end with the full day (due today is overdue tomorrow).
    """
    if unit == "hours":
        return start + timedelta(hours=amount)
    if unit == "working_hours":
        return calendar().add_working_hours(start, amount)
    if unit == "working_days":
        return calendar().deadline_in_workdays(start, amount)
    return add_calendar_days(start, amount)
