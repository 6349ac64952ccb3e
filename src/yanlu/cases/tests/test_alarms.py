"""A wall is about to fall: whoever is on duty hears of it at once, and help comes first."""

from datetime import datetime, timedelta

import pytest

from tests import people
from yanlu.cases import access, alarms, services
from yanlu.cases.models import Alarm, Case
from yanlu.kernel import clock
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.people import services as registry
from yanlu.places.selectors import place_by_code

pytestmark = pytest.mark.django_db

NIGHT = datetime(2026, 3, 2, 23, 0, tzinfo=clock.ZONE)
WALL = "宝林一村9号楼的外墙脱落了一大块，下面就是人行道，请马上派人来！"
TEAM = ("urban_management", "310113003")


@pytest.fixture
def now(district):
    held = [NIGHT]
    with clock.at(lambda: held[0]):
        yield held


def on_duty(username: str, place: str) -> None:
    registry.set_duty(
        actor=people.TESTS,
        account=people.account(username),
        place=place_by_code(place),
        starts_at=NIGHT - timedelta(hours=5),
        ends_at=NIGHT + timedelta(hours=9),
    )


def wall() -> Case:
    case = people.case_of(people.hand_in(WALL, by=people.aunt_zhou()))
    assert case.urgency == "danger"
    return case


def told(case: Case) -> list[str]:
    return [one.account.username for one in case.alarms.order_by("pk")]


def test_who_is_on_duty_is_told_at_once_and_dispatches_at_night(now, capsys, settings):
    settings.YANLU_DEMO = True
    on_duty("head-enforcement", "310113003")
    case = wall()
    officer = people.account("head-enforcement")

    assert told(case) == ["head-enforcement"]
    assert alarms.alarms_of(officer) == [case]
    alarms.take_alarm(actor=officer, case_id=case.pk)
    services.dispatch_case(
        actor=officer,
        case_id=case.pk,
        correction=services.Correction(unit_id=people.unit(*TEAM).pk),
    )
    case.refresh_from_db()
    assert case.due_at == NIGHT + timedelta(hours=2)
    assert alarms.alarms_of(officer) == []
    with pytest.raises(NotAllowed):
        alarms.take_alarm(actor=officer, case_id=case.pk)


def test_whom_nobody_answers_the_level_above_is_told_and_then_no_more(now):
    on_duty("dispatcher-youyilu", "310113003")
    on_duty("supervisor", "310113")
    case = wall()
    now[0] += timedelta(minutes=9)
    assert alarms.alarm_above() == 0
    now[0] += timedelta(minutes=2)
    assert alarms.alarm_above() == 1
    assert told(case) == ["dispatcher-youyilu", "supervisor"]
    now[0] += timedelta(minutes=11)
    assert alarms.alarm_above() == 0, "there is nobody above"
    alarms.take_alarm(actor=people.account("supervisor"), case_id=case.pk)
    assert not Alarm.objects.filter(taken_at=None).exists()


def test_a_unit_that_accepts_it_has_taken_it(now):
    on_duty("dispatcher-youyilu", "310113003")
    on_duty("supervisor", "310113")
    case = people.bring_to(wall(), ["dispatch"])
    officer = people.account("dispatcher-youyilu")
    assert alarms.alarms_of(officer) == [case], "whoever it went to may be asleep"
    people.bring_to(case, ["accept"])
    now[0] += timedelta(minutes=30)
    assert alarms.alarms_of(officer) == []
    assert alarms.alarm_above() == 0


def test_without_a_roster_the_district_s_dispatcher_is_told_and_only_of_danger(now):
    people.hand_in(by=people.aunt_zhou())
    assert not Alarm.objects.exists()
    assert told(wall()) == ["dispatcher"]


def test_nobody_else_takes_the_alarm(now):
    case = wall()
    for stranger in ("dispatcher-youyilu", "supervisor", "callback"):
        assert "take_alarm" not in {
            step.verb for step in access.allowed(people.account(stranger), case)
        }
        with pytest.raises(NotAllowed):
            alarms.take_alarm(actor=people.account(stranger), case_id=case.pk)


def test_help_first_the_closing_form_afterwards(now):
    case = people.bring_to(wall(), ["dispatch"])
    team = people.handler_of(people.unit(*TEAM))
    now[0] += timedelta(hours=4)
    for wrong in (NIGHT - timedelta(days=1), now[0] + timedelta(minutes=1)):
        with pytest.raises(Invalid):
            services.answer_case(actor=team, case_id=case.pk, form=people.form(), done_at=wrong)
    services.answer_case(
        actor=team, case_id=case.pk, form=people.form(), done_at=NIGHT + timedelta(hours=1)
    )
    case.refresh_from_db()
    assert case.state == "answered"
    assert case.answered_at == NIGHT + timedelta(hours=1), "kept within the two hours"


def test_what_is_no_danger_is_accepted_and_started_before_it_is_answered(now):
    case = people.bring_to(people.case_of(people.hand_in()), ["dispatch"])
    team = people.handler_of(people.unit(*TEAM))
    with pytest.raises(NotAllowed):
        services.answer_case(actor=team, case_id=case.pk, form=people.form())
    case = people.bring_to(case, ["accept", "start"])
    with pytest.raises(Invalid):
        services.answer_case(actor=team, case_id=case.pk, form=people.form(), done_at=NIGHT)
