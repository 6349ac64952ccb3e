"""A table of 老沈's holds letters that were sent twice; each is found, the certain ones for certain."""

import csv
import gzip
import os
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.duplicates import find_duplicates
from yanlu.textkit.likeness import portray

SHARED = Path(os.environ.get("YANLU_SHARED_DATA", Path(__file__).parents[5] / "shared" / "data"))
BOARD = SHARED / "messages" / "board.csv.gz"

LAMP = "友谊路三十五弄门口的路灯坏了三天，晚上看不清路，老人摔了一跤，请尽快来修。"
NOISE = "工地夜里十一点还在打桩，老人睡不着，孩子第二天还要上学，请管一管。"


def repeats(*bodies: str) -> list[tuple[int, int, bool]]:
    found = find_duplicates([""] * len(bodies), bodies)
    return [(one.place, one.first, one.is_exact) for one in found]


def test_the_same_letter_in_another_spelling_is_an_exact_duplicate():
    assert repeats(LAMP, NOISE, f"  {LAMP.replace('，', ', ')}\n") == [(2, 0, True)]


def test_the_same_matter_with_a_word_more_is_a_near_one():
    assert repeats(NOISE, LAMP, f"您好，{LAMP}谢谢！") == [(2, 1, False)]


def test_a_group_is_led_by_its_first_text():
    again = f"您好，{LAMP}谢谢！"
    assert repeats(LAMP, again, again) == [(1, 0, False), (2, 0, True)]


def test_two_matters_are_not_one_and_empty_rows_are_nothing():
    assert repeats(LAMP, NOISE, "", "", "？！") == []
    assert repeats() == []


@given(st.lists(st.sampled_from([LAMP, NOISE, "一", "", "路灯坏了", "路灯坏了。"]), max_size=8))
def test_every_exact_duplicate_is_found_and_points_at_an_earlier_text(bodies):
    found = {one.place: one for one in find_duplicates([""] * len(bodies), bodies)}
    assert all(one.first < one.place and one.first not in found for one in found.values())
    for place, body in enumerate(bodies):
        letters = portray(body).folded
        if letters and any(portray(other).folded == letters for other in bodies[:place]):
            assert place in found


def test_every_exact_group_of_a_real_board_is_found():
    if not BOARD.exists():
        pytest.skip(f"no real board here: {BOARD} (YANLU_SHARED_DATA names the folder)")
    with gzip.open(BOARD, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[:1500]
    bodies = [row["body"] for row in rows]
    groups = defaultdict(list)
    for place, body in enumerate(bodies):
        groups["".join(body.split())].append(place)
    first = {one.place: one.first for one in find_duplicates([r["title"] for r in rows], bodies)}
    for places in groups.values():
        assert len({first.get(place, place) for place in places}) == 1
