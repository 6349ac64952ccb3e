"""周阿姨 says two things in one breath: each goes to its own unit, and she follows both."""

import pytest

from tests import people
from yanlu.cases import files, matters, merging, services
from yanlu.cases.models import Case
from yanlu.kernel import followers
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db

STAIRS = "宝林一村12号楼的楼道里堆满了旧家具，轮椅根本过不去。"
LAMPS = "另外小区门口友谊支路的路灯坏了三盏，晚上走路看不见。"
WHY = "路灯属市政设施，另派。"


@pytest.fixture
def case(district):
    return people.case_of(people.hand_in(f"{STAIRS}{LAMPS}", by=people.aunt_zhou()))


def split(case: Case, **more) -> Case:
    return merging.split_case(
        **{
            "actor": people.account("dispatcher"),
            "case_id": case.pk,
            "words": LAMPS,
            "why": WHY,
            **more,
        }
    )


def test_she_follows_both_by_one_code_and_has_a_word_on_each(case):
    zhou, lamps = people.aunt_zhou(), split(case)
    followers.drain()
    code = case.submission.query_code
    assert Case.objects.count() == 2, "the machine opens none of its own"

    first = matters.matter_by_code(code, zhou)
    second = matters.matter_by_code(code, zhou, lamps.number)
    assert (first.case, second.case) == (case, lamps)
    assert [one.number for one in first.others] == [lamps.number]
    assert second.part == LAMPS
    assert second.words == f"{STAIRS}{LAMPS}"
    assert {one.case for one in matters.matters_of(zhou)} == {case, lamps}
    assert "case.split" in [step.event for step in first.steps]

    people.bring_to(case, people.HANDLED)
    services.rate_answer(actor=zhou, case_id=case.pk, is_solved=True)
    assert not matters.matter_by_code(code, zhou, lamps.number).may_rate


def test_the_unit_of_the_lamps_reads_of_the_lamps(case):
    lamps = split(case)
    assert lamps.title.startswith("另外小区门口")
    file = files.case_file(people.account("dispatcher"), lamps.pk)
    assert file.words == LAMPS
    assert [one.pk for one in file.beside] == [case.pk]


def test_what_was_promised_for_the_whole_is_promised_for_the_part(case):
    case = people.bring_to(case, ["dispatch"])
    lamps = split(case)
    assert lamps.due_at == lamps.first_due_at == case.due_at
    lamps = people.bring_to(lamps, ["dispatch"])
    assert lamps.due_at == case.due_at, "no clock starts anew"


def test_a_part_that_was_none_is_merged_again(case):
    lamps = split(case)
    merging.merge_case(
        actor=people.account("dispatcher"), case_id=lamps.pk, into=case.number, why="同一处路灯。"
    )
    lamps.refresh_from_db()
    assert lamps.merged_into == case
    assert matters.matter_by_code(case.submission.query_code, people.aunt_zhou()).case == case


@pytest.mark.parametrize("words", ["", "灯", "路灯坏了五盏", f"{STAIRS}{LAMPS}"])
def test_only_words_that_were_said_are_split_off(case, words):
    with pytest.raises(Invalid):
        split(case, words=words)
    assert Case.objects.count() == 1


def test_not_by_the_unit_and_not_at_the_end(case):
    case = people.bring_to(case, ["dispatch"])
    with pytest.raises(NotAllowed):
        split(case, actor=people.handler_of(case.lead_unit))
    case = people.bring_to(case, ["accept", "start", "answer", "call_back", "confirm"])
    with pytest.raises(Conflict):
        split(case)
