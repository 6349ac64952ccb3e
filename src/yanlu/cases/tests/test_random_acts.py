"""Anybody tries anything at any time: what is not theirs fails and leaves no trace."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import people
from yanlu.cases import (
    access,
    acting,
    conferences,
    extending,
    guards,
    merging,
    returning,
    services,
    states,
)
from yanlu.cases.models import Case
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Refused
from yanlu.people.models import Account

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
WHY = "按照规定应当这样处理。"
STAFF = (
    "dispatcher", "dispatcher-youyilu", "callback", "callback-hotline", "supervisor", "auditor",
    "secretary", "handler-enforcement", "head-enforcement", "handler-baolin", "handler-traffic",
    "head-traffic", "handler-housing",
)  # fmt: skip
UNITS = (
    ("urban_management", "310113003"), ("housing", "310113003"), ("traffic", "310113"),
    ("neighbourhood_committee", people.BAOLIN),
)  # fmt: skip

Try = Callable[[Account, Case, int, clock.date], object]


def plainly(service: Callable[..., object], **more: Any) -> Try:
    return lambda who, case, _unit, _day: service(actor=who, case_id=case.pk, **more)


def to_unit(service: Callable[..., object]) -> Try:
    return lambda who, case, unit, _day: service(
        actor=who, case_id=case.pk, unit=unit, explanation=WHY
    )


def convene(who: Account, case: Case, _unit: int, _day: clock.date) -> None:
    asked = conferences.Invitation(
        subject="楼道堆物由谁处理",
        reason="deadlock",
        day=clock.today(),
        begins=time(9, 0),
        ends=time(10, 0),
        venue="会议室",
        chair="主任",
        agenda="定主办单位",
        units=[people.unit(*one).pk for one in UNITS],
    )
    conferences.convene_conference(actor=who, numbers=[case.number], invitation=asked)


def confer(who: Account, case: Case, unit: int, day: clock.date, named: int | None = None) -> None:
    takes_tasks = named or case.state in states.TO_HANDLE
    record = conferences.Record(
        minutes=WHY,
        resolution=WHY,
        conclusions={case.pk: conferences.Conclusion(WHY, named)},
        present={},
        tasks=[conferences.Task(case.pk, unit, WHY, day)] if takes_tasks else [],
    )
    held = case.conferences.order_by("-pk").values_list("pk", flat=True).first()
    conferences.record_conference(actor=who, conference_id=held or 0, record=record)


def release(who: Account, case: Case, _unit: int, _day: clock.date) -> None:
    owed = [one.pk for one in guards.owed_tasks(case)]
    conferences.release_task(
        actor=who, case_id=case.pk, task=owed[0] if owed else 0, explanation=WHY
    )


TRIES: dict[str, Try] = {
    "dispatch": lambda who, case, unit, _day: services.dispatch_case(
        actor=who,
        case_id=case.pk,
        correction=services.Correction(unit_id=unit),
        assisting=[people.unit("greening", "310113003").pk],
    ),
    "decline": plainly(services.decline_case, ground="court", explanation=WHY),
    "cancel": plainly(services.cancel_case, reason="withdrawn_by_resident", explanation=WHY),
    "accept": plainly(services.accept_case),
    "return": plainly(
        returning.return_case, reason="not_our_duty", explanation=WHY, evidence=people.DUTIES
    ),
    "refuse_return": plainly(returning.refuse_return, explanation=WHY),
    "dispute": plainly(returning.dispute_case, explanation=WHY),
    "settle": to_unit(returning.settle_dispute),
    "convene": convene,
    "confer": confer,
    "decide": lambda who, case, unit, day: confer(who, case, unit, day, named=unit),
    "release": release,
    "transfer": to_unit(returning.transfer_case),
    "raise": plainly(returning.raise_case, reason="beyond_remit", explanation=WHY),
    "send_back": plainly(returning.send_back, explanation=WHY),
    "pass_down": to_unit(returning.pass_down),
    "ask_extension": lambda who, case, _unit, day: extending.ask_extension(
        actor=who, case_id=case.pk, until=day, reason="weather", explanation=WHY
    ),
    "review_extension": plainly(extending.review_extension),
    "grant_extension": plainly(extending.grant_extension),
    "refuse_extension": plainly(extending.refuse_extension, explanation=WHY),
    "suspend": lambda who, case, _unit, day: extending.suspend_case(
        actor=who, case_id=case.pk, until=day, explanation=WHY
    ),
    "resume": plainly(extending.resume_case),
    "start": plainly(services.start_handling),
    "contact": plainly(services.record_contact, was_reached=True),
    "contribute": plainly(services.contribute, contribution=WHY),
    "waive": to_unit(services.waive_part),
    "answer": plainly(services.answer_case, form=people.form()),
    "call_back": plainly(services.begin_callback),
    "miss": plainly(services.record_callback, was_reached=False),
    "confirm": plainly(services.record_callback, was_reached=True, is_solved=True),
    "object": plainly(
        services.record_callback,
        was_reached=True,
        is_solved=False,
        rating=services.Rating(note=WHY),
    ),
    "approve": plainly(services.rate_answer, is_solved=True),
    "reject": plainly(services.rate_answer, is_solved=False, rating=services.Rating(note=WHY)),
    "reopen": plainly(services.reopen_case, why=WHY),
    "rehandle": plainly(services.order_rehandling),
    "separate": plainly(merging.separate_case, why=WHY),
}
#: Acts between two cases, and those of Yanlu itself, have stories of their own.
ELSEWHERE = {"merge", "part", "open", "propose", "give_up"}

ACTS = st.lists(
    st.tuples(
        st.sampled_from(sorted(TRIES)), st.integers(0, 99), st.integers(0, 3), st.integers(0, 30)
    ),
    min_size=20,
    max_size=60,
)


def test_every_verb_is_tried_here_or_has_a_story_of_its_own():
    assert set(TRIES) | ELSEWHERE == set(states.BY_VERB)


@pytest.fixture
def persons(district) -> list[Account]:
    staff = [people.account(name) for name in STAFF]
    housing = people.handler_of(people.unit("housing", "310113003"))
    return [*staff, housing, people.aunt_zhou(), people.neighbour_wu()]


def replayed(case: Case) -> str:
    state = ""
    for entry in journal.history(acting.subject(case.pk)):
        state = states.after(state, entry.verb, entry.data)
    return state


def fresh(person: Account) -> Account:
    """As another request would load the person."""
    return Account.objects.get(pk=person.pk)


@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=ACTS)
def test_no_illegal_act_passes_and_no_case_is_stuck(persons, acts):
    units = [people.unit(*one).pk for one in UNITS]
    now = [MONDAY]
    with transaction.atomic(), clock.at(lambda: now[0]):
        case = people.case_of(people.hand_in(by=people.aunt_zhou()))
        promised = None
        for verb, number, unit, days in acts:
            now[0] += timedelta(hours=number % 5)
            case = Case.objects.get(pk=case.pk)
            # Mostly somebody who may do something: pure chance would knock at closed doors only.
            able = [p for p in persons if verb in may(fresh(p), case)]
            who = fresh((able if able and number % 3 else persons)[number % len(able or persons)])
            was_allowed = verb in may(who, case)
            before = len(journal.history(acting.subject(case.pk)))
            try:
                with transaction.atomic():
                    TRIES[verb](who, case, units[unit], now[0].date() + timedelta(days=days))
            except Refused:
                after = Case.objects.get(pk=case.pk)
                assert (after.version, after.state) == (case.version, case.state)
                assert len(journal.history(acting.subject(case.pk))) == before
                continue
            assert was_allowed, (verb, who.username, case.state)
            after = Case.objects.get(pk=case.pk)
            assert replayed(after) == after.state
            assert promised is None or after.first_due_at == promised, "the whole clock restarted"
            promised = after.first_due_at
            assert after.state in states.ENDED | states.PUT_OFF or any(
                access.allowed(fresh(p), after) for p in persons
            ), f"stuck as {after.state}"
        transaction.set_rollback(True)


def may(who: Account, case: Case) -> set[str]:
    try:
        seen = access.get_case(who, case.pk, lock=True)
    except Refused:
        return set()
    return {step.verb for step in access.allowed(who, seen)}
