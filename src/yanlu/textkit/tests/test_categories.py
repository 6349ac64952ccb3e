"""A new district guesses subjects by words alone, and says which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.categories import TITLE_OCCURRENCES, Lexicon
from yanlu.textkit.evidence import Match

ROWS = [
    ("building.lift", "电梯", 2.0),
    ("building.lift", "困人", 3.0),
    ("traffic.parking", "停车", 1.0),
    ("charges.parking", "停车费", 2.0),
    ("noise", "噪音", 2.0),
    ("noise", "施工", 1.0),
    ("construction", "施工", 1.0),
    ("construction", "工地", 2.0),
]
BAOSHAN = Lexicon(ROWS)

texts = st.text(alphabet="电梯困人停车费噪音施工地，。 ", max_size=60)


def test_the_likeliest_comes_first_with_its_words():
    best, *_ = BAOSHAN.rank("楼里电梯又坏了，昨晚电梯困人两小时，门口停车也乱")
    assert best.key == "building.lift"
    assert {match.word: match.times for match in best.matches} == {"电梯": 2, "困人": 1}
    assert best.confidence > 0.8


def test_one_weak_word_never_gives_much_confidence():
    (only,) = BAOSHAN.rank("想问一下停车的事情")
    assert only.key == "traffic.parking"
    assert only.confidence == pytest.approx(0.2)


def test_a_word_without_any_argument_gives_nothing():
    assert BAOSHAN.rank("感谢居委会的同志") == ()


def test_the_longest_word_alone_counts():
    (only,) = BAOSHAN.rank("停车费涨了")
    assert only.key == "charges.parking"


def test_a_word_may_argue_for_two_categories():
    noisy = BAOSHAN.rank("半夜施工噪音大")
    assert [candidate.key for candidate in noisy] == ["noise", "construction"]


def test_a_word_in_the_title_counts_more():
    plain = BAOSHAN.rank("工地旁边噪音大")
    titled = BAOSHAN.rank("工地旁边噪音大", title="工地扬尘")
    assert plain[0].confidence == plain[1].confidence
    assert titled[0].key == "construction"
    (match,) = titled[0].matches
    assert match[:2] == ("工地", 1 + TITLE_OCCURRENCES)
    assert match.points > 2


def test_at_most_as_many_as_asked():
    everything = "".join(word for _, word, _ in ROWS)
    assert len(BAOSHAN.rank(everything)) == 5
    assert len(BAOSHAN.rank(everything + "停车费", k=9)) == 5
    assert len(BAOSHAN.rank(everything, k=2)) == 2


def test_the_heaviest_of_equal_rows_holds():
    twice = Lexicon([("lift", "电梯", 1.0), ("lift", "电梯", 3.0), ("lift", "电梯", 2.0)])
    assert twice.rank("电梯")[0].matches == (Match("电梯", 1, 3.0),)


@pytest.mark.parametrize("weight", [0, -1, float("nan"), float("inf")])
def test_a_weight_must_be_above_zero(weight):
    with pytest.raises(ValueError, match="电梯"):
        Lexicon([("lift", "电梯", weight)])


def test_an_empty_word_is_refused():
    with pytest.raises(ValueError, match="empty word"):
        Lexicon([("lift", "", 1.0)])


def test_a_lexicon_may_be_empty():
    assert Lexicon([]).rank("电梯坏了") == ()


@given(texts, texts)
def test_confidences_are_shares(text, title):
    ranked = BAOSHAN.rank(text, title)
    assert sum(candidate.confidence for candidate in ranked) < 1
    assert [c.confidence for c in ranked] == sorted((c.confidence for c in ranked), reverse=True)
    assert all(candidate.matches and candidate.confidence > 0 for candidate in ranked)


@given(texts)
def test_the_order_of_rows_changes_nothing(text):
    assert Lexicon(ROWS[::-1]).rank(text) == BAOSHAN.rank(text)
