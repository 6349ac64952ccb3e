"""What every act on a case has in common: taken under lock, moved, recorded in one transaction."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, states
from yanlu.cases.models import Case, Ground, Reason, Remark
from yanlu.kernel import clock, journal
from yanlu.kernel.bulk import update_rows
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed

if TYPE_CHECKING:
    from yanlu.people.models import Account

#: Columns that every step changes.
STEPPED = ("state", "version", "ended_at", "sort_at")


def subject(case_id: int) -> journal.Subject:
    """A case in the journal."""
    return journal.Subject("case", case_id)


def take(actor: "Account", case_id: int, verb: str, version: int | None) -> Case:
    """The case under lock, if this person may do this now.

    :raises NotFound: hidden or missing.
    :raises Conflict: somebody acted since the person looked, or the state does not allow it.
    :raises NotAllowed: the act is somebody else's.
    """
    case = access.get_case(actor, case_id, lock=True)
    check(actor, case, verb, version)
    return case


def take_many(actor: "Account", case_ids: Iterable[int]) -> list[Case]:
    """Those of the cases that this person may see, under lock; :func:`check` each before acting."""
    cases = Case.objects.select_for_update(of=("self",)).select_related("submission", "petition")
    found = cases.prefetch_related("assists", "recusals").defer("words").order_by("pk")
    return [case for case in found.filter(pk__in=set(case_ids)) if access.may_see(actor, case)]


def check(actor: "Account", case: Case, verb: str, version: int | None = None) -> None:
    """Refuse what this person can't do with the case now.

    :raises Conflict: somebody acted since the person looked, or the state does not allow it.
    :raises NotAllowed: the act is somebody else's, or a fact stands in its way.
    """
    if over := guards.finality(case):
        raise NotAllowed(over)
    step = states.BY_VERB[verb]
    if case.state not in step.sources or (version is not None and version != case.version):
        raise Conflict(
            _("Somebody was faster: the case has moved on since you looked. Nothing was changed.")
        )
    if not step.who & access.parties(actor, case):
        raise NotAllowed(_("This act is not yours in this case."))
    if why := guards.hindrance(verb, case):
        raise NotAllowed(why)


def move(case: Case, actor: journal.Actor, verb: str, data: dict[str, Any] | None = None) -> Case:
    """Bring the case to the state behind the verb, save it and record the act."""
    event = _step(case, verb, data or {})
    case.save()
    journal.record(event.verb, event.subject, actor=actor, data=event.data)
    return case


def move_many(
    cases: Sequence[Case],
    actor: journal.Actor,
    verb: str,
    data: Sequence[dict[str, Any]],
    changed: Sequence[str],
) -> None:
    """Bring many cases to the state behind the verb; ``changed`` names what else to save."""
    events = [_step(case, verb, one) for case, one in zip(cases, data, strict=True)]
    update_rows(cases, (*STEPPED, *changed))
    journal.record_all(events, actor=actor)


def _step(case: Case, verb: str, data: dict[str, Any]) -> journal.Event:
    """Put the case, in memory, into the state behind the verb; what the journal says of it."""
    step = states.BY_VERB[verb]
    case.state = states.after(case.state, step.event, data)
    case.version += 1
    case.ended_at = clock.now() if case.state in states.ENDED else None
    case.sort_at = case.due_at or case.opened_at
    return journal.Event(step.event, subject(case.pk), data)


def done_when(case: Case, done_at: datetime | None) -> datetime:
    """When something was done: now, or in a danger before it is recorded (先处置后补录).

    :raises Invalid: later than now, before the words came in, or no danger at all.
    """
    now = clock.now()
    if done_at is None:
        return now
    if not guards.is_danger(case) or not case.submission.received_at <= done_at <= now:
        raise Invalid(_("Only in a danger, and between its coming in and now."), "done_at")
    return done_at


def add_remark(
    case: Case,
    actor: "Account",
    verb: str,
    *,
    reason: Reason | None = None,
    ground: Ground | None = None,
    text: str = "",
) -> Remark:
    """Keep what was said with the act; the journal row points to it."""
    return Remark.objects.create(
        case=case, verb=verb, by=actor, reason=reason, ground=ground, text=text, at=clock.now()
    )


def reason_of(table: str, code: str) -> Reason:
    """The line of a code table.

    :raises Invalid: there is none in use.
    """
    found = Reason.objects.filter(table=table, code=code, is_active=True).first()
    if found is None:
        raise Invalid(_("Choose a reason."), "reason")
    return found


def sentence(text: str, field: str) -> str:
    """What was typed, if it says something.

    :raises Invalid: fewer than four characters.
    """
    if len(text.strip()) < 4:
        raise Invalid(_("Please put it in a sentence of your own."), field)
    return text.strip()
