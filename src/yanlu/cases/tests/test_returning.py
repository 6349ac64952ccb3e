"""Whose case is it? 小陈's team returns one, disputes it; the neighbourhood hands one up."""

from datetime import datetime, timedelta

import pytest

from tests import people
from yanlu.cases import access, files, levels, returning, selectors, services, states
from yanlu.cases.models import Case
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
COMMITTEE = ("neighbourhood_committee", people.BAOLIN)


@pytest.fixture
def case(district):
    """周阿姨's heap on the stairs, at the enforcement team since Monday."""
    with clock.at(MONDAY):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
        return people.bring_to(waiting, ["dispatch"])


def team():
    return people.handler_of(people.unit("urban_management", "310113003"))


def neighbourhood():
    return people.handler_of(people.unit(*COMMITTEE))


def give_back(case: Case, **more) -> Case:
    return returning.return_case(
        actor=team(),
        case_id=case.pk,
        reason="not_our_duty",
        explanation="楼道里的东西应由物业和房管部门处理。",
        **{"evidence": people.DUTIES, **more},
    )


def refuse(case: Case) -> Case:
    return returning.refuse_return(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        explanation="条例第十二条写明由你队处理。",
    )


def may(account, case: Case) -> set[str]:
    return {step.verb for step in access.allowed(account, Case.objects.get(pk=case.pk))}


def at_neighbourhood(case: Case) -> Case:
    return returning.transfer_case(
        actor=people.account("dispatcher"),
        case_id=case.pk,
        unit=people.unit(*COMMITTEE).pk,
        explanation="居委会先上门看一看。",
    )


class TestReturn:
    def test_with_evidence_in_time_and_the_clock_runs_on(self, case):
        with clock.at(MONDAY + timedelta(days=7)):
            returned = give_back(case)
        assert (returned.state, returned.due_at) == (states.RETURNED, case.due_at)
        told = files.case_file(people.account("dispatcher"), case.pk).timeline[-1]
        assert people.DUTIES in told.remark.text

    def test_without_evidence_it_is_none(self, case):
        with clock.at(MONDAY), pytest.raises(Invalid):
            give_back(case, evidence="")

    def test_after_five_working_days_it_is_too_late(self, case):
        with clock.at(MONDAY + timedelta(days=8)):
            assert "return" not in may(team(), case)
            with pytest.raises(NotAllowed):
                give_back(case)

    def test_each_unit_returns_a_case_once(self, case):
        with clock.at(MONDAY):
            give_back(case)
            services.dispatch_case(
                actor=people.account("dispatcher"),
                case_id=case.pk,
                correction=services.Correction(
                    unit_id=people.unit("urban_management", "310113003").pk
                ),
            )
            assert "return" not in may(team(), case)
            with pytest.raises(NotAllowed):
                give_back(case)


class TestDispute:
    def test_who_was_refused_disputes_once_and_the_level_above_names_a_unit_for_good(self, case):
        with clock.at(MONDAY):
            give_back(case)
            refused = refuse(case)
            assert (refused.state, refused.lead_unit_id) == (states.DISPATCHED, case.lead_unit_id)
            disputed = returning.dispute_case(
                actor=team(), case_id=case.pk, explanation="物业管理条例规定由房管部门负责。"
            )
            assert disputed.state == states.DISPUTED
            housing = people.unit("housing", "310113003")
            settled = returning.settle_dispute(
                actor=people.account("supervisor"),
                case_id=case.pk,
                unit=housing.pk,
                explanation="经研究，由房管办主办，执法队配合。",
            )
        assert (settled.lead_unit_id, settled.is_unit_final) == (housing.pk, True)
        assert settled.due_at == settled.first_due_at == case.due_at
        with clock.at(MONDAY):
            assert "return" not in may(people.handler_of(housing), case)

    def test_nobody_disputes_before_a_return_was_refused(self, case):
        assert "dispute" not in may(team(), case)
        with pytest.raises(NotAllowed):
            returning.dispute_case(actor=team(), case_id=case.pk, explanation="不归我们管的事。")

    @pytest.mark.parametrize("who", ["dispatcher", "callback", "dispatcher-youyilu"])
    def test_who_has_a_part_in_it_settles_nothing(self, case, who):
        with clock.at(MONDAY):
            give_back(case)
            refuse(case)
            returning.dispute_case(actor=team(), case_id=case.pk, explanation="仍然不归我们管。")
        assert "settle" not in may(people.account(who), case)
        with pytest.raises(NotAllowed):
            returning.settle_dispute(
                actor=people.account(who),
                case_id=case.pk,
                unit=people.unit("housing", "310113003").pk,
                explanation="由房管办负责处理。",
            )

    def test_the_same_unit_may_be_named_again_and_then_handles_it(self, case):
        with clock.at(MONDAY):
            give_back(case)
            refuse(case)
            returning.dispute_case(actor=team(), case_id=case.pk, explanation="仍然不归我们管。")
            settled = returning.settle_dispute(
                actor=people.account("supervisor"),
                case_id=case.pk,
                unit=case.lead_unit_id,
                explanation="占用消防通道由执法队处理。",
            )
            assert settled.is_unit_final
            assert may(team(), case) == {"accept", "pass_down", "ask_extension", "step_back"}


