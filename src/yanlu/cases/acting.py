"""What every act on a case has in common: taken under lock, moved, recorded in one transaction."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from yanlu.cases import access, guards, states
from yanlu.cases.models import Case, Ground, Reason, Remark
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotAllowed

if TYPE_CHECKING:
    from yanlu.people.models import Account


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
    return case


def move(case: Case, actor: journal.Actor, verb: str, data: dict[str, Any] | None = None) -> Case:
    """Bring the case to the state behind the verb, save it and record the act."""
    step = states.BY_VERB[verb]
    case.state = states.after(case.state, step.event, data or {})
    case.version += 1
    case.ended_at = clock.now() if case.state in states.ENDED else None
    case.sort_at = case.due_at or case.opened_at
    case.save()
    journal.record(step.event, subject(case.pk), actor=actor, data=data)
    return case


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
