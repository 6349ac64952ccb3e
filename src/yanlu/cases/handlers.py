"""What cases do when a Decision is made, and who is told when cases open, move and end."""

from typing import TYPE_CHECKING

from yanlu.cases import alarms, states
from yanlu.cases.models import Case
from yanlu.cases.opening import open_cases
from yanlu.cases.telling import TOLD, tell
from yanlu.dispatch.traces import forget_submissions, trace_submissions
from yanlu.kernel.followers import Follower

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry


def open_decided(entries: "list[Entry]") -> None:
    """Open a case for each submission that was decided on."""
    open_cases([entry.data["decision"] for entry in entries])


def trace_open(entries: "list[Entry]") -> None:
    """Let others find a matter while it is open, in the place that it was found to be in.

    Looks at the case as it stands, not at the row, so a row that comes late or twice does no harm.
    """
    numbers = {entry.subject_id for entry in entries}
    cases = Case.objects.filter(pk__in=numbers, split_from=None)
    places: dict[int, int | None] = {}
    hidden: list[int] = []
    for case in cases.only("submission_id", "place_id", "state", "is_sealed"):
        if case.is_sealed or case.state in states.ENDED:
            hidden.append(case.submission_id)
        else:
            places[case.submission_id] = case.place_id
    trace_submissions(places)
    forget_submissions(hidden)


def sound_alarm(entries: "list[Entry]") -> None:
    """Tell whoever is on duty of each danger."""
    alarms.alarm(entry.subject_id for entry in entries)


ALARM = Follower("cases.alarm", frozenset({"case.opened", "case.dispatched"}), sound_alarm)
OPEN = Follower("cases.open", frozenset({"decision.made"}), open_decided)
TELL = Follower("cases.tell", TOLD, tell)
#: Acts that open, end or reopen a case, and the one that may correct its place.
TRACE = Follower(
    "cases.trace",
    frozenset(
        step.event
        for step in states.TABLE
        if step.verb in {"open", "dispatch"} or (step.sources | {step.target}) & states.ENDED
    ),
    trace_open,
    batch=1_000,
)
