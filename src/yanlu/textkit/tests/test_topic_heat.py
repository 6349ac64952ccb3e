"""Heat is a sum that anybody can follow: it fades, it grows with voices, it does not count copies."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.topic_heat import (
    HALF_LIFE,
    Heat,
    Voices,
    forget_faint,
    heat,
    speak,
    together,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
said = st.lists(
    st.tuples(st.sampled_from(["周阿姨", "吴师傅", "小陈"]), st.integers(0, 4_000)), max_size=30
)


def voices(said: list[tuple[str, int]]) -> Voices:
    heard: Voices = {}
    for who, hours_ago in said:
        speak(heard, who, NOW - timedelta(hours=hours_ago))
    return heard


def value(said: list[tuple[str, int]], now: datetime = NOW) -> float:
    return heat(voices(said), voices(said), now).value


def test_one_message_counts_one_and_a_half_life_later_what_the_formula_says():
    assert value([("周阿姨", 0)]) == pytest.approx(1)
    assert value([("周阿姨", 0)], NOW + HALF_LIFE) == pytest.approx(0.584962500721156)


def test_three_residents_are_hotter_than_one_who_writes_three_times():
    assert value([("周阿姨", 0), ("吴师傅", 0), ("小陈", 0)]) == pytest.approx(3)
    assert value([("周阿姨", 0)] * 3) == pytest.approx(2)


def test_its_parts_are_shown_and_the_smaller_sum_counts():
    many = {f"resident {n}": voices([("周阿姨", 0)])["周阿姨"] for n in range(100)}
    shown = heat(many, voices([("letter", 0)] * 100), NOW)
    assert shown == Heat(
        shown.by_text, 100, pytest.approx(100), 1, pytest.approx(6.658211482751795)
    )


@given(said, st.randoms())
def test_the_order_of_arrival_changes_nothing(said, chance):
    shuffled = list(said)
    chance.shuffle(shuffled)
    assert value(shuffled) == pytest.approx(value(said))


@given(said, st.integers(1, 1_000))
def test_without_new_words_it_only_fades(said, days):
    assert value(said, NOW + timedelta(days=days)) <= value(said)


@given(said, said)
def test_every_word_adds_and_none_more_than_one(one, more):
    assert value(one) <= value(one + more) + 1e-9
    assert value(one + more) <= value(one) + len(more) + 1e-9


@given(said, said)
def test_parts_together_are_as_hot_as_the_whole(one, other):
    whole = together([voices(one), voices(other)])
    assert heat(whole, whole, NOW).value == pytest.approx(value(one + other))


@given(said)
def test_forgetting_the_faint_takes_next_to_nothing(said):
    kept = forget_faint(voices(said), NOW)
    assert heat(kept, kept, NOW).value == pytest.approx(value(said), abs=0.01)
