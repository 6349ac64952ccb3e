"""Scorecards (评分): units of one kind side by side, by weighted rates. Units alone are scored.

A score is the mean of the unit's weighted rates, of 100; a rate where less is better counts as what
it lacks. The volume counts as a share of the group's largest. A rate without any case is left out
of the mean, and whoever lacks one is not ranked: every weighted rate has to rest on the least
number of cases. The interval takes each rate's own (``intervals``).

A unit dissolved within the period keeps its figures up to that moment, under its own name and
without a rank; nothing of it is carried over to any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from yanlu.kernel import clock
from yanlu.oversight import rates
from yanlu.oversight.intervals import Interval, differ, weighted
from yanlu.oversight.models import Appeal, Group, ScorePolicy, ScoreWeight
from yanlu.oversight.periods import Period
from yanlu.oversight.ranking import quartiles, ranks
from yanlu.oversight.rates import BY_CODE, Figure, Figures, Scope
from yanlu.people import selectors as people
from yanlu.places.territory import BUILDING, CITY, COMMUNITY, DISTRICT, SUBDISTRICT

if TYPE_CHECKING:
    from yanlu.people.models import Unit

#: Levels of the units in each group.
LEVELS: Final = {
    Group.DEPARTMENT.value: frozenset({CITY, DISTRICT}),
    Group.SUBDISTRICT.value: frozenset({SUBDISTRICT}),
    Group.NEIGHBOURHOOD.value: frozenset({COMMUNITY, BUILDING}),
}
VOLUME: Final = "volume"
FULL: Final = 100
UP, DOWN, LIKE = "up", "down", "like"


@dataclass(frozen=True)
class Rules:
    """What scores hang on besides the cases.

    :param weights: by a rate's code; rates without one do not count.
    :param least: cases on which every weighted rate has to rest for a rank.
    :param dissolved: when units were dissolved.
    """

    weights: Mapping[str, int]
    least: int
    dissolved: Mapping[int, datetime] = field(default_factory=dict)


@dataclass(frozen=True)
class Card:
    """How a unit did.

    ``fewest``: cases that the thinnest of its weighted rates rests on. ``size``: the quarter of the
    group, by cases answered, from 1 for the smallest; ``place_of_size``: its place in it. ``trend``
    against the period before: up, down, like, or empty where either has no score. ``is_apart``:
    whether the score differs from the next one below by more than chance; ``None`` at the end.
    """

    unit_id: int
    figures: Figures
    score: Interval | None
    fewest: int
    rank: int | None = None
    size: int = 1
    place_of_size: int | None = None
    of_size: int = 0
    before: Interval | None = None
    trend: str = ""
    is_apart: bool | None = None
    dissolved_at: datetime | None = None
    appeal: Appeal | None = None

    @property
    def unit(self) -> "Unit":
        """The unit, also one that was dissolved."""
        found = people.unit(self.unit_id)
        assert found is not None
        return found

    @property
    def answered(self) -> int:
        """Matters that it answered."""
        return self.figures[VOLUME].part

    @property
    def shown(self) -> float | None:
        """The score as people read it and ranks go by it: as corrected, to a tenth."""
        if self.appeal and self.appeal.corrected is not None:
            return float(self.appeal.corrected)
        return round(self.score.value, 1) if self.score else None


def rules_of(group: str, period: Period) -> Rules:
    """The weights in force on the period's first day, and the least number for a rank."""
    rows = ScoreWeight.objects.filter(group=group, valid_from__lte=period.first)
    weights = {row.rate: row.weight for row in rows.order_by("valid_from")}
    policy = ScorePolicy.objects.first() or ScorePolicy()
    dissolved = {
        unit.pk: unit.dissolved_at for unit in people.directory().values() if unit.dissolved_at
    }
    return Rules(
        {code: weight for code, weight in weights.items() if weight}, policy.least, dissolved
    )


def cards(
    group: str, period: Period, rules: Rules | None = None, at: datetime | None = None
) -> list[Card]:
    """The group's cards as reckoned, the first in rank first, then those without a rank.

    :param at: what has happened until then counts; now, if nothing is said.
    """
    held, until = rules or rules_of(group, period), at or clock.now()
    found = _scored(group, period, held, until)
    before = {card.unit_id: card.score for card in _scored(group, period.before(), held, until)}
    told = [_with_trend(card, before.get(card.unit_id)) for card in found]
    return ranked(told, held)


