"""The write door of cases: one function for each verb of ``states.TABLE`` that a person does.

Each loads the case under its row lock, compares the version that the person saw, asks the
table and ``access``, writes what was handed in, moves the case and records it in the journal,
all in one transaction. Doors of their own: ``joining`` and ``merging`` for sharing a case,
``returning`` for whose it is, ``extending`` for more time, ``patrols`` for what patrols find,
``petitions`` for written decisions, ``conferences`` for what several units settle together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, petitions, promises, states
from yanlu.cases.acting import (
    add_remark,
    check,
    done_when,
    move,
    move_many,
    reason_of,
    sentence,
    take,
    take_many,
)
from yanlu.cases.boilerplate import check_own_words
from yanlu.cases.models import (
    Answer,
    Assist,
    Case,
    Contact,
    Ground,
    Result,
    Satisfaction,
    Verdict,
)
from yanlu.cases.recusing import check_free
from yanlu.cases.returning import check_admitted
from yanlu.dispatch import catalogue
from yanlu.dispatch import selectors as dispatch
from yanlu.dispatch import services as decisions
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Invalid, NotAllowed, Refused
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision
    from yanlu.people.models import Account

#: Within how long after the end a resident may say that it is not over.
REOPEN_WITHIN = timedelta(days=14)
#: Calls that reached nobody before the callback may be given up.
MISSES = 3


@dataclass(frozen=True)
class Correction:
    """What a dispatcher sets, where it differs from the Decision; ``None`` keeps it.

    :param also: categories of other schemes, by the scheme's code.
    :param is_petition: whether it is decided in writing, as a petition.
    """

    unit_id: int | None = None
    category_id: int | None = None
    place_id: int | None = None
    urgency: str | None = None
    kind: str | None = None
    deadline_class_id: int | None = None
    also: Mapping[str, int] | None = None
    note: str = ""
    is_petition: bool = False


@dataclass(frozen=True)
class ClosingForm:
    """The handling unit's closing form (办结单), ``domain.md`` §3.

    ``appeal`` and ``way`` are empty where a patrol found it: nobody asked and nobody is told.
    """

    points: str
    facts: str
    appeal: str
    result: str
    way: str
    on_site: bool = False
    facts_found: bool = True
    appeal_recognised: bool = True
    resident_said: str = ""
    is_public: bool = False


@dataclass(frozen=True)
class Rating:
    """What the resident says of an answer; ratings may be left out (未评价)."""

    attitude: str = ""
    outcome: str = ""
    not_solved_reason_id: int | None = None
    note: str = ""


@transaction.atomic
def dispatch_case(
    *,
    actor: "Account",
    case_id: int,
    version: int | None = None,
    correction: Correction = Correction(),
    assisting: Sequence[int] = (),
) -> Case:
    """Send the case to its unit (派遣); a correction becomes a Decision of the dispatcher's own.

    :raises Invalid: no unit in charge, or the lead unit also named as assisting.
    """
    case = take(actor, case_id, "dispatch", version)
    decision = decisions.correct_decision(
        actor=actor, decision_id=case.decision_id, **_changes(correction)
    )
    if correction.is_petition:
        petitions.choose(case, actor)
    return _dispatch(case, actor, decision, assisting, correction.note)


@transaction.atomic
def dispatch_by_catalogue(
    *, actor: "Account", case_id: int, item: int, version: int | None = None
) -> Case:
    """Send the case to the unit that the catalogue names, with its limit and legal ground."""
    case = take(actor, case_id, "dispatch", version)
    decision = decisions.correct_by_item(actor=actor, decision_id=case.decision_id, item_id=item)
    return _dispatch(case, actor, decision)


@transaction.atomic
def dispatch_cases(*, actor: "Account", case_ids: Sequence[int]) -> dict[int, str]:
    """Confirm many Decisions as proposed, all in one go; for each case that was refused, why.

    One case's refusal does not hold up the others.
    """
    cases = take_many(actor, case_ids)
    refused = dict.fromkeys(set(case_ids) - {case.pk for case in cases}, str(access.NO_SUCH_CASE))
    made = {one.pk: one for one in dispatch.decisions([case.decision_id for case in cases])}
    sent: dict[Case, dict[str, Any]] = {}
    for case in cases:
        try:
            check(actor, case, "dispatch")
            sent[case] = _put_in_charge(case, made[case.decision_id])
        except Refused as error:
            refused[case.pk] = str(error.message)
    decisions.confirm_decisions(actor=actor, made=[made[case.decision_id] for case in sent])
    move_many(list(sent), actor, "dispatch", list(sent.values()), promises.STARTED)
    return refused


def _dispatch(
    case: Case,
    actor: "Account",
    decision: "Decision",
    assisting: Sequence[int] = (),
    note: str = "",
) -> Case:
    data = _put_in_charge(case, decision, assisting)
    _set_assisting(case, assisting, note)
    if note:
        data["remark"] = add_remark(case, actor, "dispatch", text=note).pk
    return move(case, actor, "dispatch", data)


def _put_in_charge(
    case: Case, decision: "Decision", assisting: Sequence[int] = ()
) -> dict[str, Any]:
    """Let the case be at its unit, with its clock running; what the journal says of it.

    :raises Invalid: no unit in charge, or the lead unit also named as assisting.
    :raises NotAllowed: a unit that must not have the case.
    """
    if decision.unit_id is None:
        raise Invalid(_("Choose the unit in charge."), "unit")
    if decision.unit_id in assisting:
        raise Invalid(_("The lead unit can't also assist."), "assisting")
    check_free(case, [decision.unit_id, *assisting])
    if unit := people.unit(decision.unit_id):
        check_admitted(unit, decision.category_id)
    promises.adopt(case, decision)
    promises.start(case, promises.whole_class(case, decision))
    return {
        "unit": case.lead_unit_id,
        "decision": decision.pk,
        "due_at": case.due_at,
        "assisting": list(assisting),
        **catalogue.told(decision),
    }


@transaction.atomic
def decline_case(
    *, actor: "Account", case_id: int, ground: str, explanation: str, version: int | None = None
) -> Case:
    """Do not accept the case (不予受理), naming the ground and the proper route."""
    case = take(actor, case_id, "decline", version)
    found = Ground.objects.filter(code=ground, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose the ground."), "ground")
    remark = add_remark(
        case, actor, "decline", ground=found, text=sentence(explanation, "explanation")
    )
    return move(case, actor, "decline", {"ground": found.code, "remark": remark.pk})


@transaction.atomic
def cancel_case(
    *, actor: "Account", case_id: int, reason: str, explanation: str, version: int | None = None
) -> Case:
    """Cancel what can't be handled at all (作废), with the reason."""
    case = take(actor, case_id, "cancel", version)
    found = reason_of("cancel", reason)
    remark = add_remark(
        case, actor, "cancel", reason=found, text=sentence(explanation, "explanation")
    )
    return move(case, actor, "cancel", {"reason": found.code, "remark": remark.pk})


