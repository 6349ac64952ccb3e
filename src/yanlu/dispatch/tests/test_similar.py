"""周阿姨 and 吴师傅 say the same thing; who types it a third time, and the clerk, are told so."""

import pytest
from django.core.management import call_command

from tests import people
from yanlu.cases import services as cases
from yanlu.dispatch import encoding, similar, traces
from yanlu.dispatch.models import Trace
from yanlu.dispatch.shelf import _load as in_memory
from yanlu.kernel import followers
from yanlu.textkit import vectors

pytestmark = pytest.mark.django_db

LAMP = "宝林一村3号楼门口的路灯坏了一个星期，晚上黑漆漆的，老人摔了一跤，请快点来修路灯。"
LAMP_AGAIN = "我住宝林一村，3号楼门口那盏路灯坏了，天黑以后什么都看不清，老人摔跤了，请来修一修。"
NOISE = "宝林一村对面的工地夜里十一点还在打桩，噪声太大，孩子睡不着觉。"
TYPED = "3号楼门口路灯坏了"
NEIGHBOURS = "310113003002"  # 宝林二村, in 友谊路街道, too


def found(typed: str, place: str = people.BAOLIN) -> list[int]:
    place_id = people.place_by_code(place).id if place else None
    return [one.submission.pk for one in similar.similar_open(typed, place_id)]


def test_who_types_is_told_of_the_same_matter_and_of_no_other(district):
    lamp = people.hand_in(LAMP)
    people.hand_in(NOISE)
    assert found(TYPED) == [lamp.pk]


@pytest.mark.parametrize("typed", ["", "路灯", "？！，。？！，。", "想请问一下怎么办理护照"])
def test_too_little_or_another_thing_finds_nothing(district, typed):
    people.hand_in(LAMP)
    assert found(typed) == []


def test_the_own_community_comes_before_the_neighbours_and_they_before_nothing(district):
    lamp = people.hand_in(LAMP)
    other = people.hand_in(LAMP.replace("宝林一村", "宝林二村"), place=NEIGHBOURS)
    assert found(TYPED) == [lamp.pk]
    assert found(TYPED, NEIGHBOURS) == [other.pk]
    assert set(found(TYPED, "310113003")) == {lamp.pk, other.pk}
    assert set(found(TYPED, "")) == {lamp.pk, other.pk}


@pytest.mark.parametrize(
    "more", [{"is_confidential": True}, {"kind": "report"}, {"may_publish": True}]
)
def test_what_nobody_may_know_is_never_found(district, more):
    lamp = people.hand_in(LAMP, **more)
    assert found(TYPED) == ([lamp.pk] if "may_publish" in more else [])


def test_a_matter_is_found_until_it_ends_and_again_when_it_is_reopened(district):
    aunt = people.aunt_zhou()
    lamp = people.hand_in(LAMP, by=aunt)
    case = people.bring_to(people.case_of(lamp), people.HANDLED)
    followers.drain()
    assert found(TYPED) == [lamp.pk]

    case = people.bring_to(case, ("call_back", "confirm"))
    followers.drain()
    assert found(TYPED) == []

    cases.reopen_case(actor=aunt, case_id=case.pk, why="路灯又坏了。")
    followers.drain()
    assert found(TYPED) == [lamp.pk]


def test_the_clerk_is_told_of_likely_duplicates_and_why(district):
    lamp, again, noise = map(people.hand_in, (LAMP, LAMP_AGAIN, NOISE))
    (duplicate,) = similar.likely_duplicates(again.pk)
    assert duplicate.submission.pk == lamp.pk
    assert similar.LIKELY <= duplicate.score < 1
    assert "路灯" in duplicate.common
    assert similar.likely_duplicates(noise.pk) == []


def test_words_in_common_hold_no_telephone_number(district):
    first = people.hand_in(f"{LAMP}我的电话13812345678。")
    second = people.hand_in(f"{LAMP_AGAIN}电话13812345678。")
    (duplicate,) = similar.likely_duplicates(second.pk)
    assert duplicate.submission.pk == first.pk
    assert not any(letter.isdigit() for word in duplicate.common for letter in word)


def test_to_be_told_twice_changes_nothing(district):
    lamp = people.hand_in(LAMP)
    traces.trace_submissions({lamp.pk: lamp.place_id})
    assert Trace.objects.filter(pk=lamp.pk).count() == 1
    traces.forget_submissions([lamp.pk])
    traces.forget_submissions([lamp.pk])
    assert found(TYPED) == []


@pytest.fixture
def shelf(district, settings, tmp_path):
    settings.YANLU_MODELS = tmp_path
    start_anew()
    yield tmp_path
    start_anew()


def start_anew() -> None:
    """As another process would look at the shelf."""
    in_memory.cache_clear()
    encoding.forget()


def keep(text: str) -> str:
    learnt = vectors.learn([f"{text}{n}" if n % 2 else f"{NOISE}{n}" for n in range(600)], 8)
    encoding.keep(learnt, actor=people.TESTS, figures={"texts": 600})
    return learnt.version


def test_an_installation_learns_from_its_own_words_and_goes_on_finding(shelf):
    lamp = people.hand_in(LAMP)
    with pytest.raises(ValueError, match="too few"):
        traces.learn_vectors(actor=people.TESTS)

    keep(LAMP)
    assert found(TYPED) == [], "vectors of two models can't be compared"
    assert traces.renew_traces() == 1
    assert found(TYPED) == [lamp.pk]
    assert traces.renew_traces() == 0


def test_of_damaged_models_the_one_before_goes_on_and_with_none_left_the_cold_start(shelf):
    first, second = keep(LAMP), keep("电梯困人，物业不来。")
    assert encoding.model().version == second
    (shelf / f"{second}.npz").write_bytes(b"something else")
    start_anew()
    assert encoding.model().version == first
    assert second in encoding.status().faults[0]
    (shelf / f"{first}.json").unlink()
    start_anew()
    assert len(encoding.status().faults) == 2
    lamp = people.hand_in(LAMP)
    assert found(TYPED) == [lamp.pk]


def test_a_model_of_vectors_is_rolled_back_with_one_command(shelf):
    first, _second = keep(LAMP), keep("电梯困人，物业不来。")
    call_command("use_model", "--back", "--vectors", verbosity=0)
    assert encoding.model().version == first
    call_command("use_model", "--lexicon", "--vectors", verbosity=0)
    assert encoding.model().version == vectors.cold_start().version
