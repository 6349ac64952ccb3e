"""What cases promise, worked out from their journal as it grows, and again whenever asked.

Nothing is added up: the promises of a case are read from all of its rows and put in place of those
that were there. So a row that comes late or twice does no harm. A limit, once given, stays.
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from yanlu.cases import selectors as cases
from yanlu.cases import states
from yanlu.cases.selectors import Facts
from yanlu.dispatch import selectors as dispatch
from yanlu.kernel import journal
from yanlu.kernel.bulk import insert_rows, update_rows
from yanlu.kernel.followers import Follower
from yanlu.oversight import clocks, ladder, limits
from yanlu.oversight.clocks import Row, Span
from yanlu.oversight.limits import Limit, Matter
from yanlu.oversight.models import Promise
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry

#: What of a promise may still change.
LIVING = (
    "unit",
    "due_at",
    "ended_at",
    "is_void",
    "pauses",
    "rung",
    "lag",
    "next_at",
    "moved_at",
    "is_sealed",
)
#: Class of the limit that "not satisfied" gives, and of a review.
CLASSES = {clocks.REHANDLING: "rehandling", clocks.REVIEW: "petition_review"}


@transaction.atomic
def watch(case_ids: Collection[int]) -> None:
    """Work out what these cases promise."""
    told = journal.histories("case", case_ids)
    known = _known(case_ids)
    new: list[Promise] = []
    old: list[Promise] = []
    for case in cases.facts(case_ids, lock=True):
        rows = [Row(entry.at, entry.verb, entry.data) for entry in told[case.id]]
        for span in clocks.spans(rows):
            promise = known.get((case.id, span.clock, span.nth))
            kept = promise or _begun(case, span)
            if kept:
                _tell(kept, span, case)
                kept.moved_at = rows[-1].at
                (old if promise else new).append(kept)
    insert_rows(new)
    update_rows(old, LIVING)


def _known(case_ids: Iterable[int]) -> dict[tuple[int, str, int], Promise]:
    rows = Promise.objects.filter(case__in=case_ids).select_for_update().order_by("pk")
    return {(one.case_id, one.clock, one.nth): one for one in rows}


def _begun(case: Facts, span: Span) -> Promise | None:
    """A new promise with its limit; none where no rule makes one, or nobody waits for a contact."""
    if span.clock == clocks.CONTACT and case.is_patrol:
        return None
    limit = _limit(case, span)
    if limit is None:
        return None
    return Promise(
        case_id=case.id,
        clock=span.clock,
        nth=span.nth,
        rule_id=limit.rule_id,
        amount=limit.amount,
        limit_unit=limit.unit,
        started_at=span.started_at,
        first_due_at=span.first_due_at or limits.due(span.started_at, limit),
    )


def _limit(case: Facts, span: Span) -> Limit | None:
    code = case.limit_class if span.clock == clocks.WHOLE else CLASSES.get(span.clock)
    if code:
        found = dispatch.limit(code, span.started_at)
        return Limit(found.amount, found.unit)
    unit = people.unit(span.unit_id) if span.unit_id else None
    matter = Matter(
        case.kind, case.urgency, unit.level if unit else None, dispatch.lineage(case.category_id)
    )
    return limits.limit(span.clock, matter, span.started_at)


def _tell(promise: Promise, span: Span, case: Facts) -> None:
    """Let the promise say what the journal says."""
    promise.unit_id, promise.is_sealed = span.unit_id, case.is_sealed
    promise.ended_at, promise.is_void = span.ended_at, span.is_void
    promise.pauses = [
        [since.isoformat(), until.isoformat() if until else None] for since, until in span.pauses
    ]
    limit = Limit(promise.amount, promise.limit_unit)
    due = span.due_at or limits.due(span.started_at, limit, span.pauses)
    if due != promise.due_at:
        promise.rung = promise.lag = 0
    promise.due_at = None if span.is_paused else due
    promise.next_at = ladder.next_moment(promise, case.urgency)


def watch_moved(entries: "list[Entry]") -> None:
    """Work out anew what the cases promise that something happened to."""
    watch({entry.subject_id for entry in entries})


WATCH = Follower("oversight.watch", frozenset(step.event for step in states.TABLE), watch_moved)
