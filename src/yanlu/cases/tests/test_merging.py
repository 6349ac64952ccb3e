"""Two cases put together, and taken apart again: told with 陆桂英, 王建国 and two dispatchers."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import people
from yanlu.cases import (
    access,
    acting,
    files,
    matters,
    merging,
    selectors,
    services,
    sharing,
    states,
)
from yanlu.cases.models import Case, CoSigner
from yanlu.dispatch import configuration
from yanlu.intake.models import Submission
from yanlu.kernel import journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.project.demo import reference

pytestmark = pytest.mark.django_db

WHEELCHAIR = "我妈坐轮椅，12号楼楼道里堆满了别人家的旧柜子，根本过不去。"
CARTONS = "12号楼楼道里堆满了旧柜子和纸箱，轮椅根本过不去，请物业来清。"
SAME = "两件说的是同一处楼道堆物。"


@pytest.fixture
def lu():
    """陆桂英, who was first."""
    return people.aunt_zhou()


@pytest.fixture
def wang():
    """王建国, her neighbour, who said the same in his own words."""
    return people.neighbour_wu()


@pytest.fixture
def first(district, lu):
    configuration.set_policy(
        actor=people.TESTS, automatic_above=reference.AUTOMATIC_ABOVE, joins_repeats=True
    )
    return people.case_of(people.hand_in(WHEELCHAIR, by=lu))


@pytest.fixture
def second(first, wang):
    case = people.case_of(people.hand_in(CARTONS, by=wang))
    assert case != first
    return case


def merge(case, into, who="dispatcher", **more):
    return merging.merge_case(
        **{
            "actor": people.account(who),
            "case_id": case.pk,
            "into": into.number,
            "why": SAME,
            **more,
        }
    )


def separate(case, **more):
    return merging.separate_case(
        **{
            "actor": people.account("dispatcher"),
            "case_id": case.pk,
            "why": "原来是两处楼道。",
            **more,
        }
    )


def events(case) -> list[str]:
    return [entry.verb for entry in journal.history(acting.subject(case.pk))]


def recount(case) -> int:
    """Who shares a case: its co-signers, the cases merged into it, and theirs."""
    cases = [case.pk, *Case.objects.filter(merged_into=case).values_list("pk", flat=True)]
    return CoSigner.objects.filter(case__in=cases, left_at=None).count() + len(cases) - 1


def as_it_stands(case) -> dict:
    """Everything about a case but how often it was touched."""
    row = Case.objects.filter(pk=case.pk).values().get()
    parts = list(case.assists.values_list("unit", "done_at").order_by("pk"))
    return {k: v for k, v in row.items() if k != "version"} | {"parts": parts}


# --- putting together


def test_wang_follows_lus_case_by_his_own_code_and_reads_none_of_her_words(first, second, wang):
    said = second.submission
    merge(second, first)
    people.bring_to(first, people.HANDLED)

    seen = matters.matter_by_code(said.query_code, wang)
    assert seen.state == "answered"
    assert seen.is_merged
    assert seen.words == CARTONS
    told = [step.event for step in seen.steps]
    assert told[0] == "submission.received"
    assert told.index("case.merged") < told.index("case.dispatched") < told.index("case.answered")
    assert seen.answers[0].points
    assert not seen.answers[0].facts
    assert "我妈" not in repr([seen.title, seen.words, seen.steps])
    assert [one.state for one in matters.matters_of(wang)] == ["answered"]
    assert not access.may_see(wang, Case.objects.get(pk=first.pk))


def test_both_journals_tell_of_it_and_the_count_follows(first, second):
    people.hand_in("我也支持，我住三楼。", seconds_id=second.submission_id)
    merge(second, first)
    first.refresh_from_db()
    second.refresh_from_db()
    assert second.state == states.MERGED
    assert second.ended_at
    assert (events(first)[-1], events(second)[-1]) == ("case.took_in", "case.merged")
    assert first.co_signer_count == 2 == recount(first)
    file = files.case_file(people.account("dispatcher"), first.pk)
    assert [one.words for one in file.merged] == [CARTONS]
    assert [one.words for one in file.co_signers.rows] == ["我也支持，我住三楼。"]


def test_what_follows_of_the_same_words_or_chosen_joins_the_one_that_goes_on(first, second):
    people.hand_in(CARTONS)
    merge(second, first)
    chosen = people.hand_in("我是隔壁楼的，也请清一清。", seconds_id=second.submission_id)
    again = people.hand_in(CARTONS)
    assert people.case_of(chosen) == people.case_of(again) == first
    first.refresh_from_db()
    assert first.co_signer_count == 4 == recount(first)


def test_wang_may_say_that_it_is_not_settled_but_not_that_it_is(first, second, wang, lu):
    merge(second, first)
    people.bring_to(first, people.HANDLED)
    with pytest.raises(NotAllowed):
        services.rate_answer(actor=wang, case_id=first.pk, is_solved=True)
    missing = services.Rating(note="二楼的纸箱还在。")
    services.rate_answer(actor=wang, case_id=first.pk, is_solved=False, rating=missing)
    first.refresh_from_db()
    assert first.state == states.RE_HANDLING
    services.answer_case(
        actor=people.handler_of(first.lead_unit), case_id=first.pk, form=people.form()
    )
    services.rate_answer(actor=lu, case_id=first.pk, is_solved=True)
    assert matters.matter_by_code(second.submission.query_code, wang).may_reopen
    services.reopen_case(actor=wang, case_id=first.pk, why="又堆满了。")
    first.refresh_from_db()
    assert first.state == states.REOPENED


def test_nobody_who_shares_a_case_calls_back_in_it(first, second):
    clerk = people.account("callback")
    people.hand_in("我也住这栋楼，请清一清。", by=clerk, seconds_id=first.submission_id)
    case = people.bring_to(first, people.HANDLED)
    with pytest.raises(NotAllowed):
        services.begin_callback(actor=clerk, case_id=case.pk)


# --- what is refused


def test_only_a_dispatcher_of_both_puts_them_together(first, second):
    far = people.case_of(people.hand_in("菊泉街路口的绿灯太短，老人走不完。", place=people.GUCUN))
    for who, error in (("callback", NotAllowed), ("supervisor", NotAllowed)):
        with pytest.raises(error):
            merge(second, first, who)
    with pytest.raises(Invalid):
        merge(second, far, "dispatcher-youyilu")
    with pytest.raises(NotFound):
        merge(far, second, "dispatcher-youyilu")
    assert merge(second, first, "dispatcher-youyilu").state == states.MERGED


def test_neither_itself_nor_nowhere_nor_into_what_is_over(first, second):
    for number in (second.number, "", "20990101-000001"):
        with pytest.raises(Invalid):
            merging.merge_case(
                actor=people.account("dispatcher"), case_id=second.pk, into=number, why=SAME
            )
    people.bring_to(first, people.CLOSED)
    with pytest.raises(Invalid):
        merge(second, first)
    with pytest.raises(Conflict):
        merge(first, second)


def test_no_chains_and_no_circles(first, second):
    third = people.case_of(people.hand_in("我们楼的楼道也请一起清一下旧家具。"))
    merge(second, first)
    with pytest.raises(Invalid):
        merge(first, second)
    with pytest.raises(Invalid):
        merge(third, second)
    with pytest.raises(Invalid):
        merge(first, third)
    with pytest.raises(Conflict):
        merge(second, third)
    assert merge(third, first).merged_into == first


@pytest.mark.parametrize("more", [{"is_confidential": True}, {"kind": "report"}])
def test_what_is_secret_stays_by_itself(first, more):
    secret = people.case_of(people.hand_in("楼道堆物的事，请不要告诉物业是我说的。", **more))
    for case, into in ((secret, first), (first, secret)):
        with pytest.raises(Invalid):
            merge(case, into)


def test_danger_waits_behind_nothing_and_no_promise_is_put_off(first, second):
    gas = people.case_of(people.hand_in("宝林一村12号楼道里煤气味很重，怀疑燃气泄漏！"))
    with pytest.raises(Invalid):
        merge(gas, first)
    sent = people.bring_to(second, ["dispatch"])
    with pytest.raises(Invalid, match="更晚"):
        merge(sent, first)
    assert merge(first, sent).merged_into == sent


def test_an_answered_case_waits_for_its_residents_word_instead(first, second):
    people.bring_to(second, people.HANDLED)
    with pytest.raises(Conflict):
        merge(second, first)


def test_a_reason_is_wanted_and_an_old_page_is_no_ground(first, second):
    with pytest.raises(Invalid):
        merge(second, first, why="同")
    with pytest.raises(Conflict):
        merge(second, first, version=second.version + 1)
    assert not Case.objects.filter(state=states.MERGED).exists()


# --- taking apart


@pytest.mark.parametrize("verbs", [(), ["dispatch"], ["dispatch", "accept", "start"]])
def test_taking_apart_brings_back_exactly_what_was(first, second, verbs):
    people.bring_to(first, ["dispatch"])
    second = people.bring_to(second, verbs)
    before = as_it_stands(second), as_it_stands(first)
    merge(second, first)
    separate(second)
    second.refresh_from_db()
    assert (as_it_stands(second), as_it_stands(first)) == before
    assert events(second)[-2:] == ["case.merged", "case.separated"]
    state = ""
    for entry in journal.history(acting.subject(second.pk)):
        state = states.after(state, entry.verb, entry.data)
    assert state == second.state
    if verbs:
        people.bring_to(second, people.HANDLED[len(verbs) :])
    with pytest.raises(Conflict):
        separate(second)


def test_who_joined_meanwhile_stays_and_each_keeps_their_own(first, second, wang):
    people.hand_in(CARTONS)
    merge(second, first)
    late = people.hand_in("我也支持，请快一点。", seconds_id=second.submission_id)
    separate(second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.co_signer_count, second.co_signer_count) == (1, 1)
    assert people.case_of(late) == first
    assert not matters.matter_by_code(second.submission.query_code, wang).is_shared


# --- one's own support, and a co-signer who said something else


def test_wang_takes_his_support_back_and_his_words_stay(first, wang, lu):
    mine = people.hand_in("我也支持清理。", by=wang, seconds_id=first.submission_id)
    with pytest.raises(NotFound):
        merging.leave_case(actor=lu, submission_id=mine.pk)
    assert matters.matter_by_code(mine.query_code, wang).may_leave
    merging.leave_case(actor=wang, submission_id=mine.pk)
    first.refresh_from_db()
    assert first.co_signer_count == 0 == recount(first)
    seen = matters.matter_by_code(mine.query_code, wang)
    assert (seen.has_left, seen.may_leave, seen.words) == (True, False, mine.text)
    assert seen.steps[-1].event == "submission.left"
    with pytest.raises(Conflict):
        merging.leave_case(actor=wang, submission_id=mine.pk)


def test_nobody_leaves_what_is_over(first, wang):
    mine = people.hand_in("我也支持清理。", by=wang, seconds_id=first.submission_id)
    people.bring_to(people.case_of(mine), people.CLOSED)
    with pytest.raises(Conflict):
        merging.leave_case(actor=wang, submission_id=mine.pk)


def test_a_co_signer_who_means_something_else_gets_a_case_of_his_own(first, wang):
    mine = people.hand_in("我说的是地下车库漏水。", by=wang, seconds_id=first.submission_id)
    told = {
        "actor": people.account("dispatcher"),
        "case_id": first.pk,
        "submission_id": mine.pk,
        "why": "说的是车库，不是楼道。",
    }
    with pytest.raises(NotAllowed):
        merging.part_co_signer(**{**told, "actor": people.account("callback")})
    own = merging.part_co_signer(**told)
    assert own.submission == mine
    assert people.case_of(mine) == own != first
    first.refresh_from_db()
    assert first.co_signer_count == 0
    assert events(first)[-1] == "case.parted"
    seen = matters.matter_by_code(mine.query_code, wang)
    assert not seen.is_shared
    assert "submission.parted" in [step.event for step in seen.steps]
    with pytest.raises(Invalid):
        merging.part_co_signer(**told)


def test_staff_page_through_many_and_a_unit_reads_them_as_it_reads_the_case(first):
    for n in range(21):
        people.hand_in(f"第{n}位邻居：请找我，电话13912345678。", seconds_id=first.submission_id)
    first.refresh_from_db()
    page = sharing.co_signers(first, 1, is_masked=True)
    assert (len(page.rows), page.next) == (20, 2)
    assert "13912345678" not in repr(page)
    last = sharing.co_signers(first, 2, is_masked=False)
    assert (len(last.rows), last.next) == (1, 0)
    assert "13912345678" in last.rows[0].words


def test_likely_duplicates_are_offered_to_who_may_merge_them(first, second):
    offered = sharing.candidates(people.account("dispatcher"), second.pk)
    assert first in [one.case for one in offered]
    for who in ("supervisor", "callback"):
        with pytest.raises(NotFound):
            sharing.candidates(people.account(who), second.pk)
    merge(second, first)
    with pytest.raises(NotFound):
        sharing.candidates(people.account("dispatcher"), second.pk)


def test_the_queue_says_how_many_share_a_case(first, second):
    merge(second, first)
    rows = selectors.queue(people.account("dispatcher"), selectors.QueueFilters(view="to_dispatch"))
    assert [(row.number, row.co_signer_count) for row in rows.rows] == [(first.number, 1)]


# --- whatever is done in whatever order

DEEDS = st.lists(
    st.tuples(
        st.sampled_from(["join", "repeat", "merge", "separate", "leave", "part", "send"]),
        st.integers(0, 3),
        st.integers(0, 3),
    ),
    max_size=12,
)


def do(deed: str, one: Case, other: Case, wang) -> None:
    """One act between two cases, by whoever it is due to."""
    rows = CoSigner.objects.filter(case=one, left_at=None)
    if deed == "join":
        people.hand_in("我也支持，请快一点。", by=wang, seconds_id=one.submission_id)
    elif deed == "repeat":
        people.hand_in(one.submission.text)
    elif deed == "merge":
        merge(one, other)
    elif deed == "separate":
        separate(one)
    elif deed == "send":
        people.bring_to(one, ["dispatch"])
    elif row := rows.filter(submission__account=wang).first():
        if deed == "leave":
            merging.leave_case(actor=wang, submission_id=row.submission_id)
        else:
            merging.part_co_signer(
                actor=people.account("dispatcher"),
                case_id=one.pk,
                submission_id=row.submission_id,
                why="说的不是一件事。",
            )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=DEEDS)
def test_whatever_is_done_the_counts_equal_a_recount_and_nobody_is_lost(first, second, wang, deeds):
    third, fourth = (people.case_of(people.hand_in(f"第{n}件：请把路灯修一修。")) for n in "三四")
    with transaction.atomic():
        for deed, one, other in deeds:
            cases = [Case.objects.get(pk=c.pk) for c in (first, second, third, fourth)]
            try:
                with transaction.atomic():
                    do(deed, cases[one], cases[other], wang)
            except (Conflict, Invalid):
                continue
        for case in Case.objects.all():
            assert case.co_signer_count == recount(case), case
            assert (case.state == states.MERGED) == bool(case.merged_into_id or case.state_before)
            assert case.merged_into is None or case.merged_into.merged_into is None
        said = Submission.objects.count()
        assert said == Case.objects.count() + CoSigner.objects.count()
        transaction.set_rollback(True)


# --- two at once


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_crossed", [False, True], ids=["the same case", "crosswise"])
def test_of_two_clerks_at_once_one_wins_and_the_other_is_told(first, second, is_crossed):
    third = people.case_of(people.hand_in("12号楼楼道堆物，请来看一看，谢谢。"))
    tries = [(second, first), (first, second) if is_crossed else (second, third)]

    def attempt(pair) -> str:
        try:
            merge(*pair, version=pair[0].version)
        except (Conflict, Invalid) as refused:
            return refused.code
        finally:
            connections.close_all()
        return "merged"

    with ThreadPoolExecutor(2) as clerks:
        said = sorted(clerks.map(attempt, tries))

    assert said == ["invalid" if is_crossed else "conflict", "merged"]
    assert Case.objects.filter(state=states.MERGED).count() == 1
    for case in Case.objects.all():
        assert case.co_signer_count == recount(case)
