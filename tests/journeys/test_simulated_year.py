"""Some weeks of a made-up district: the ladder did what an independent recount of the journal says.

The recount knows nothing of promises, spans or rungs as the program computes with them: it reads the
journal row by row, counts days on the published calendar, and asks of each date and rung whether
the matter was still owed at that moment.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import chinese_calendar
import pytest

from yanlu.cases.models import Case
from yanlu.kernel import clock, followers
from yanlu.kernel.models import Entry
from yanlu.oversight.models import Measure, Order
from yanlu.oversight.sweeping import sweep
from yanlu.project.simulation.year import simulate

pytestmark = pytest.mark.django_db

START = datetime(2026, 1, 26, tzinfo=clock.ZONE)
DAYS, MANY = 40, 60
NEVER = datetime(2100, 1, 1, tzinfo=clock.ZONE)

#: Rungs of the usual ladder as `domain.md` words them: means, before, amount, unit.
DAYS_LADDER = [
    ("reminder", True, 1, "working_days"), ("notice", False, 1, "days"),
    ("order", False, 3, "working_days"), ("listed", False, 7, "working_days"),
    ("interview", False, 12, "working_days"), ("bulletin", False, 20, "working_days"),
]  # fmt: skip
LADDERS = {
    ("whole", "danger"): [
        ("reminder", True, 1, "hours"), ("notice", False, 0, "hours"), ("order", False, 2, "hours"),
        ("listed", False, 1, "working_days"), ("interview", False, 2, "working_days"),
        ("bulletin", False, 5, "working_days"),
    ],
    ("whole", "utility"): [
        ("reminder", True, 4, "hours"), ("notice", False, 0, "hours"),
        ("order", False, 24, "hours"), ("listed", False, 3, "working_days"),
        ("interview", False, 5, "working_days"), ("bulletin", False, 10, "working_days"),
    ],
    ("whole", ""): DAYS_LADDER,
    ("rehandling", ""): [
        *DAYS_LADDER[:2], ("order", False, 1, "working_days"), ("listed", False, 5, "working_days"),
        ("interview", False, 10, "working_days"), ("bulletin", False, 15, "working_days"),
    ],
    ("contact", ""): [("reminder", True, 8, "hours"), ("notice", False, 1, "days")],
    ("callback", ""): DAYS_LADDER[:2],
    ("dispatch", ""): [("notice", False, 0, "hours")],
    ("accept", ""): [("notice", False, 0, "hours")],
}  # fmt: skip


def test_the_ladder_did_what_a_naive_recount_finds(district):
    told = simulate(start=START, days=DAYS, many=MANY, seed=7)
    end = START + timedelta(days=DAYS, hours=-1)
    assert told.matters == MANY == Case.objects.count()
    found = Counter(Measure.objects.values_list("promise__clock", "means"))
    assert found == recount(end)
    assert found[("whole", "notice")] > 3
    orders = sum(many for (_clock, means), many in found.items() if means in WITH_ORDER)
    assert Order.objects.count() == orders > 0


def test_the_same_seed_gives_the_same_weeks(district):
    simulate(start=START, days=6, many=12, seed=3)
    with clock.at(START + timedelta(days=6)):
        followers.drain()
        sweep()
    verbs = Counter(Entry.objects.filter(subject_type="case").values_list("verb", flat=True))
    assert verbs["case.opened"] == 12
    assert verbs["case.dispatched"] >= 11


WITH_ORDER = {"order", "listed", "interview", "bulletin"}


def recount(end: datetime) -> Counter[tuple[str, str]]:
    """Measures by clock and means, counted from the journal."""
    found: Counter[tuple[str, str]] = Counter()
    for case in Case.objects.all():
        rows = Entry.objects.filter(subject_type="case", subject_id=case.pk).order_by("id")
        is_danger = {"danger": case.urgency == "danger"}
        told = [(row.at, row.verb[5:], {**row.data, **is_danger}) for row in rows]
        for name, begun, due, ended in dates(told):
            ladder = LADDERS.get((name, case.urgency)) or LADDERS[name, ""]
            for means, is_before, amount, unit in ladder:
                at = moment(begun, due, is_before=is_before, amount=amount, unit=unit)
                if on_the_hour(at) <= end and on_the_hour(at) <= ended:
                    found[name, means] += 1
    return found


def dates(rows: list) -> Iterator[tuple[str, datetime, datetime, datetime]]:
    """Each date that was owed: clock, since when, due, until when; read off verb by verb."""
    yield from owed(rows, "dispatch", {"opened", "returned"}, {"dispatched"}, in_office(1))
    yield from owed(rows, "accept", {"dispatched"}, {"accepted", "returned"}, in_office(1))
    contact = {"contacted", "answered", "returned"}
    yield from owed(rows, "contact", {"dispatched"}, contact, working_days(1))
    over = {"confirmed", "objected", "closed_unreached"}
    yield from owed(rows, "callback", {"answered"}, over, working_days(3))
    yield from owed(rows[: first(rows, "answered")], "whole", {"dispatched"}, {"answered"}, None)
    yield from owed(rows, "rehandling", {"objected"}, {"answered"}, None)


def first(rows: list, verb: str) -> int:
    """Up to and with the first of these."""
    return next((n + 1 for n, row in enumerate(rows) if row[1] == verb), len(rows))


def owed(rows: list, name: str, begins: set, ends: set, limit) -> Iterator[tuple]:
    is_danger = rows[0][2]["danger"]
    begun = due = None
    for at, verb, data in rows:
        if begun and verb in ends:
            yield name, begun, due, at
            begun = None
        if verb in begins and begun is None:
            begun, due = at, limit(at, is_danger=is_danger) if limit else date_told(data)
    if begun:
        yield name, begun, due, NEVER


def date_told(data: dict) -> datetime:
    return datetime.fromisoformat(data["due_at"]).astimezone(clock.ZONE)


def is_worked(day: date) -> bool:
    return chinese_calendar.is_workday(day)


def working_days(many: int):
    def due(at: datetime, *, is_danger: bool) -> datetime:
        day = at.astimezone(clock.ZONE).date()
        left = many
        while left:
            day += timedelta(days=1)
            left -= is_worked(day)
        return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=clock.ZONE)

    return due


def in_office(hours: int):
    """Minute by minute, from nine to half past five; of a danger, round the clock."""

    def due(at: datetime, *, is_danger: bool) -> datetime:
        left, now = hours * 60, at.astimezone(clock.ZONE)
        while left:
            is_open = (9, 0) <= (now.hour, now.minute) < (17, 30) and is_worked(now.date())
            left -= is_open or is_danger
            now += timedelta(minutes=1)
        return now

    return due


def moment(begun: datetime, due: datetime, *, is_before: bool, amount: int, unit: str) -> datetime:
    sign = -1 if is_before else 1
    if unit == "hours":
        at = due + sign * timedelta(hours=amount)
    else:
        day, left = due.date(), amount
        while left:
            day += sign * timedelta(days=1)
            left -= unit == "days" or is_worked(day)
        at = datetime(day.year, day.month, day.day, 9, tzinfo=clock.ZONE)
    half = begun + (due - begun) / 2
    return half if is_before and at <= begun else at


def on_the_hour(at: datetime) -> datetime:
    """The sweep of the simulation comes once an hour."""
    at = at.astimezone(clock.ZONE)
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(hours=1)
