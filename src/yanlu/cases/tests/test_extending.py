"""More time: 小陈 asks, his head supports it, the dispatcher decides; a pipe waits for spring."""

from datetime import date, datetime, timedelta

import pytest

from tests import people
from yanlu.cases import access, extending, states
from yanlu.cases.models import Case
from yanlu.cases.promises import is_overdue
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid, NotAllowed

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)


@pytest.fixture
def case(district):
    """In the enforcement team's hands since Monday, promised for Monday next."""
    with clock.at(MONDAY):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
        handled = people.bring_to(waiting, ["dispatch", "accept", "start"])
    assert handled.due_at.date() == date(2026, 3, 9)
    return handled


def team():
    return people.handler_of(people.unit("urban_management", "310113003"))


def head():
    return people.account("head-enforcement")


def dispatcher():
    return people.account("dispatcher")


def ask(case: Case, until: date = date(2026, 3, 12), **more) -> Case:
    return extending.ask_extension(
        **{
            "actor": team(),
            "case_id": case.pk,
            "until": until,
            "reason": "needs_construction",
            "explanation": "要搭脚手架，周四才能完工。",
            **more,
        }
    )


def grant(case: Case) -> Case:
    extending.review_extension(actor=head(), case_id=case.pk)
    return extending.grant_extension(actor=dispatcher(), case_id=case.pk)


class TestExtension:
    def test_needs_two_words_and_leaves_the_first_promise_as_it_was(self, case):
        with clock.at(MONDAY):
            ask(case)
            with pytest.raises(NotAllowed):
                extending.grant_extension(actor=dispatcher(), case_id=case.pk)
            granted = grant(case)
        assert granted.due_at.date() == date(2026, 3, 12)
        assert granted.first_due_at.date() == date(2026, 3, 9)
        assert granted.state == case.state

    def test_two_at_most(self, case):
        with clock.at(MONDAY):
            for until in (date(2026, 3, 11), date(2026, 3, 13)):
                ask(case, until)
                grant(case)
            with pytest.raises(NotAllowed):
                ask(case, date(2026, 3, 16))

    def test_not_once_the_time_is_up(self, case):
        with clock.at(MONDAY + timedelta(days=8)), pytest.raises(NotAllowed):
            ask(case)

    @pytest.mark.parametrize("until", [date(2026, 3, 9), date(2026, 3, 1), date(2026, 3, 17)])
    def test_only_to_a_later_date_and_no_longer_again_than_at_first(self, case, until):
        with clock.at(MONDAY), pytest.raises(Invalid):
            ask(case, until)

    def test_nobody_supports_what_they_asked_for_themselves(self, case):
        with clock.at(MONDAY):
            ask(case, actor=head())
            with pytest.raises(NotAllowed):
                extending.review_extension(actor=head(), case_id=case.pk)

    @pytest.mark.parametrize("who", ["handler-enforcement", "dispatcher", "head-traffic"])
    def test_only_the_units_own_head_supports_it(self, case, who):
        with clock.at(MONDAY):
            ask(case)
        assert "review_extension" not in {
            step.verb for step in access.allowed(people.account(who), Case.objects.get(pk=case.pk))
        }

    @pytest.mark.parametrize("refuser", [head, dispatcher])
    def test_either_may_refuse_and_then_the_promise_stays(self, case, refuser):
        with clock.at(MONDAY):
            ask(case)
            refused = extending.refuse_extension(
                actor=refuser(), case_id=case.pk, explanation="不需要搭脚手架。"
            )
            assert refused.due_at == case.due_at
            ask(case)
        assert Case.objects.get(pk=case.pk).extensions.count() == 2


class TestSuspension:
    def suspend(self, case: Case, until: date = date(2026, 6, 30)) -> Case:
        return extending.suspend_case(
            actor=dispatcher(),
            case_id=case.pk,
            until=until,
            explanation="管道改造列入二季度计划，完工后处理。",
        )

    def test_it_is_taken_up_by_itself_with_the_time_that_was_left(self, case):
        with clock.at(MONDAY + timedelta(days=1)):
            suspended = self.suspend(case)
            assert (suspended.state, suspended.due_at) == (states.SUSPENDED, None)
        with clock.at(datetime(2026, 6, 30, 23, 0, tzinfo=clock.ZONE)):
            assert extending.resume_due() == 0
            assert not is_overdue(Case.objects.get(pk=case.pk))
        with clock.at(datetime(2026, 7, 1, 0, 1, tzinfo=clock.ZONE)):
            assert extending.resume_due() == 1
            assert extending.resume_due() == 0
        resumed = Case.objects.get(pk=case.pk)
        assert resumed.state == states.IN_HANDLING
        assert resumed.due_at.date() == date(2026, 7, 7)  # four working days were left
        assert resumed.first_due_at == case.first_due_at

    def test_once_in_a_life(self, case):
        with clock.at(MONDAY):
            self.suspend(case)
            extending.resume_case(actor=dispatcher(), case_id=case.pk)
            with pytest.raises(NotAllowed):
                self.suspend(case)

    @pytest.mark.parametrize("until", [date(2026, 3, 1), date(2027, 3, 3)])
    def test_to_a_date_to_come_within_a_year(self, case, until):
        with clock.at(MONDAY), pytest.raises(Invalid):
            self.suspend(case, until)

    def test_a_unit_can_not_suspend_its_own_work(self, case):
        with pytest.raises(NotAllowed):
            extending.suspend_case(
                actor=team(), case_id=case.pk, until=date(2026, 6, 30), explanation="等明年再说吧。"
            )
