"""小孟 is told when suddenly far more is written of a matter, and not when it is as always."""

import json
from datetime import date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from yanlu.insight.bursts import LEARNS, Series, Watch
from yanlu.insight.recurring import new_this_week, returns_each_year
from yanlu.insight.seasons import HOLIDAY, Habits, Season, Unrest, kind_of, trust
from yanlu.kernel.clock import ZONE
from yanlu.kernel.workdays import Calendar

START = datetime(2025, 3, 3, 8, tzinfo=ZONE)
BAOLIN, YOUYI = "310113003001", "310113003"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def usual(days: int, *, start: datetime = START, a_day: int = 6, seed: int = 1) -> list:
    """Moments by day, of a matter of which about as much is written every day."""
    chance = Random(seed)
    many = [chance.randint(a_day - 2, a_day + 2) for _ in range(days)]
    return sorted(
        start + day * DAY + chance.random() * 12 * HOUR
        for day in range(days)
        for _ in range(many[day])
    )


def see(watch: Watch, moments, *, what: str = "lift", areas=()) -> list:
    return [found for at in moments if (found := watch.see(at, [what], areas))]


@pytest.fixture
def watch() -> Watch:
    """A watch that knows two months of lifts in 宝林一村, and of noise elsewhere."""
    watch = Watch()
    lifts = [(at, "lift", BAOLIN) for at in usual(60, a_day=2)]
    noise = [
        (at, "noise", f"3101130030{n % 9:02d}") for n, at in enumerate(usual(60, a_day=9, seed=2))
    ]
    for at, what, place in sorted(lifts + noise):
        assert watch.see(at, [what], (place, YOUYI)) is None
    return watch


THEN = START + 60 * DAY


def test_a_broken_main_is_warned_of_at_its_place_and_once(watch):
    burst = [THEN + n * HOUR / 4 for n in range(30)]
    (warning,) = see(watch, burst, what="noise", areas=("310113003003", YOUYI))
    assert warning.series == Series("noise", "310113003003")
    assert warning.seen < 15
    assert warning.since >= THEN - 3 * DAY
    assert warning.expected < warning.seen / 2
    assert warning.weeks > 1


def test_a_wave_over_all_places_is_warned_of_as_one(watch):
    places = [f"3101130030{n % 9:02d}" for n in range(45)]
    found = [
        watch.see(THEN + n * HOUR / 10, ["noise"], (place, YOUYI)) for n, place in enumerate(places)
    ]
    (warning,) = filter(None, found)
    assert warning.series.where in {"", YOUYI}


def test_one_place_stands_out_from_a_wave_all_the_same(watch):
    for n in range(40):
        watch.see(THEN + n * HOUR / 10, ["noise"], (f"3101130030{n % 9:02d}", YOUYI))
    more = [THEN + 4 * HOUR + n * HOUR / 20 for n in range(40)]
    (warning,) = see(watch, more, what="noise", areas=("310113003005", YOUYI))
    assert warning.series.where == "310113003005"


def test_the_same_burst_is_no_news_for_the_category_of_its_topic(watch):
    burst = [THEN + n * HOUR / 6 for n in range(30)]
    found = [watch.see(at, ["drilling", "noise"], (BAOLIN, YOUYI)) for at in burst]
    assert len([one for one in found if one]) == 1


def test_a_second_burst_weeks_later_is_another(watch):
    for start in (THEN, THEN + 20 * DAY):
        quiet = usual(18, start=start + DAY, a_day=2)
        assert len(see(watch, [start + n * HOUR / 4 for n in range(25)], areas=(BAOLIN,))) == 1
        assert not see(watch, quiet, areas=(BAOLIN,))


def test_nothing_is_told_before_anything_is_known():
    watch = Watch()
    assert not see(watch, [START + n * HOUR / 60 for n in range(100)])
    assert not see(watch, [START + (LEARNS - 1) * DAY + n * HOUR / 60 for n in range(100)])


@settings(max_examples=8, deadline=None)
@given(a_day=some.integers(3, 12), seed=some.integers(0, 1000))
def test_as_much_as_ever_is_no_warning_and_far_more_is(a_day, seed):
    watch = Watch()
    assert not see(watch, usual(50, a_day=a_day, seed=seed))
    fivefold = usual(3, start=START + 50 * DAY, a_day=5 * a_day, seed=seed)
    assert len(see(watch, fivefold)) == 1


@settings(max_examples=8, deadline=None)
@given(some.data())
def test_of_messages_of_one_moment_the_order_does_not_matter(data):
    known = usual(40)
    moment = START + 40 * DAY
    last = [("lift", BAOLIN)] * 8 + [("lift", "310113003002")] * 3
    told = []
    for order in (last, data.draw(some.permutations(last))):
        watch = Watch()
        see(watch, known, areas=(BAOLIN, YOUYI))
        found = [watch.see(moment, [what], (where, YOUYI)) for what, where in order]
        told.append(([(one.series.what, one.at) for one in found if one], watch.see(
            moment + HOUR, ["lift"], (BAOLIN, YOUYI)) is None))  # fmt: skip
    assert told[0] == told[1]


def test_a_clock_that_jumps_does_no_harm(watch):
    for wrong in (THEN + 5000 * DAY, THEN - 5000 * DAY, THEN + 30 * DAY):
        assert watch.see(wrong, ["lift"], (BAOLIN, YOUYI)) is None
        assert watch.see(THEN, ["noise"], (YOUYI,)) is None
    burst = [THEN + n * HOUR / 4 for n in range(25)]
    assert len(see(watch, burst, areas=(BAOLIN, YOUYI))) == 1


