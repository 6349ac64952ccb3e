"""The life of a case, told with 周阿姨 (resident), a dispatcher, 小陈 (handler) and a callback clerk."""

from datetime import datetime, timedelta

import pytest

from tests import people
from yanlu.cases import (
    access,
    acting,
    files,
    matters,
    promises,
    returning,
    selectors,
    services,
    states,
)
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from yanlu.people import roles
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)


@pytest.fixture
def case(district):
    return people.case_of(people.hand_in(by=people.aunt_zhou()))


def events(case) -> list[str]:
    return [entry.verb for entry in journal.history(acting.subject(case.pk))]


def test_every_submission_becomes_a_case_with_a_reasoned_proposal(case):
    assert case.state in (states.AWAITING_DISPATCH, states.DISPATCHED)
    file = files.case_file(people.account("dispatcher"), case.pk)
    assert file.decision.reasons["category"][0]["because"]
    assert file.place_label.endswith("宝林一村居委会")


def test_from_hand_in_through_not_satisfied_to_closed_by_the_resident(case):
    zhou, clerk = people.aunt_zhou(), people.account("callback")
    people.bring_to(case, [*people.HANDLED, "call_back"])

    case = services.record_callback(
        actor=clerk,
        case_id=case.pk,
        was_reached=True,
        is_solved=False,
        rating=services.Rating("satisfied", "dissatisfied", note="四楼还堆着两个柜子"),
    )
    assert case.state == states.RE_HANDLING

    handler = people.handler_of(people.unit("urban_management", "310113003"))
    services.answer_case(actor=handler, case_id=case.pk, form=people.form())
    case = services.rate_answer(
        actor=zhou,
        case_id=case.pk,
        is_solved=True,
        rating=services.Rating("satisfied", "satisfied"),
    )

    assert case.state == states.CLOSED
    assert events(case)[-2:] == ["case.answered", "case.approved"]


def test_a_unit_answers_but_never_closes(case):
    case = people.bring_to(case, people.HANDLED)
    handler = people.handler_of(people.unit("urban_management", "310113003"))

    assert {step.verb for step in access.allowed(handler, case)} == {"step_back"}
    with pytest.raises(NotAllowed):
        services.begin_callback(actor=handler, case_id=case.pk)
    with pytest.raises(NotAllowed):
        services.rate_answer(actor=handler, case_id=case.pk, is_solved=True)


def test_who_handles_can_not_verify_even_with_the_role_of_a_callback_clerk(case):
    case = people.bring_to(case, people.HANDLED)
    unit = people.unit("urban_management", "310113003")
    handler = people.handler_of(unit)
    people.registry.grant_role(
        actor=people.TESTS,
        account=handler,
        name=roles.CALLBACK_CLERK,
        place=place_by_code("310113"),
        unit=unit,
    )
    with pytest.raises(NotAllowed):
        services.begin_callback(actor=handler, case_id=case.pk)


def test_of_two_people_at_once_one_wins_and_the_other_is_told(case):
    case = people.bring_to(case, ["dispatch"])
    handler = people.handler_of(people.unit("urban_management", "310113003"))
    seen = case.version
    services.accept_case(actor=handler, case_id=case.pk, version=seen)

    with pytest.raises(Conflict):
        returning.return_case(
            actor=handler,
            case_id=case.pk,
            reason="not_our_duty",
            explanation="不是我们的事",
            evidence=people.DUTIES,
            version=seen,
        )
    assert events(case)[-1] == "case.accepted"


def test_a_return_does_not_reset_the_whole_clock(case):
    with clock.at(MONDAY):
        case = people.bring_to(case, ["dispatch"])
    due = case.due_at
    with clock.at(MONDAY + timedelta(days=1)):
        handler = people.handler_of(people.unit("urban_management", "310113003"))
        returning.return_case(
            actor=handler,
            case_id=case.pk,
            reason="not_our_duty",
            explanation="应由房管部门处理",
            evidence=people.DUTIES,
        )
        case = services.dispatch_case(
            actor=people.account("dispatcher"),
            case_id=case.pk,
            correction=services.Correction(unit_id=people.unit("housing", "310113003").pk),
        )
    assert case.due_at == case.first_due_at == due


