"""More time for a case: extensions (延期) with two approvals, one suspension (挂账) to a date.

The first promise stays what rates are counted by; nothing in here starts the clock anew.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import guards, states
from yanlu.cases.acting import add_remark, move, reason_of, sentence, take
from yanlu.cases.models import Case, Extension, Suspension
from yanlu.cases.procedure import petition_of
from yanlu.cases.promises import whole_class
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock, journal
from yanlu.kernel.calendars import calendar, deadline
from yanlu.kernel.errors import Invalid, NotAllowed
from yanlu.kernel.workdays import end_of_day, local_day

if TYPE_CHECKING:
    from yanlu.dispatch.models import DeadlineLimit
    from yanlu.people.models import Account

#: Class of the longest suspension: 365 days (default).
SUSPENSION = "suspension"
#: Class of the time by which a petition may be extended, once (信访工作条例 art 34).
PETITION_EXTENSION = "petition_extension"
SYSTEM = journal.System("cases")


@transaction.atomic
def ask_extension(
    *,
    actor: "Account",
    case_id: int,
    until: date,
    reason: str,
    explanation: str,
    version: int | None = None,
) -> Case:
    """Ask for more time, before the time is up; at most as much again as was promised at first."""
    case = take(actor, case_id, "ask_extension", version)
    wanted = end_of_day(until)
    if case.due_at is None or not case.due_at < wanted <= latest_extension(case):
        raise Invalid(_("Choose a later date, at most as long again as the first limit."), "until")
    remark = add_remark(
        case,
        actor,
        "ask_extension",
        reason=reason_of("extension", reason),
        text=sentence(explanation, "explanation"),
    )
    asked = Extension.objects.create(
        case=case, remark=remark, until=wanted, asked_by=actor, asked_at=remark.at
    )
    return move(case, actor, "ask_extension", _about(asked))


@transaction.atomic
def review_extension(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Stand behind the unit's request, as its head; nobody reviews what they asked for.

    Of a petition the head's word is enough (信访工作条例 art 34).
    """
    case, asked = _pending(actor, case_id, "review_extension", version)
    if asked.asked_by_id == actor.pk:
        raise NotAllowed(_("Somebody else of your unit has to review what you asked for."))
    asked.reviewed_at = clock.now()
    asked.save(update_fields=["reviewed_at"])
    move(case, actor, "review_extension", {"extension": asked.pk, "until": asked.until})
    return _grant(case, actor, asked) if petition_of(case) else case


@transaction.atomic
def grant_extension(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Promise the later date."""
    case, asked = _pending(actor, case_id, "grant_extension", version)
    return _grant(case, actor, asked)


@transaction.atomic
def refuse_extension(
    *, actor: "Account", case_id: int, explanation: str, version: int | None = None
) -> Case:
    """Leave the promise as it is."""
    case, asked = _pending(actor, case_id, "refuse_extension", version)
    remark = add_remark(case, actor, "refuse_extension", text=sentence(explanation, "explanation"))
    _decide(asked, is_granted=False)
    return move(case, actor, "refuse_extension", {"extension": asked.pk, "remark": remark.pk})


@transaction.atomic
def suspend_case(
    *, actor: "Account", case_id: int, until: date, explanation: str, version: int | None = None
) -> Case:
    """Put the case off to a date (挂账); what is left of the promise is kept for then."""
    case = take(actor, case_id, "suspend", version)
    now, end = clock.now(), end_of_day(until)
    if not now < end <= dispatch.ending(SUSPENSION, now):
        raise Invalid(_("Choose a date within a year."), "until")
    suspension = Suspension(case=case, until=end, at=now)
    _keep_left(suspension, case, now)
    suspension.save()
    remark = add_remark(case, actor, "suspend", text=sentence(explanation, "explanation"))
    data = {"until": end, "due_at": case.due_at, "state": case.state, "remark": remark.pk}
    case.state_before, case.due_at = case.state, None
    return move(case, actor, "suspend", data)


@transaction.atomic
def resume_case(*, actor: "Account", case_id: int, version: int | None = None) -> Case:
    """Take the case up again before its date."""
    return _resume(take(actor, case_id, "resume", version), actor)


def resume_due() -> int:
    """Take up again what was suspended until now; how many. Safe to do twice."""
    due = Suspension.objects.filter(ended_at=None, until__lt=clock.now())
    numbers = list(due.order_by("until").values_list("case_id", flat=True))
    return sum(_resume_if_due(number) for number in numbers)


def latest_extension(case: Case) -> datetime:
    """The latest date that may be asked for: as long again as at first, of a petition 30 days."""
    assert case.due_at is not None
    if petition_of(case):
        return dispatch.ending(PETITION_EXTENSION, case.due_at)
    limit = _whole_limit(case)
    return end_of_day(local_day(deadline(case.due_at, limit.amount, limit.unit)))


@transaction.atomic
def _resume_if_due(case_id: int) -> bool:
    case = Case.objects.select_for_update().get(pk=case_id)
    if case.state != states.SUSPENDED or case.suspension.until >= clock.now():
        return False
    _resume(case, SYSTEM)
    return True


def _resume(case: Case, actor: journal.Actor) -> Case:
    suspension, now = case.suspension, clock.now()
    suspension.ended_at = now
    suspension.save(update_fields=["ended_at"])
    case.due_at = _due_again(suspension, now)
    data = {"state": case.state_before, "due_at": case.due_at}
    case.state_before = ""
    return move(case, actor, "resume", data)


def _keep_left(suspension: Suspension, case: Case, now: datetime) -> None:
    """Working days that were left where the limit counts them, else time."""
    if case.due_at is None:
        return
    if _whole_limit(case).unit.startswith("working"):
        days = calendar().workdays_between(local_day(now), local_day(case.due_at))
        suspension.left_workdays = days
    else:
        suspension.left_seconds = int((case.due_at - now).total_seconds())


def _whole_limit(case: Case) -> "DeadlineLimit":
    """The limit that the case was given when it was first dispatched."""
    code = whole_class(case, dispatch.decision(case.decision_id))
    return dispatch.limit(code, case.dispatched_at or clock.now())


def _due_again(suspension: Suspension, now: datetime) -> datetime | None:
    if suspension.left_workdays is not None:
        return end_of_day(calendar().add_workdays(local_day(now), suspension.left_workdays))
    if suspension.left_seconds is not None:
        return now + timedelta(seconds=suspension.left_seconds)
    return None


def _pending(
    actor: "Account", case_id: int, verb: str, version: int | None
) -> tuple[Case, Extension]:
    case = take(actor, case_id, verb, version)
    asked = guards.pending_extension(case)
    assert asked is not None  # the guard saw to it
    return case, asked


def _grant(case: Case, actor: "Account", asked: Extension) -> Case:
    _decide(asked, is_granted=True)
    before, case.due_at = case.due_at, asked.until
    data = _about(asked) | {"before": before, "due_at": case.due_at}
    return move(case, actor, "grant_extension", data)


def _about(asked: Extension) -> dict[str, Any]:
    """What the journal says of a request; its remark says why."""
    return {"extension": asked.pk, "until": asked.until, "remark": asked.remark_id}


def _decide(asked: Extension, *, is_granted: bool) -> None:
    asked.is_granted, asked.decided_at = is_granted, clock.now()
    asked.save(update_fields=["is_granted", "decided_at"])
