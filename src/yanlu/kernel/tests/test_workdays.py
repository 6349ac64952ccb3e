"""Deadlines as a clerk in Shanghai would count them on the wall calendar."""

import csv
import datetime as dt
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.kernel.clock import ZONE
from yanlu.kernel.workdays import (
    Calendar,
    OpeningHours,
    Reason,
    add_calendar_days,
    end_of_day,
    local_day,
)

DATA = Path(os.environ.get("YANLU_SHARED_DATA", "../shared/data"))
CALENDAR = Calendar()

days = st.dates(dt.date(2019, 1, 1), dt.date(2029, 12, 31))
moments = st.builds(dt.datetime.combine, days, st.times(), st.just(ZONE))
quarters = st.integers(0, 400).map(lambda quarter: quarter / 4)
counts = st.integers(0, 60)


def at(year, month, day, hour=0, minute=0):
    return dt.datetime(year, month, day, hour, minute, tzinfo=ZONE)


class TestWorkedExamples:
    def test_across_spring_festival_2024(self):
        """Friday 9 February was New Year's Eve; back on Sunday 18, worked in exchange."""
        assert CALENDAR.add_workdays(dt.date(2024, 2, 8), 1) == dt.date(2024, 2, 9)
        assert CALENDAR.add_workdays(dt.date(2024, 2, 8), 2) == dt.date(2024, 2, 18)
        assert CALENDAR.add_workdays(dt.date(2024, 2, 8), 3) == dt.date(2024, 2, 19)

    def test_five_working_days_across_national_day_2026(self):
        """1 to 7 October off, Saturday 10 worked in exchange."""
        due = CALENDAR.deadline_in_workdays(at(2026, 9, 30, 10), 3)
        assert due == dt.datetime(2026, 10, 10, 23, 59, 59, 999999, ZONE)

    def test_an_ordinary_weekend_is_skipped(self):
        assert CALENDAR.add_workdays(dt.date(2026, 7, 3), 1) == dt.date(2026, 7, 6)

    def test_what_comes_in_on_a_holiday_counts_from_the_first_day_after(self):
        assert CALENDAR.add_workdays(dt.date(2026, 2, 17), 1) == dt.date(2026, 2, 24)

    def test_over_the_end_of_the_year(self):
        """1 to 3 January 2026 off, Sunday 4 worked in exchange."""
        assert CALENDAR.add_workdays(dt.date(2025, 12, 31), 1) == dt.date(2026, 1, 4)
        assert CALENDAR.add_workdays(dt.date(2025, 12, 31), 2) == dt.date(2026, 1, 5)

    def test_late_in_the_evening_work_starts_next_morning(self):
        monday_night = at(2026, 7, 6, 22, 15)
        assert CALENDAR.add_working_hours(monday_night, 1) == at(2026, 7, 7, 10)

    def test_hours_run_on_after_the_night_and_the_weekend(self):
        friday_afternoon = at(2026, 7, 3, 16, 30)
        assert CALENDAR.add_working_hours(friday_afternoon, 1) == at(2026, 7, 3, 17, 30)
        assert CALENDAR.add_working_hours(friday_afternoon, 1.5) == at(2026, 7, 6, 9, 30)
        assert CALENDAR.add_working_hours(friday_afternoon, 1 + 8.5 + 1) == at(2026, 7, 7, 10)

    def test_hours_run_on_a_make_up_saturday(self):
        assert CALENDAR.add_working_hours(at(2026, 10, 10, 8), 2) == at(2026, 10, 10, 11)

    def test_an_office_with_hours_of_its_own(self):
        counter = OpeningHours(dt.time(8, 30), dt.time(20))
        assert CALENDAR.add_working_hours(at(2026, 7, 6, 7), 2, counter) == at(2026, 7, 6, 10, 30)

    def test_calendar_days_end_with_their_last_day(self):
        assert add_calendar_days(at(2026, 9, 30, 10), 15) == end_of_day(dt.date(2026, 10, 15))

    def test_a_moment_elsewhere_belongs_to_its_day_in_shanghai(self):
        """17:00 in London on Friday is already Saturday in Shanghai."""
        london = dt.datetime(2026, 7, 3, 17, tzinfo=dt.UTC)
        assert local_day(london) == dt.date(2026, 7, 4)
        assert CALENDAR.deadline_in_workdays(london, 1) == end_of_day(dt.date(2026, 7, 6))
        assert not CALENDAR.is_workday(london)


class TestOverrides:
    def test_a_typhoon_day_is_not_worked(self):
        typhoon = Calendar({dt.date(2024, 9, 16): False, dt.date(2024, 9, 18): False})
        assert typhoon.add_workdays(dt.date(2024, 9, 14), 1) == dt.date(2024, 9, 19)

    def test_a_sunday_may_be_worked(self):
        assert Calendar({dt.date(2026, 7, 5): True}).is_workday(dt.date(2026, 7, 5))


class TestYearsWithoutNotice:
    def test_it_is_said_which_they_are(self):
        assert Calendar.is_published(2024)
        assert not Calendar.is_published(2099)
        assert not Calendar.is_published(1999)

    @pytest.mark.parametrize("fixed", [(1, 1), (5, 1), (10, 1), (10, 2)])
    def test_holidays_fixed_by_law_hold(self, fixed):
        assert not CALENDAR.is_workday(dt.date(2099, *fixed))

    def test_all_else_is_monday_to_friday(self):
        assert [CALENDAR.is_workday(dt.date(2099, 5, day)) for day in range(4, 11)] == [
            *[True] * 5,
            *[False] * 2,
        ]


