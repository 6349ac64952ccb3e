"""What is late climbs the ladder, rung by rung, and nothing is done about it twice."""

from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from django.apps import apps

from tests import people
from yanlu.cases import services
from yanlu.kernel import clock, followers
from yanlu.kernel.pictures import forget_all
from yanlu.oversight.models import Measure, Order, Promise, Rung
from yanlu.oversight.sweeping import sweep

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)


@pytest.fixture
def case(district):
    """At the enforcement team since Monday, accepted at once, owed by Monday next."""
    with clock.at(MONDAY):
        waiting = people.case_of(people.hand_in(by=people.aunt_zhou()))
        handled = people.bring_to(waiting, ["dispatch", "accept", "start"])
        team = people.handler_of(people.unit("urban_management", "310113003"))
        handled = services.record_contact(actor=team, case_id=handled.pk, was_reached=True)
        followers.drain()
    return handled


def swept(moment: datetime) -> list[str]:
    """What a sweep at this moment does, by means."""
    known = set(Measure.objects.values_list("pk", flat=True))
    with clock.at(moment):
        sweep()
    return [one.means for one in Measure.objects.exclude(pk__in=known).order_by("pk")]


def day(month: int, number: int, hour: int = 12) -> datetime:
    return datetime(2026, month, number, hour, tzinfo=clock.ZONE)


def test_each_rung_comes_on_its_day(case):
    assert swept(day(3, 5)) == []
    assert swept(day(3, 6, 8)) == []
    assert swept(day(3, 6, 9)) == ["reminder"]
    assert swept(day(3, 9, 23)) == []
    assert swept(day(3, 10, 9)) == ["notice"]
    assert swept(day(3, 12, 9)) == ["order"]
    assert swept(day(3, 18, 9)) == ["listed"]
    assert swept(day(3, 25, 9)) == ["interview"]
    assert swept(day(4, 7, 9)) == ["bulletin"]
    assert swept(day(6, 1)) == []


def test_a_second_sweep_does_nothing_twice(case):
    assert swept(day(3, 10)) == ["notice"]
    assert swept(day(3, 10)) == []
    Promise.objects.filter(clock="whole").update(next_at=day(3, 1))
    assert swept(day(3, 10)) == []


def test_what_was_answered_a_second_ago_is_left_alone(case):
    with clock.at(day(3, 9)):
        people.bring_to(case, ["answer"])
    assert swept(day(3, 10)) == []
    assert not Promise.objects.get(clock="whole").is_overdue


def test_after_an_outage_the_unit_hears_first_that_it_is_late_and_the_rest_comes_at_its_pace(case):
    assert swept(day(3, 19)) == ["notice"]
    assert swept(day(3, 20)) == []
    assert swept(day(3, 21)) == ["order"]
    assert swept(day(3, 28)) == ["listed"]


def test_a_later_date_begins_the_ladder_anew(case):
    assert swept(day(3, 6)) == ["reminder"]
    Promise.objects.filter(clock="whole").update(due_at=day(3, 20), rung=0, next_at=day(3, 19))
    assert swept(day(3, 19)) == ["reminder"]


def test_danger_has_a_ladder_of_hours(district):
    with clock.at(MONDAY):
        submission = people.hand_in("楼道里有很浓的煤气味，快来人！", by=people.aunt_zhou())
        case = people.bring_to(people.case_of(submission), ["dispatch", "accept"])
        followers.drain()
    assert case.due_at == MONDAY + timedelta(hours=2)
    assert swept(MONDAY + timedelta(minutes=59)) == []
    assert swept(MONDAY + timedelta(minutes=60)) == ["reminder"]
    assert swept(MONDAY + timedelta(hours=2)) == ["notice"]
    assert swept(MONDAY + timedelta(hours=4)) == ["order"]


def test_a_reminder_longer_than_the_limit_comes_at_half_time(case):
    Rung.objects.filter(clock="whole", urgency="", means="reminder").update(amount=30)
    forget_all()
    promise = Promise.objects.get(clock="whole")
    Promise.objects.update(next_at=MONDAY)
    half = MONDAY + (promise.due_at - MONDAY) / 2
    assert swept(half - timedelta(minutes=1)) == []
    assert swept(half + timedelta(minutes=1)) == ["reminder"]


