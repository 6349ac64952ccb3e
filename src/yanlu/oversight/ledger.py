"""What a case's journal says of how it was dealt with: one line of the book (台账). Plain Python.

Like the promises, a line is nothing but the journal read once more: it can be worked out again at
any time, also as it stood after an earlier row.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from yanlu.cases import states
from yanlu.oversight import clocks
from yanlu.oversight.clocks import Row

#: Acts by which a unit tells the resident what came of it.
ANSWERS = frozenset({"case.answered", "case.opinion_issued"})
#: Acts that hold the resident's own word on an answer.
WORDS = frozenset({"case.confirmed", "case.objected", "case.approved", "case.rejected"})


@dataclass
class Turn:
    """A unit's time with a case, from the first moment at which it was given it."""

    unit_id: int
    given_at: datetime
    returned_at: datetime | None = None
    raised_at: datetime | None = None


@dataclass
class Line:
    """One case. Moments are empty for what has not happened.

    ``unit_id``: whose answer the resident judges, the last that answered, else the unit in charge.
    ``first_unit_id``: whose answer kept or broke the first promise, else the unit in charge.
    ``given_at``: when that unit was given the case. ``heard_at``: when the resident's latest word
    came. ``is_solved``: that word; whoever reopens a case takes back what they said before.
    ``was_called_back``: another body tried to reach the resident. ``no_contact``: the unit gave a
    reason why it reached nobody, and nobody was reached later.
    """

    state: str = ""
    decision_id: int = 0
    unit_id: int | None = None
    first_unit_id: int | None = None
    opened_at: datetime | None = None
    dispatched_at: datetime | None = None
    given_at: datetime | None = None
    contacted_at: datetime | None = None
    first_due_at: datetime | None = None
    due_at: datetime | None = None
    answered_at: datetime | None = None
    result: str = ""
    was_called_back: bool = False
    heard_at: datetime | None = None
    is_solved: bool | None = None
    attitude: str = ""
    outcome: str = ""
    no_contact: bool = False
    is_unreached: bool = False
    returns: int = 0
    redone: int = 0
    ended_at: datetime | None = None
    turns: dict[int, Turn] = field(default_factory=dict)


def line(rows: Iterable[Row]) -> Line:
    """The line of one case; its rows oldest first."""
    told = list(rows)
    book = _Book()
    for row in told:
        book.go_on(row)
    return book.closed(told)


class _Book:
    """A case read from its journal, row by row."""

    def __init__(self) -> None:
        self._line = Line()
        self._unit: int | None = None
        self._answered_by: list[int | None] = []

    def go_on(self, row: Row) -> None:
        line = self._line
        line.decision_id = row.data.get("decision", line.decision_id)
        line.opened_at = line.opened_at or row.at
        line.state = states.after(line.state, row.event, row.data)
        line.ended_at = (line.ended_at or row.at) if line.state in states.ENDED else None
        step = states.BY_EVENT.get(row.event)
        if step and step.target == states.DISPATCHED:
            self._give(row)
        if step and step.target == states.RE_HANDLING:
            line.redone += 1
        self._hear(row)
        self._turn(row)

    def closed(self, rows: list[Row]) -> Line:
        """The line after the last row."""
        line, by = self._line, self._answered_by
        line.unit_id = by[-1] if by else self._unit
        line.first_unit_id = by[0] if by else self._unit
        turn = line.turns.get(line.first_unit_id or 0)
        line.given_at = turn.given_at if turn else None
        dated = clocks.spans(rows, clocks.DATED)
        whole = next((one for one in dated if one.clock == clocks.WHOLE), None)
        if whole:
            line.first_due_at = whole.first_due_at
            line.due_at = None if whole.is_paused else whole.due_at
        return line

    def _give(self, row: Row) -> None:
        self._unit = row.data.get("unit", self._unit)
        self._line.dispatched_at = self._line.dispatched_at or row.at
        if self._unit:
            self._line.turns.setdefault(self._unit, Turn(self._unit, row.at))

    def _hear(self, row: Row) -> None:
        """What the resident was told and what they said."""
        line = self._line
        if row.event == clocks.CONTACTED:
            self._contact(row)
        elif row.event in ANSWERS:
            line.answered_at = line.answered_at or _done(row)
            line.result = row.data.get("result", "")
            self._answered_by.append(self._unit)
        elif row.event == "case.callback_begun":
            line.was_called_back = True
        elif row.event == "case.closed_unreached":
            line.is_unreached = True
        elif row.event in WORDS:
            line.heard_at, line.is_solved = row.at, bool(row.data.get("solved"))
            line.is_unreached = False
            line.attitude = row.data.get("attitude", "")
            line.outcome = row.data.get("outcome", "")
        elif row.event == "case.reopened" and line.answered_at:
            line.heard_at, line.is_solved, line.is_unreached = row.at, False, False

    def _contact(self, row: Row) -> None:
        line = self._line
        if row.data.get("reached"):
            line.contacted_at = line.contacted_at or _done(row)
        line.no_contact = line.contacted_at is None

    def _turn(self, row: Row) -> None:
        """Given back, handed up, or taken down again."""
        turn = self._line.turns.get(self._unit or 0)
        if row.event == "case.returned":
            self._line.returns += 1
        if turn is None:
            return
        if row.event == "case.returned":
            turn.returned_at = row.at
        elif row.event == "case.raised":
            turn.raised_at = row.at
        elif row.event == "case.sent_back":
            turn.raised_at = None


def _done(row: Row) -> datetime:
    """When it was done, where it was recorded afterwards."""
    told = row.data.get("done_at")
    return datetime.fromisoformat(told) if told else row.at
