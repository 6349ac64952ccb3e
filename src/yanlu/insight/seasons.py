"""What is to be expected of a matter: by weekday, hour, holiday and time of year. Plain Python.

For each matter in the whole district, messages to expect on a day are::

    level × day × year

*Level* is messages on an ordinary day, over the past with half of the weight on the last
`HALF_LIFE` days. *Day* is how this kind of day (a weekday, or a holiday in the week) differs for
this matter, and within the day come the *hours* of worked and of free days; both lean on those of
all matters as long as little is known of this one. *Year* is by how much the same weeks a year ago
lay above the weeks before them, once there is a year.

Days on which far more came in than expected count for less: with Anscombe residual *s* above 2.58
by (2.58 / s)², so that past bursts don't hide the next one. Residual, weight and threshold are
those of Noufaily et al., An improved algorithm for outbreak detection in multiple surveillance
systems, Statistics in Medicine 32 (2013), after Farrington et al., J. R. Statist. Soc. A 159
(1996). Unlike there, the past fades by degrees, so that a district needs no five years of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from yanlu.kernel.workdays import Calendar

#: Days in which half of the past is forgotten.
HALF_LIFE: Final = 10.0
FADE: Final = 0.5 ** (1 / HALF_LIFE)
#: Messages of other matters that speak for a matter's hours, and for its days.
LEANS: Final = 60.0
#: What is believed of a matter that nobody ever wrote of: half a message in half a week.
FEW, WITHIN_DAYS = 0.5, 3.5
#: Residual above which a day counts for less.
UNUSUAL: Final = 2.58
#: A year in whole weeks, and the days around a day in it that are looked at.
YEAR, AROUND = 364, 7
#: Messages a day that speak for a year like any other; most and least that a year may change.
EVEN, MOST = 1.5, 5.0
#: Least unrest, that of a tenth up or down; and squares of messages a day that speak for it.
CALM, KNOWN = 0.01, 300.0
#: The eighth kind of day: a holiday in the week.
HOLIDAY: Final = 7


def kind_of(day: date, calendar: Calendar) -> int:
    """Monday to Sunday (0–6) or `HOLIDAY`; a weekend that is worked is like a Friday."""
    if calendar.is_workday(day):
        return min(day.weekday(), 4)
    return day.weekday() if day.weekday() > 4 else HOLIDAY


def is_free(kind: int) -> bool:
    """Whether people are at home on this kind of day."""
    return kind > 4


def trust(seen: float, expected: float, unrest: float) -> float:
    """How much a day counts for what is expected later: 1, less where far more was seen."""
    if expected <= 0 or seen <= expected:
        return 1.0
    apart = 1.5 * (seen ** (2 / 3) - expected ** (2 / 3)) / expected ** (1 / 6)
    residual = apart / math.sqrt(1 + unrest * expected)
    return 1.0 if residual <= UNUSUAL else (UNUSUAL / residual) ** 2


@dataclass
class Habits:
    """On what days, and at what hours of worked and of free days, is written."""

    hours: list[list[float]] = field(default_factory=lambda: [[0.0] * 24, [0.0] * 24])
    #: Messages by kind of day, and what would have come if all kinds were alike.
    days: list[float] = field(default_factory=lambda: [0.0] * 8)
    alike: list[float] = field(default_factory=lambda: [0.0] * 8)

    def learn(self, kind: int, hours: Sequence[int], alike: float, weight: float) -> None:
        """Take in a day: the hour of each message, and the messages if all days were alike."""
        row = self.hours[is_free(kind)]
        for hour in hours:
            row[hour] += weight
        self.days[kind] += weight * len(hours)
        self.alike[kind] += weight * alike

    def day(self, kind: int, others: "Habits | None") -> float:
        """By what factor this kind of day differs."""
        usual = others.day(kind, None) if others else 1.0
        return (self.days[kind] + LEANS * usual) / (self.alike[kind] + LEANS)

    def shares(self, kind: int, others: "Habits | None") -> list[float]:
        """Share of each hour in such a day."""
        usual = others.shares(kind, None) if others else [1 / 24] * 24
        row = self.hours[is_free(kind)]
        whole = sum(row) + LEANS
        return [(seen + LEANS * share) / whole for seen, share in zip(row, usual, strict=True)]


@dataclass
class Unrest:
    """How much numbers differ from day to day, beside chance: variance = μ + unrest × μ²."""

    excess: float = 0.0
    squares: float = 0.0

    def value(self, others: "Unrest | None" = None) -> float:
        """The square of a coefficient of variation; leans on others while little is known."""
        usual = others.value() if others else CALM
        return max((self.excess + KNOWN * usual) / (self.squares + KNOWN), CALM)

    def learn(self, seen: int, expected: float, weight: float = 1.0) -> None:
        """Take in a day."""
        self.excess += weight * ((seen - expected) ** 2 - expected)
        self.squares += weight * expected**2

    def pass_by(self, expected: float, squares: float) -> None:
        """Take in days on which nothing came: the sum of what was expected, and of its squares."""
        self.excess += squares - expected
        self.squares += squares


@dataclass
class Season:
    """What is to be expected of one matter in the whole district."""

    #: The number of the day that ``counts`` begins with.
    first: int
    #: Messages and ordinary days of the past, fading.
    seen: float = FEW
    passed: float = WITHIN_DAYS
    habits: Habits = field(default_factory=Habits)
    unrest: Unrest = field(default_factory=Unrest)
    #: What each past day would have brought if it had been an ordinary one, bursts damped.
    counts: list[float] = field(default_factory=list)
    #: What was to be expected of each past day.
    expected: list[float] = field(default_factory=list)

    @property
    def evidence(self) -> float:
        """How many messages the level rests on."""
        return self.seen + FEW

    @property
    def level(self) -> float:
        """Messages on an ordinary day."""
        return self.seen / self.passed

    def on(self, day: int, kind: int, others: Habits) -> float:
        """Messages to expect on a day (by its number) of this kind."""
        return self.level * self.habits.day(kind, others) * self.year(day)

    def year(self, day: int) -> float:
        """By how much the time of year lies above the weeks before it; 1 in the first year."""
        at = day - YEAR - self.first
        known = len(self.counts)
        if at - 4 * AROUND < 0 or at + AROUND >= known:
            return 1.0
        then = self.counts[at - AROUND : at + AROUND + 1]
        #: What the level knew then: of the weeks before, fading.
        lag = known - (day - self.first)
        before = self.counts[max(at + lag - 6 * AROUND, 0) : at + lag]
        weights = [FADE**age for age in range(len(before))][::-1]
        usual = sum(map(float.__mul__, before, weights)) / sum(weights) if weights else 0.0
        ratio = (sum(then) / len(then) + EVEN) / (usual + EVEN)
        return min(max(ratio, 1 / MOST), MOST)

    def learn(
        self, day: int, kind: int, hours: Sequence[int], others: Habits, unrest: Unrest
    ) -> None:
        """Take in a past day, in order, and let all matters (*others*, *unrest*) learn from it."""
        expected = self.on(day, kind, others)
        weight = trust(len(hours), expected, self.unrest.value(unrest))
        ordinary = self.habits.day(kind, others)
        alike = self.level * self.year(day)
        self.habits.learn(kind, hours, alike, weight)
        others.learn(kind, hours, alike, weight)
        self.seen = self.seen * FADE + weight * len(hours)
        self.passed = self.passed * FADE + weight * ordinary
        damped = weight * len(hours) + (1 - weight) * expected
        self.counts.append(damped / ordinary)
        self.expected.append(expected)
        if weight == 1:  # a day of a burst tells nothing of usual ones
            self.unrest.learn(len(hours), expected)
            unrest.learn(len(hours), expected)

    def skip(self, day: int, kind: int, others: Habits) -> None:
        """Let a day pass of which nothing is known."""
        self.counts.append(self.level)
        self.expected.append(self.on(day, kind, others))