class TestExplaining:
    def test_each_day_on_the_way_is_named(self):
        steps = CALENDAR.explain_workdays(dt.date(2026, 9, 30), 2)
        assert [(step.day.day, step.ordinal) for step in steps] == [
            *[(day, None) for day in range(1, 8)],
            (8, 1),
            (9, 2),
        ]
        assert {step.holiday_zh for step in steps[:7]} == {"国庆节"}

    def test_only_what_needs_words(self):
        steps = CALENDAR.explain_exceptions(dt.date(2026, 2, 12), dt.date(2026, 2, 25))
        assert [(step.day.day, step.reason, step.holiday) for step in steps] == [
            (14, Reason.MAKE_UP, "Spring Festival"),
            *[(day, Reason.HOLIDAY, "Spring Festival") for day in range(15, 24)],
        ]
        assert steps[0].ordinal == 2

    def test_weekends_and_overrides_are_told_apart(self):
        local = Calendar({dt.date(2026, 7, 6): False})
        steps = local.explain_exceptions(dt.date(2026, 7, 3), dt.date(2026, 7, 8))
        assert [step.reason for step in steps] == [
            Reason.WEEKEND,
            Reason.WEEKEND,
            Reason.OVERRIDE,
        ]

    @given(days, counts)
    def test_the_last_step_is_the_deadline(self, day, n):
        steps = CALENDAR.explain_workdays(day, n)
        assert [step.ordinal for step in steps if step.ordinal] == list(range(1, n + 1))
        assert not steps or steps[-1].day == CALENDAR.add_workdays(day, n)


class TestRefusals:
    def test_a_moment_needs_a_zone(self):
        with pytest.raises(ValueError, match="no time zone"):
            CALENDAR.add_working_hours(dt.datetime(2026, 7, 3, 9), 1)  # noqa: DTZ001
        with pytest.raises(ValueError, match="no time zone"):
            CALENDAR.is_workday(dt.datetime(2026, 7, 3, 9))  # noqa: DTZ001

    def test_working_hours_run_forward(self):
        with pytest.raises(ValueError, match="-1"):
            CALENDAR.add_working_hours(at(2026, 7, 3), -1)

    def test_an_office_opens_before_it_closes(self):
        with pytest.raises(ValueError, match="can't open"):
            OpeningHours(dt.time(17, 30), dt.time(9))


class TestArithmetic:
    @given(days, counts, counts)
    def test_working_days_add_up(self, day, some, more):
        later = CALENDAR.add_workdays(day, some)
        assert CALENDAR.add_workdays(later, more) == CALENDAR.add_workdays(day, some + more)

    @given(days, days, counts)
    def test_who_comes_later_is_never_due_earlier(self, one, other, n):
        first, second = sorted([one, other])
        assert CALENDAR.add_workdays(first, n) <= CALENDAR.add_workdays(second, n)

    @given(days, counts)
    def test_a_deadline_is_a_working_day(self, day, n):
        assert n == 0 or CALENDAR.is_workday(CALENDAR.add_workdays(day, n))

    @given(days, st.integers(-60, 60))
    def test_counting_back_undoes_counting_on(self, day, n):
        there = CALENDAR.add_workdays(day, n)
        assert CALENDAR.workdays_between(day, there) == n
        if CALENDAR.is_workday(day):
            assert CALENDAR.add_workdays(there, -n) == day

    @given(moments, quarters, quarters)
    def test_working_hours_add_up(self, moment, some, more):
        later = CALENDAR.add_working_hours(moment, some)
        assert CALENDAR.add_working_hours(later, more) == CALENDAR.add_working_hours(
            moment, some + more
        )

    @given(moments, moments, quarters)
    def test_who_comes_later_is_never_served_earlier(self, one, other, hours):
        first, second = sorted([one, other])
        assert CALENDAR.add_working_hours(first, hours) <= CALENDAR.add_working_hours(second, hours)

    @given(moments, quarters)
    def test_the_time_between_is_the_time_added(self, moment, hours):
        later = CALENDAR.add_working_hours(moment, hours)
        assert CALENDAR.working_time_between(moment, later) == dt.timedelta(hours=hours)
        assert CALENDAR.working_time_between(later, moment) == -dt.timedelta(hours=hours)

    @given(moments, moments, moments)
    def test_spans_add_up(self, one, two, three):
        between = CALENDAR.working_time_between
        assert between(one, two) + between(two, three) == between(one, three)

    @given(moments, counts)
    def test_a_deadline_belongs_to_its_day(self, moment, n):
        due = CALENDAR.deadline_in_workdays(moment, n)
        assert local_day(due) == CALENDAR.add_workdays(local_day(moment), n)
        assert local_day(due + dt.timedelta(microseconds=1)) > local_day(due)


def test_against_the_notices_since_2007():
    table = DATA / "calendar" / "holiday_cn_2007_2026.csv"
    if not table.exists():
        pytest.skip(f"no shared data: {table} is absent")
    with table.open(encoding="utf-8") as lines:
        notices = {
            dt.date.fromisoformat(row["date"]): row["is_off"] != "True"
            for row in csv.DictReader(lines)
        }
    wrong = {day for day, worked in notices.items() if CALENDAR.is_workday(day) != worked}
    day = dt.date(2007, 1, 1)
    while day < dt.date(2027, 1, 1):
        if day not in notices and CALENDAR.is_workday(day) != (day.weekday() < 5):
            wrong.add(day)
        day += dt.timedelta(days=1)
    assert wrong == set()
