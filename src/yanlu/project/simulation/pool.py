"""The messages of a district in the order of time, with what each is about.

Plain Python, day by day: what comes in follows season, weekday, holiday, hour, and how large a
place is; each kind of matter is common at some places and rare at others, and waxes and wanes.
Three messages in ten concern one person alone. Bursts are planned beforehand and known.

In truth a matter is a kind at a place, ``lamp@310113003001``; what it is called by lies before the
@, so that the same matter at two places is two with something in common.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from random import Random
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from yanlu.kernel.clock import ZONE
from yanlu.kernel.workdays import Calendar
from yanlu.project.demo import files
from yanlu.project.simulation import lives, phrasing
from yanlu.project.simulation.bursting import Burst, Rise, plan
from yanlu.project.simulation.neighbourhoods import NEIGHBOURHOODS, further

START: Final = date(2025, 1, 1)
#: Share of messages that concern one person alone.
ONE_OFF: Final = 0.3
#: How uneven towns, places, and matters at a place are (standard deviation of the logarithm).
TOWNS, PLACES, MATTERS = 0.5, 0.6, 1.0
#: How much a kind of matter changes from day to day by weather and chance (the same).
UNREST: Final = 0.12
#: How much a matter waxes and wanes within half a year.
SWING: Final = 0.5
#: What weekdays, and holidays, bring in.
WEEKDAYS: Final = (1.15, 1.05, 1.0, 1.0, 0.95, 0.65, 0.6)
HOLIDAY, NIGHT_HOLIDAY = 0.5, 0.9
#: Share of messages by one source, if there is a flood.
FLOOD: Final = 0.02


class Message(NamedTuple):
    """A message, and in ``matter`` and ``burst`` the truth about it; empty where there is none."""

    id: int
    time: datetime
    place: str
    category: str
    channel: str
    source: str
    text: str
    matter: str
    burst: str


class Place(NamedTuple):
    """A neighbourhood; its name as residents say it."""

    code: str
    name: str


class _Town(NamedTuple):
    code: str
    name: str


class _Draft(NamedTuple):
    """A message that is not yet worded; the place by its number, no kind for a question."""

    time: datetime
    place: int
    kind: int | None
    burst: str


@dataclass(frozen=True)
class Simulation:
    """A stream that can be had again.

    :param messages: how many in all, bursts and flood included.
    :param seed: the same seed, the same messages.
    :param days: over how many days from ``start``.
    :param flood: whether one source sends thousands of copies of one message.
    """

    messages: int
    seed: int
    days: int = 365
    start: date = START
    flood: bool = False

    def __iter__(self) -> Iterator[Message]:
        """The messages; one day at a time is held in memory."""
        chance, number = Random(f"words {self.seed}"), 0  # noqa: S311 - to be had again
        for day in range(self.days):
            for draft in sorted(self._day(day), key=lambda one: (one.time, one.place)):
                number += 1
                yield self._worded(chance, number, draft)

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """The demo's neighbourhoods, and others up to 568."""
        rows = files.read("places")["places"]
        own = [_place(r["code"], r["name"]) for r in rows if r["level"] == "community"]
        towns = [_Town(r["code"], r["name"]) for r in rows if r["level"] == "subdistrict"]
        more = further(towns, NEIGHBOURHOODS - len(own))
        return (*own, *(_place(code, name) for _town, code, name in more))

    @cached_property
    def bursts(self) -> tuple[Burst, ...]:
        """All sudden rises, by their beginning."""
        return tuple(rise.burst for rise in self._rises)

    def moment(self, day: int, second: int) -> datetime:
        """A moment of one of the days."""
        midnight = datetime(self.start.year, self.start.month, self.start.day, tzinfo=ZONE)
        return midnight + timedelta(days=day, seconds=second)

    @cached_property
    def _sizes(self) -> NDArray[np.float64]:
        """Share of each place."""
        chance = np.random.default_rng([self.seed, 1])
        towns = {place.code[:9]: chance.lognormal(0, TOWNS) for place in self.places}
        sizes = np.array([towns[place.code[:9]] for place in self.places])
        sizes = sizes * chance.lognormal(0, PLACES, len(self.places))
        return np.asarray(sizes / sizes.sum())

    @cached_property
    def _habits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """How common each kind is at each place, and where in its swing it begins."""
        chance = np.random.default_rng([self.seed, 2])
        shape = (len(phrasing.kinds()), len(self.places))
        return chance.lognormal(0, MATTERS, shape) * self._sizes, chance.uniform(
            0, 2 * np.pi, shape
        )

    @cached_property
    def _spots(self) -> tuple[tuple[str, ...], ...]:
        chance = Random(f"spots {self.seed}")  # noqa: S311
        return tuple(
            tuple(phrasing.particular(chance, kind) for _ in self.places)
            for kind in phrasing.kinds()
        )

    @cached_property
    def _shares(self) -> NDArray[np.float64]:
        """Share of each kind (and of questions, last) on each day, in all messages."""
        days = [self.start + timedelta(days=n) for n in range(self.days)]
        kinds = phrasing.kinds()
        rows = np.array([kind.weight * _season(kind.season, days) for kind in kinds])
        noise = np.random.default_rng([self.seed, 3]).lognormal(0, UNREST, rows.shape)
        factors = {name: np.array([_day_factor(day, name) for day in days])
                   for name in phrasing.content()["hours"]}  # fmt: skip
        rows *= noise * np.array([factors[kind.hours] for kind in kinds])
        questions = factors["office"] / factors["office"].sum() * ONE_OFF
        return np.vstack([rows / rows.sum() * (1 - ONE_OFF), questions])

    @cached_property
    def _rises(self) -> tuple[Rise, ...]:
        return plan(
            seed=self.seed,
            days=self.days,
            messages=self.messages,
            moment=self.moment,
            codes=[place.code for place in self.places],
            weights=self._habits[0],
            usual=self.messages * self._shares[:-1].mean(axis=1),
        )

    @cached_property
    def _flood(self) -> tuple[int, list[_Draft]]:
        """Day and messages of the one source; none without a flood."""
        if not self.flood:
            return 0, []
        chance = Random(f"flood {self.seed}")  # noqa: S311
        day, many = chance.randrange(self.days), int(self.messages * FLOOD)
        place, kind = chance.randrange(len(self.places)), chance.randrange(len(phrasing.kinds()))
        times = (self.moment(day, chance.randrange(32_400, 64_800)) for _ in range(many))
        return day, [_Draft(time, place, kind, "flood") for time in times]

    @cached_property
    def _numbers(self) -> NDArray[np.int64]:
        """How many of each kind come in on each day, beside bursts and flood."""
        left = self.messages - sum(len(rise.places) for rise in self._rises) - len(self._flood[1])
        shares = self._shares / self._shares.sum()
        drawn = np.random.default_rng([self.seed, 4]).multinomial(left, shares.ravel())
        return np.asarray(drawn.reshape(shares.shape))

    @cached_property
    def _by_day(self) -> dict[int, list[_Draft]]:
        """What bursts bring in."""
        found: dict[int, list[_Draft]] = {}
        for rise in self._rises:
            for time, place in zip(rise.times, rise.places, strict=True):
                draft = _Draft(time, place, rise.kind, rise.burst.name)
                found.setdefault((time.date() - self.start).days, []).append(draft)
        return found

    def _day(self, day: int) -> Iterator[_Draft]:
        chance = np.random.default_rng([self.seed, 5, day])
        weights, phases = self._habits
        swung = weights * (1 + SWING * np.sin(phases + 2 * np.pi * day / 182))
        for number in np.flatnonzero(self._numbers[:, day]).tolist():
            many = int(self._numbers[number, day])
            kind = number if number < len(swung) else None
            hours = "office" if kind is None else phrasing.kinds()[kind].hours
            places = _drawn(chance, self._sizes if kind is None else swung[kind], many)
            clock = _drawn(chance, np.array(phrasing.content()["hours"][hours]), many)
            seconds = clock * 3600 + chance.integers(0, 3600, many)
            for place, second in zip(places.tolist(), seconds.tolist(), strict=True):
                yield _Draft(self.moment(day, second), place, kind, "")
        yield from self._by_day.get(day, ())
        yield from self._flood[1] if self._flood[0] == day else ()

    def _worded(self, chance: Random, number: int, draft: _Draft) -> Message:
        time, place, kind_number, burst = draft
        code, name = self.places[place]
        if burst == "flood" and kind_number is not None:
            return self._copy(number, draft, phrasing.kinds()[kind_number])
        (channel,) = chance.choices(_CHANNELS, cum_weights=_CHANNEL_SHARES)
        #: Most write once; some write again and again.
        source = f"{code}-{int(chance.paretovariate(0.6)) % 5000:04d}"
        if kind_number is None:
            category, text = phrasing.question(chance, name)
            return Message(number, time, code, category, channel, source, text, "", "")
        kind = phrasing.kinds()[kind_number]
        text = phrasing.matter(chance, kind, name, self._spots[kind_number][place], time.hour)
        matter = f"{kind.code}@{code}"
        return Message(number, time, code, kind.category, channel, source, text, matter, burst)

    def _copy(self, number: int, draft: _Draft, kind: phrasing.Kind) -> Message:
        code, name = self.places[draft.place]
        text = f"{name}{kind.objects[0]}{kind.troubles[0]}，{kind.effects[0]}，{kind.wishes[0]}！"
        return Message(
            number, draft.time, code, kind.category, "web", "flood", text,
            f"{kind.code}@{code}", "flood",
        )  # fmt: skip


