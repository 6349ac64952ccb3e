"""Sudden rises of one matter, planned beforehand: when, where, how many. Plain Python.

A burst is at one place, or of one kind all over a town or the district. It brings at least 20
messages, and at least five times what is usual there within its span, or nobody would call it
sudden.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yanlu.project.simulation import lives, phrasing

#: Bursts in a week: at one place, in a town, in the district.
PER_WEEK: Final = (("place", 2.0), ("town", 0.4), ("district", 0.3))
#: Messages: half of the bursts bring more.
SIZES: Final = {"place": 35, "town": 50, "district": 80}
LEAST: Final = 20
#: How many times what is usual.
RISE: Final = 5.0
#: At most this share of all messages.
MOST: Final = 0.15
DAY: Final = 86_400


@dataclass(frozen=True)
class Burst:
    """A sudden rise: of which kind and category, in what (code of place, town; empty: district)."""

    name: str
    kind: str
    category: str
    scope: str
    where: str
    start: datetime
    end: datetime
    size: int


class Rise(NamedTuple):
    """A burst with the moments and places (by number) of its messages."""

    burst: Burst
    kind: int
    times: tuple[datetime, ...]
    places: tuple[int, ...]


def plan(
    *,
    seed: int,
    days: int,
    messages: int,
    moment: Callable[[int, int], datetime],
    codes: Sequence[str],
    weights: NDArray[np.float64],
    usual: NDArray[np.float64],
) -> tuple[Rise, ...]:
    """All bursts of a stream, by their beginning.

    :param weights: how common each kind (row) is at each place (column).
    :param usual: messages of each kind on an average day.
    """
    chance = Random(f"bursts {seed}")  # noqa: S311 - to be had again
    planner = _Planner(chance, days, moment, codes, weights, usual)
    drawn = [
        planner.draw(scope)
        for scope, per_week in PER_WEEK
        for _ in range(_many(chance, per_week * days / 7))
    ]
    chance.shuffle(drawn)
    kept, left = [], int(messages * MOST)
    for one in drawn:
        if len(one.seconds) <= left:
            kept.append(one)
            left -= len(one.seconds)
    kept.sort(key=lambda one: one.seconds[0])
    return tuple(planner.rise(f"b{number}", one) for number, one in enumerate(kept, 1))


class _Drawn(NamedTuple):
    scope: str
    where: str
    kind: int
    seconds: list[int]
    places: list[int]


@dataclass(frozen=True)
class _Planner:
    chance: Random
    days: int
    moment: Callable[[int, int], datetime]
    codes: Sequence[str]
    weights: NDArray[np.float64]
    usual: NDArray[np.float64]

    def draw(self, scope: str) -> _Drawn:
        """A burst within this scope: begun by day, over within days, most of it early."""
        chance = self.chance
        able = [number for number, kind in enumerate(phrasing.kinds()) if kind.bursts]
        kind = chance.choice(able)
        row = self.weights[kind]
        (home,) = chance.choices(range(len(self.codes)), row.tolist())
        where = {"place": self.codes[home], "town": self.codes[home][:9], "district": ""}[scope]
        within = [n for n, code in enumerate(self.codes) if code.startswith(where)]
        lasts = min(max(chance.lognormvariate(0, 0.7) * 1.5, 0.25), 8.0)
        begin = int(chance.uniform(0, max(self.days - lasts, 0)) * DAY)
        share = float(row[within].sum() / row.sum())
        many = max(LEAST, int(chance.lognormvariate(0, 0.5) * SIZES[scope]),
                   int(RISE * self.usual[kind] * share * lasts) + 1)  # fmt: skip
        seconds = sorted(self._second(begin, lasts) for _ in range(many))
        places = chance.choices(within, row[within].tolist(), k=many)
        return _Drawn(scope, where, kind, seconds, places)

    def rise(self, name: str, drawn: _Drawn) -> Rise:
        """The burst under its name."""
        kind = phrasing.kinds()[drawn.kind]
        times = tuple(self.moment(*divmod(second, DAY)) for second in drawn.seconds)
        burst = Burst(
            name, kind.code, kind.category, drawn.scope, drawn.where,
            times[0], times[-1], len(times),
        )  # fmt: skip
        return Rise(burst, drawn.kind, times, tuple(drawn.places))

    def _second(self, begin: int, lasts: float) -> int:
        """When one message comes in: seldom at night."""
        while True:
            second = begin + int(self.chance.betavariate(1.2, 2.0) * lasts * DAY)
            second = min(second, self.days * DAY - 1)
            if self.chance.random() * 14 < lives.HOURS[second % DAY // 3600] + 1:
                return second


def _many(chance: Random, mean: float) -> int:
    """A number that is this large on average."""
    return int(mean) + (chance.random() < mean % 1)


def fields(burst: Burst) -> list[Any]:
    """Its row in a table."""
    times = (burst.start.isoformat(), burst.end.isoformat())
    return [burst.name, burst.kind, burst.category, burst.scope, burst.where, *times, burst.size]