def test_re_handling_is_promised_within_three_working_days_and_the_first_promise_stays(case):
    with clock.at(MONDAY):
        case = people.bring_to(case, [*people.HANDLED, "call_back"])
        first = case.first_due_at
        case = services.record_callback(
            actor=people.account("callback"),
            case_id=case.pk,
            was_reached=True,
            is_solved=False,
            rating=services.Rating(note="还没有清走"),
        )
    assert case.due_at.astimezone(clock.ZONE).date().isoformat() == "2026-03-05"
    assert case.first_due_at == first


def test_due_today_is_overdue_tomorrow(case):
    with clock.at(MONDAY):
        case = people.bring_to(case, ["dispatch"])
    due = case.due_at.astimezone(clock.ZONE)
    with clock.at(due.replace(hour=23, minute=59)):
        assert not promises.is_overdue(case)
    with clock.at(due + timedelta(minutes=1)):
        assert promises.is_overdue(case)


def test_an_answer_in_time_keeps_the_promise_however_long_the_callback_takes(case):
    with clock.at(MONDAY):
        case = people.bring_to(case, people.HANDLED)
    with clock.at(MONDAY + timedelta(days=60)):
        assert not promises.is_overdue(case)
        page = selectors.queue(people.account("dispatcher"), selectors.QueueFilters(view="overdue"))
        assert page.rows == []


def test_the_resident_reopens_within_14_days_and_not_later(case):
    zhou = people.aunt_zhou()
    with clock.at(MONDAY):
        case = people.bring_to(case, people.CLOSED)
    with clock.at(MONDAY + timedelta(days=15)), pytest.raises(NotAllowed):
        services.reopen_case(actor=zhou, case_id=case.pk, why="又堆起来了")
    with clock.at(MONDAY + timedelta(days=13)):
        case = services.reopen_case(actor=zhou, case_id=case.pk, why="又堆起来了")
        assert case.state == states.REOPENED
        case = services.order_rehandling(actor=people.account("dispatcher"), case_id=case.pk)
    assert case.state == states.RE_HANDLING


def test_a_neighbour_can_not_act_on_another_residents_matter(case):
    case = people.bring_to(case, people.CLOSED)
    with pytest.raises(NotFound):
        services.reopen_case(actor=people.neighbour_wu(), case_id=case.pk, why="我也想重新打开")


def test_a_handler_of_another_unit_does_not_even_learn_that_the_case_exists(case):
    stranger = people.account("handler-traffic")
    with pytest.raises(NotFound):
        files.case_file(stranger, case.pk)
    with pytest.raises(NotFound):
        services.accept_case(actor=stranger, case_id=case.pk)


def test_a_dispatcher_of_another_subdistrict_does_not_see_it(district):
    elsewhere = people.case_of(
        people.hand_in("菊泉新城的路灯坏了两盏，晚上很黑。", place="310113109001")
    )
    with pytest.raises(NotFound):
        files.case_file(people.account("dispatcher-youyilu"), elsewhere.pk)
    assert files.case_file(people.account("dispatcher"), elsewhere.pk)


def test_a_matter_for_the_court_is_declined_with_the_route_named(case):
    if case.state == states.DISPATCHED:
        handler = people.handler_of(people.found.unit(case.lead_unit_id))
        returning.return_case(
            actor=handler,
            case_id=case.pk,
            reason="not_our_duty",
            explanation="已进入诉讼程序",
            evidence=people.DUTIES,
        )
    case = services.decline_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        ground="court",
        explanation="这件事法院已经受理，请按诉讼程序主张权利。",
    )
    assert case.state == states.NOT_ACCEPTED
    told = matters.matter_by_code(case.submission.query_code, people.aunt_zhou())
    assert told.steps[-1].remark.ground.code == "court"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": " "}, "points"),
        ({"facts": "无"}, "facts"),
        ({"result": "closed"}, "result"),
        ({"way": "pigeon"}, "way"),
    ],
)
def test_a_closing_form_that_says_nothing_is_refused(case, change, field):
    case = people.bring_to(case, people.HANDLED[:-1])
    handler = people.handler_of(people.unit("urban_management", "310113003"))
    with pytest.raises(Invalid) as refusal:
        services.answer_case(actor=handler, case_id=case.pk, form=people.form(**change))
    assert refusal.value.field == field
    assert events(case)[-1] == "case.handling_started"


