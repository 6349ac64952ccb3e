"""Joint conferences (联席会议): convened, changed, called off, recorded; a write door.

What a conference asks of a unit is a part of the case like any other, so that no case is answered
before it is reported or released. A unit that it names is in charge for good. The whole clock runs
on through all of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, promises, states
from yanlu.cases.acting import add_remark, move, reason_of, sentence, subject, take
from yanlu.cases.masking import known_of, masked
from yanlu.cases.models import Assist, Case, Conference, Item, Seat
from yanlu.cases.recusing import check_free
from yanlu.cases.returning import put_in_charge
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.people.models import Account


@dataclass(frozen=True)
class Invitation:
    """What about, where and when, and which units; those in charge of the cases come anyway.

    :param reason: why, by the code of a line of the code table.
    :param chair: who presides, by office and name; often somebody without an account.
    """

    subject: str
    reason: str
    day: date
    begins: time
    ends: time
    venue: str
    chair: str
    agenda: str
    units: Sequence[int]


@dataclass(frozen=True)
class Conclusion:
    """What it came to in one case.

    :param told: a sentence for the resident.
    :param unit_id: the unit that is in charge from now on; ``None`` leaves it as it was.
    """

    told: str
    unit_id: int | None = None


@dataclass(frozen=True)
class Task:
    """What is asked of a unit in a case, until the end of a day."""

    case_id: int
    unit_id: int
    what: str
    due: date


@dataclass(frozen=True)
class Record:
    """What is written down of a conference.

    :param conclusions: by case.
    :param present: what each unit said that was there, by unit.
    """

    minutes: str
    resolution: str
    conclusions: Mapping[int, Conclusion]
    present: Mapping[int, str]
    tasks: Sequence[Task] = ()


@transaction.atomic
def convene_conference(
    *, actor: "Account", numbers: Iterable[str], invitation: Invitation
) -> Conference:
    """Invite units to a conference about the cases of these numbers (召集).

    What was merged into one of them comes with it.

    :raises Invalid: no such case, fewer than two units, or a time that is over.
    """
    cases = [take(actor, number, "convene", None) for number in _numbered(actor, numbers)]
    year = clock.today().year
    conference = Conference(
        year=year, no=_next_number(year), convened_by=actor, convened_at=clock.now()
    )
    _invite(conference, invitation, cases)
    Item.objects.bulk_create(Item(conference=conference, case=case) for case in cases)
    journal.record("conference.convened", _about(conference), actor=actor, data=_facts(conference))
    for case in cases:
        move(case, actor, "convene", {"conference": conference.pk})
    return conference


@transaction.atomic
def change_conference(
    *, actor: "Account", conference_id: int, invitation: Invitation, version: int | None = None
) -> Conference:
    """Put it to another time or place, or invite other units, before it meets."""
    conference, cases = _take(actor, conference_id, version)
    conference.version += 1
    _invite(conference, invitation, cases)
    journal.record("conference.changed", _about(conference), actor=actor, data=_facts(conference))
    _record("case.conference_changed", conference, cases, actor)
    return conference


@transaction.atomic
def cancel_conference(
    *, actor: "Account", conference_id: int, explanation: str, version: int | None = None
) -> Conference:
    """Call it off (取消); the cases stay as they are."""
    conference, cases = _take(actor, conference_id, version)
    conference.version += 1
    conference.cancelled_at = clock.now()
    conference.cancelled_why = sentence(explanation, "explanation")
    conference.save()
    journal.record("conference.cancelled", _about(conference), actor=actor)
    _record("case.conference_cancelled", conference, cases, actor)
    return conference


@transaction.atomic
def record_conference(
    *, actor: "Account", conference_id: int, record: Record, version: int | None = None
) -> Conference:
    """Write down what was said and decided (纪要); what is asked of the units is owed from now on.

    :raises Invalid: it has not met yet, or something is asked of a unit that had no seat.
    """
    conference, cases = _take(actor, conference_id, version)
    if local_day(conference.starts_at) > clock.today():
        raise Invalid(_("It has not met yet."))
    if {task.case_id for task in record.tasks} - {case.pk for case in cases}:
        raise Invalid(_("Choose a case of this conference."), "tasks")
    _seat_who_came(conference, record)
    for case in cases:
        _conclude(case, conference, actor, record)
    conference.version += 1
    conference.minutes = sentence(record.minutes, "minutes")
    conference.resolution = sentence(record.resolution, "resolution")
    conference.recorded_at = clock.now()
    conference.save()
    digest = journal.digest(conference.minutes, conference.resolution)
    journal.record("conference.held", _about(conference), actor=actor, data={"digest": digest})
    return conference


@transaction.atomic
def release_task(
    *, actor: "Account", case_id: int, task: int, explanation: str, version: int | None = None
) -> Case:
    """Do not wait for what a conference asked of a unit (免于落实), saying why."""
    case = take(actor, case_id, "release", version)
    owed = next((one for one in guards.owed_tasks(case) if one.pk == task), None)
    if owed is None:
        raise Invalid(_("Choose the task."), "task")
    remark = add_remark(case, actor, "release", text=sentence(explanation, "explanation"))
    owed.waived_at = remark.at
    owed.save(update_fields=["waived_at"])
    return move(
        case, actor, "release", {"unit": owed.unit_id, "assist": owed.pk, "remark": remark.pk}
    )


def _take(
    actor: "Account", conference_id: int, version: int | None
) -> tuple[Conference, list[Case]]:
    """The conference and its cases under lock, if this person leads it and it is still to come."""
    conference = access.get_conference(actor, conference_id, lock=True)
    numbers = conference.items.order_by("case").values_list("case", flat=True)
    locked = Case.objects.select_for_update(of=("self",)).select_related("submission")
    cases = list(locked.filter(pk__in=list(numbers)).order_by("pk"))
    is_over = conference.recorded_at or conference.cancelled_at
    if is_over or (version is not None and version != conference.version):
        raise Conflict(_("Somebody was faster: the conference has changed. Nothing was written."))
    if not access.may_lead(actor, cases):
        raise NotAllowed(_("This conference is not yours to lead."))
    return conference, cases


def _invite(conference: Conference, invitation: Invitation, cases: Sequence[Case]) -> None:
    """Write the invitation into the conference, and seats for its units."""
    conference.starts_at, conference.ends_at = _time(invitation)
    units = {*invitation.units, *(case.lead_unit_id for case in cases if case.lead_unit_id)}
    if len(units) < 2 or units - {unit.pk for unit in people.units()}:
        raise Invalid(_("Choose at least two units."), "units")
    for case in cases:
        check_free(case, units)
    conference.subject = _masked(sentence(invitation.subject, "subject"), cases)[:120]
    conference.reason = reason_of("conference", invitation.reason)
    conference.agenda = sentence(invitation.agenda, "agenda")
    conference.venue, conference.chair = invitation.venue.strip(), invitation.chair.strip()
    conference.save()
    conference.seats.exclude(unit__in=units).delete()
    known = set(conference.seats.values_list("unit", flat=True))
    Seat.objects.bulk_create(
        Seat(conference=conference, unit_id=unit) for unit in sorted(units - known)
    )


def _numbered(actor: "Account", numbers: Iterable[str]) -> list[int]:
    """The cases of these numbers, in the order in which everybody locks them."""
    wanted = {number.strip() for number in numbers} - {""}
    found = Case.objects.filter(number__in=wanted).select_related("submission").order_by("pk")
    seen = [case for case in found if access.may_see(actor, case)]
    if not wanted or wanted != {case.number for case in seen}:
        raise Invalid(_("You have no case by one of these numbers."), "numbers")
    return [case.pk for case in seen]


def _time(invitation: Invitation) -> tuple[datetime, datetime]:
    if invitation.day < clock.today():
        raise Invalid(_("Choose a day from today on."), "day")
    if invitation.ends <= invitation.begins:
        raise Invalid(_("It has to end after it begins."), "ends")
    begins, ends = (
        datetime.combine(invitation.day, at, clock.ZONE)
        for at in (invitation.begins, invitation.ends)
    )
    return begins, ends


def _next_number(year: int) -> int:
    """The number that follows this year's last one; whoever convenes meanwhile waits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('cases.conference', 0))")
    last = Conference.objects.filter(year=year).order_by("-no").first()
    return last.no + 1 if last else 1


