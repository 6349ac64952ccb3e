"""Keeping the rollups: a case is taken out as it stood there and put in as it stands now."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from yanlu.cases import states
from yanlu.insight import rollups
from yanlu.insight.models import Counted, Rollup, Tally
from yanlu.insight.rollups import (
    COLUMNS,
    INTO_KEPT,
    INTO_ROLLED,
    KEPT,
    KEY,
    MEASURES,
    NOUGHT,
    ROLLED,
)
from yanlu.kernel import clock, followers
from yanlu.kernel.followers import Follower
from yanlu.oversight import selectors as oversight
from yanlu.oversight.recording import RECORD

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry

#: How many cases whose promises fell due are counted at a time.
BATCH = 5_000
#: What changes how many share a case, besides every act on a case.
SHARED = frozenset(
    {"submission.joined", "submission.left", "submission.parted", "case.took_in", "case.let_go"}
)
#: How often a comparison is begun anew, because more was said meanwhile.
TRIES = 3


@transaction.atomic
def count_cases(case_ids: Collection[int]) -> None:
    """Put what the book says of these cases into the rollups, in place of what stood there.

    A tree of places or categories that was changed since has everything counted anew: areas hold
    others then.
    """
    if not case_ids:
        return
    tally, shape = _hold(), rollups.shape()
    if tally.shape != shape.digest:
        _count_all(tally, shape)
        return
    made, parameters = rollups.fresh(tally.due_until, case_ids)
    ids = list(case_ids)
    with connection.cursor() as cursor:
        cursor.execute(rollups.renewal(made), [*parameters, ids, ids, *shape.parameters])


@transaction.atomic
def count_due() -> int:
    """Count again the cases of which a promise fell due since the last time; how many.

    Rollups of another shape, as an upgrade or an edited tree leaves them, are made anew.
    """
    tally, now, shape = _hold(), clock.now(), rollups.shape()
    due = oversight.fallen_due(tally.due_until, now)
    tally.due_until = max(now, tally.due_until)
    if tally.shape != shape.digest:
        _count_all(tally, shape)
        return len(due)
    tally.save()
    for first in range(0, len(due), BATCH):
        count_cases(due[first : first + BATCH])
    return len(due)


@transaction.atomic
def count_everything() -> int:
    """Make all rollups anew from the book; how many cases are counted.

    In one transaction: whoever reads meanwhile sees the old ones to the end. Who counts, waits.
    """
    _count_all(_hold(), rollups.shape())
    return Counted.objects.count()


def moved(entries: "list[Entry]") -> None:
    """Count the cases that something happened to, or that somebody came to share or left."""
    count_cases({e.subject_id if e.subject_type == "case" else e.data["case"] for e in entries})


#: Acts once the book tells of a row.
COUNT = Follower(
    "insight.count",
    frozenset(step.event for step in states.TABLE) | SHARED,
    moved,
    after=RECORD.name,
)


@dataclass(frozen=True)
class Difference:
    """Where rollups and a recount part: what a row is about, what each of them says."""

    about: tuple[Any, ...]
    kept: tuple[int, ...] | None
    recounted: tuple[int, ...] | None


@dataclass(frozen=True)
class Check:
    """What a recount came to."""

    cases: int
    rows: int
    differences: list[Difference]


def recount(most: int = 20) -> Check:
    """Compare every rollup with a recount of the book, and every case with what was counted of it.

    More may be said while it is compared; then it is compared again.

    :param most: how many differences are told.
    """
    for _try in range(TRIES):
        followers.drain((RECORD.name, COUNT.name))
        check = _compare(most)
        if not check.differences:
            break
    return check


@transaction.atomic
def _compare(most: int) -> Check:
    tally = _hold()
    made, parameters = rollups.fresh(tally.due_until)
    shape = rollups.shape().parameters
    rows = _compared(KEY, rollups.cells(KEPT), shape, ROLLED, most)
    cases = _compared(COLUMNS[:1], made, list(parameters), KEPT, most, COLUMNS[1:])
    return Check(Counted.objects.count(), Rollup.objects.count(), [*cases, *rows][:most])


def _compared(
    key: tuple[str, ...], made: str, parameters: list[Any], kept: str, most: int,
    values: tuple[str, ...] = MEASURES,
) -> list[Difference]:  # fmt: skip
    """Rows of the statement and of the table that differ or that only one of them has."""
    names = ", ".join((*key, *values))
    is_any = f"({', '.join(MEASURES)}) <> {NOUGHT}"
    statement = f"""
WITH made ({names}) AS MATERIALIZED ({made}), kept AS (SELECT {names} FROM {kept} WHERE {is_any})
(SELECT false, * FROM (TABLE kept EXCEPT TABLE made) AS only_kept LIMIT %s)
UNION ALL (SELECT true, * FROM (TABLE made EXCEPT TABLE kept) AS only_made LIMIT %s)
"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*parameters, most, most])
        found: dict[tuple[Any, ...], dict[bool, tuple[int, ...]]] = {}
        for is_made, *row in cursor.fetchall():
            found.setdefault(tuple(row[: len(key)]), {})[is_made] = tuple(row[len(key) :])
    return [Difference(about, row.get(False), row.get(True)) for about, row in found.items()]


def _count_all(tally: Tally, shape: rollups.Shape) -> None:
    made, parameters = rollups.fresh(tally.due_until)
    Counted.objects.all().delete()
    Rollup.objects.all().delete()
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {INTO_KEPT} {made}", parameters)
        cursor.execute(f"INSERT INTO {INTO_ROLLED} {rollups.cells(KEPT)}", shape.parameters)
    tally.shape = shape.digest
    tally.save()


def _hold() -> Tally:
    """The tally, held to the end of the transaction: one counts at a time."""
    Tally.objects.get_or_create(pk=1, defaults={"due_until": clock.now()})
    return Tally.objects.select_for_update().get(pk=1)
