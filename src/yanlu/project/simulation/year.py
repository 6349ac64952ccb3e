"""A year of a district, hour by hour: matters come in, units act or don't, the ladder climbs.

The clock is injected; what comes in goes the real way through intake, dispatch and the followers,
and every promise through the real sweep. Only the units are played.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from typing import TYPE_CHECKING

from django.db import connection
from tqdm import tqdm

from yanlu.cases import services, states
from yanlu.cases.playing import play
from yanlu.cases.selectors import opened_after
from yanlu.intake.services import Words, build_submission, received_event
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.bulk import insert_rows
from yanlu.kernel.errors import Refused
from yanlu.oversight.selectors import is_due
from yanlu.oversight.sweeping import sweep
from yanlu.people import selectors as people
from yanlu.people import services as registry
from yanlu.places.selectors import territory
from yanlu.places.territory import COMMUNITY, Node
from yanlu.project.simulation import lives
from yanlu.project.simulation.lives import Next

if TYPE_CHECKING:
    from yanlu.cases.models import Case
    from yanlu.intake.models import Submission

SYSTEM = journal.System("simulation")
#: Matters in a year of the whole district (Baoshan).
MATTERS = 130_000
HOUR = timedelta(hours=1)
#: Who follows the journal within the hour; all others, and again these, at the end of a day.
AT_ONCE = ("dispatch.decide", "cases.open", "cases.alarm")
LAST_HOUR = 23
#: Share of matters that nobody gives a telephone for.
NAMELESS = 0.05
#: Returned cases go to these, which are in every subdistrict.
TAKES_OVER = "urban_management"


@dataclass
class Told:
    """What the year came to."""

    matters: int = 0
    acts: Counter[str] = field(default_factory=Counter)
    measures: int = 0


def simulate(*, start: datetime, days: int, many: int, seed: int) -> Told:
    """Let this many matters come in within these days, and follow them to the last hour.

    Nothing of it has to outlive a crash, so no commit waits for the disk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    year = _Year(Random(seed), start, days, many)  # noqa: S311 - a year that can be had again
    hours = range(days * 24)
    for hour in tqdm(hours, "Simulating", unit="hour", disable=None):
        year.pass_hour(start + hour * HOUR)
    return year.told


class _Year:
    """Everything that is still to happen, in the order of time."""

    def __init__(self, chance: Random, start: datetime, days: int, many: int) -> None:
        self.told = Told()
        self._chance = chance
        self._places = territory().of_level(COMMUNITY)
        self._callers = {place.id: _caller(place) for place in self._places}
        self._coming = lives.received(chance, start, days, many)[::-1]
        self._agenda: list[tuple[datetime, int, Next]] = []
        self._misses: Counter[int] = Counter()
        self._dispatcher = people.district_dispatchers()[0]
        self._last = 0
        self._is_stirred = False

    def pass_hour(self, now: datetime) -> None:
        """What came due is done about first, then people act, then words come in."""
        with clock.at(now):
            if self._is_stirred or is_due(now):
                self.told.measures += sweep()
            self._is_stirred = self._act(now)
            if self._hand_in(now):
                followers.drain(AT_ONCE)
                self._dispatch(now)
                self._is_stirred = True
            if now.hour == LAST_HOUR:
                followers.drain()

    def _hand_in(self, now: datetime) -> bool:
        fresh = []
        while self._coming and self._coming[-1] < now + HOUR:
            self._coming.pop()
            fresh.append(self._submission())
        insert_rows(fresh)
        journal.record_all([received_event(one) for one in fresh], actor=SYSTEM)
        return bool(fresh)

    def _submission(self) -> "Submission":
        self.told.matters += 1
        place = self._chance.choice(self._places)
        title, text = lives.words(self._chance, place.name, self.told.matters)
        names, shares = zip(*lives.CHANNELS, strict=True)
        (channel,) = self._chance.choices(names, shares)
        words = Words(title=title, text=text, channel=channel, place_id=place.id)
        caller = None if self._chance.random() < NAMELESS else self._callers[place.id]
        return build_submission(words, identity_id=caller)

    def _dispatch(self, now: datetime) -> None:
        """Whatever came in goes out within the hour, one in twenty a few hours later."""
        opened = opened_after(self._last)
        self._last = max(opened, default=self._last)
        soon = []
        for number, state in opened.items():
            if state == states.DISPATCHED:
                self._plan(number, lives.after_dispatch(self._chance, now))
            elif self._chance.random() < 0.05:
                later = now + self._chance.randint(2, 6) * HOUR
                self._plan(number, Next("dispatch", later, {}))
            else:
                soon.append(number)
        self._send(soon, now)

    def _send(self, numbers: list[int], now: datetime) -> None:
        refused = services.dispatch_cases(actor=self._dispatcher, case_ids=numbers)
        for number in numbers:
            if number not in refused or self._send_elsewhere(number):
                self._plan(number, lives.after_dispatch(self._chance, now))
        self.told.acts["dispatch"] += len(numbers)

    def _send_elsewhere(self, number: int) -> bool:
        """To a team of the subdistrict, where the unit proposed may not have it."""
        near = [one for one in people.units() if one.function == TAKES_OVER]
        to = services.Correction(unit_id=self._chance.choice(near).pk)
        try:
            services.dispatch_case(actor=self._dispatcher, case_id=number, correction=to)
        except Refused:
            return False
        return True

    def _act(self, now: datetime) -> bool:
        """Whatever is planned until now; whether anything was."""
        due: list[tuple[int, Next]] = []
        while self._agenda and self._agenda[0][0] <= now:
            _at, number, step = heapq.heappop(self._agenda)
            due.append((number, step))
        due.sort(key=lambda one: one[1].verb)
        for verb, some in groupby(due, key=lambda one: one[1].verb):
            self._do(verb, list(some), now)
        return bool(due)

    def _do(self, verb: str, some: Iterable[tuple[int, Next]], now: datetime) -> None:
        told = {number: step.told for number, step in some}
        if verb == "dispatch":
            self._send(list(told), now)
            return
        self.told.acts[verb] += len(told)
        for number, case in play(actor=SYSTEM, verb=verb, told=told).items():
            if verb == "return":
                self._again(number, now)
            elif step := self._next(verb, number, case, now):
                self._plan(number, step)

    def _again(self, number: int, now: datetime) -> None:
        if self._send_elsewhere(number):
            self._plan(number, lives.after_dispatch(self._chance, now))

    def _next(self, verb: str, number: int, case: "Case", now: datetime) -> Next | None:
        """What happens after this act, unless it is the last."""
        chance = self._chance
        if verb == "miss":
            self._misses[number] += 1
        following: dict[str, Callable[[], Next | None]] = {
            "accept": lambda: lives.after_accept(chance, now),
            "contact": lambda: Next("start", now + HOUR, {}),
            "start": lambda: lives.answered(chance, now, case.due_at or now),
            "answer": lambda: lives.after_answer(chance, now),
            "call_back": lambda: lives.after_call(chance, now, misses=self._misses[number]),
            "miss": lambda: lives.after_call(chance, now, misses=self._misses[number]),
            "object": lambda: lives.answered(chance, now, case.due_at or now),
        }
        return following[verb]() if verb in following else None

    def _plan(self, number: int, step: Next) -> None:
        heapq.heappush(self._agenda, (step.at, number, step))


def _caller(place: Node) -> int:
    """A resident of the place, known by a telephone that nobody has."""
    sealed = registry.seal_identity(actor=SYSTEM, phone=f"190{place.id:08d}")
    return sealed.pk