@transaction.atomic
def accept_case(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Take the case on (接收)."""
    return move(take(actor, case_id, "accept", version), actor, "accept")


@transaction.atomic
def start_handling(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Begin to work on the case (处理)."""
    return move(take(actor, case_id, "start", version), actor, "start")


@transaction.atomic
def record_contact(
    *,
    actor: "Account",
    case_id: int,
    was_reached: bool,
    reason: str = "",
    note: str = "",
    done_at: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Note a contact with the resident (先行联系), or why there was none."""
    case = take(actor, case_id, "contact", version)
    why = None if was_reached else reason_of("no_contact", reason)
    at = done_when(case, done_at)
    contact = Contact.objects.create(
        case=case, by=actor, was_reached=was_reached, reason=why, note=note, at=at
    )
    if was_reached and case.contacted_at is None:
        case.contacted_at = at
    data = {"contact": contact.pk, "reached": was_reached, "done_at": done_at}
    return move(case, actor, "contact", data)


@transaction.atomic
def contribute(
    *,
    actor: "Account",
    case_id: int,
    contribution: str,
    part: int | None = None,
    version: int | None = None,
) -> Case:
    """Report a part of one's unit (协办); unless it is named, the first that is still owed."""
    case = take(actor, case_id, "contribute", version)
    own = access.own_parts(actor, case)
    assist = next((one for one in own if part in (None, one.pk)), None)
    if assist is None:
        raise NotAllowed(_("Your unit does not assist here."))
    assist.contribution = sentence(contribution, "contribution")
    assist.done_at = clock.now()
    assist.save(update_fields=["contribution", "done_at"])
    return move(case, actor, "contribute", {"unit": assist.unit_id, "assist": assist.pk})


@transaction.atomic
def waive_part(
    *, actor: "Account", case_id: int, unit: int, explanation: str, version: int | None = None
) -> Case:
    """Do not wait for an assisting unit's part (免于反馈), saying why."""
    case = take(actor, case_id, "waive", version)
    owed = next((one for one in guards.owed_parts(case) if one.unit_id == unit), None)
    if owed is None:
        raise Invalid(_("Choose the assisting unit."), "unit")
    remark = add_remark(case, actor, "waive", text=sentence(explanation, "explanation"))
    owed.waived_at = remark.at
    owed.save(update_fields=["waived_at"])
    return move(case, actor, "waive", {"unit": unit, "remark": remark.pk})


@transaction.atomic
def answer_case(
    *,
    actor: "Account",
    case_id: int,
    form: ClosingForm,
    done_at: datetime | None = None,
    version: int | None = None,
) -> Case:
    """Answer the resident with the closing form (办结); another body verifies it.

    :param done_at: in a danger, when it was settled, if it is recorded afterwards.
    """
    case = take(actor, case_id, "answer", version)
    _check_form(form, is_patrol=case.patrol_by_id is not None)
    check_own_words(case, form)
    if case.lead_unit_id is None:
        raise Invalid(_("No unit had this case yet: dispatch it."))
    at = done_when(case, done_at)
    answer = Answer.objects.create(
        case=case, unit_id=case.lead_unit_id, by=actor, at=at, **vars(form)
    )
    case.answered_at, case.result = at, form.result
    data = {
        "done_at": done_at,
        "answer": answer.pk,
        "result": form.result,
        "digest": journal.digest(form.points, form.facts, form.appeal),
    }
    return move(case, actor, "answer", data)


@transaction.atomic
def begin_callback(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Take the case up for asking the resident (回访)."""
    return move(take(actor, case_id, "call_back", version), actor, "call_back")


@transaction.atomic
def record_callback(
    *,
    actor: "Account",
    case_id: int,
    was_reached: bool,
    is_solved: bool | None = None,
    rating: Rating = Rating(),
    version: int | None = None,
) -> Case:
    """Record what the resident told the callback clerk: closed, handled again, or not reached."""
    verb = "miss" if not was_reached else "confirm" if is_solved else "object"
    case = take(actor, case_id, verb, version)
    if was_reached and is_solved is None:
        raise Invalid(_("Say whether the resident calls it solved."), "is_solved")
    verdict = _verdict(case, actor, rating, is_solved=is_solved, was_reached=was_reached)
    if not was_reached and _misses_since_answer(case) >= MISSES:
        verb = "give_up"
    return _settle(case, actor, verb, verdict)


@transaction.atomic
def rate_answer(
    *,
    actor: "Account",
    case_id: int,
    is_solved: bool,
    rating: Rating = Rating(),
    version: int | None = None,
) -> Case:
    """The resident says directly whether it is settled."""
    verb = "approve" if is_solved else "reject"
    case = take(actor, case_id, verb, version)
    return _settle(case, actor, verb, _verdict(case, actor, rating, is_solved=is_solved))


@transaction.atomic
def reopen_case(*, actor: "Account", case_id: int, why: str, version: int | None = None) -> Case:
    """The resident says that it is not over (重启), within 14 days of the end."""
    case = take(actor, case_id, "reopen", version)
    if not may_reopen(case):
        raise NotAllowed(
            _("14 days have passed. Please hand it in again and name this matter's code.")
        )
    remark = add_remark(case, actor, "reopen", text=sentence(why, "why"))
    return move(case, actor, "reopen", {"remark": remark.pk})


def may_reopen(case: Case) -> bool:
    """Whether the time in which the resident may reopen is still running."""
    return case.ended_at is not None and clock.now() <= case.ended_at + REOPEN_WITHIN


@transaction.atomic
def order_rehandling(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Give a reopened case back to its unit, to be handled again within three working days."""
    case = take(actor, case_id, "rehandle", version)
    if case.lead_unit_id is None:
        raise Invalid(_("No unit had this case yet: dispatch it."))
    promises.start_again(case)
    return move(case, actor, "rehandle", {"due_at": case.due_at})


def _settle(case: Case, actor: "Account", verb: str, verdict: Verdict) -> Case:
    """After the resident's word: the end, or three more working days for the unit."""
    data: dict[str, Any] = {
        "verdict": verdict.pk,
        "solved": verdict.is_solved,
        "attitude": verdict.attitude,
        "outcome": verdict.outcome,
    }
    if states.BY_VERB[verb].target == states.RE_HANDLING:
        promises.start_again(case)
        data["due_at"] = case.due_at
    return move(case, actor, verb, data)


def _verdict(
    case: Case,
    actor: "Account",
    rating: Rating,
    *,
    is_solved: bool | None,
    was_reached: bool = True,
) -> Verdict:
    for value, field in ((rating.attitude, "attitude"), (rating.outcome, "outcome")):
        if value and value not in Satisfaction.values:
            raise Invalid(_("Unknown rating."), field)
    if is_solved is False and not (rating.note.strip() or rating.not_solved_reason_id):
        raise Invalid(_("Say what is still missing, so that the unit can work on it."), "note")
    return Verdict.objects.create(
        case=case,
        by=actor,
        was_reached=was_reached,
        is_solved=is_solved if was_reached else None,
        attitude=rating.attitude,
        outcome=rating.outcome,
        not_solved_reason_id=rating.not_solved_reason_id,
        note=rating.note,
        at=clock.now(),
    )


def _misses_since_answer(case: Case) -> int:
    return Verdict.objects.filter(
        case=case, was_reached=False, at__gte=case.answered_at or case.opened_at
    ).count()


def _check_form(form: ClosingForm, *, is_patrol: bool) -> None:
    """The closing form is filled in."""
    for name in ("points", "facts") if is_patrol else ("points", "facts", "appeal"):
        sentence(getattr(form, name), name)
    if form.result not in Result.values:
        raise Invalid(_("Choose what came of it."), "result")
    if not is_patrol and form.way not in ("phone", "writing", "home"):
        raise Invalid(_("Say how the resident was answered."), "way")


def _set_assisting(case: Case, units: Sequence[int], task: str) -> None:
    known = {one.unit_id for one in case.assists.all() if one.conference_id is None}
    Assist.objects.bulk_create(
        Assist(case=case, unit_id=unit, task=task, asked_at=clock.now(), due_at=case.due_at)
        for unit in units
        if unit not in known
    )


def _changes(correction: Correction) -> dict[str, Any]:
    return {
        name: value
        for name, value in vars(correction).items()
        if name not in ("note", "is_petition") and value is not None
    }
