"""Early warning in a made-up district: bursts found in time, and false alarms.

The bursts are known (`yanlu.project.simulation.bursting`). A warning is of a burst if this brought
at least half of what the warning's window holds beyond what was expected; else it is false. All
constants of `yanlu.insight` were chosen on the district of seed 101, which is not measured here.
"""

import sys
import time
from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bench.installation import Installation
from bench.results import Figure
from bench.settings import Settings
from yanlu.insight.bursts import EarlyWarning, Watch
from yanlu.project.simulation.pool import Message, Simulation

#: A year of a whole district (Baoshan), and the weeks in it before anything is measured.
MESSAGES, DAYS, WEEKS_BEFORE = 130_000, 365, 8
#: As many districts, seeds in a row.
DISTRICTS = 5
#: A burst has to be known before this message of it.
IN_TIME = 15


@dataclass
class Outcome:
    """What a watch made of a district."""

    #: Size of each burst's scope by its name, and at which of its messages it was warned of.
    scopes: dict[str, str]
    told: dict[str, int] = field(default_factory=dict)
    false: list[EarlyWarning] = field(default_factory=list)
    again: int = 0
    microseconds: float = 0.0

    def found(self, scope: str = "") -> float:
        """Share of bursts, of one scope or of all, that were warned of in time."""
        asked = [name for name, its in self.scopes.items() if scope in {"", its}]
        return sum(self.told.get(name, IN_TIME) < IN_TIME for name in asked) / len(asked)


def measure(_installation: Installation, settings: Settings) -> list[Figure]:
    """Some districts: with topics that are known, and with categories alone."""
    seeds = range(settings.seed, settings.seed + DISTRICTS)
    figures = []
    for name, with_topics in (("topics and categories", True), ("categories alone", False)):
        outcomes = [watch(seed, with_topics=with_topics) for seed in seeds]
        figures += _figures(name, outcomes)
    return figures


def watch(seed: int, *, with_topics: bool) -> Outcome:
    """Let a year pass."""
    simulation, watching = Simulation(MESSAGES, seed, DAYS), Watch()
    begin = simulation.moment(WEEKS_BEFORE * 7, 0)
    outcome = Outcome({one.name: one.scope for one in simulation.bursts if one.start >= begin})
    numbers: Counter[str] = Counter()
    last: deque[Message] = deque()
    spent = 0.0
    for message in simulation:
        if message.burst:
            numbers[message.burst] += 1
            last.append(message)
        began = time.perf_counter()
        whats = _whats(message, with_topics=with_topics)
        warning = watching.see(message.time, whats, (message.place, message.place[:9]))
        spent += time.perf_counter() - began
        while last and last[0].time < message.time - timedelta(days=4):
            last.popleft()
        if warning and message.time >= begin:
            _enter(outcome, warning, _behind(warning, last, with_topics=with_topics), numbers)
    outcome.microseconds = spent / MESSAGES * 1e6
    _tell(seed, simulation, outcome)
    return outcome


def _whats(message: Message, *, with_topics: bool) -> list[str]:
    topic = message.matter.partition("@")[0]
    return [topic, message.category] if topic and with_topics else [message.category]


def _behind(warning: EarlyWarning, last: Sequence[Message], *, with_topics: bool) -> str:
    """The burst that a warning is of; empty for a false one."""
    inside = Counter(
        one.burst
        for one in last
        if one.time >= warning.since
        and warning.series.what in _whats(one, with_topics=with_topics)
        and one.place.startswith(warning.series.where)
    )
    for burst, many in inside.most_common(1):
        if 2 * many >= warning.seen - warning.expected:
            return burst
    return ""


def _enter(outcome: Outcome, warning: EarlyWarning, burst: str, numbers: Counter[str]) -> None:
    if not burst:
        outcome.false.append(warning)
    elif burst in outcome.told:
        outcome.again += 1
    else:
        outcome.told[burst] = numbers[burst]


def _figures(name: str, outcomes: Sequence[Outcome]) -> list[Figure]:
    weeks = DAYS / 7 - WEEKS_BEFORE
    bursts = sum(len(one.scopes) for one in outcomes)
    until = [float(many) for one in outcomes for many in one.told.values()]
    return [
        Figure(f"{name}: of {bursts} bursts in time", "share", [one.found() for one in outcomes]),
        *(
            Figure(f"  in a {scope}", "share", [one.found(scope) for one in outcomes])
            for scope in ("place", "town", "district")
        ),
        Figure("  false warnings", "a week", [len(one.false) / weeks for one in outcomes]),
        Figure("  warned of again", "bursts", [float(one.again) for one in outcomes]),
        Figure("  messages until the warning", "messages", until),
        Figure("  time for a message", "µs", [one.microseconds for one in outcomes]),
    ]


def _tell(seed: int, simulation: Simulation, outcome: Outcome) -> None:
    """Say on the side what was missed and what was false, for whoever wants to look into it."""
    print(f"seed {seed}: {outcome.found():.3f} in time, {len(outcome.false)} false,"
          f" {outcome.again} again", file=sys.stderr)  # fmt: skip
    for burst in simulation.bursts:
        if outcome.scopes.get(burst.name) and outcome.told.get(burst.name, IN_TIME) >= IN_TIME:
            days = (burst.end - burst.start) / timedelta(days=1)
            print(f"  late or missed: {burst.kind} in {burst.scope} {burst.where}, {burst.size} in"
                  f" {days:.1f} days, told at {outcome.told.get(burst.name)}",
                  file=sys.stderr)  # fmt: skip
    for one in outcome.false:
        print(f"  false: {one.series} {one.at:%m-%d} {one.seen} for {one.expected:.1f}",
              file=sys.stderr)  # fmt: skip
