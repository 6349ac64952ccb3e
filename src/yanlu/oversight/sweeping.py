"""The sweep (巡检): once a minute, what has come due is done about, rung by rung of the ladder.

It looks at nothing but the index of what comes due next. A promise is taken under lock and moved
to its rung in the transaction that records the measure, so a sweep that runs twice, or at once with
another, does nothing twice.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yanlu.cases import selectors as cases
from yanlu.cases.selectors import Facts
from yanlu.kernel import clock, journal
from yanlu.kernel.bulk import insert_rows, update_rows
from yanlu.kernel.calendars import deadline
from yanlu.kernel.followers import advance
from yanlu.oversight import clocks, ladder, ordering
from yanlu.oversight.models import Kind, Means, Measure, Order, Promise, Way
from yanlu.oversight.watching import WATCH, watch

SYSTEM = journal.System("oversight")
#: Promises that are taken at a time.
BATCH = 1_000
#: Means that come to the unit as an order.
AS_ORDER = frozenset({Means.ORDER, Means.LISTED, Means.INTERVIEW, Means.BULLETIN})


def sweep() -> int:
    """Do what has come due; how many measures. Safe to do twice."""
    while advance(WATCH):
        pass
    taken, is_full = 0, True
    while is_full:
        made, is_full = _sweep_some(clock.now())
        taken += made
    return taken


@transaction.atomic
def _sweep_some(now: datetime) -> tuple[int, bool]:
    """One batch: how many measures, and whether there may be more to look at."""
    due = Promise.objects.filter(next_at__lte=now).order_by("next_at")
    promises = list(due.select_for_update(skip_locked=True)[:BATCH])
    facts = {one.id: one for one in cases.facts({promise.case_id for promise in promises})}
    _watch_again(promises, facts)
    measures = [
        measure
        for promise in promises
        if _is_running(promise, facts[promise.case_id])
        and (measure := _measure(promise, facts[promise.case_id], now))
    ]
    update_rows(promises, ("rung", "lag", "next_at"))
    insert_rows(measures)
    journal.record_all([_taken(one) for one in measures], actor=SYSTEM)
    ordering.issue_all(_orders(measures, facts), actor=SYSTEM)
    return len(measures), len(promises) == BATCH


def _is_running(promise: Promise, case: Facts) -> bool:
    return promise.ended_at is None and case.state in clocks.BY_CODE[promise.clock].during


def _watch_again(promises: Iterable[Promise], facts: dict[int, Facts]) -> None:
    """What has moved on since the journal was last read for it is worked out anew, and left be."""
    moved = [one for one in promises if not _is_running(one, facts[one.case_id])]
    if moved:
        for one in moved:
            one.next_at = None
        watch({one.case_id for one in moved})


def _measure(promise: Promise, case: Facts, now: datetime) -> Measure | None:
    """Climb a rung; ``None`` where the rules have changed and nothing is due."""
    rung = ladder.due_now(promise, case.urgency, now)
    if rung is None:
        promise.next_at = ladder.next_moment(promise, case.urgency)
        return None
    assert promise.due_at is not None
    ladder.climb(promise, rung, case.urgency, now)
    return Measure(
        promise=promise,
        rung=rung,
        case_id=case.id,
        unit_id=promise.unit_id,
        means=rung.means,
        due_at=promise.due_at,
        at=now,
    )


def _taken(measure: Measure) -> journal.Event:
    data = {
        "measure": measure.pk,
        "means": measure.means,
        "case": measure.case_id,
        "unit": measure.unit_id,
        "clock": measure.promise.clock,
        "due_at": measure.due_at,
    }
    return journal.Event("measure.taken", journal.Subject("promise", measure.promise_id), data)


def _orders(measures: Iterable[Measure], facts: dict[int, Facts]) -> list[Order]:
    """An order for each measure that is one, to the unit that owes."""
    return [
        _order(measure, measure.unit_id, facts[measure.case_id])
        for measure in measures
        if measure.means in AS_ORDER and measure.unit_id
    ]


def _order(measure: Measure, unit_id: int, case: Facts) -> Order:
    rung = measure.rung
    return Order(
        kind=Kind(measure.means),
        way=Way.ONLINE,
        case_id=case.id,
        unit_id=unit_id,
        measure=measure,
        subject=ordering.about(case.number),
        grounds=ordering.grounds(case.number, measure.due_at),
        demand=rung.demand or str(Means(rung.means).label),
        due_at=deadline(measure.at, rung.reply_days, "working_days"),
    )
