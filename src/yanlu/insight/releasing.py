"""Open statistics (公开数据): of each month that is over, released once and then left as they are.

What is fixed can't be compared with itself: were the tables reckoned anew each day, the difference
from one day to the next would tell of a single matter.
"""

import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any, Final, NamedTuple

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from yanlu.dispatch import selectors as dispatch
from yanlu.insight.counting import count_due
from yanlu.insight.disclosure import Sum, rounded, safe_step
from yanlu.insight.models import Release
from yanlu.insight.rollups import OUTCOMES
from yanlu.insight.selectors import NOTHING, Asked, Key, figures, total
from yanlu.intake import selectors as intake
from yanlu.kernel import clock, journal
from yanlu.kernel.errors import Conflict, Invalid, NotFound
from yanlu.oversight.periods import month
from yanlu.places.selectors import territory

#: Which tables there are, and by what their rows are told apart.
TABLES: Final = {
    "areas": ("area",),
    "categories": ("category",),
    "channels": ("channel",),
    "outcomes": ("outcome",),
    "areas_categories": ("area", "category"),
}
#: Rates are told of the whole district alone.
RATES: Final = ("contact", "on_time", "solved", "satisfied")
PARTS: Final = ("part", "whole")
Row = dict[str, Any]


class Cell(NamedTuple):
    """One group: its key in the figures, and what it is called in the open."""

    key: Any
    names: dict[str, str]


Cells = tuple[Cell, ...]


@transaction.atomic
def release_month(*, actor: journal.Actor, first: date) -> Release:
    """Release the statistics of a month.

    :raises Invalid: it is not over.
    :raises Conflict: it was released before.
    """
    period = month(first.year, first.month)
    if period.end > clock.today():
        raise Invalid(_("The month is not over."), "month")
    home = territory().home
    if home is None:
        raise Invalid(_("There is no place that statistics could be of."), "month")
    count_due()  # what is released stays, so nothing may wait to be counted
    release, is_new = Release.objects.get_or_create(
        month=period.first,
        defaults={"released_at": clock.now(), "tables": tables_of(Asked(period, home.id))},
    )
    if not is_new:
        raise Conflict(_("The month was released before."))
    said = journal.digest(json.dumps(release.tables, sort_keys=True, ensure_ascii=False))
    journal.record(
        "statistics.released",
        journal.Subject("release", release.pk),
        actor=actor,
        data={"month": period.first, "digest": said},
    )
    return release


def release_due() -> Release | None:
    """Release the month before this one, if that was not done."""
    last = month(clock.today().year, clock.today().month).before()
    if Release.objects.filter(month=last.first).exists():
        return None
    return release_month(actor=journal.System("insight"), first=last.first)


def releases() -> list[date]:
    """Months that were released, the latest first."""
    return list(Release.objects.values_list("month", flat=True))


def release_of(first: date) -> Release:
    """What was released of a month.

    :raises NotFound: nothing.
    """
    found = Release.objects.filter(month=first).first()
    if found is None:
        raise NotFound(_("Nothing was released of this month."))
    return found


def tables_of(asked: Asked) -> dict[str, list[Row]]:
    """Each table as rows of codes, names and the rounded number of matters; and the rates.

    ``matters``, ``part`` and ``whole`` are ``None`` where they are not told, see ``disclosure``.
    """
    cells = {
        name: list(product(*(_cells(asked, one) for one in by))) for name, by in TABLES.items()
    }
    counts = {name: _counts(asked, TABLES[name], cells[name]) for name in TABLES}
    sums = total(asked)
    step = safe_step(_sums(counts, sums["matters"]))
    tables: dict[str, list[Row]] = {
        name: [
            {**_names(chosen), "matters": rounded(many, step)}
            for chosen, many in zip(cells[name], counts[name].values(), strict=True)
        ]
        for name in TABLES
    }
    tables["total"] = [{"matters": rounded(sums["matters"], step), "step": step}]
    tables["rates"] = [
        {"rate": code, **{part: rounded(sums[f"{code}_{part}"], step) for part in PARTS}}
        for code in RATES
    ]
    return tables


def _counts(asked: Asked, by: tuple[str, ...], cells: Iterable[Cells]) -> dict[Key, int]:
    """Every cell, those of nothing too: what is left out would be known to be none."""
    told = figures(asked, *by)
    keys = [tuple(cell.key for cell in chosen) for chosen in cells]
    return {key: told.get(key, NOTHING)["matters"] for key in keys}


def _sums(counts: dict[str, dict[Key, int]], whole: int) -> Iterator[Sum]:
    """Everything that is told beside its parts."""
    crossed = counts["areas_categories"]
    for name, (group, *more) in TABLES.items():
        if more:
            continue
        yield whole, list(counts[name].values())
        if group in TABLES["areas_categories"]:
            side = TABLES["areas_categories"].index(group)
            for key, many in counts[name].items():
                yield many, [part for cell, part in crossed.items() if cell[side] == key[0]]


def _names(chosen: Cells) -> dict[str, str]:
    return {label: text for cell in chosen for label, text in cell.names.items()}


def _cells(asked: Asked, name: str) -> list[Cell]:
    """All groups of a kind, by their official codes; what lies in none of them has no code."""
    if name == "area":
        places = [*territory().children(asked.place), territory().nodes[asked.place]]
        return [Cell(one.id, {"area": one.code, "area_name": one.name}) for one in places]
    if name == "category":
        tops = [one for one in dispatch.categories() if one.parent_id is None]
        found = [Cell(one.id, {"category": one.code, "category_name": one.name}) for one in tops]
        return [*found, Cell(None, {"category": "", "category_name": ""})]
    codes = intake.channels() if name == "channel" else OUTCOMES
    return [Cell(code, {name: code}) for code in codes]
