"""Figures frozen as they were told, and reckoned again from the journal as it was.

What is told may be asked about years later, when cases were reopened, merged or moved. So a
snapshot names all that its figures hang on, and both freezing and reckoning again read the journal
up to one row into a book of its own and take the figures of that: the same way, the same figures.
"""

import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from yanlu.kernel import clock, followers, journal
from yanlu.kernel.calendars import calendar
from yanlu.kernel.errors import Conflict
from yanlu.kernel.workdays import Calendar
from yanlu.oversight import rates, scoring
from yanlu.oversight.models import Record, Snapshot
from yanlu.oversight.periods import Period
from yanlu.oversight.rates import Scope
from yanlu.oversight.recording import RECORD, record_cases
from yanlu.oversight.scoring import Rules
from yanlu.oversight.tallying import Question, plain, plain_card, tally

#: Of the reckoning. Raise it whenever the same journal would give other figures.
VERSION: Final = 3
#: What the digest binds, besides the moment.
BOUND: Final = ("kind", "scope", "first", "end", "parameters", "version", "entry", "figures")
#: Cases that are read from the journal at a time.
BATCH: Final = 1000
#: Days around the period for which is kept whether they were worked: no holiday lasts longer.
MARGIN: Final = timedelta(days=21)
#: Seconds for which transactions elsewhere are waited for.
PATIENCE: Final = 5.0
#: Tables of the book, in the order in which they refer to each other.
BOOK: Final = ("oversight_record", "oversight_turn")
MOMENTS: Final = ("ended_at", "heard_at", "answered_at", "contact_due_at", "first_due_at", "due_at")


@dataclass(frozen=True)
class Asked:
    """What a report is to tell, before it is known up to which row of the journal.

    :param groups: units that are compared.
    :param failed: cases that an earlier report told as failed.
    :param sample: closed cases to draw.
    """

    scope: Scope
    period: Period
    groups: tuple[str, ...] = ()
    failed: tuple[int, ...] = ()
    sample: int = 0


def freeze_scores(*, actor: journal.Actor, group: str, period: Period) -> Snapshot:
    """Freeze a group's scorecards as they are now.

    :raises Conflict: somebody else is just writing; try again.
    """
    told = _told_rules({group: scoring.rules_of(group, period)})
    return _freeze(actor, Snapshot.Kind.SCORES, {"group": group}, period, told, _settled())


def freeze_rates(*, actor: journal.Actor, scope: Scope, period: Period) -> Snapshot:
    """Freeze the rates of all these cases together as they are now.

    :raises Conflict: somebody else is just writing; try again.
    """
    return _freeze(actor, Snapshot.Kind.RATES, _told_scope(scope), period, {}, _settled())


def freeze_report(*, actor: journal.Actor, asked: Asked) -> Snapshot:
    """Freeze all that a report may tell as it is now.

    What it draws by chance goes by the hash of the last journal row, which nobody can choose.

    :raises Conflict: somebody else is just writing; try again.
    """
    entry = _settled()
    rules = {group: scoring.rules_of(group, asked.period) for group in asked.groups}
    told = _told_rules(rules) | {
        "failed": asked.failed, "sample": asked.sample, "seed": journal.hash_at(entry),
    }  # fmt: skip
    scope = _told_scope(asked.scope)
    return _freeze(actor, Snapshot.Kind.REPORT, scope, asked.period, told, entry)


def reckon_again(snapshot: Snapshot) -> Any:
    """The snapshot's figures, reckoned anew from the journal up to its row.

    :raises Conflict: made by a version of the reckoning that is not this one.
    """
    if snapshot.version != VERSION:
        raise Conflict(_("These figures were reckoned by other rules than today's."))
    with transaction.atomic(), _book_of(snapshot):
        return _figures(snapshot)


def period_of(snapshot: Snapshot) -> Period:
    """The days that it is about."""
    return Period(snapshot.first, snapshot.end)


def is_whole(snapshot: Snapshot) -> bool:
    """Whether it says what it said when it was made."""
    return snapshot.digest == _digest(snapshot)


def digests(numbers: Sequence[int]) -> dict[int, str]:
    """What the journal's digests should be by what these snapshots say today."""
    return {made.pk: _digest(made) for made in Snapshot.objects.filter(pk__in=numbers)}


