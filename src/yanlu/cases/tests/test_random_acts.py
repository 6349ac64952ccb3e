"""Anybody tries anything at any time: what is not theirs fails and leaves no trace."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from tests import people
from yanlu.cases import (
    access,
    acting,
    alarms,
    conferences,
    extending,
    guards,
    merging,
    patrols,
    petitions,
    recusing,
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
#: Of a hundred, when a month passes at once.
LONG = 99
STAFF = (
    "dispatcher", "dispatcher-youyilu", "callback", "callback-hotline", "supervisor", "auditor",
    "secretary", "handler-enforcement", "head-enforcement", "handler-baolin", "handler-traffic",
    "head-traffic", "handler-housing", "grid-worker", "grid-worker-baolin", "head-district",
    "head-city",
)  # fmt: skip
UNITS = (
    ("urban_management", "310113003"), ("housing", "310113003"), ("traffic", "310113"),
    ("neighbourhood_committee", people.BAOLIN),
)  # fmt: skip

ASSISTING = ("greening", "310113003")
#: Units above those, which may review what they decided.
ABOVE = (
    ("government", "310113003"), ("government", "310113"), ("government", "310000"),
    ("urban_management", "310113"),
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
        assisting=[people.unit(*ASSISTING).pk],
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
    "waive": lambda who, case, _unit, _day: services.waive_part(
        actor=who, case_id=case.pk, unit=people.unit(*ASSISTING).pk, explanation=WHY
    ),
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
    "find_settled": lambda who, case, _unit, _day: patrols.record_check(
        actor=who, case_id=case.pk, is_settled=True, photo=people.shot()
    ),
    "find_unsettled": lambda who, case, _unit, _day: patrols.record_check(
        actor=who, case_id=case.pk, is_settled=False, photo=people.shot(), note=WHY
    ),
    "approve": plainly(services.rate_answer, is_solved=True),
    "reject": plainly(services.rate_answer, is_solved=False, rating=services.Rating(note=WHY)),
    "reopen": plainly(services.reopen_case, why=WHY),
    "rehandle": plainly(services.order_rehandling),
    "split": plainly(merging.split_case, words="旧家具和纸箱", why=WHY),
    "take_alarm": plainly(alarms.take_alarm),
    "step_back": plainly(recusing.step_back, explanation=WHY),
    "recuse": lambda who, case, _unit, _day: recusing.recuse(
        actor=who,
        case_id=case.pk,
        account=people.account("handler-housing").pk,
        ground="related",
        explanation=WHY,
    ),
    "readmit": lambda who, case, _unit, _day: recusing.readmit(
        actor=who,
        case_id=case.pk,
        recusal=next((row.pk for row in case.recusals.all()), 0),
        explanation=WHY,
    ),
    "separate": plainly(merging.separate_case, why=WHY),
}
#: Acts of the petition procedure, often enough tried to come to its end.
PETITION: dict[str, Try] = {
    "begin_petition": plainly(petitions.begin_petition, why=WHY),
    "give_notice": plainly(petitions.give_notice, demand=WHY, enquiries="工作日上午九点到十一点"),
    "issue_opinion": plainly(petitions.issue_opinion, parts=people.parts()),
    "record_delivery": lambda who, case, _unit, day: petitions.record_delivery(
        actor=who, case_id=case.pk, on=day
    ),
    "ask_review": plainly(petitions.ask_review, why=WHY),
    "name_reviewer": lambda who, case, unit, _day: petitions.name_reviewer(
        actor=who, case_id=case.pk, unit=people.unit(*ABOVE[unit % len(ABOVE)]).pk
    ),
    "decide_review": plainly(petitions.decide_review, parts=people.parts(outcome="changed")),
    "ask_second_review": plainly(petitions.ask_second_review, why=WHY),
    "decide_second_review": plainly(
        petitions.decide_second_review, parts=people.parts(outcome="upheld")
    ),
}
TRIES |= PETITION
#: Acts between two cases, and those of Yanlu itself, have stories of their own.
ELSEWHERE = {"merge", "part", "open", "propose", "give_up", "lapse"}

ACTS = st.lists(
    st.tuples(st.integers(0, 999), st.integers(0, 99), st.integers(0, 3), st.integers(0, 30)),
    min_size=40,
    max_size=70,
)
#: How far the case has come when anything may happen to it.
UNDER_WAY = ("dispatch", "accept", "waive", "start", "begin_petition", "give_notice")
BEGUN = st.sampled_from([(), UNDER_WAY, (*UNDER_WAY, "issue_opinion")])


def test_every_verb_is_tried_here_or_has_a_story_of_its_own():
    assert set(TRIES) | ELSEWHERE == set(states.BY_VERB)


@pytest.fixture
def persons(district, settings, tmp_path) -> list[Account]:
    settings.MEDIA_ROOT = tmp_path
    staff = [people.account(name) for name in STAFF]
    housing = people.handler_of(people.unit("housing", "310113003"))
    return [*staff, housing, people.aunt_zhou(), people.neighbour_wu()]


def replayed(case: Case) -> str:
    state = ""
    for entry in journal.history(acting.subject(case.pk)):
        state = states.after(state, entry.verb, entry.data)
    return state


def as_it_is(case_id: int) -> Case:
    """The case with everything that decides what may be done, read once for all persons."""
    about = ("assists", "recusals", "alarms", "returns", "extensions")
    cases = Case.objects.select_related("submission", "petition").prefetch_related(*about)
    return cases.get(pk=case_id)


def may(who: Account, case: Case) -> set[str]:
    return {step.verb for step in access.allowed(who, case)}


# The same 2,000 acts for everybody, so that what it finds is found by whoever wrote it.
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(acts=ACTS, begun=BEGUN, has_account=st.booleans(), is_patrol=st.booleans())
def test_no_illegal_act_passes_and_no_case_is_stuck(persons, acts, begun, has_account, is_patrol):
    units = [people.unit(*one).pk for one in UNITS]
    now = [MONDAY]
    with transaction.atomic(), clock.at(lambda: now[0]):
        case = as_it_is(begin(persons, begun if not is_patrol else (), has_account, is_patrol))
        promised = case.first_due_at
        for choice, number, unit, days in acts:
            now[0] += timedelta(hours=number % 5, days=31 if number == LONG else 0)
            petitions.lapse_due()
            case = as_it_is(case.pk)
            able = {person: may(person, case) for person in persons}
            open_now = sorted(set().union(*able.values()) & set(TRIES))
            assert open_now or case.state in states.ENDED | states.PUT_OFF, f"stuck: {case.state}"
            # Mostly what may be done, by who may: pure chance would knock at closed doors only.
            verbs = open_now if open_now and choice % 4 else sorted(TRIES)
            verb = verbs[choice % len(verbs)]
            those = [p for p in persons if verb in able[p]] if number % 3 else persons
            who = (those or persons)[number % len(those or persons)]
            before = journal.history(acting.subject(case.pk))
            try:
                with transaction.atomic():
                    day = now[0].date() + timedelta(days=days)
                    TRIES[verb](who, case, units[unit], day)
            except Refused:
                after = as_it_is(case.pk)
                assert (after.version, after.state) == (case.version, case.state)
                assert journal.history(acting.subject(case.pk)) == before
                continue
            if verb == "confer" and case.state in states.ENDED:
                # Recorded of the conference; the case, which ended before it met, stays as it is.
                assert journal.history(acting.subject(case.pk)) == before
                continue
            assert verb in able[who], (verb, who.username, case.state)
            after = Case.objects.get(pk=case.pk)
            event(after.state)
            assert replayed(after) == after.state
            assert promised is None or after.first_due_at == promised, "the whole clock restarted"
            promised = after.first_due_at
        transaction.set_rollback(True)


def begin(persons: list[Account], begun: "tuple[str, ...]", has_account: bool, is_patrol: bool):
    """Number of a case that was handed in, some way along, or that a patrol found."""
    if is_patrol:
        return people.find().pk
    author = people.aunt_zhou() if has_account else None
    case = people.case_of(people.hand_in(by=author, kind="complaint"))
    for verb in begun:
        case = as_it_is(case.pk)
        who = next(person for person in persons if verb in may(person, case))
        TRIES[verb](who, case, people.unit(*UNITS[0]).pk, clock.today())
    return case.pk
