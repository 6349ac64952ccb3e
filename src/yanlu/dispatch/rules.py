"""The dispatch table: ordered lines, the first that matches decides. No database in here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final


@dataclass(frozen=True)
class Line:
    """One rule; empty fields match everything (see ``models.Rule``)."""

    id: int
    order: int
    name: str
    category_id: int | None
    kind: str
    urgency: str
    place_id: int | None
    weekdays: str
    hours: tuple[int, int] | None
    unit_id: int | None
    function: str
    level: int | None
    deadline_class_id: int
    reason: str

    @property
    def is_specific(self) -> bool:
        """Whether the line asks for anything at all; a catch-all does not."""
        return bool(self.category_id or self.kind or self.urgency or self.place_id)


@dataclass(frozen=True)
class Matter:
    """What the rules look at. ``categories`` and ``places`` hold the thing and all above it."""

    categories: frozenset[int]
    places: frozenset[int]
    kind: str
    urgency: str
    received_at: datetime

    @property
    def weekday(self) -> str:
        """Monday is 1."""
        return str(self.received_at.isoweekday())


def mismatch(line: Line, matter: Matter) -> str:
    """The first field of the line that does not fit the matter; empty when all do."""
    return next((name for name, fits in _FIELDS if not fits(line, matter)), "")


class Table:
    """All lines in order."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)
        # Most lines ask for these, so they are looked through once for each that comes up together.
        self._asking: dict[tuple[frozenset[int], str, str], tuple[Line, ...]] = {}

    def __iter__(self) -> Iterator[Line]:
        return iter(self._lines)

    def first_match(self, matter: Matter) -> Line | None:
        """The line that decides; ``None`` when none matches."""
        return next((line for line in self._asked(matter) if not mismatch(line, matter)), None)

    def _asked(self, matter: Matter) -> tuple[Line, ...]:
        """The lines that the matter's category, kind and urgency do not rule out."""
        key = (matter.categories, matter.kind, matter.urgency)
        found = self._asking.get(key)
        if found is None:
            ruled_out = {"category", "kind", "urgency"}
            found = tuple(line for line in self._lines if mismatch(line, matter) not in ruled_out)
            self._asking[key] = found
        return found


_FIELDS: Final[tuple[tuple[str, Callable[[Line, Matter], bool]], ...]] = (
    ("category", lambda line, m: not line.category_id or line.category_id in m.categories),
    ("kind", lambda line, m: line.kind in ("", m.kind)),
    ("urgency", lambda line, m: line.urgency in ("", m.urgency)),
    ("place", lambda line, m: not line.place_id or line.place_id in m.places),
    ("weekdays", lambda line, m: not line.weekdays or m.weekday in line.weekdays),
    ("hours", lambda line, m: not line.hours or _within(line.hours, m.received_at.hour)),
)


def _within(hours: tuple[int, int], hour: int) -> bool:
    """Whether the hour lies in ``[start, end)``, which may wrap over midnight."""
    start, end = hours
    return start <= hour < end if start < end else hour >= start or hour < end
