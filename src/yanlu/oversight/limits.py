"""Which limit a promise gets, and when it is due. Rules are read once and held in memory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from yanlu.dispatch import selectors as dispatch
from yanlu.kernel.calendars import calendar, deadline
from yanlu.kernel.pictures import Picture
from yanlu.kernel.workdays import end_of_day, local_day
from yanlu.oversight.models import ClockRule


class Matter(NamedTuple):
    """What the rules look at; ``categories`` holds the category and all above it."""

    kind: str
    urgency: str
    level: int | None
    categories: frozenset[int]


@dataclass(frozen=True)
class Limit:
    """How long, and by which rule."""

    amount: int
    unit: str
    rule_id: int | None = None


def _read() -> dict[str, list[ClockRule]]:
    found: dict[str, list[ClockRule]] = {}
    for rule in ClockRule.objects.select_related("category"):
        found.setdefault(rule.clock, []).append(rule)
    return found


#: The rules of each clock; edits count within a minute.
rules = Picture(_read, stale=60)


def matching(code: str, matter: Matter, day: date) -> list[ClockRule]:
    """Rules that match on this day, the one that decides first."""
    fitting = [rule for rule in rules().get(code, []) if _fits(rule, matter, day)]
    return sorted(fitting, key=_weight, reverse=True)


def limit(code: str, matter: Matter, started_at: datetime) -> Limit | None:
    """The limit of a promise that begins then; ``None`` where no rule makes one."""
    found = matching(code, matter, local_day(started_at))
    return Limit(found[0].amount, found[0].unit, found[0].pk) if found else None


def usually_due(code: str, kind: str, start: datetime) -> datetime | None:
    """When it would be due for an ordinary matter of this kind that nobody has looked at yet."""
    found = limit(code, Matter(kind, "ordinary", None, frozenset()), start)
    return due(start, found) if found else None


def due(
    start: datetime, limit: Limit, pauses: Iterable[tuple[datetime, datetime | None]] = ()
) -> datetime:
    """When it is due: the limit from its start on, later by what passed while it stood still."""
    at = deadline(start, limit.amount, limit.unit)
    for since, until in pauses:
        if until:
            at = put_off(at, limit.unit, since, until)
    return at


def put_off(due_at: datetime, unit: str, since: datetime, until: datetime) -> datetime:
    """A date moved on by a pause, counted as the limit is: in days, working days, hours."""
    if unit == "hours":
        return due_at + (until - since)
    if unit == "working_hours":
        passed = calendar().working_time_between(since, until)
        return calendar().add_working_hours(due_at, passed.total_seconds() / 3600)
    if unit == "working_days":
        days = calendar().workdays_between(local_day(since), local_day(until))
        return end_of_day(calendar().add_workdays(local_day(due_at), days))
    return due_at + (end_of_day(local_day(until)) - end_of_day(local_day(since)))


def _fits(rule: ClockRule, matter: Matter, day: date) -> bool:
    return (
        rule.valid_from <= day
        and (rule.valid_until is None or day <= rule.valid_until)
        and rule.kind in ("", matter.kind)
        and rule.urgency in ("", matter.urgency)
        and rule.level in (None, matter.level)
        and (rule.category_id is None or rule.category_id in matter.categories)
    )


def _weight(rule: ClockRule) -> tuple[int, int, date, int]:
    """What asks for more fields weighs more, then the finer category, then the newer rule."""
    asked = (rule.kind, rule.urgency, rule.level, rule.category_id)
    depth = len(dispatch.lineage(rule.category_id)) if rule.category_id else 0
    return sum(bool(one) for one in asked), depth, rule.valid_from, rule.pk
