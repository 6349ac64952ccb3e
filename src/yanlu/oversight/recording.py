"""Keeping the book of cases (台账): each worked out from its journal, and again whenever asked."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from yanlu.cases import selectors as cases
from yanlu.cases import states
from yanlu.cases.selectors import Origin
from yanlu.dispatch import selectors as dispatch
from yanlu.dispatch.selectors import Placed
from yanlu.kernel import journal
from yanlu.kernel.bulk import insert_rows, update_rows
from yanlu.kernel.calendars import calendar
from yanlu.kernel.followers import Follower
from yanlu.kernel.journal import Told
from yanlu.kernel.workdays import Calendar
from yanlu.oversight import ledger
from yanlu.oversight.clocks import Row
from yanlu.oversight.models import Record, Turn
from yanlu.people import selectors as people

if TYPE_CHECKING:
    from yanlu.kernel.models import Entry

#: Working days within which the resident is contacted (先行联系, Shanghai 12345 practice).
CONTACT_WITHIN = 1
#: What stands in a record as the ledger tells it.
TOLD = (
    "unit_id", "first_unit_id", "state", "opened_at", "dispatched_at", "given_at", "contacted_at",
    "no_contact", "first_due_at", "due_at", "answered_at", "result", "was_called_back",
    "is_unreached", "heard_at", "is_solved", "attitude", "outcome", "returns", "redone", "ended_at",
)  # fmt: skip
FIELDS = tuple(field.name for field in Record._meta.concrete_fields if not field.primary_key)


@transaction.atomic
def record_cases(
    case_ids: Collection[int],
    *,
    up_to: int | None = None,
    days: Calendar | None = None,
) -> None:
    """Write how these cases were dealt with.

    :param up_to: number of the last journal row that counts; ``None`` for all.
    :param days: the calendar to count working days by; ``None`` for the one in force.
    """
    told = journal.histories("case", case_ids, up_to)
    lines = {number: _line(rows) for number, rows in told.items() if rows}
    placed = dispatch.placed({line.decision_id for line in lines.values()})
    known = dict(Record.objects.filter(case__in=lines).values_list("case", "pk"))
    rows: list[Record] = []
    for origin in cases.origins(list(lines), lock=up_to is None):
        line = lines[origin.id]
        entry = told[origin.id][-1].id
        row = _record(origin, line, placed[line.decision_id], days or calendar(), entry)
        row.pk = known.get(origin.id)
        rows.append(row)
    _keep(rows, lines)


def _line(rows: list[Told]) -> ledger.Line:
    return ledger.line(Row(row.at, row.verb, row.data) for row in rows)


def _record(origin: Origin, line: ledger.Line, said: Placed, days: Calendar, entry: int) -> Record:
    unit = people.unit(line.unit_id) if line.unit_id else None
    return Record(
        case_id=origin.id,
        level=unit.level if unit else None,
        place_id=said.place_id,
        category_id=said.category_id,
        kind=said.kind,
        is_sealed=said.kind == "report",
        channel=origin.channel,
        is_patrol=origin.is_patrol,
        has_somebody=origin.has_somebody,
        contact_due_at=_contact_due(line.given_at, days),
        entry=entry,
        **{name: getattr(line, name) for name in TOLD},
    )


def _contact_due(given_at: datetime | None, days: Calendar) -> datetime | None:
    return days.deadline_in_workdays(given_at, CONTACT_WITHIN) if given_at else None


def _keep(rows: list[Record], lines: dict[int, ledger.Line]) -> None:
    """Put the records in place of those that were there, with the turns of their units."""
    old = [row for row in rows if row.pk]
    update_rows(old, FIELDS)
    insert_rows([row for row in rows if not row.pk])
    Turn.objects.filter(record__in=old).delete()
    turns = [(row, turn) for row in rows for turn in lines[row.case_id].turns.values()]
    insert_rows([Turn(record=row, **vars(turn)) for row, turn in turns])


def record_moved(entries: "list[Entry]") -> None:
    """Write anew how the cases stand that something happened to."""
    record_cases({entry.subject_id for entry in entries})


#: A follower of its own, so that cases from before this book get their record, too.
RECORD = Follower("oversight.record", frozenset(step.event for step in states.TABLE), record_moved)
