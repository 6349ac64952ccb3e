"""Fixed words in running text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.matcher import Matcher, fold


def found(matcher: Matcher, text: str) -> list[str]:
    return [matcher.words[hit.word] for hit in matcher.find(fold(text))]


def test_the_longest_word_is_found():
    assert found(Matcher(["停车", "停车费"]), "停车费太贵，停车又难") == ["停车费", "停车"]


def test_width_and_case_do_not_matter():
    assert found(Matcher(["ＥＴＣ"]), "装了etc的车") == ["etc"]


def test_a_latin_word_stands_alone():
    matcher = Matcher(["etc", "1号线"])
    assert found(matcher, "fetch，11号线") == []
    assert found(matcher, "坐1号线，办etc。") == ["1号线", "etc"]


def test_nothing_to_find():
    assert Matcher([]).find(fold("电梯坏了")) == []


@pytest.mark.parametrize("word", ["", " ", "\u200b"])
def test_an_empty_word_is_refused(word):
    with pytest.raises(ValueError, match="empty word"):
        Matcher(["电梯", word])


@given(
    st.text(st.characters(codec=None)), st.lists(st.text("电梯停车费a1", min_size=1), max_size=8)
)
def test_what_is_found_stands_where_it_is_said_to(text, words):
    matcher, folded = Matcher(words), fold(text + "停车费电梯" + text)
    end = 0
    for hit in matcher.find(folded):
        assert hit.start >= end
        assert folded[hit.start : hit.end] == matcher.words[hit.word]
        end = hit.end
