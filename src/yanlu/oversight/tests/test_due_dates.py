"""Worked examples of due dates: what a clerk would find with the State Council's notice in hand.

2026: New Year 1–3 January, with Sunday the 4th worked; Spring Festival 15–23 February, with Saturday
the 14th and Saturday the 28th worked; National Day 1–7 October, with Sunday 20 September and
Saturday 10 October worked.
"""

from datetime import datetime, time

import pytest
from django.apps import apps

from yanlu.kernel import clock
from yanlu.kernel.workdays import Calendar
from yanlu.oversight import limits
from yanlu.oversight.limits import Limit

pytestmark = pytest.mark.django_db

END = "23:59:59.999999"


def exceptions():
    """The district's own exceptions of the calendar."""
    return apps.get_model("kernel", "HolidayOverride").objects


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


@pytest.mark.parametrize(
    ("why", "start", "amount", "unit", "due"),
    [
        ("an ordinary week", "2026-03-02 10:00", 5, "working_days", f"2026-03-09 {END}"),
        ("handed in on a Friday", "2026-03-06 16:00", 1, "working_days", f"2026-03-09 {END}"),
        ("the day itself does not count", "2026-03-02 00:01", 1, "working_days", f"2026-03-03 {END}"),
        ("across Spring Festival", "2026-02-12 10:00", 5, "working_days", f"2026-02-26 {END}"),
        ("a Saturday that is worked counts", "2026-02-13 10:00", 1, "working_days", f"2026-02-14 {END}"),
        ("a worked Saturday after the festival", "2026-02-26 10:00", 2, "working_days", f"2026-02-28 {END}"),
        ("handed in in the midst of the holidays", "2026-02-18 12:00", 1, "working_days", f"2026-02-24 {END}"),
        ("across National Day", "2026-09-30 09:30", 3, "working_days", f"2026-10-10 {END}"),
        ("over the year's end", "2025-12-31 09:30", 2, "working_days", f"2026-01-05 {END}"),
        ("days run through holidays", "2026-02-12 10:00", 15, "days", f"2026-02-27 {END}"),
        ("days over the year's end", "2025-12-20 10:00", 60, "days", f"2026-02-18 {END}"),
        ("danger: to the minute", "2026-02-16 23:30", 2, "hours", "2026-02-17 01:30"),
        ("working hours in the morning", "2026-03-02 10:00", 1, "working_hours", "2026-03-02 11:00"),
        ("over closing time", "2026-03-02 17:00", 1, "working_hours", "2026-03-03 09:30"),
        ("ends at closing time", "2026-03-02 16:30", 1, "working_hours", "2026-03-02 17:30"),
        ("late in the evening", "2026-03-02 21:40", 1, "working_hours", "2026-03-03 10:00"),
        ("late on the eve of the festival", "2026-02-14 21:40", 1, "working_hours", "2026-02-24 10:00"),
        ("eight working hours are most of a day", "2026-03-02 13:00", 8, "working_hours", "2026-03-03 12:30"),
        ("a year without a notice: weekdays, fixed holidays", "2035-09-28 10:00", 2, "working_days", f"2035-10-05 {END}"),
    ],
)  # fmt: skip
def test_worked_examples(why, start, amount, unit, due):
    assert limits.due(moment(start), Limit(amount, unit)) == moment(due), why


@pytest.mark.parametrize(
    ("why", "due", "unit", "since", "until", "later"),
    [
        ("three working days of pause", f"2026-03-09 {END}", "working_days", "2026-03-04 10:00", "2026-03-09 09:00", f"2026-03-12 {END}"),
        ("what was due the day it stopped is due the day it goes on", f"2026-02-13 {END}", "working_days", "2026-02-13 09:00", "2026-02-24 09:00", f"2026-02-24 {END}"),
        ("days", f"2026-03-09 {END}", "days", "2026-03-04 10:00", "2026-03-06 09:00", f"2026-03-11 {END}"),
        ("hours, to the minute", "2026-03-04 12:00", "hours", "2026-03-04 11:00", "2026-03-04 11:25", "2026-03-04 12:25"),
        ("working hours: the night does not count", "2026-03-04 11:00", "working_hours", "2026-03-03 17:00", "2026-03-04 09:30", "2026-03-04 12:00"),
    ],
)  # fmt: skip
def test_pauses_put_off_as_the_limit_is_counted(why, due, unit, since, until, later):
    assert limits.put_off(moment(due), unit, moment(since), moment(until)) == moment(later), why


def test_a_half_day_ends_at_noon_for_hours_and_is_a_day_for_days():
    eve = moment("2026-12-31 10:00")
    exceptions().create(day=eve.date(), is_workday=True, closes_at=time(12))
    assert limits.due(eve, Limit(3, "working_hours")) == moment("2027-01-04 10:00")
    assert limits.due(moment("2026-12-30 10:00"), Limit(1, "working_days")).date() == eve.date()


def test_the_district_may_close_a_day_of_its_own():
    exceptions().create(day=moment("2026-03-04 00:00").date(), is_workday=False)
    assert limits.due(moment("2026-03-03 10:00"), Limit(1, "working_days")) == moment(
        f"2026-03-05 {END}"
    )


def test_the_examples_rest_on_published_notices():
    assert all(Calendar.is_published(year) for year in (2025, 2026))
    assert not Calendar.is_published(2035)
