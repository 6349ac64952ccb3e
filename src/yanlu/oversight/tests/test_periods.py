"""Spans of days: each day lies in one of every kind, and each has one before it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.oversight import reports
from yanlu.oversight.contents import period_words
from yanlu.oversight.periods import Period

DAYS = st.dates(date(2000, 1, 1), date(2099, 12, 31))
KINDS = st.sampled_from(sorted(reports.TITLES))


@given(KINDS, DAYS)
def test_a_day_lies_in_its_period_and_the_one_before_ends_where_it_begins(kind, day):
    period = reports.period_of(kind, day)
    assert period.first <= day < period.end
    assert reports.period_of(kind, period.first) == reports.period_of(kind, period.last) == period
    before = period.before()
    assert before.end == period.first
    assert before == reports.period_of(kind, period.first - timedelta(days=1))


@given(KINDS, DAYS)
def test_every_period_has_words_of_its_own(kind, day):
    period = reports.period_of(kind, day)
    assert str(period.first.year) in period_words(kind, period)
    assert period_words(kind, period) != period_words(kind, period.before())


@given(KINDS, DAYS)
def test_what_is_over_is_over(kind, today):
    last = reports.last_whole(kind, today)
    assert last.end <= today < reports.period_of(kind, last.end).end


@given(DAYS, st.integers(1, 400))
def test_any_other_span_has_as_many_days_before_it(first, many):
    if first.day == 1:
        return
    period = Period(first, first + timedelta(days=many))
    assert period.before() == Period(first - timedelta(days=many), first)


@pytest.mark.parametrize(
    ("kind", "day", "words"),
    [
        (reports.WEEKLY, date(2026, 1, 1), "2025年12月29日至2026年1月4日"),
        (reports.WEEKLY, date(2026, 3, 4), "2026年3月2日至3月8日"),
        (reports.MONTHLY, date(2026, 2, 28), "2026年2月"),
        (reports.MONTHLY, date(2026, 12, 1), "2026年12月"),
        (reports.QUARTERLY, date(2026, 12, 31), "2026年第四季度"),
        (reports.HALF_YEAR, date(2026, 7, 1), "2026年下半年"),
        (reports.ANNUAL, date(2026, 7, 1), "2026年度"),
    ],
)
def test_periods_are_told_as_offices_tell_them(kind, day, words):
    assert period_words(kind, reports.period_of(kind, day)) == words


def test_a_span_of_its_own_is_told_by_its_days():
    assert period_words(reports.MONTHLY, Period(date(2026, 3, 2), date(2026, 4, 1))) == (
        "2026年3月2日至3月31日"
    )