def test_not_satisfied_has_to_say_what_is_missing(case):
    case = people.bring_to(case, [*people.HANDLED, "call_back"])
    with pytest.raises(Invalid):
        services.record_callback(
            actor=people.account("callback"), case_id=case.pk, was_reached=True, is_solved=False
        )


def test_three_calls_that_reach_nobody_end_it_and_the_resident_may_still_reopen(case):
    case = people.bring_to(case, [*people.HANDLED, "call_back"])
    clerk = people.account("callback")
    for _ in range(services.MISSES):
        case = services.record_callback(actor=clerk, case_id=case.pk, was_reached=False)
    assert case.state == states.CLOSED
    assert events(case)[-1] == "case.closed_unreached"
    assert services.may_reopen(case)


def test_what_the_public_reads_names_neither_people_nor_the_neighbourhood(district):
    said = people.hand_in("宝林一村12号楼的李阿姨要修灯，电话13900000001。", may_publish=True)
    case = people.bring_to(people.case_of(said), people.HANDLED[:-1])
    handler = people.handler_of(people.unit("urban_management", "310113003"))
    services.answer_case(
        actor=handler,
        case_id=case.pk,
        form=people.form(points="宝林一村的灯修好了，请打13900000001。", is_public=True),
    )
    people.bring_to(case, ("call_back", "confirm"))

    (shown,), _ = matters.published()
    text = f"{shown.title} {shown.words} {shown.points}"
    assert "宝林一村" not in text
    assert "13900000001" not in text
    assert "12号楼" not in text
    assert shown.place == "友谊路街道"


def test_the_journal_replays_to_the_same_state(case):
    case = people.bring_to(case, people.CLOSED)
    state = ""
    for entry in journal.history(acting.subject(case.pk)):
        state = states.after(state, entry.verb, entry.data)
    assert state == case.state == states.CLOSED


def test_bulk_dispatch_tells_which_were_refused_and_sends_the_others(district):
    texts = ["月浦镇的公交车站没有座位，建议加一排凳子。", "希望在菊泉新城加一个快递柜。"]
    cases = [people.case_of(people.hand_in(text, place="310113109001")) for text in texts]
    done = (
        people.bring_to(cases[0], ["dispatch"]) if cases[0].state != states.DISPATCHED else cases[0]
    )
    refused = services.dispatch_cases(
        actor=people.account("dispatcher"), case_ids=[done.pk, cases[1].pk, 999_999]
    )
    assert done.pk in refused
    assert 999_999 in refused
    assert cases[1].pk not in refused or cases[1].state == states.DISPATCHED


def test_the_queue_holds_what_is_ours_to_do(case):
    people.bring_to(case, ["dispatch"])
    handler = people.handler_of(people.unit("urban_management", "310113003"))
    page = selectors.queue(handler, selectors.QueueFilters(view="to_handle"))
    assert [row.number for row in page.rows] == [case.number]
    assert selectors.counts(handler)["to_handle"] == 1
    assert selectors.queue(people.account("handler-traffic"), selectors.QueueFilters()).rows == []


@pytest.mark.parametrize("typed", ["楼道", "旧家具 纸箱", "宝林一村"])
def test_search_finds_by_words(case, typed):
    page = selectors.queue(people.account("dispatcher"), selectors.QueueFilters(search=typed))
    assert [row.id for row in page.rows] == [case.pk]


@pytest.mark.parametrize("typed", ["幼儿园", "'; drop table cases_case; --", "\\", "&|!:*"])
def test_search_finds_nothing_where_nothing_is_and_survives_anything(case, typed):
    page = selectors.queue(people.account("dispatcher"), selectors.QueueFilters(search=typed))
    assert page.rows == []


def test_search_finds_by_number_and_by_query_code(case):
    for typed in (case.number, case.submission.query_code):
        page = selectors.queue(people.account("dispatcher"), selectors.QueueFilters(search=typed))
        assert [row.id for row in page.rows] == [case.pk], typed
