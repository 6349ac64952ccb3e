"""Which of two pairs a clerk would call more alike is scored higher, by reasons that are told."""

import csv
import gzip
import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.likeness import Weigh, compare, portray, usage

SHARED = Path(os.environ.get("YANLU_SHARED_DATA", Path(__file__).parents[5] / "shared" / "data"))
PAIRS = SHARED / "pairs" / "lcqmc_dev.csv.gz"

SAID = (
    "友谊路三十五弄门口的路灯坏了三天，晚上看不清路",
    "路灯不亮，友谊路三十五弄晚上看不清",
    "友谊路三十五弄的垃圾桶坏了三天，没有人来换",
    "工地夜里十一点还在打桩，老人睡不着",
    "共富新村电梯坏了怎么报修",
    "共富新村电梯坏了如何报修",
    "共富新村电梯可以加装吗",
    "共富新村电梯不可以加装吗",
)
texts = st.text(alphabet="路灯坏了三天，电梯不能用？怎么办如何abc１２3\ud800") | st.sampled_from(
    SAID
)
USAGE = usage(map(portray, SAID))


def score(one: str, other: str, weigh: Weigh = USAGE) -> float:
    return compare(portray(one), portray(other), weigh).score


def test_the_same_lamp_is_more_alike_than_another_thing_at_the_same_door():
    lamp, again, bin_, noise = SAID[:4]
    assert score(lamp, again) > score(lamp, bin_) > score(lamp, noise)


def test_other_words_for_the_same_question_are_the_same_question():
    assert score(SAID[4], SAID[5]) > score(SAID[4], SAID[6])


def test_a_denial_makes_another_question_of_it():
    lift, denied = SAID[6:]
    assert score(lift, denied) < score(lift, "共富新村电梯还可以加装吗")


def test_sharing_little_proves_little():
    assert score("谢谢", "谢谢了") < score(SAID[0], SAID[0] + "了")


def test_what_both_say_is_told_most_telling_first():
    common = compare(portray(SAID[0]), portray(SAID[1]), USAGE).common
    assert set(common) >= {"友谊路", "看不清"}
    assert "垃圾桶" not in common


@given(texts, texts)
def test_the_score_is_between_0_and_1_and_the_same_from_both_sides(one, other):
    found = score(one, other)
    assert 0 <= found <= 1
    assert found == score(other, one)


@given(texts)
def test_a_text_is_wholly_like_itself_in_any_spelling(text):
    assert score(text, text) == 1
    assert score(text, f"  {text}。") == 1


@given(texts, texts)
def test_only_the_same_letters_score_one(one, other):
    if portray(one).folded != portray(other).folded:
        assert score(one, other) < 1


def test_pairs_of_questions_are_told_apart_without_labels():
    if not PAIRS.exists():
        pytest.skip(f"no question pairs here: {PAIRS} (YANLU_SHARED_DATA names the folder)")
    with gzip.open(PAIRS, "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    pairs = [(portray(row["s1"]), portray(row["s2"])) for row in rows]
    weigh = usage(portrait for pair in pairs for portrait in pair)
    scores = [compare(*pair, weigh).score for pair in pairs]
    assert _area([row["label"] == "1" for row in rows], scores) >= 0.84


def _area(same: list[bool], scores: list[float]) -> float:
    """How often a pair that means the same scores above one that does not (ROC AUC)."""
    order = sorted(range(len(scores)), key=scores.__getitem__)
    counts: Counter[bool] = Counter()
    below = 0
    for place in order:
        counts[same[place]] += 1
        below += counts[False] if same[place] else 0
    return below / (counts[True] * counts[False])
