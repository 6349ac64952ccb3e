"""Due dates: when a case is promised to be settled. Facts are stored, overdue is computed."""

from datetime import datetime
from typing import TYPE_CHECKING

from yanlu.cases import states
from yanlu.cases.models import Case
from yanlu.cases.procedure import petition_of
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import clock

if TYPE_CHECKING:
    from yanlu.dispatch.models import Decision

#: Class of the three working days after "not satisfied" (Shanghai, 2022).
REHANDLING = "rehandling"
#: Class of the sixty days within which a petition is decided (信访工作条例 art 34).
PETITION = "petition"


def adopt(case: Case, decision: "Decision") -> None:
    """Let the case say what the Decision says."""
    case.decision_id = decision.pk
    case.category_id = decision.category_id
    case.place_id = decision.place_id
    case.kind = decision.kind
    case.urgency = decision.urgency
    case.lead_unit_id = decision.unit_id
    case.is_sealed = decision.kind == "report"


#: What starting the clock changes.
STARTED = ("dispatched_at", "given_at", "is_unit_final", "first_due_at", "due_at")


def notice_due_at(case: Case) -> datetime | None:
    """By when the notice that a petition was accepted is due; ``None`` once it was given."""
    petition = petition_of(case)
    if petition is None or petition.noticed_at or case.state not in states.OWED:
        return None
    return petition.notice_due_at


def whole_class(case: Case, decision: "Decision") -> str:
    """Of which class the limit of the whole case is: as the Decision says, or a petition's."""
    return PETITION if petition_of(case) else decision.deadline_class.code


def start(case: Case, code: str) -> None:
    """Start the whole clock, of this class, at the first dispatch; later ones never reset it."""
    now = clock.now()
    case.dispatched_at = case.dispatched_at or now
    case.given_at, case.is_unit_final = now, False
    if case.first_due_at is None:
        case.first_due_at = case.due_at = dispatch.ending(code, now)


def start_again(case: Case) -> None:
    """Promise the re-handling; the first promise stays what rates are counted by."""
    case.due_at = dispatch.ending(REHANDLING, clock.now())
    case.ended_at = None


def is_put_off(case: Case, other: Case) -> bool:
    """Whether the case would be owed later than was promised if it went on as the other."""
    return case.due_at is not None and (other.due_at is None or other.due_at > case.due_at)


def is_overdue(case: Case) -> bool:
    """Whether the promise in force is broken.

    It is kept by the unit's answer (verification has clocks of its own), or by the end of a case
    that never had one. Compared by the full day: due today is overdue tomorrow; limits in hours
    (danger, utilities) end on the minute, see ``deadline``.
    """
    if case.due_at is None:
        return False
    return (_kept_at(case) or clock.now()) > case.due_at


def _kept_at(case: Case) -> datetime | None:
    return None if case.state in states.OWED else case.answered_at or case.ended_at