def with_appeals(found: list[Card], group: str, period: Period, rules: Rules) -> list[Card]:
    """The cards with what came of appeals: a corrected score stands beside the reckoned one."""
    rows = Appeal.objects.filter(group=group, first=period.first, end=period.end)
    known = {one.unit_id: one for one in rows.select_related("by", "decided_by")}
    return ranked([replace(card, appeal=known.get(card.unit_id)) for card in found], rules)


def ranked(found: Iterable[Card], rules: Rules) -> list[Card]:
    """The cards in order, each with its place; ties share one."""
    held = list(found)
    size = quartiles({card.unit_id: card.answered for card in held})
    held = [replace(card, size=size[card.unit_id]) for card in held]
    scores = {card.unit_id: card.shown for card in held if _may_rank(card, rules)}
    place = ranks({unit: score for unit, score in scores.items() if score is not None})
    held = [replace(card, rank=place.get(card.unit_id)) for card in held]
    ordered = sorted(held, key=lambda card: (card.rank or len(held) + 1, card.unit.code))
    return _with_neighbours(_with_peers(ordered))


def _scored(group: str, period: Period, rules: Rules, at: datetime) -> list[Card]:
    """Every unit of the group that had anything to do with a case, with its score."""
    figures = _figures(group, period, rules, at)
    most = max((one[VOLUME].part for one in figures.values()), default=0)
    return [
        Card(
            unit_id=unit,
            figures=one,
            score=_score(one, rules.weights, most),
            fewest=_fewest(one, rules.weights),
            dissolved_at=_ended(unit, rules, min(at, period.ends_at)),
        )
        for unit, one in figures.items()
    ]


def _figures(group: str, period: Period, rules: Rules, at: datetime) -> dict[int, Figures]:
    members = people.units_at(set(LEVELS[group]))
    gone = {unit for unit in members if _ended(unit, rules, min(at, period.ends_at))}
    found = rates.by_unit(period, Scope(units=[unit for unit in members if unit not in gone]), at)
    for unit in gone:
        if rules.dissolved[unit] >= period.starts_at:
            found |= rates.by_unit(period, Scope(units=[unit]), min(at, rules.dissolved[unit]))
    return found


def _ended(unit: int, rules: Rules, until: datetime) -> datetime | None:
    """When the unit was dissolved, if that was before ``until``."""
    at = rules.dissolved.get(unit)
    return at if at and at < until else None


def _score(figures: Figures, weights: Mapping[str, int], most: int) -> Interval | None:
    parts = [
        (weight, known)
        for code, weight in sorted(weights.items())
        if (known := _value(code, figures[code], most)) is not None
    ]
    total = sum(weight for weight, _one in parts)
    if not total or all(code == VOLUME or not figures[code].whole for code in weights):
        return None
    found = weighted((weight * FULL / total, known) for weight, known in parts)
    return Interval(found.value, max(found.low, 0.0), min(found.high, float(FULL)))


def _value(code: str, figure: Figure, most: int) -> Interval | None:
    """What a rate adds to the score, from 0 to 1."""
    if code == VOLUME:
        share = figure.part / most if most else 0.0
        return Interval(share, share, share)
    known = figure.interval
    if known is None or BY_CODE[code].is_better_high:
        return known
    return Interval(1 - known.value, 1 - known.high, 1 - known.low)


def _fewest(figures: Figures, weights: Mapping[str, int]) -> int:
    return min((figures[code].whole for code in weights), default=0)


def _may_rank(card: Card, rules: Rules) -> bool:
    return card.dissolved_at is None and card.score is not None and card.fewest >= rules.least


def _with_trend(card: Card, before: Interval | None) -> Card:
    if card.score is None or before is None:
        return replace(card, before=before)
    rose = card.score.value > before.value
    trend = (UP if rose else DOWN) if differ(card.score, before) else LIKE
    return replace(card, before=before, trend=trend)


def _with_peers(found: list[Card]) -> list[Card]:
    """Each with its place among those of like size."""
    told = []
    for card in found:
        peers = [one for one in found if one.size == card.size and one.rank is not None]
        above = sum((one.shown or 0) > (card.shown or 0) for one in peers)
        place = above + 1 if card.rank is not None else None
        told.append(replace(card, place_of_size=place, of_size=len(peers)))
    return told


def _with_neighbours(found: list[Card]) -> list[Card]:
    """Each with whether it really differs from the next in rank."""
    told = []
    for card, following in zip_longest(found, found[1:]):
        is_apart = None
        if following and card.rank and following.rank and card.score and following.score:
            is_apart = differ(card.score, following.score)
        told.append(replace(card, is_apart=is_apart))
    return told
