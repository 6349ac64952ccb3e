"""Marking days of the pool whose files no longer say what the database does."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection

from yanlu.cases import states
from yanlu.cases.following import submissions_following
from yanlu.insight.models import PoolDay
from yanlu.intake import selectors as intake
from yanlu.kernel.followers import Follower
from yanlu.oversight.recording import RECORD

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry

#: What changes who shares a case, besides every act on a case.
SHARED = frozenset(
    {"submission.joined", "submission.left", "submission.parted", "case.took_in", "case.let_go"}
)


def mark_days(days: Iterable[date]) -> None:
    """Have the files of these days written anew, within the caller's transaction."""
    table = PoolDay._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (day, marks, written, trees)"  # noqa: S608
            " SELECT day, 1, 0, '' FROM unnest(%s::date[]) AS given(day) ORDER BY day"
            f" ON CONFLICT (day) DO UPDATE SET marks = {table}.marks + 1",
            [sorted(set(days))],
        )


def moved(entries: "list[Entry]") -> None:
    """Mark the days of all words that something happened to."""
    own = {e.subject_id for e in entries if e.subject_type == "submission"}
    case_ids = {e.subject_id if e.subject_type == "case" else e.data["case"] for e in entries}
    mark_days(intake.days_said(own | submissions_following(case_ids)))


#: Acts once the book tells of a row.
MARK = Follower(
    "insight.pool",
    frozenset(step.event for step in states.TABLE) | SHARED,
    moved,
    after=RECORD.name,
)
