"""The clocks of a case (时限) as one table, and what the journal says of each. Plain Python.

A clock runs while its case is in certain states: a unit that is given a case owes acceptance, then
handling; a dispatcher owes dispatch. So a case's promises are nothing but its journal, read once
more (:func:`spans`), and can be worked out again at any time.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from yanlu.cases import states

WHOLE = "whole"  # 整体时限
REHANDLING = "rehandling"  # 重办时限
DISPATCH = "dispatch"  # 派单时限
ACCEPT = "accept"  # 接收时限
CONTACT = "contact"  # 先行联系
HANDLE = "handle"  # 处理时限
CALLBACK = "callback"  # 回访时限
NOTICE = "notice"  # 信访受理告知
REVIEW = "review"  # 复查复核时限

UNIT, DISPATCHER, VERIFIER = "unit", "dispatcher", "verifier"


@dataclass(frozen=True)
class Clock:
    """One clock.

    :param during: states in which it runs.
    :param owed_by: the unit in charge, a dispatcher, or whoever calls the resident back.
    :param is_told: whether the journal names its date; otherwise a rule gives it.
    :param anew: whether it starts again for every unit that is given the case.
    """

    code: str
    during: frozenset[str]
    owed_by: str
    is_told: bool = False
    anew: bool = False


CLOCKS: Final = (
    Clock(WHOLE, states.OWED - states.TO_REVIEW, UNIT, is_told=True),
    Clock(REHANDLING, states.OWED - states.TO_REVIEW, UNIT, is_told=True),
    Clock(DISPATCH, states.TO_DISPATCH, DISPATCHER),
    Clock(ACCEPT, frozenset({states.DISPATCHED}), UNIT, anew=True),
    Clock(CONTACT, states.TO_HANDLE, UNIT, anew=True),
    Clock(HANDLE, states.TO_HANDLE - {states.DISPATCHED}, UNIT),
    Clock(CALLBACK, states.TO_VERIFY, VERIFIER),
    Clock(NOTICE, states.OWED - states.TO_REVIEW, UNIT),
    Clock(REVIEW, states.TO_REVIEW, UNIT, is_told=True),
)
BY_CODE: Final = {clock.code: clock for clock in CLOCKS}
#: Clocks whose date the journal names.
DATED: Final = tuple(clock for clock in CLOCKS if clock.is_told)
#: Clocks of the matter itself; steps on the way have ladders of their own.
MATTERS: Final = (WHOLE, REHANDLING, REVIEW)
#: Clocks whose limit a rule gives.
RULED: Final = tuple(clock.code for clock in CLOCKS if not clock.is_told)
#: States in which every clock of a case stands still.
STILL: Final = frozenset({states.SUSPENDED, states.MERGED})
#: Ends by which a promise was neither kept nor broken: it was nobody's matter.
VOID: Final = frozenset({states.NOT_ACCEPTED, states.CANCELLED, states.CLOSED})
#: Acts that keep or begin a promise while the state stays.
CONTACTED, NOTICED, PETITION = "case.contacted", "case.notice_given", "case.petition_begun"


class Row(NamedTuple):
    """What the journal says: an act on a case."""

    at: datetime
    event: str
    data: Mapping[str, Any]


@dataclass
class Span:
    """A promise's life. ``due_at`` is empty for a clock whose limit a rule gives.

    ``pauses``: from when to when it stood still; the last one may have no end yet. ``is_void``: it
    ended without being kept or broken.
    """

    clock: str
    nth: int
    unit_id: int | None
    started_at: datetime
    due_at: datetime | None = None
    first_due_at: datetime | None = None
    ended_at: datetime | None = None
    is_void: bool = False
    pauses: list[tuple[datetime, datetime | None]] = field(default_factory=list)

    @property
    def is_paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] is None


def spans(rows: Iterable[Row], watched: Sequence[Clock] = CLOCKS) -> list[Span]:
    """The promises of one case, in the order in which they began.

    :param watched: clocks that are looked at; those that the journal names no date for may miss.
    """
    story = _Story(watched)
    for row in rows:
        story.go_on(row)
    return story.told


class _Story:
    """A case read from its journal, row by row."""

    def __init__(self, watched: Sequence[Clock]) -> None:
        self.told: list[Span] = []
        self._watched = watched
        self._running: dict[str, Span] = {}
        self._state = ""
        self._unit: int | None = None

    def go_on(self, row: Row) -> None:
        before, self._state = self._state, states.after(self._state, row.event, row.data)
        is_given = states.BY_EVENT[row.event].target == states.DISPATCHED if _known(row) else False
        if is_given:
            self._unit = row.data.get("unit", self._unit)
        if self._state in STILL and before not in STILL:
            self._stand_still(row.at)
        elif before in STILL and self._state not in STILL:
            self._move_on(row.at)
        if self._state not in STILL:
            for one in self._watched:
                self._look(one, row, is_given=is_given)
            self._hear_of_date(row)

    def _look(self, one: Clock, row: Row, *, is_given: bool) -> None:
        """Whether the clock ends or starts with this row."""
        runs = self._running.get(one.code)
        inside = self._state in one.during
        if runs and (not inside or _is_kept(one, row) or (is_given and one.anew)):
            self._end(runs, row, is_void=self._is_void(one, row))
            runs = None
        if inside and runs is None and not one.is_told and self._may_start(one, row):
            self._start(one.code, row.at)
        elif runs and one.owed_by == UNIT:
            runs.unit_id = self._unit

    def _may_start(self, one: Clock, row: Row) -> bool:
        if one.code == NOTICE:
            return row.event == PETITION
        if one.code == CONTACT:
            return row.event != CONTACTED and not self._was_kept(CONTACT)
        return True

    def _was_kept(self, code: str) -> bool:
        return any(one.clock == code and one.ended_at and not one.is_void for one in self.told)

    def _hear_of_date(self, row: Row) -> None:
        """A date that the row names begins a promise, or moves the one that runs."""
        told = row.data.get("due_at")
        code = REVIEW if self._state in states.TO_REVIEW else WHOLE
        if not told or self._state not in BY_CODE[code].during:
            return
        if code == WHOLE and any(one.clock == WHOLE and one.ended_at for one in self.told):
            code = REHANDLING
        running = self._running.get(code) or self._start(code, row.at)
        running.due_at = _moment(told)
        running.first_due_at = running.first_due_at or running.due_at

    def _start(self, code: str, at: datetime) -> Span:
        nth = 1 + sum(one.clock == code for one in self.told)
        unit = self._unit if BY_CODE[code].owed_by == UNIT else None
        span = self._running[code] = Span(code, nth, unit, at)
        self.told.append(span)
        return span

    def _end(self, span: Span, row: Row, *, is_void: bool) -> None:
        done = row.data.get("done_at")
        span.ended_at, span.is_void = _moment(done) if done else row.at, is_void
        del self._running[span.clock]

    def _is_void(self, one: Clock, row: Row) -> bool:
        """Whether it ends without having been kept: another unit's now, or no matter of anybody's.

        The dispatcher kept the promise to look at a matter also by not accepting it, a verifier by
        the matter's end.
        """
        if one.owed_by != UNIT or _is_kept(one, row):
            return False
        return self._state in VOID or (one.code in (ACCEPT, CONTACT, HANDLE) and self._left_unit())

    def _left_unit(self) -> bool:
        return self._state in states.TO_DISPATCH | {states.DISPATCHED, states.DISPUTED}

    def _stand_still(self, at: datetime) -> None:
        for span in self._running.values():
            span.pauses.append((at, None))

    def _move_on(self, at: datetime) -> None:
        for span in self._running.values():
            since, _open = span.pauses[-1]
            span.pauses[-1] = (since, at)


def _known(row: Row) -> bool:
    return row.event in states.BY_EVENT


def _is_kept(one: Clock, row: Row) -> bool:
    return (one.code, row.event) in {(CONTACT, CONTACTED), (NOTICE, NOTICED)}


def _moment(told: str) -> datetime:
    """A moment as it was; the journal's JSON keeps milliseconds, but a day ends with its last."""
    at = datetime.fromisoformat(told)
    return at.replace(microsecond=999_999) if at.microsecond == 999_000 else at
