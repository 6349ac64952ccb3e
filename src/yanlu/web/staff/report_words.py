"""Of whom a report is, in the reader's language."""

from typing import Any

from yanlu.places.selectors import territory
from yanlu.places.territory import DISTRICT
from yanlu.web.labels import in_language, place_name
from yanlu.web.staff.report_forms import UNIT_LEVELS
from yanlu.web.staff.scores import GROUPS


def whom(report: Any) -> str:
    """The report's unit, or its place with the units that count."""
    if report.unit:
        return in_language(report.unit.name, report.unit.name_en)
    node = territory().get(report.place_id) or next(iter(territory().of_level(DISTRICT)), None)
    name = place_name(node) if node else ""
    group = UNIT_LEVELS.get(report.level)
    return f"{name} · {GROUPS[group]}" if group else name
