"""What cannot wait is seen at once, and what is only denied raises no alarm."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.textkit.urgency import Kind, KindLexicon, Level, UrgencyLexicon

URGENT = UrgencyLexicon(
    [
        ("complex", "推诿"),
        ("complex", "仲裁"),
        ("danger", "着火"),
        ("danger", "火灾"),
        ("danger", "危险"),
        ("danger", "触电"),
        ("danger", "燃气泄漏"),
        ("danger", "伤亡"),
        ("utility", "停水"),
        ("utility", "没有热水"),
        ("utility", "停电"),
        ("ordinary", "火灾报警器"),
    ]
)

CUES = KindLexicon(
    [
        ("consultation", "请问", 1),
        ("consultation", "如何办理", 2),
        ("help", "求助", 2),
        ("complaint", "投诉", 2),
        ("complaint", "不作为", 2),
        ("report", "举报", 3),
        ("suggestion", "建议", 2),
        ("praise", "感谢", 1),
        ("praise", "表扬", 3),
    ]
)


@pytest.mark.parametrize(
    ("text", "level", "words"),
    [
        ("三楼着火了，快来人", Level.DANGER, ("着火",)),
        ("停水两天，还闻到燃气泄漏的味道", Level.DANGER, ("燃气泄漏",)),
        ("今天又停水了，停电也没人通知", Level.UTILITY, ("停水", "停电")),
        ("一直没有热水", Level.UTILITY, ("没有热水",)),
        ("路灯坏了三盏", Level.ORDINARY, ()),
        ("楼道的火灾报警器坏了", Level.ORDINARY, ()),
    ],
)
def test_the_most_urgent_word_decides(text, level, words):
    assert URGENT.urgency(text) == (level, words)


def test_one_hint_makes_nothing_complex_two_do_and_danger_goes_before():
    level, words = URGENT.urgency("几家单位互相推诿，仲裁也有结果了")
    assert (level, words) == (Level.COMPLEX, ("推诿", "仲裁"))
    assert URGENT.urgency("推诿，推诿，还是推诿").level is Level.ORDINARY
    assert URGENT.urgency("互相推诿，仲裁无果，墙要着火了").level is Level.DANGER


@pytest.mark.parametrize(
    "text",
    [
        "墙皮有点脱落，暂时没有危险",
        "没什么危险",
        "未发生火灾",
        "没有造成人员伤亡",
        "不存在触电危险",
        "险情已排除",
        "火灾已经扑灭",
        "这次没停电",
    ],
)
def test_what_is_denied_raises_no_alarm(text):
    assert URGENT.urgency(text).level is Level.ORDINARY


@pytest.mark.parametrize(
    "text",
    [
        "有没有危险？",
        "并不是没有危险",
        "难道没有危险吗",
        "会不会触电",
        "万一着火怎么办",
        "无人管理，危险",
        "没有人管，随时会触电",
    ],
)
def test_questions_and_fears_do(text):
    assert URGENT.urgency(text).level is Level.DANGER


def test_a_word_under_two_levels_counts_for_the_more_urgent():
    both = UrgencyLexicon([("utility", "漏电"), ("danger", "漏电"), ("utility", "漏电")])
    assert both.urgency("充电桩漏电").level is Level.DANGER


def test_an_unknown_level_is_refused():
    with pytest.raises(ValueError, match="desperate"):
        UrgencyLexicon([("desperate", "着火")])


class TestKind:
    def test_the_cues_decide_and_are_shown(self):
        guess = CUES.kind("我要投诉物业不作为，也请问该找谁")
        assert guess.kind is Kind.COMPLAINT
        assert [cue.word for cue in guess.cues] == ["投诉", "不作为"]
        assert 0.7 < guess.confidence < 1

    def test_without_a_cue_there_is_no_guess(self):
        assert CUES.kind("楼下垃圾桶满了") == (None, 0.0, ())

    def test_thanks_out_of_politeness_are_no_praise(self):
        assert CUES.kind("建议加一盏路灯，感谢！").kind is Kind.SUGGESTION

    def test_what_is_denied_is_no_cue(self):
        assert CUES.kind("这不是投诉，是建议").kind is Kind.SUGGESTION

    def test_of_equal_cues_the_graver_kind_is_guessed(self):
        assert CUES.kind("求助并投诉").kind is Kind.COMPLAINT

    def test_an_unknown_kind_is_refused(self):
        with pytest.raises(ValueError, match="gossip"):
            KindLexicon([("gossip", "听说", 1)])

    @given(st.text(alphabet="请问投诉举报建议表扬感谢不没有，", max_size=40))
    def test_a_guess_has_cues_and_no_cues_no_guess(self, text):
        guess = CUES.kind(text)
        assert bool(guess.cues) == (guess.kind is not None) == (guess.confidence > 0)
        assert guess.confidence < 1


@given(st.text(st.characters(codec=None)))
def test_any_text_has_a_level(text):
    urgency = URGENT.urgency(text)
    assert bool(urgency.words) == (urgency.level is not Level.ORDINARY)