def _freeze(
    actor: journal.Actor,
    kind: str,
    scope: dict[str, Any],
    period: Period,
    parameters: dict[str, Any],
    entry: int,
) -> Snapshot:
    made = Snapshot(
        kind=kind, scope=scope, first=period.first, end=period.end, version=VERSION, entry=entry,
        parameters={**parameters, "free": _days_off(period)}, at=clock.now(),
    )  # fmt: skip
    with transaction.atomic():
        made.figures = reckon_again(made)
        made.digest = _digest(made)
        made.save()
        about = journal.Subject("snapshot", made.pk)
        told = {"kind": kind, "entry": entry, "digest": made.digest}
        journal.record("snapshot.frozen", about, actor=actor, data=told)
    return made


def _told_scope(scope: Scope) -> dict[str, Any]:
    return {
        "units": sorted(scope.units) if scope.units is not None else None,
        "level": scope.level,
        "places": sorted(scope.places) if scope.places is not None else None,
    }


def _told_rules(rules: dict[str, Rules]) -> dict[str, Any]:
    held = next(iter(rules.values()), None)
    dissolved = held.dissolved.items() if held else ()
    return {
        "weights": {group: dict(one.weights) for group, one in rules.items()},
        "least": held.least if held else 0,
        "dissolved": {str(unit): at.isoformat() for unit, at in dissolved},
    }


def _settled() -> int:
    """Number of a row up to which all rows are final, once the book holds them.

    :raises Conflict: transactions elsewhere do not end in time.
    """
    while followers.advance(RECORD):
        pass
    until = time.monotonic() + PATIENCE
    while not (entry := followers.settled_id()):
        if time.monotonic() > until:
            raise Conflict(_("Somebody is just writing. Please try again in a moment."))
        time.sleep(0.05)
    return entry


@contextmanager
def _book_of(snapshot: Snapshot) -> Iterator[None]:
    """Let the book be, for this transaction, what the journal said up to the snapshot's row.

    Temporary tables of the same names come before the real ones, which nobody touches.
    """
    numbers = _concerned(period_of(snapshot))
    with connection.cursor() as cursor:
        for table in BOOK:
            cursor.execute(
                f"CREATE TEMPORARY TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP"
            )
    for start in range(0, len(numbers), BATCH):
        record_cases(numbers[start : start + BATCH], up_to=snapshot.entry, days=_calendar(snapshot))
    yield
    with connection.cursor() as cursor:
        for table in reversed(BOOK):
            cursor.execute(f"DROP TABLE pg_temp.{table}")


def _concerned(period: Period) -> list[int]:
    """Cases that may count in the period, or in the one before it, which trends go by."""
    since = period.before().starts_at
    is_alive = Q(ended_at=None)
    for name in MOMENTS:
        is_alive |= Q(**{f"{name}__gte": since})
    found = Record.objects.filter(is_alive, opened_at__lt=period.ends_at)
    return list(found.order_by("case").values_list("case", flat=True))


def _days_off(period: Period) -> list[str]:
    """Days from before the period to after it that were not worked, and the two ends."""
    first, last = period.before().first - MARGIN, period.end + MARGIN
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [str(first), str(last), *(str(day) for day in days if not calendar().is_workday(day))]


def _calendar(snapshot: Snapshot) -> Calendar:
    first, last, *free = [datetime.fromisoformat(day).date() for day in snapshot.parameters["free"]]
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return Calendar({day: day not in free for day in days})


def _figures(snapshot: Snapshot) -> Any:
    period, told = period_of(snapshot), snapshot.parameters
    if snapshot.kind == Snapshot.Kind.RATES:
        return plain(rates.of_all(period, Scope(**snapshot.scope), snapshot.at))
    if snapshot.kind == Snapshot.Kind.SCORES:
        group = snapshot.scope["group"]
        found = scoring.cards(group, period, _rules(snapshot)[group], snapshot.at)
        return [plain_card(card) for card in found]
    drawn = {name: told[name] for name in ("sample", "seed")}
    scope, rules, failed = Scope(**snapshot.scope), _rules(snapshot), tuple(told["failed"])
    return tally(Question(period, scope, snapshot.at, rules, failed, **drawn))


def _rules(snapshot: Snapshot) -> dict[str, Rules]:
    told = snapshot.parameters
    dissolved = {int(unit): datetime.fromisoformat(at) for unit, at in told["dissolved"].items()}
    return {
        group: Rules(weights, told["least"], dissolved)
        for group, weights in told["weights"].items()
    }


def _digest(snapshot: Snapshot) -> str:
    """Of all that was frozen; names in order, since the database keeps an order of its own."""
    told = {field: getattr(snapshot, field) for field in BOUND}
    at = snapshot.at.astimezone(UTC).isoformat()
    return journal.digest(json.dumps(told, sort_keys=True, default=str), at)