def simulate(
    messages: int, seed: int, days: int = 365, *, start: date = START, flood: bool = False
) -> Iterator[Message]:
    """The messages of `Simulation`, in the order of time."""
    return iter(Simulation(messages, seed, days, start, flood))


_CHANNELS: Final = [name for name, _share in lives.CHANNELS]
_CHANNEL_SHARES: Final = np.cumsum([share for _name, share in lives.CHANNELS]).tolist()


def _place(code: str, name: str) -> Place:
    """The n-th of a town is its n-th estate in talk."""
    short = name.removesuffix("居委会").removesuffix("村委会")
    return Place(code, f"{short.replace('第', '')}村" if "第" in short else short)


def _season(name: str, days: list[date]) -> NDArray[np.float64]:
    """How much more than usual on each day: hills around days of the year."""
    numbers = np.array([day.timetuple().tm_yday for day in days], dtype=float)
    level = np.ones(len(days))
    for middle, width, height in phrasing.content()["seasons"][name]:
        away = np.abs(numbers - middle)
        level += height * np.exp(-((np.minimum(away, 365 - away) / width) ** 2) / 2)
    return level


def _day_factor(day: date, hours: str) -> float:
    """What a day brings in; people at home complain on free days, too."""
    worked = Calendar().is_workday(day)
    if worked:
        return WEEKDAYS[min(day.weekday(), 4)]
    if day.weekday() < 5:
        return HOLIDAY if hours == "office" else NIGHT_HOLIDAY
    return WEEKDAYS[day.weekday()] if hours == "office" else NIGHT_HOLIDAY


def _drawn(chance: np.random.Generator, weights: NDArray[Any], many: int) -> NDArray[np.int64]:
    """Numbers drawn by weight."""
    steps = np.cumsum(weights)
    found = np.searchsorted(steps, chance.random(many) * steps[-1], side="right")
    return np.asarray(found, dtype=np.int64)
