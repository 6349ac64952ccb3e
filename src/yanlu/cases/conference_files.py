"""Everything about one joint conference on one page, and the list of those that a person may see.

How it stands with a conference is computed from its day and its tasks, never stored.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from yanlu.cases import access, states
from yanlu.cases.models import Assist, Case, Conference, Item, Seat, Standing
from yanlu.kernel import clock

if TYPE_CHECKING:
    from yanlu.people.models import Account

PAGE = 50
#: How it may stand with a conference, beside ``Standing`` for one that asked for something.
TO_COME, TO_RECORD, CANCELLED = "to_come", "to_record", "cancelled"


@dataclass(frozen=True)
class ConferenceLine:
    """A conference in the list; ``settled`` of ``asked`` tasks are owed no more."""

    conference: Conference
    standing: str
    asked: int
    settled: int


@dataclass(frozen=True)
class CaseLine:
    """A case on a conference, and what this person may do: look at it, name its unit for good.

    ``is_open``: it still waits for what the conference comes to.
    """

    item: Item
    case: Case
    may_see: bool
    may_decide: bool
    is_open: bool


@dataclass(frozen=True)
class ConferenceFile:
    """A conference as those see it who sit on it or watch over its cases.

    ``may_lead``: change it or call it off; ``may_record``: its day has come, too.
    """

    conference: Conference
    standing: str
    cases: list[CaseLine]
    seats: list[Seat]
    tasks: list[Assist]
    may_lead: bool
    may_record: bool


def conference_file(account: "Account", conference_id: int) -> ConferenceFile:
    """The conference with its cases, seats and tasks.

    :raises NotFound: hidden or missing.
    """
    conference = access.get_conference(account, conference_id)
    items = list(
        conference.items.select_related("case__submission", "unit")
        .prefetch_related("case__assists")
        .order_by("case")
    )
    is_to_come = not (conference.recorded_at or conference.cancelled_at)
    may_lead = is_to_come and access.may_lead(account, [item.case for item in items])
    tasks = conference.tasks.select_related("unit", "case").order_by("due_at", "pk")
    return ConferenceFile(
        conference=conference,
        standing=standing(conference),
        cases=[_case_line(account, item) for item in items],
        seats=list(conference.seats.select_related("unit").order_by("unit")),
        tasks=list(tasks),
        may_lead=may_lead,
        may_record=may_lead and conference.starts_at.astimezone(clock.ZONE).date() <= clock.today(),
    )


def listed(account: "Account", page: int = 1) -> tuple[list[ConferenceLine], int]:
    """A page of conferences, those on which something is still to do first; the next page or 0."""
    owed = Assist.objects.filter(conference=OuterRef("pk"), done_at=None, waived_at=None)
    is_owed = Exists(owed.exclude(case__state__in=states.ENDED))
    is_open = Q(cancelled_at=None) & (Q(recorded_at=None) | is_owed)
    rows = access.conferences(account).annotate(
        is_open=ExpressionWrapper(is_open, output_field=BooleanField())
    )
    first = (page - 1) * PAGE
    ordered = rows.prefetch_related("tasks__case").order_by("-is_open", "-starts_at", "-pk")
    found = list(ordered[first : first + PAGE + 1])
    return [_line(one) for one in found[:PAGE]], page + 1 if len(found) > PAGE else 0


def standing(conference: Conference) -> str:
    """How it stands with a conference: one of ours, else the worst of its tasks."""
    if conference.cancelled_at:
        return CANCELLED
    if conference.recorded_at is None:
        return TO_RECORD if clock.now() > conference.starts_at else TO_COME
    held = {task.standing for task in conference.tasks.all()}
    worst = (Standing.OVERDUE, Standing.OPEN)
    return next((one for one in worst if one in held), Standing.DONE)


def _line(conference: Conference) -> ConferenceLine:
    held = [task.standing for task in conference.tasks.all()]
    owed = sum(one in (Standing.OPEN, Standing.OVERDUE) for one in held)
    return ConferenceLine(conference, standing(conference), len(held), len(held) - owed)


def _case_line(account: "Account", item: Item) -> CaseLine:
    case, decide = item.case, states.BY_VERB["decide"]
    return CaseLine(
        item=item,
        case=case,
        may_see=access.may_see(account, case),
        may_decide=case.state in decide.sources
        and bool(decide.who & access.parties(account, case)),
        is_open=case.state not in states.ENDED,
    )
