"""How a partner words a work order (字段对照): its headings and values beside our own.

A work order (工单) is a flat row under the partner's headings, be it a line of a table or a JSON
object; so one dialect serves files and HTTP, in and out. It is data that the district edits.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from yanlu.kernel import clock

Cell = str | datetime

#: What a partner says of an order, ``domain.md`` §3.
ORDER: Final = (
    "number", "original_number", "source", "order_type", "kind", "title", "description",
    "found_at", "received_at", "category_1", "category_2", "category_3", "category_4", "tags",
    "reported_address", "actual_address", "contact", "phone", "subdistrict", "block",
    "committee", "city_urgency", "deadline", "is_confidential", "is_anonymous",
)  # fmt: skip
#: Of these, what tells nothing about a person: kept in the clear, shown with the case, told again.
DETAILS: Final = (
    "source", "order_type", "kind", "found_at", "received_at", "category_1", "category_2",
    "category_3", "category_4", "tags", "subdistrict", "block", "committee", "city_urgency",
    "deadline",
)  # fmt: skip
#: What we say of it.
RESULT: Final = (
    "number", "original_number", "our_number", "sequence", "event", "event_at", "status",
    "urgency", "our_category", "lead_unit", "assisting_units", "dispatched_at", "due_at", "until",
    "is_overdue", "contacted_at", "answered_at", "closed_at", "result", "handling", "facts_found",
    "facts", "appeal_recognised", "appeal", "reason", "explanation", "is_solved", "attitude",
    "satisfaction", "handling_hours", "whole_hours",
)  # fmt: skip
FIELDS: Final = tuple(dict.fromkeys(ORDER + RESULT))
#: Without these the two sides could not tell one order, or one result, from another.
NEEDED: Final = ("number", "description", "our_number", "sequence", "event", "status")
#: The list that a field's values come from.
LISTS: Final = {
    "kind": "kind",
    "source": "channel",
    "is_confidential": "flag",
    "is_anonymous": "flag",
    "event": "event",
    "status": "status",
    "urgency": "urgency",
    "result": "result",
    "attitude": "satisfaction",
    "satisfaction": "satisfaction",
    "is_overdue": "flag",
    "facts_found": "facts",
    "appeal_recognised": "appeal",
    "is_solved": "solved",
}
YES, NO = "yes", "no"


@dataclass(frozen=True)
class Dialect:
    """A partner's headings and words.

    :param columns: our field → the partner's heading.
    :param values: our list → our value → the partner's words for it; the first one we write.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, Sequence[str]]]

    def read(self, row: Mapping[str, Cell]) -> dict[str, Cell]:
        """The row under our own fields; what has no field is left out."""
        return {
            field: row[heading]
            for field, heading in self.columns.items()
            if field in ORDER and heading in row
        }

    def missing(self, headings: Sequence[str]) -> list[str]:
        """Headings without which no order can be read."""
        wanted = [self.columns[field] for field in ("number", "description")]
        return [heading for heading in wanted if heading not in headings]

    def value(self, field: str, word: str) -> str | None:
        """Our value for the partner's word, or for itself; ``None`` for one not agreed."""
        known = self.values.get(LISTS[field], {})
        return next((ours for ours, words in known.items() if word in (ours, *words)), None)

    def headings(self, fields: Sequence[str]) -> list[str]:
        """The partner's headings for these fields, in the partner's order."""
        return [heading for field, heading in self.columns.items() if field in fields]

    def write(self, row: Mapping[str, Any]) -> dict[str, str]:
        """A row of ours under the partner's headings, empty fields left out."""
        told = {field: self._word(field, row.get(field)) for field in self.columns}
        return {self.columns[field]: word for field, word in told.items() if word}

    def _word(self, field: str, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, datetime):
            return f"{value.astimezone(clock.ZONE):%Y-%m-%d %H:%M:%S}"
        ours = (YES if value else NO) if isinstance(value, bool) else str(value)
        words = self.values.get(LISTS.get(field, ""), {}).get(ours)
        return words[0] if words else ours