def _seat_who_came(conference: Conference, record: Record) -> None:
    seats = list(conference.seats.all())
    for seat in seats:
        seat.is_present = seat.unit_id in record.present
        seat.said = record.present.get(seat.unit_id, "").strip()
    Seat.objects.bulk_update(seats, ["is_present", "said"])


def _conclude(case: Case, conference: Conference, actor: "Account", record: Record) -> None:
    """What it came to in this case. One that has ended meanwhile stays as it is."""
    conclusion = record.conclusions.get(case.pk)
    tasks = [task for task in record.tasks if task.case_id == case.pk]
    has_unit = bool(conclusion and conclusion.unit_id) or case.state in states.TO_HANDLE
    if case.state in states.ENDED:
        if tasks or (conclusion and conclusion.unit_id):
            raise Invalid(_("A case that has ended takes neither a unit nor a task."), "tasks")
        return
    if tasks and not has_unit:
        raise Invalid(_("Only a case that a unit has takes a task: name the unit."), "tasks")
    if conclusion is None:
        raise Invalid(_("Say for each case what it came to."), "told")
    verb = "decide" if conclusion.unit_id else "confer"
    case = take(actor, case.pk, verb, None)
    data: dict[str, Any] = {"conference": conference.pk}
    if conclusion.unit_id:
        data |= _decide(case, conference, conclusion.unit_id)
    told = _masked(sentence(conclusion.told, "told"), [case])
    conference.items.filter(case=case).update(told=told, unit=conclusion.unit_id)
    data["tasks"] = [_ask(case, conference, task).pk for task in tasks]
    move(case, actor, verb, data)


