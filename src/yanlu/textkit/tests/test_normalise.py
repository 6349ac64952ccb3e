"""Texts typed on every kind of keyboard come out in one spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.normalise import ELLIPSIS, INVISIBLE, MARKS_KEPT, excerpt, normalise

any_text = st.text(st.characters(codec=None)) | st.text(
    alphabet="　 \t\r\n\x00\u200b\ud800\u0301\u0344é，。Ａ９㎡①友谊路\u1100\u1161\u115f\u302b"
)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ＡＢＣ１２３，电梯！", "ABC123,电梯!"),
        ("友谊路\u200b１２３弄\ufeff", "友谊路123弄"),
        ("第一行\r\n第二行\r第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("　　楼道 \t 堆物　", "楼道 堆物"),
        ("一\n\n\n \n二", "一\n\n二"),
        ("面积８０㎡，第①条", "面积80m2,第1条"),
        ("葛\U000e0100家\x00宅", "葛家宅"),
        ("半个\ud83d表情", "半个表情"),
        ("", ""),
    ],
)
def test_one_spelling(typed, expected):
    assert normalise(typed) == expected


@given(any_text)
def test_any_text_is_normalised_once_and_for_all(text):
    once = normalise(text)
    assert normalise(once) == once
    assert not any(unicodedata.category(c) in {"Cc", "Cs"} for c in once if c != "\n")
    assert once == once.strip()
    once.encode("utf-8")


@given(st.text(alphabet="电梯停车噪音abc123\n"))
def test_words_stay(text):
    assert [c for c in normalise(text) if c != "\n"] == [c for c in text if c != "\n"]


visible_letters = st.characters(
    exclude_categories=("C", "Z"),
    exclude_characters="\u034f\u115f\u1160\u3164\uffa0\u17b4\u17b5\u180b\u180c\u180d\u180f",
).filter(lambda c: "VARIATION SELECTOR" not in unicodedata.name(c, ""))


@given(
    st.text(visible_letters | st.sampled_from("e\u0301가\u1100\u1161\u11a8か\u3099"), max_size=20)
)
def test_letters_are_those_of_unicode(text):
    """Only the runs that need it are handed to ``unicodedata``: the whole must come out alike."""
    assert normalise(text).split() == unicodedata.normalize("NFKC", text).split()


def test_heaps_of_marks_are_cut_to_a_bounded_run():
    heap = normalise("坏" + "\u0300\u0316" * 50_000)
    assert heap[0] == "坏"
    assert len(heap) == 1 + MARKS_KEPT


class TestExcerpt:
    def test_a_short_text_stays_whole_on_one_line(self):
        assert excerpt("楼道\n堆物", 10) == "楼道 堆物"

    def test_punctuation_stays_as_it_was_written(self):
        assert excerpt("“路灯坏了，”他说（第三次）！", 40) == "“路灯坏了，”他说（第三次）！"

    def test_cut_after_a_sentence(self):
        text = "电梯坏了三天没人修。老人下不了楼,请尽快派人来看看。"
        assert excerpt(text, 16) == "电梯坏了三天没人修。…"

    def test_cut_before_a_clause_mark(self):
        assert excerpt("小区门口夜间有人摆摊,油烟呛人,车也进不来", 14) == "小区门口夜间有人摆摊…"

    def test_cut_between_words(self):
        assert excerpt("please repair the broken elevator soon", 20) == "please repair the…"

    def test_a_number_is_not_split(self):
        assert (
            excerpt("请问新开通的公交线路是不是宝山12345路", 17)
            == "请问新开通的公交线路是不是宝山…"
        )

    def test_a_very_long_word_is_cut_where_it_must(self):
        assert excerpt("a" * 50, 10) == "a" * 9 + ELLIPSIS

    def test_no_room_at_all_is_refused(self):
        with pytest.raises(ValueError, match="0 characters"):
            excerpt("楼道堆物", 0)

    @given(any_text, st.integers(1, 60))
    def test_never_longer_than_asked(self, text, length):
        cut = excerpt(text, length)
        assert len(cut) <= length
        assert "\n" not in cut

    @given(any_text, st.integers(1, 60))
    def test_what_is_shown_is_the_beginning(self, text, length):
        whole = " ".join(INVISIBLE.sub("", text).split())
        cut = excerpt(text, length)
        assert cut == whole or whole.startswith(cut.removesuffix(ELLIPSIS))