def test_after_a_wrong_year_the_right_one_is_believed_again(watch):
    for start in (THEN + 5000 * DAY, THEN):
        quiet = usual(10, start=start, a_day=6)
        assert not see(watch, quiet, areas=(BAOLIN, YOUYI))
    burst = [THEN + 10 * DAY + n * HOUR / 4 for n in range(25)]
    assert len(see(watch, burst, areas=(BAOLIN, YOUYI))) == 1


def test_days_on_which_nothing_came_in_at_all_are_an_outage_and_no_calm(watch):
    later = usual(14, start=THEN + 15 * DAY, a_day=2)
    assert not see(watch, later, areas=(BAOLIN, YOUYI))


@settings(max_examples=6, deadline=None)
@given(cut=some.integers(0, 265), jump=some.integers(-3, 3))
def test_a_watch_goes_on_from_what_was_kept(cut, jump):
    moments = [*usual(40), *(START + (40 + jump) * DAY + n * HOUR / 4 for n in range(25))]
    whole, first, second = Watch(), Watch(), Watch()
    told = see(whole, moments, areas=(BAOLIN, YOUYI))
    before = see(first, moments[:cut], areas=(BAOLIN, YOUYI))
    second.resume(json.loads(json.dumps(first.state())))
    assert before + see(second, moments[cut:], areas=(BAOLIN, YOUYI)) == told
    assert second.state() == whole.state()


MOMENTS = some.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=some.just(ZONE))  # noqa: DTZ001
AREAS = some.sampled_from([(), ("x",), ("y", "z")])


@settings(max_examples=30, deadline=None)
@given(some.lists(some.tuples(MOMENTS, some.sampled_from("ab"), AREAS), max_size=60))
def test_whatever_the_moments_nothing_is_negative(messages):
    watch = Watch()
    for at, what, areas in messages:
        watch.see(at, [what], areas)
    state = watch.state()
    for season in state["seasons"].values():
        assert season["seen"] >= 0
        assert min([0, *season["counts"], *season["expected"]]) == 0
    assert all(part["seen"] >= 0 and part["passed"] >= 0 for _what, _where, part in state["parts"])


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        Watch().see(datetime(2025, 1, 1), ["lift"])  # noqa: DTZ001


def test_kinds_of_days_follow_the_notice():
    calendar = Calendar()
    assert kind_of(date(2025, 3, 3), calendar) == 0
    assert kind_of(date(2025, 10, 1), calendar) == HOLIDAY
    assert kind_of(date(2025, 10, 4), calendar) == 5
    assert kind_of(date(2025, 9, 28), calendar) == 4  # a Sunday that was worked


def test_what_is_written_at_night_is_expected_at_night():
    habits = Habits()
    for _ in range(30):
        habits.learn(0, [22] * 10, 10, 1.0)
    shares = habits.shares(0, None)
    assert sum(shares) == pytest.approx(1)
    assert shares[22] > 0.7
    assert habits.shares(0, Habits())[22] == pytest.approx(shares[22])


@given(seen=some.floats(0, 1e4), expected=some.floats(0, 1e4), unrest=some.floats(0, 5))
def test_only_far_more_than_expected_is_trusted_less(seen, expected, unrest):
    weight = trust(seen, expected, unrest)
    assert 0 < weight <= 1
    assert weight == 1 or seen > expected


def learnt(many_on, days: int) -> Season:
    season, all_habits, all_unrest = Season(first=0), Habits(), Unrest()
    for day in range(days):
        season.learn(day, day % 5, [9] * many_on(day), all_habits, all_unrest)
    return season


def test_a_burst_hardly_changes_what_is_expected_next():
    season = learnt(lambda day: 200 if day == 55 else 6, 60)
    assert season.level == pytest.approx(6, rel=0.25)


def test_what_rose_a_year_ago_is_expected_to_rise_again():
    season = learnt(lambda day: 24 if 180 <= day % 364 < 200 else 6, 364 + 178)
    assert season.year(364 + 190) > 2
    assert season.year(364 + 178 - 60) == pytest.approx(1, abs=0.2)
    assert learnt(lambda _day: 6, 100).year(103) == 1


TODAY = date(2026, 6, 28)


def test_new_is_what_has_no_past():
    days = {TODAY - timedelta(days=n): 2 for n in range(4)}
    old = {**days, TODAY - timedelta(days=300): 1}
    few = {TODAY: 4}
    series = {Series("ramp", ""): days, Series("lift", ""): old, Series("dog", ""): few}
    (new,) = new_this_week(series, TODAY)
    assert (new.series.what, new.since, new.seen) == ("ramp", TODAY - timedelta(days=3), 8)


def test_what_stood_out_each_year_at_this_time_returns():
    def counts(middle: date, years) -> dict:
        every = {date(2023, 1, 1) + timedelta(days=7 * n): 1 for n in range(160)}
        rises = {middle.replace(year=y) + timedelta(days=n): 4 for y in years for n in range(-8, 8)}
        return every | rises

    series = {
        Series("flooding", ""): counts(date(2024, 6, 26), (2024, 2025)),
        Series("once", ""): counts(date(2024, 6, 26), (2025,)),
        Series("heating", ""): counts(date(2024, 1, 15), (2024, 2025)),
    }
    (returning,) = returns_each_year(series, TODAY, years=2)
    assert returning.series.what == "flooding"
    assert returning.times > 5
    assert {one.series.what for one in returns_each_year(series, TODAY, years=1)} == {
        "flooding",
        "once",
    }
    assert returns_each_year(series, date(2028, 2, 29), years=1) == []
    with pytest.raises(ValueError, match="year"):
        returns_each_year(series, TODAY, years=0)