def _decide(case: Case, conference: Conference, unit_id: int) -> dict[str, Any]:
    """Name the unit in charge for good; where none ever was, the whole clock starts now."""
    _check_seat(conference, unit_id, "unit")
    promises.start(case, promises.whole_class(case, dispatch.decision(case.decision_id)))
    return put_in_charge(case, unit_id, is_final=True) | {"due_at": case.due_at}


def _ask(case: Case, conference: Conference, task: Task) -> Assist:
    """Make a part of the case of what is asked of a unit."""
    _check_seat(conference, task.unit_id, "tasks")
    if task.due < clock.today():
        raise Invalid(_("Choose a day from today on."), "tasks")
    return Assist.objects.create(
        case=case,
        unit_id=task.unit_id,
        conference=conference,
        task=sentence(task.what, "tasks"),
        asked_at=clock.now(),
        due_at=end_of_day(task.due),
    )


def _check_seat(conference: Conference, unit_id: int, field: str) -> None:
    """Nothing is decided about a unit that was not asked to come."""
    if not conference.seats.filter(unit=unit_id).exists():
        raise Invalid(_("Choose a unit that has a seat on the conference."), field)


def _record(verb: str, conference: Conference, cases: Iterable[Case], actor: "Account") -> None:
    """Record in each case what happened to the conference; nobody's act there is overtaken."""
    data = {"conference": conference.pk}
    events = [journal.Event(verb, subject(case.pk), data) for case in cases]
    journal.record_all(events, actor=actor)


def _masked(text: str, cases: Iterable[Case]) -> str:
    """Without personal data of whoever handed these cases in, or one merged into them."""
    said = [one.submission for case in cases for one in (case, *access.merged_cases(case))]
    known = known_of(said)
    for submission in said:
        text = masked(text, submission, known)
    return text


def _about(conference: Conference) -> journal.Subject:
    return journal.Subject("conference", conference.pk)


def _facts(conference: Conference) -> dict[str, Any]:
    return {
        "cases": sorted(conference.items.values_list("case", flat=True)),
        "units": sorted(conference.seats.values_list("unit", flat=True)),
        "starts_at": conference.starts_at,
        "ends_at": conference.ends_at,
    }
