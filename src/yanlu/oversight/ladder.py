"""Which rung of the ladder a promise comes to next, and when."""

from datetime import date, datetime, timedelta

from yanlu.kernel import clock
from yanlu.kernel.calendars import calendar, deadline
from yanlu.kernel.pictures import Picture
from yanlu.kernel.workdays import OFFICE_HOURS, local_day
from yanlu.oversight.models import Means, Promise, Rung

#: What comes later than this after its moment is no usual delay: the rungs above it wait as long.
USUAL = timedelta(days=1)

Ladder = tuple[Rung, ...]


def _read() -> dict[tuple[str, str], Ladder]:
    found: dict[tuple[str, str], list[Rung]] = {}
    for rung in Rung.objects.filter(is_active=True).order_by("order"):
        found.setdefault((rung.clock, rung.urgency), []).append(rung)
    return {key: tuple(rungs) for key, rungs in found.items()}


#: Rungs by clock and urgency; edits count within a minute.
ladders = Picture(_read, stale=60)


def ladder_of(code: str, urgency: str) -> Ladder:
    """The rungs that a promise of this clock climbs in a case of this urgency."""
    known = ladders()
    return known.get((code, urgency)) or known.get((code, ""), ())


def demand(code: str, urgency: str, means: str) -> str:
    """What a rung demands of the unit; of a ladder without one, nothing but the name of it."""
    found = [one.demand for one in ladder_of(code, urgency) if one.means == means and one.demand]
    return found[0] if found else str(Means(means).label)


def next_moment(promise: Promise, urgency: str) -> datetime | None:
    """When the next rung is due; ``None`` at the top, or while nothing is owed."""
    if promise.ended_at or promise.due_at is None:
        return None
    above = [one for one in ladder_of(promise.clock, urgency) if one.order > promise.rung]
    return moment(promise, above[0]) if above else None


def due_now(promise: Promise, urgency: str, now: datetime) -> Rung | None:
    """The rung that is due now. Nobody is reminded of a date that has passed.

    After an outage the unit hears first that it is late; graver rungs follow at their own pace.
    """
    above = [one for one in ladder_of(promise.clock, urgency) if one.order > promise.rung]
    due = [one for one in above if moment(promise, one) <= now]
    late = [one for one in due if not one.is_before]
    return late[0] if late else due[-1] if due else None


def climb(promise: Promise, rung: Rung, urgency: str, now: datetime) -> None:
    """Let the promise stand on this rung."""
    behind = now - moment(promise, rung)
    if not rung.is_before and behind > USUAL:
        promise.lag += int(behind.total_seconds())
    promise.rung = rung.order
    promise.next_at = next_moment(promise, urgency)


def moment(promise: Promise, rung: Rung) -> datetime:
    """When the rung is due: hours to the minute, days at the opening of the office."""
    assert promise.due_at is not None
    if not rung.is_before:
        return _after(promise.due_at, rung) + timedelta(seconds=promise.lag)
    at = _before(promise.due_at, rung)
    if at > promise.started_at:
        return at
    return promise.started_at + (promise.due_at - promise.started_at) / 2


def _after(due: datetime, rung: Rung) -> datetime:
    if rung.unit in ("hours", "working_hours"):
        return deadline(due, rung.amount, rung.unit)
    return _opening(local_day(deadline(due, rung.amount, rung.unit)))


def _before(due: datetime, rung: Rung) -> datetime:
    if rung.unit == "hours":
        return due - timedelta(hours=rung.amount)
    if rung.unit == "working_days":
        return _opening(calendar().add_workdays(local_day(due), -rung.amount))
    return _opening(local_day(due) - timedelta(days=rung.amount))


def _opening(day: date) -> datetime:
    return datetime.combine(day, OFFICE_HOURS.start, clock.ZONE)
