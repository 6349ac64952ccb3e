"""Acts played on many cases at once, by nobody: for simulations of a district, never for people.

Each follows the table of states and leaves what the journal would hold of it; who may act, evidence
and words are left out. The door refuses where a real matter was ever handed in.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from yanlu.cases import promises, states
from yanlu.cases.acting import move_many
from yanlu.cases.models import Case, Return
from yanlu.kernel import clock, journal

#: What an act may change in a case, beside what every step does.
CHANGED = ("contacted_at", "answered_at", "result", "due_at")

Told = dict[str, Any]


@transaction.atomic
def play(*, actor: journal.Actor, verb: str, told: Mapping[int, Told]) -> dict[int, Case]:
    """Do one act on each of these cases that its state allows; the cases, by number.

    :param told: what the journal row says, by the case's number.
    """
    step = states.BY_VERB[verb]
    rows = Case.objects.select_for_update().defer("words").filter(pk__in=told).order_by("pk")
    cases = [case for case in rows if case.state in step.sources]
    put = _PUT.get(verb, _nothing)
    data = [dict(told[case.pk]) | put(case, told[case.pk]) for case in cases]
    move_many(cases, actor, verb, data, CHANGED)
    return {case.pk: case for case in cases}


def _nothing(_case: Case, _told: Told) -> Told:
    return {}


def _contact(case: Case, told: Told) -> Told:
    if told["reached"] and case.contacted_at is None:
        case.contacted_at = clock.now()
    return {}


def _answer(case: Case, told: Told) -> Told:
    case.answered_at, case.result = clock.now(), told["result"]
    return {}


def _object(case: Case, _told: Told) -> Told:
    promises.start_again(case)
    return {"due_at": case.due_at}


def _return(case: Case, _told: Told) -> Told:
    assert case.lead_unit_id  # a dispatched case has a unit
    Return.objects.get_or_create(case=case, unit_id=case.lead_unit_id, defaults={"at": clock.now()})
    return {"unit": case.lead_unit_id}


_PUT: dict[str, Callable[[Case, Told], Told]] = {
    "contact": _contact,
    "answer": _answer,
    "object": _object,
    "return": _return,
}