class TestUpAndDown:
    def test_a_neighbourhood_hands_up_what_exceeds_it_and_the_subdistrict_routes_it(self, case):
        at_neighbourhood(case)
        raised = returning.raise_case(
            actor=neighbourhood(),
            case_id=case.pk,
            reason="needs_enforcement",
            explanation="我们上门三次，劝过，贴过通知，户主不肯搬。",
        )
        assert raised.state == states.RAISED
        waiting = selectors.queue(
            people.account("dispatcher-youyilu"), selectors.QueueFilters(view="to_dispatch")
        )
        assert case.pk in {row.id for row in waiting.rows}
        sent = services.dispatch_case(
            actor=people.account("dispatcher-youyilu"),
            case_id=case.pk,
            correction=services.Correction(unit_id=people.unit("urban_management", "310113003").pk),
        )
        assert (sent.state, sent.due_at) == (states.DISPATCHED, case.due_at)
        told = files.case_file(people.account("dispatcher"), case.pk).timeline
        assert "劝过" in next(s for s in told if s.event == "case.raised").remark.text

    def test_or_sends_it_back_with_the_reason(self, case):
        at_neighbourhood(case)
        returning.raise_case(
            actor=neighbourhood(),
            case_id=case.pk,
            reason="beyond_remit",
            explanation="我们没有办法搬走这些东西。",
        )
        back = returning.send_back(
            actor=people.account("dispatcher-youyilu"),
            case_id=case.pk,
            explanation="请先约物业一起清理，街道派车。",
        )
        assert (back.state, back.lead_unit_id) == (
            states.DISPATCHED,
            people.unit(*COMMITTEE).pk,
        )

    def test_a_department_hands_nothing_up(self, case):
        assert "raise" not in may(team(), case)
        with pytest.raises(NotAllowed):
            returning.raise_case(
                actor=team(), case_id=case.pk, reason="beyond_remit", explanation="办不了这件事。"
            )

    def test_a_subdistrict_passes_down_what_is_on_the_list(self, case):
        passed = returning.pass_down(
            actor=team(),
            case_id=case.pk,
            unit=people.unit(*COMMITTEE).pk,
            explanation="请居委会先上门做工作。",
        )
        assert (passed.state, passed.due_at) == (states.DISPATCHED, case.due_at)
        assert "accept" in may(neighbourhood(), case)

    def test_nothing_is_passed_to_a_unit_that_is_not_below(self, case):
        with pytest.raises(Invalid):
            returning.pass_down(
                actor=team(),
                case_id=case.pk,
                unit=people.unit("housing").pk,
                explanation="请区房管局处理。",
            )

    @pytest.mark.parametrize("way", ["dispatch", "transfer", "pass_down"])
    def test_what_is_not_on_the_list_is_never_given_to_a_neighbourhood(self, district, way):
        waiting = people.case_of(people.hand_in("工地拖欠工资三个月，请查处包工头。"))
        committee = people.unit(*COMMITTEE).pk
        dispatcher = people.account("dispatcher")
        wages = next(c.id for c in dispatch.categories() if c.code == "0501")
        if way == "dispatch":
            to_it = services.Correction(unit_id=committee, category_id=wages)
            with pytest.raises(NotAllowed, match="准入清单"):
                services.dispatch_case(actor=dispatcher, case_id=waiting.pk, correction=to_it)
            return
        team_unit = people.unit("urban_management", "310113003").pk
        services.dispatch_case(
            actor=dispatcher,
            case_id=waiting.pk,
            correction=services.Correction(unit_id=team_unit, category_id=wages),
        )
        act, actor = {
            "transfer": (returning.transfer_case, dispatcher),
            "pass_down": (returning.pass_down, team()),
        }[way]
        with pytest.raises(NotAllowed, match="准入清单"):
            act(actor=actor, case_id=waiting.pk, unit=committee, explanation="请居委会办理此事。")


