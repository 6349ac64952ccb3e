"""Early warning: a matter of which suddenly far more is written than was to be expected.

Plain Python, message by message. A series is a matter (a topic, a category) in an area: the whole
district, a town, a neighbourhood. With each message the last hour, 3, 8, 24 and 72 hours of its
series are looked at. Of ``n`` messages in a window, the one that has just come in is given; that
``n − 1`` others or more come by chance has the probability::

    p = P(N ≥ n − 1),   N negative binomial, mean μ, variance μ + μ² / r

where μ is what the season has to be expected in this window, times the share of the area, and 1 / r
sums up what is not known: 1 / messages that the level rests on, the same for the share, and the
unrest from day to day, which is measured. It is a warning where::

    p ≤ budget / (messages a week × series of each × windows),    and p ≤ RARE

Where the expectation is right, each look gives one by chance with at most this probability, so that
over all series together there are at most ``budget`` false ones a week, however many series there
are and however much their looks hang together (Boole's inequality). Where it is wrong, as in the
first weeks of a season that the district has not seen yet, there are more; ``bench`` measures that.

``p × looks a week`` turned over is the recurrence interval in weeks (Kleinman, Lazarus and Platt,
American Journal of Epidemiology 159 (2004)). Windows that end now are the temporal scan of
Kulldorff, J. R. Statist. Soc. A 164 (2001); that fewer than five messages are no warning is
Farrington's rule.

What is warned of in an area is not counted for wider ones, nor for a wider matter. While a wider
area is warned of, μ is at least the area's share of what comes in there, so that one place may
still stand out from the wave; unless most of the wave comes from it, and it is told already.
"""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from scipy.special import betainc

from yanlu.insight.seasons import Habits, Season, Unrest, kind_of, trust
from yanlu.kernel.clock import ZONE
from yanlu.kernel.workdays import Calendar

HOUR, DAY = 3600, 86_400
#: Lengths of the windows, in seconds.
WINDOWS: Final = (HOUR, 3 * HOUR, 8 * HOUR, DAY, 3 * DAY)
#: Days between what is looked at and the past that it is compared with.
GUARD: Final = 3
#: False warnings a week that are allowed for by the formula.
BUDGET: Final = 0.5
#: However few looks there are, what is less rare is no warning: about the limit of a district.
RARE: Final = 1e-5
#: Fewer messages are no warning.
LEAST: Final = 5
#: A burst goes on as long as windows are this improbable, and for the longest window after.
GOES_ON: Final = 0.001
#: Days of the past before the first warning.
LEARNS: Final = 28
#: What is believed of an area's share before anything is known of it: its size, for half a message.
FEW: Final = 0.5
#: Days in which half of an area's past is forgotten.
SHARES_FADE: Final = 0.5 ** (1 / 120)
#: A clock that jumps by more days is believed only after so many messages in a row.
FAR, FOLLOW = 2, 20
#: Longer gaps are wrong clocks and no silence, in days.
SILENCE: Final = 400


class Series(NamedTuple):
    """A matter in an area; the empty area is the whole."""

    what: str
    where: str


@dataclass(frozen=True)
class EarlyWarning:
    """Far more than usual, and how it is known.

    :param since: the first message of the window.
    :param seen: messages in the window.
    :param expected: how many there usually are in such a window.
    :param weeks: by chance something as rare comes once in so many weeks, in all series together.
    :param evidence: messages of the past that this rests on.
    """

    series: Series
    at: datetime
    since: datetime
    seen: int
    expected: float
    weeks: float
    evidence: float


@dataclass
class _Part:
    """A series: its last messages, and an area's share of its matter."""

    #: The next day to be learnt from, by its number.
    day: int
    #: Messages that were not learnt from yet, in seconds.
    times: list[float] = field(default_factory=list)
    #: Until when it is warned of.
    until: float = 0.0
    #: Messages, and how many the whole was expected to bring meanwhile; fading.
    seen: float = 0.0
    passed: float = 0.0

    @property
    def evidence(self) -> float:
        """How many messages the share rests on."""
        return self.seen + FEW

    def share(self, size: float) -> float:
        """The area's share, by its size while little is known."""
        return self.evidence / (self.passed + FEW / size)


