"""One case for many who say the same, told with 周阿姨, 吴师傅 and six hundred of a form letter."""

from datetime import timedelta

import pytest

from tests import people
from yanlu.cases import access, files, matters, selectors, services
from yanlu.cases.models import Case, CoSigner
from yanlu.dispatch import configuration
from yanlu.intake import services as intake
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Invalid, NotFound

pytestmark = pytest.mark.django_db

LETTER = "我们全体居民强烈要求恢复友谊路公交站点，老人就医太不方便了。"


@pytest.fixture(autouse=True)
def _repeats_join(district):
    configuration.set_policy(actor=people.TESTS, automatic_above=0.9, joins_repeats=True)


def handed_in_at_once(count: int, text: str = LETTER, **more):
    """So many submissions of the same words, none of them looked at yet."""
    said = [
        intake.receive_submission(
            actor=people.TESTS, words=intake.Words(text=text, channel="web", **more)
        )[0]
        for _ in range(count)
    ]
    followers.drain()
    return said


def test_a_form_letter_of_six_hundred_is_one_case_and_nobody_is_lost():
    said = handed_in_at_once(600)
    case = Case.objects.get()
    assert case.submission_id == said[0].pk
    assert case.co_signer_count == 599 == CoSigner.objects.filter(case=case).count()
    for submission in (said[0], said[1], said[-1]):
        matter = matters.matter_by_code(submission.query_code)
        assert matter.case == case
        assert matter.is_shared == (submission != said[0])


def test_more_of_it_join_later_however_they_are_spelled():
    handed_in_at_once(1)
    later = people.hand_in(f"  {LETTER.replace('，', ' , ')}！！", place="")
    assert people.case_of(later).co_signer_count == 1
    assert CoSigner.objects.get().way == "same_words"


@pytest.mark.parametrize(
    ("text", "more"),
    [
        (LETTER.replace("恢复", "取消"), {}),
        (LETTER, {"place": people.BAOLIN}),
        (LETTER, {"is_confidential": True}),
        (LETTER, {"kind": "report"}),
    ],
    ids=["other words", "another place", "confidential", "a report"],
)
def test_what_is_not_the_same_or_must_stay_apart_gets_a_case_of_its_own(text, more):
    handed_in_at_once(1)
    other = people.hand_in(text, **{"place": "", **more})
    assert people.case_of(other).submission_id == other.pk
    assert not CoSigner.objects.exists()


def test_nobody_joins_what_is_confidential_or_over_or_a_month_old():
    secret = people.hand_in(LETTER, place="", is_confidential=True)
    open_one = people.hand_in(LETTER, place="")
    assert people.case_of(open_one) != people.case_of(secret)
    case = people.case_of(open_one)
    Case.objects.filter(pk=case.pk).update(opened_at=clock.now() - timedelta(days=31))
    fresh = people.hand_in(LETTER, place="")
    assert people.case_of(fresh).submission_id == fresh.pk
    services.cancel_case(
        actor=people.account("dispatcher"),
        case_id=people.case_of(fresh).pk,
        reason=selectors.reasons("cancel")[0][0],
        explanation="重复试填，没有内容。",
    )
    again = people.hand_in(LETTER, place="")
    assert people.case_of(again).submission_id == again.pk


def test_thanks_are_too_short_to_be_the_same_matter():
    first, second = handed_in_at_once(2, "谢谢你们！")
    assert people.case_of(first) != people.case_of(second)


def test_a_district_may_leave_it_to_its_clerks():
    configuration.set_policy(actor=people.TESTS, automatic_above=0.9, joins_repeats=False)
    first, second = handed_in_at_once(2)
    assert people.case_of(first) != people.case_of(second)


# --- me too


def test_wu_supports_what_zhou_said_in_his_own_words():
    zhou, wu = people.aunt_zhou(), people.neighbour_wu()
    first = people.hand_in(by=zhou)
    mine = people.hand_in("我家老人也坐轮椅，楼道堆物确实出不去。", by=wu, seconds_id=first.pk)
    case = people.case_of(first)
    assert people.case_of(mine) == case
    assert case.co_signer_count == 1

    seen = matters.matter_by_code(mine.query_code, wu)
    assert seen.words == mine.text, "his own words, not hers"
    assert first.text not in repr([step.data for step in seen.steps])
    assert "submission.joined" in [step.event for step in seen.steps]
    assert [one.code for one in matters.matters_of(wu)] == [mine.query_code]
    verbs = [entry.verb for entry in journal.history(intake.subject(mine.pk))]
    assert verbs == ["submission.received", "decision.made", "submission.joined"]


def test_a_co_signer_reads_the_answer_but_does_not_speak_for_the_first_resident():
    zhou, wu = people.aunt_zhou(), people.neighbour_wu()
    first = people.hand_in(by=zhou)
    mine = people.hand_in("我家也出不去，支持。", by=wu, seconds_id=first.pk)
    case = people.bring_to(people.case_of(first), people.HANDLED)

    seen = matters.matter_by_code(mine.query_code, wu)
    assert seen.state == "answered"
    assert seen.answers[0].points
    assert not seen.answers[0].facts
    assert not seen.may_rate
    assert matters.matter_by_code(first.query_code, zhou).may_rate
    assert not access.may_see(wu, case)
    with pytest.raises(NotFound):
        services.rate_answer(actor=wu, case_id=case.pk, is_solved=True, rating=services.Rating())
    case.refresh_from_db()
    assert case.state == "answered"


def test_danger_never_waits_behind_another_matter():
    first = people.hand_in()
    gas = people.hand_in("宝林一村12号楼道里煤气味很重，怀疑燃气泄漏！", seconds_id=first.pk)
    assert people.case_of(gas).submission_id == gas.pk


def test_supporting_a_supporter_leads_to_the_same_case_and_a_closed_one_to_a_new():
    first = people.hand_in()
    second = people.hand_in("我也支持清理楼道，出行困难。", seconds_id=first.pk)
    third = people.hand_in("同意楼上邻居，赶快清掉吧。", seconds_id=second.pk)
    assert people.case_of(third) == people.case_of(first)
    people.bring_to(people.case_of(first), (*people.HANDLED, "call_back", "confirm"))
    late = people.hand_in("楼道又堆起来了，我也来反映。", seconds_id=first.pk)
    assert people.case_of(late).submission_id == late.pk


def test_nobody_supports_what_is_not_there():
    with pytest.raises(Invalid):
        people.hand_in("我也支持。", seconds_id=987_654_321)


def test_staff_see_who_shares_the_case_and_find_it_by_their_codes():
    first = people.hand_in()
    mine = people.hand_in("我家老人也坐轮椅，请打 13912345678 找我。", seconds_id=first.pk)
    case = people.case_of(first)
    dispatcher = people.account("dispatcher")
    file = files.case_file(dispatcher, case.pk)
    assert [one.words for one in file.co_signers.rows] == [mine.text]
    assert file.co_signers.rows[0].way == "me_too"
    found = selectors.queue(dispatcher, selectors.QueueFilters(view="all", search=mine.query_code))
    assert [row.id for row in found.rows] == [case.pk]
