"""What residents write is found again by what staff type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.segment import LONGEST_WORD, search_query, words

any_text = st.text(st.characters(codec=None)) | st.text(
    alphabet="电梯坏了，PM2.5 abc１２３\ud800\x00"
)


def test_punctuation_and_empty_words_drop_out():
    assert words("电梯的门坏了，请尽快维修！") == ["电梯", "门", "坏", "尽快", "维修"]


def test_numbers_and_latin_stay_in_lower_case():
    assert words("公交５２路、ＥＴＣ和WiFi") == ["公交", "52", "路", "etc", "wifi"]


def test_a_part_of_a_long_word_finds_it():
    assert "自行车" in words("电动自行车乱停")
    assert set(search_query("自行")) <= set(words("电动自行车乱停"))


def test_a_query_names_each_word_once():
    assert search_query("停车，停车！小区停车") == ["停车", "小区"]


def test_a_query_of_empty_words_asks_for_nothing():
    assert search_query("的了在 ？！") == []


@pytest.mark.parametrize(
    ("submission", "query"),
    [
        ("反映共富新村三期东门夜间渣土车噪音扰民的问题", "共富新村"),
        ("罗店镇美兰湖中华园小区暖气不热", "美兰湖"),
        ("小区门口的电瓶车充电桩一直没有人来修", "电瓶车充电桩"),
        ("建议在蕴川路月罗路口增设红绿灯", "月罗路 红绿灯"),
    ],
)
def test_street_names_that_no_dictionary_knows_are_found(submission, query):
    assert set(search_query(query)) <= set(words(submission))


@given(any_text)
def test_any_text_has_words_that_the_index_takes(text):
    for word in words(text):
        assert 0 < len(word) <= LONGEST_WORD
        assert word == word.lower()
        word.encode("utf-8")


@given(any_text)
def test_a_text_finds_itself(text):
    assert set(search_query(text)) <= set(words(text))
