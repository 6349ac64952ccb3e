"""The district's working calendar: the published one with its own overrides."""

from datetime import datetime, timedelta

from yanlu.kernel.models import HolidayOverride
from yanlu.kernel.pictures import Picture
from yanlu.kernel.workdays import Calendar, add_calendar_days


def _read() -> Calendar:
    return Calendar(dict(HolidayOverride.objects.values_list("day", "is_workday")))


#: The calendar in force; overrides count within a minute.
calendar = Picture(_read, stale=60)


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
