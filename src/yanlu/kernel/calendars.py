"""The district's working calendar: the published one with its own overrides."""

from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.models import HolidayOverride
from yanlu.kernel.pictures import Picture
from yanlu.kernel.workdays import Calendar, add_calendar_days


class LimitUnit(models.TextChoices):
    """How a limit is counted."""

    HOURS = "hours", _("hours")
    WORKING_HOURS = "working_hours", _("working hours")
    WORKING_DAYS = "working_days", _("working days")
    DAYS = "days", _("days")


def _read() -> Calendar:
    rows = list(HolidayOverride.objects.all())
    hours = {row.day: known for row in rows if (known := row.hours())}
    return Calendar({row.day: row.is_workday for row in rows}, hours)


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