@dataclass
class _Memory:
    """All that a watch knows: numbers and words."""

    #: The first day and today, by number; 0 before the first message.
    first: int = 0
    today: int = 0
    #: Looks on each of the last days, today last.
    looks: list[int] = field(default_factory=lambda: [0])
    #: Messages in a row by a clock that had jumped.
    strays: int = 0
    habits: Habits = field(default_factory=Habits)
    #: From day to day in the whole, and in areas.
    unrest: Unrest = field(default_factory=Unrest)
    clumps: Unrest = field(default_factory=Unrest)
    seasons: dict[str, Season] = field(default_factory=dict)
    parts: dict[Series, _Part] = field(default_factory=dict)
    #: Messages by area.
    sizes: dict[str, float] = field(default_factory=dict)

    @property
    def learnt(self) -> int:
        """The day before which all days were learnt from."""
        return max(self.first, self.today - GUARD)


class _Look(NamedTuple):
    """A series in its most improbable window."""

    p: float
    seen: int
    expected: float
    since: float
    evidence: float


class Watch:
    """Sees messages one by one, and warns once of each burst."""

    def __init__(self, calendar: Calendar | None = None, *, budget: float = BUDGET) -> None:
        """Begin without any past; the first warning may come after `LEARNS` days.

        :param budget: false warnings a week that the formula allows for.
        """
        self._calendar = calendar or Calendar()
        self._budget = budget
        self._memory = _Memory()
        self._curves: dict[str, list[float]] = {}

    def see(
        self, at: datetime, whats: Sequence[str], areas: Sequence[str] = ()
    ) -> EarlyWarning | None:
        """Take in a message about *whats* within *areas*.

        :param whats: what it is about, the narrowest first: its topic, its category.
        :param areas: where, the narrowest first: neighbourhood, town; the whole is added.

        A topic that is at home at one place is told without areas. Messages may be late by some
        days. Raises ``ValueError`` for a moment without a zone.
        """
        now = _seconds(at)
        if not self._follow(int(now // DAY)):
            return None
        path = [Series(what, area) for what in whats for area in (*areas, "")]
        self._memory.looks[-1] += len(path) * len(WINDOWS)
        for series in path:
            self._part(series)
            self._memory.sizes[series.where] = self._memory.sizes.get(series.where, 0.0) + 1
        wave = next((one for one in path if now < self._part(one).until), None)
        counted = _within(path, wave) if wave else path
        for series in counted:
            insort(self._part(series).times, now)
        if wave:
            self._go_on(wave, now)
        return self._judge(counted, now, wave)

    def state(self) -> dict[str, Any]:
        """All that it knows, to be kept as JSON; see `resume`."""
        memory = asdict(self._memory)
        memory["parts"] = [[*series, asdict(part)] for series, part in self._memory.parts.items()]
        return memory

    def resume(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave."""
        seasons = {
            what: Season(
                **row | {"habits": Habits(**row["habits"]), "unrest": Unrest(**row["unrest"])}
            )
            for what, row in state["seasons"].items()
        }
        parts = {Series(what, where): _Part(**row) for what, where, row in state["parts"]}
        kept = {
            "habits": Habits(**state["habits"]), "unrest": Unrest(**state["unrest"]),
            "clumps": Unrest(**state["clumps"]), "seasons": seasons, "parts": parts,
        }  # fmt: skip
        self._memory = _Memory(**{**state, **kept})
        self._curves = {}

    def _judge(
        self, counted: Sequence[Series], now: float, wave: Series | None
    ) -> EarlyWarning | None:
        """Warn of the most improbable series, if it is improbable enough.

        :param counted: the series that the message was counted in, by matter and area.
        :param wave: the widest of them, if it is warned of already.
        """
        memory = self._memory
        if memory.today - memory.first < LEARNS:
            return None
        asked = [one for one in counted if not wave or (one.what == wave.what and one != wave)]
        found = [(look, one) for one in asked if (look := self._look(one, now, wave))]
        looks = max(sum(memory.looks[:-1]), sum(memory.looks))
        look, series = min(found, default=(None, None))
        if not look or not series or look.p > min(self._budget / looks, RARE):
            return None
        self._part(series).until = now + WINDOWS[-1]
        for other in set(counted) - set(_within(counted, series)):
            self._explain(series, other, look.since)
        return EarlyWarning(
            series, _moment(now), _moment(look.since), look.seen, look.expected,
            1 / max(look.p * looks, 1e-12), look.evidence,
        )  # fmt: skip

    def _go_on(self, series: Series, now: float) -> None:
        """What was warned of lasts as long as it is unusual."""
        look = self._look(series, now)
        if look and look.p < GOES_ON:
            self._part(series).until = now + WINDOWS[-1]

    def _explain(self, series: Series, other: Series, since: float) -> None:
        """What is warned of here is no reason to warn there."""
        told = self._part(series).times
        left = self._part(other).times
        for time in told[bisect_left(told, since) :]:
            place = bisect_left(left, time)
            if left[place : place + 1] == [time]:
                del left[place]

    def _look(self, series: Series, now: float, wave: Series | None = None) -> _Look | None:
        """Its most improbable window, if any holds more than usual, or than its share of a wave."""
        memory, part, season = self._memory, self._part(series), self._season(series.what)
        if len(part.times) < LEAST:
            return None
        evidence, share = season.evidence, self._share(series)
        unknown = 1 / evidence + season.unrest.value(memory.unrest)
        if series.where:
            evidence = part.evidence
            unknown += 1 / evidence + memory.clumps.value()
        end, looks = bisect_right(part.times, now), []
        for window in WINDOWS:
            begin = bisect_right(part.times, now - window)
            if (seen := end - begin) < LEAST:
                continue
            expected = share * self._expected(series.what, now - window, now)
            whole = self._seen(wave, now, window) if wave else 0
            if wave:
                expected = max(expected, share / self._share(wave) * whole)
            if seen - 1 > expected and not 0 < whole < 2 * seen:
                p = float(betainc(seen - 1, 1 / unknown, expected / (expected + 1 / unknown)))
                looks.append(_Look(p, seen, expected, part.times[begin], evidence))
        return min(looks, default=None)

    def _share(self, series: Series) -> float:
        """Share of the area in its matter."""
        if not series.where:
            return 1.0
        sizes = self._memory.sizes
        return self._part(series).share(sizes[series.where] / sizes[""])

    def _seen(self, series: Series, now: float, window: float) -> int:
        """Messages in a window that ends now."""
        times = self._part(series).times
        return bisect_right(times, now) - bisect_right(times, now - window)

    def _expected(self, what: str, begin: float, end: float) -> float:
        """Messages to expect in the whole between two moments of the last days."""
        curve = self._curves.get(what)
        if curve is None:
            curve = self._curves[what] = self._curve(self._season(what))
        return self._until(curve, end) - self._until(curve, begin)

    def _until(self, curve: Sequence[float], moment: float) -> float:
        """What the curve has come to at a moment: straight within the hour."""
        hours = (moment - (self._memory.today - _KNOWN) * DAY) / HOUR
        hour = min(max(int(hours), 0), len(curve) - 2)
        return curve[hour] + (hours - hour) * (curve[hour + 1] - curve[hour])

    def _curve(self, season: Season) -> list[float]:
        """Messages to expect up to each hour, from some days ago to tomorrow."""
        memory, curve = self._memory, [0.0]
        for day in range(memory.today - _KNOWN, memory.today + 1):
            kind = kind_of(_date(day), self._calendar)
            whole = season.on(day, kind, memory.habits)
            for share in season.habits.shares(kind, memory.habits):
                curve.append(curve[-1] + whole * share)
        return curve

    def _season(self, what: str) -> Season:
        seasons = self._memory.seasons
        if what not in seasons:
            seasons[what] = Season(first=self._memory.learnt)
        return seasons[what]

    def _part(self, series: Series) -> _Part:
        """A series that has learnt from all days but the last."""
        memory = self._memory
        season = self._season(series.what)
        part = memory.parts.get(series)
        if part is None:
            part = memory.parts[series] = _Part(day=season.first)
        if series.where and part.day < memory.learnt:
            self._catch_up(series, part, season)
        return part

    def _catch_up(self, series: Series, part: _Part, season: Season) -> None:
        """Learn an area's share from the days that have passed since it was last looked at."""
        memory = self._memory
        days = season.expected[part.day - season.first : memory.learnt - season.first]
        share = part.share(memory.sizes.get(series.where, 1.0) / memory.sizes.get("", 1.0))
        fade = SHARES_FADE ** len(days)
        part.seen, part.passed = part.seen * fade, part.passed * fade + sum(days)
        for day, hours in _by_day(part.times, memory.learnt).items():
            if day >= part.day:
                whole, days[day - part.day] = days[day - part.day], 0.0
                weight = trust(len(hours), whole * share, memory.clumps.value())
                part.seen += weight * len(hours)
                part.passed -= (1 - weight) * whole
                memory.clumps.learn(len(hours), whole * share, weight)
        memory.clumps.pass_by(share * sum(days), share**2 * sum(map(float.__mul__, days, days)))
        part.day = memory.learnt

    def _follow(self, day: int) -> bool:
        """Let the days pass up to this one; whether a message of this day is to be believed."""
        memory = self._memory
        if not memory.today:
            memory.first = memory.today = day
        if abs(day - memory.today) > FAR:
            memory.strays += 1
            if memory.strays < FOLLOW:
                return False
            if not memory.today < day <= memory.today + SILENCE:
                self._renumber(day)
        memory.strays = 0
        while memory.today < day:
            self._turn()
        return True

    def _turn(self) -> None:
        """A new day: learn from the one that has become past."""
        memory, past = self._memory, self._memory.learnt
        memory.today += 1
        memory.looks = [*memory.looks[-7:], 0]
        self._curves = {}
        if memory.learnt == past:
            return
        kind = kind_of(_date(past), self._calendar)
        whole = {
            what: _by_day(self._part(Series(what, "")).times, memory.learnt).get(past, [])
            for what in memory.seasons
        }
        is_known = any(whole.values())
        for what, season in memory.seasons.items():
            if is_known:
                season.learn(past, kind, whole[what], memory.habits, memory.unrest)
            else:
                season.skip(past, kind, memory.habits)

    def _renumber(self, day: int) -> None:
        """The clock was wrong: what was learnt stays, as if it had been just before this day."""
        memory = self._memory
        shift = day - memory.today
        memory.today, memory.first = day, memory.first + shift
        for season in memory.seasons.values():
            season.first += shift
        for part in memory.parts.values():
            part.day, part.until, part.times = part.day + shift, 0.0, []
        self._curves = {}


#: Days of the curve before today: the longest window of a late message.
_KNOWN: Final = WINDOWS[-1] // DAY + FAR


def _within(path: Sequence[Series], wide: Series) -> list[Series]:
    """Of a path (areas within matters, the narrowest first) what is neither wider nor another."""
    whats = [one.what for one in path]
    areas = [one.where for one in path if one.what == path[0].what]
    return [
        one
        for one in path
        if whats.index(one.what) <= whats.index(wide.what)
        and areas.index(one.where) <= areas.index(wide.where)
    ]


def _by_day(times: list[float], learnt: int) -> dict[int, list[int]]:
    """Take out what lies before a day: the hour of each message, by day."""
    end = bisect_left(times, learnt * DAY)
    found: dict[int, list[int]] = {}
    for time in times[:end]:
        found.setdefault(int(time // DAY), []).append(int(time % DAY // HOUR))
    del times[:end]
    return found


def _seconds(at: datetime) -> float:
    """Seconds since the beginning of 1970 in Shanghai."""
    if at.tzinfo is None:
        raise ValueError(f"{at} names no time zone")
    return (at - _BEGIN).total_seconds()


def _moment(seconds: float) -> datetime:
    return (_BEGIN + timedelta(seconds=seconds)).astimezone(ZONE)


def _date(day: int) -> date:
    return _BEGIN.date() + timedelta(days=day)


#: Where seconds and days are counted from.
_BEGIN: Final = datetime(1970, 1, 1, tzinfo=timezone(timedelta(hours=8)))
