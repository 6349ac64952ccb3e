"""夏分析 looks at the winter: every figure adds up, and opens the very matters that it counts."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests import people
from yanlu.insight import access
from yanlu.insight.drilling import Narrowed, cases_behind
from yanlu.insight.rollups import RATES
from yanlu.insight.screens import areas, screen
from yanlu.insight.selectors import Asked
from yanlu.insight.tests.winter import STREET
from yanlu.kernel.errors import NotAllowed, NotFound
from yanlu.oversight.intervals import poisson
from yanlu.oversight.periods import Period
from yanlu.places.selectors import place_by_code, territory

pytestmark = pytest.mark.django_db

WINTER = Period(date(2025, 12, 1), date(2026, 3, 15))


def asked(code: str = "310113", **more) -> Asked:
    return Asked(WINTER, place_by_code(code).id, **more)


def test_each_part_of_a_screen_adds_up_to_its_total(winter):
    for question in (asked(), asked(STREET), asked(kind="complaint"), asked(channel="phone")):
        shown = screen(question)
        many = shown.total["matters"]
        assert many > 0
        for parts in (shown.categories, shown.trend, shown.streams):
            assert sum(one.matters for one in parts) == many
        assert sum(one.figures["matters"] for one in shown.areas) == many


def test_every_figure_opens_the_matters_that_it_counts(winter):
    analyst, question = people.account("analyst"), asked()
    shown = screen(question)
    assert cases_behind(analyst, question).whole == 24
    for line in shown.categories:
        below = replace(question, category=line.category or 0)
        assert cases_behind(analyst, below).whole == line.matters
    for area in shown.areas:
        there = replace(question, place=area.place.id if area.place else question.place)
        own = Narrowed(is_own=area.place is None)
        assert cases_behind(analyst, there, own).whole == area.figures["matters"]
    for stream in shown.streams:
        narrowed = Narrowed(level=stream.level or 0, outcome=stream.outcome)
        found = cases_behind(analyst, replace(question, channel=stream.channel), narrowed)
        assert found.whole == sum(
            one.matters
            for one in shown.streams
            if (one.channel, one.level, one.outcome)
            == (stream.channel, stream.level, stream.outcome)
        )
    for code in RATES:
        for is_part, name in ((False, "whole"), (True, "part")):
            found = cases_behind(analyst, question, Narrowed(rate=code, is_part=is_part))
            assert found.whole == shown.total[f"{code}_{name}"], code


def test_the_list_is_as_long_as_what_the_person_may_see(winter):
    secretary = people.account("secretary")
    here = access.place_of(secretary, None)
    found = cases_behind(secretary, Asked(WINTER, here.id))
    assert 0 < len(found.rows) == found.whole < 24
    with pytest.raises(NotFound):
        cases_behind(secretary, asked(), Narrowed(rate="profit"))


def test_each_looks_at_their_own_territory_and_no_further(district):
    analyst, secretary = people.account("analyst"), people.account("secretary")
    assert access.place_of(analyst, None).code == "310113"
    assert access.place_of(analyst, place_by_code(STREET).id).code == STREET
    own = access.place_of(secretary, None)
    for elsewhere in (place_by_code("310113").id, place_by_code("310113109").id, 10**8):
        with pytest.raises(NotFound):
            access.place_of(secretary, elsewhere)
    assert [node.id for node in access.way_to(secretary, own)] == [own.id]
    for nobody in (people.account("handler-enforcement"), people.aunt_zhou()):
        assert not access.may_look(nobody)
        with pytest.raises(NotAllowed):
            access.place_of(nobody, None)


def test_who_speaks_least_for_each_resident_stands_first_and_chance_is_no_silence(winter):
    street = place_by_code(STREET)
    people.live(2_000, *(node.code for node in territory().children(street.id)))
    people.live(500, people.BAOLIN)
    crowded, empty = territory().children(street.id)[1:3]
    people.live(90_000, crowded.code)
    people.live(None, empty.code)
    told = areas(asked(STREET))
    by_place = {one.place.id: one for one in told if one.place}
    assert by_place[crowded.id].is_quiet
    assert not by_place[place_by_code(people.BAOLIN).id].is_quiet
    small = next(one for one in told if one.place and one.residents == 2_000)
    assert small.figures["matters"] == 0
    assert not small.is_quiet, "nobody of two thousand may be chance"
    assert by_place[empty.id].spoken is None
    values = [one.spoken.value for one in told if one.spoken]
    assert values == sorted(values)


def test_a_town_has_as_many_residents_as_its_neighbourhoods_unless_it_says_so(district):
    street = place_by_code(STREET)
    summed = territory().residents(street.id)
    assert summed == sum(node.residents for node in territory().children(street.id))
    people.live(120_000, STREET)
    assert territory().residents(street.id) == 120_000


def test_a_long_winter_is_told_by_the_month_and_beside_the_one_before(winter):
    long = screen(asked())
    assert long.is_by_month
    assert [point.day for point in long.trend] == [
        date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1),
    ]  # fmt: skip
    assert {point.year_ago for point in long.trend} == {None}
    after = replace(asked(), period=Period(date(2026, 12, 1), date(2027, 3, 15)))
    assert [point.year_ago for point in screen(after).trend] == [one.matters for one in long.trend]
    short = screen(replace(asked(), period=Period(date(2026, 2, 20), date(2026, 3, 2))))
    assert not short.is_by_month
    assert len(short.trend) == 10


def test_a_leap_day_has_a_year_before(winter):
    leap = replace(asked(), period=Period(date(2028, 1, 1), date(2028, 2, 29) + timedelta(days=60)))
    assert screen(leap).total["matters"] == 0
    assert screen(replace(leap, period=Period(date(2028, 2, 29), date(2028, 6, 29)))).trend


@given(count=some.integers(0, 5_000), exposure=some.floats(0.1, 1_000))
def test_a_rate_lies_within_its_interval_which_narrows_as_more_is_known(count, exposure):
    one, more = poisson(count, exposure), poisson(count * 4, exposure * 4)
    assert 0 <= one.low <= one.value < one.high
    assert more.high - more.low < one.high - one.low


def test_no_rate_of_nothing():
    for wrong in ((-1, 1.0), (3, 0.0)):
        with pytest.raises(ValueError, match="no rate"):
            poisson(*wrong)
    assert poisson(0, 1.0).high == pytest.approx(3.689, abs=0.001)