def test_an_order_is_numbered_says_why_and_wants_an_answer(case):
    swept(day(3, 10))
    swept(day(3, 12))
    order = Order.objects.get()
    assert order.number == "督〔2026〕1号"
    assert order.unit_id == case.lead_unit_id
    assert case.number in order.grounds
    assert "2026-03-09" in order.grounds
    assert order.due_at.astimezone(clock.ZONE).date() == date(2026, 3, 17)


def test_many_climb_as_if_each_were_counted_by_hand(district):
    """An independent recount: for each promise and rung, whether it was open at that moment."""
    with clock.at(MONDAY):
        cases = [people.case_of(people.hand_in(by=people.aunt_zhou())) for _ in range(8)]
        cases = [people.bring_to(one, ["dispatch"]) for one in cases]
    answered = {MONDAY + timedelta(days=3 * n + 1): one for n, one in enumerate(cases[:6])}
    for hour in range(40 * 24):
        moment = MONDAY + timedelta(hours=hour)
        with clock.at(moment):
            if moment in answered:
                people.bring_to(answered[moment], ["accept", "start", "answer"])
            sweep()
    assert Counter(Measure.objects.values_list("means", flat=True)) == by_hand(moment)


def by_hand(until: datetime) -> Counter[str]:
    """Counted naively, with nothing of what the ladder computes with but its rows."""
    found: Counter[str] = Counter()
    for promise in Promise.objects.all():
        for rung in Rung.objects.filter(clock=promise.clock, urgency=""):
            at = naive_moment(promise, rung)
            if at <= until and (promise.ended_at is None or promise.ended_at > at):
                found[rung.means] += 1
    return found


def naive_moment(promise: Promise, rung: Rung) -> datetime:
    """Day by day on the fingers: weekdays in March and April 2026, 6 April free (清明)."""
    due = promise.due_at.astimezone(clock.ZONE)
    if rung.unit in ("hours", "working_hours"):
        hours = timedelta(hours=rung.amount)
        return due - hours if rung.is_before else due + hours
    at, left = due, rung.amount
    while left:
        at += timedelta(days=-1 if rung.is_before else 1)
        is_free = rung.unit == "working_days" and (at.weekday() > 4 or (at.month, at.day) == (4, 6))
        left -= not is_free
    at = at.replace(hour=9, minute=0, second=0, microsecond=0)
    return (
        max(at, promise.started_at + (promise.due_at - promise.started_at) / 2)
        if (rung.is_before and at <= promise.started_at)
        else at
    )


def told_to(unit) -> list[str]:
    """Subjects of what a member of the unit finds in the inbox, in the order in which it came."""
    followers.drain()
    notices = apps.get_model("notices", "Notice").objects
    rows = notices.filter(account=people.handler_of(unit).pk).order_by("pk")
    return [one.kind for one in rows if one.kind.startswith(("oversight.", "order."))]


def test_the_unit_is_told_each_time_and_finds_the_order(case):
    swept(day(3, 6))
    swept(day(3, 10))
    swept(day(3, 12))
    told = ["oversight.reminder", "oversight.notice", "oversight.order", "order.issued"]
    assert told_to(case.lead_unit) == told


def test_many_at_once_are_told_with_one_notice(district):
    with clock.at(MONDAY):
        cases = [people.case_of(people.hand_in(by=people.aunt_zhou())) for _ in range(5)]
        cases = [people.bring_to(one, ["dispatch", "accept", "start", "answer"]) for one in cases]
    with clock.at(MONDAY + timedelta(hours=1)):
        for one in cases:
            services.rate_answer(
                actor=people.aunt_zhou(),
                case_id=one.pk,
                is_solved=False,
                rating=services.Rating(note="还没清走。"),
            )
    assert swept(day(3, 20)).count("notice") == 5
    assert told_to(cases[0].lead_unit) == ["oversight.many_notice"]
