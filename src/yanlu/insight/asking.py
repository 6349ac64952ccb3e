"""Asking the data pool: what was said that holds certain words, and whether more than elsewhere."""

from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext_lazy as _

from yanlu.insight import engine
from yanlu.insight.engine import Cohort, Found
from yanlu.insight.selectors import Asked
from yanlu.insight.words import trees
from yanlu.kernel.errors import Invalid
from yanlu.oversight.intervals import differ
from yanlu.oversight.rates import Figure
from yanlu.places.selectors import territory

#: With whom a cohort can be compared: the days before it, or the place above it.
BEFORE, ABOVE = "before", "above"
COMPARED: Final = (BEFORE, ABOVE)
#: More days than these are not looked through while somebody waits.
MOST_DAYS: Final = 366


@dataclass(frozen=True)
class Compared:
    """How many of all words hold what was typed, here and there; ``differs``: beyond chance."""

    here: Figure
    there: Figure

    @property
    def differs(self) -> bool:
        """Whether the two shares are apart by more than chance (95 %)."""
        one, other = self.here.interval, self.there.interval
        return bool(one and other and differ(one, other))


def look(asked: Asked, typed: str) -> Found:
    """The words that hold everything typed, the latest first, with how many of each sort and day.

    :raises Invalid: too many days at a time.
    """
    if (asked.period.end - asked.period.first).days > MOST_DAYS:
        raise Invalid(_("Look through at most a year at a time."), "since")
    return engine.search(_cohort(asked), typed)


def compare(asked: Asked, typed: str, other: str) -> Compared | None:
    """How many words hold what was typed, beside another cohort, if there is one."""
    there = _beside(asked, other)
    if there is None:
        return None
    return Compared(_figure(asked, typed), _figure(there, typed))


def _beside(asked: Asked, other: str) -> Asked | None:
    if other == BEFORE:
        return replace(asked, period=asked.period.before())
    way, home = territory().ancestors(asked.place), territory().home
    above = way[-2] if len(way) > 1 and home and asked.place != home.id else None
    return replace(asked, place=above.id) if above else None


def _figure(asked: Asked, typed: str) -> Figure:
    part, whole = engine.share(_cohort(asked), typed)
    return Figure(part, whole)


def _cohort(asked: Asked) -> Cohort:
    """The same in the pool's own codes."""
    paths, home = trees(), territory().home
    is_all = home is not None and asked.place == home.id  # with what lies in no place at all
    return Cohort(
        asked.period.first,
        asked.period.end,
        place_path="" if is_all else paths.places[asked.place],
        category_path=paths.categories.get(asked.category or 0, ""),
        kind=asked.kind,
        channel=asked.channel,
    )