def test_a_transfer_gives_the_next_unit_its_own_time_to_return_but_no_new_promise(case):
    with clock.at(MONDAY + timedelta(days=8)):
        housing = people.unit("housing", "310113003")
        moved = returning.transfer_case(
            actor=people.account("dispatcher"),
            case_id=case.pk,
            unit=housing.pk,
            explanation="改由房管办处理。",
        )
        assert moved.due_at == case.due_at
        assert "return" in may(people.handler_of(housing), case)


def test_of_two_who_transfer_at_once_one_is_told(case):
    for number, code in enumerate(("housing", "greening")):
        act = {
            "actor": people.account("dispatcher"),
            "case_id": case.pk,
            "unit": people.unit(code, "310113003").pk,
            "explanation": "改由这个单位处理。",
            "version": case.version,
        }
        if number == 0:
            returning.transfer_case(**act)
        else:
            with pytest.raises(Conflict):
                returning.transfer_case(**act)


def test_a_building_hands_up_to_its_neighbourhood_which_gives_it_back(case):
    """楼组 of No. 12 can't move the wardrobe; 书记 of 宝林一村 sends strong men."""
    stairwell = people.building_unit("12号楼楼组", people.BAOLIN)
    case = at_neighbourhood(case)
    case = returning.pass_down(
        actor=neighbourhood(), case_id=case.pk, unit=stairwell.pk, explanation="楼组先劝一劝住户。"
    )
    leader = people.handler_of(stairwell)
    with pytest.raises(NotAllowed):
        returning.pass_down(
            actor=leader, case_id=case.pk, unit=stairwell.pk, explanation="再往下派。"
        )
    case = returning.raise_case(
        actor=leader, case_id=case.pk, reason="beyond_remit", explanation="劝过两次，搬不动。"
    )
    secretary = people.account("secretary")
    assert "send_back" in may(secretary, case)
    case = returning.send_back(
        actor=secretary, case_id=case.pk, explanation="周六志愿者一起来搬，请组织好住户。"
    )
    assert case.lead_unit_id == stairwell.pk
    assert case.due_at == case.first_due_at


def test_how_much_a_neighbourhood_solves_by_itself(case):
    """Of two matters that the committee had it solved one; the other it handed up."""
    people.let_repeats_stand_alone()
    away = at_neighbourhood(people.bring_to(people.case_of(people.hand_in()), ["dispatch"]))
    away = returning.raise_case(
        actor=neighbourhood(), case_id=away.pk, reason="beyond_remit", explanation="调解过两次。"
    )
    case = at_neighbourhood(case)
    assert levels.solved_inside(people.account("dispatcher"), 90) == levels.Share(0, 0)
    handed_up = {row.level: row.raised for row in levels.by_level(people.account("supervisor"))}
    assert handed_up == {1: 0, 2: 0, 3: 0, 4: 1, 5: 0}
    people.bring_to(case, ["accept", "start", "answer", "call_back", "confirm"])
    assert levels.solved_inside(people.account("dispatcher"), 90).percent == "100%"
    away = people.bring_to(away, ["dispatch", "accept", "start"])
    own = people.form(
        points="您好，城管今天上午已把橱柜运走。", facts="三楼有橱柜两个。", appeal="占用了通道。"
    )
    services.answer_case(actor=team(), case_id=away.pk, form=own)
    people.bring_to(Case.objects.get(pk=away.pk), ["call_back", "confirm"])
    share = levels.solved_inside(people.account("dispatcher"), 90)
    assert (share.part, share.whole, share.percent) == (1, 2, "50%")
    assert levels.solved_inside(people.account("facilitator-gucun"), 90).whole == 0
