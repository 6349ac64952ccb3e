"""Two workers sweep at once, and two hands act on one order: once is once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime

import pytest
from django.db import connections

from tests import people
from yanlu.kernel import clock, followers, journal
from yanlu.kernel.errors import Conflict
from yanlu.oversight import ordering
from yanlu.oversight.models import Measure, Order, OrderStep
from yanlu.oversight.ordering import Draft
from yanlu.oversight.sweeping import sweep
from yanlu.project.demo import reference

pytestmark = pytest.mark.django_db(transaction=True)

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=clock.ZONE)
LATE = datetime(2026, 3, 10, 12, 0, tzinfo=clock.ZONE)


@pytest.fixture
def late(db):
    """Six cases at one team, all owed since yesterday."""
    reference.load()
    people.let_repeats_stand_alone()
    with clock.at(MONDAY):
        for _ in range(6):
            people.bring_to(people.case_of(people.hand_in(by=people.aunt_zhou())), ["dispatch"])
        followers.drain()


def at_once(*acts):
    """Do these at the same time, each on a connection of its own; what came of each."""

    def done(act):
        try:
            return act()
        except Conflict as error:
            return error
        finally:
            connections.close_all()

    with clock.at(LATE), ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(done, acts))


def test_nothing_is_done_twice_by_two_sweeps(late):
    assert sum(at_once(sweep, sweep, sweep)) == Measure.objects.count()
    told = Measure.objects.filter(promise__clock="whole", means="notice")
    assert told.count() == len(set(told.values_list("case", flat=True))) == 6


def test_numbers_of_orders_given_at_once_differ_and_leave_no_gap(late):
    draft = Draft(
        unit_id=people.unit("housing").pk, kind="order", way="phone", subject="楼道堆物",
        grounds="居民两次反映。", demand="三日内清走。", due_on=date(2026, 3, 20),
    )  # fmt: skip
    supervisor = people.account("supervisor")
    at_once(*[lambda: ordering.issue_order(actor=supervisor, draft=draft)] * 4)
    assert sorted(Order.objects.values_list("serial", flat=True)) == [1, 2, 3, 4]


def test_of_two_who_judge_a_reply_one_is_told_that_the_other_was_faster(late):
    with clock.at(LATE):
        given = ordering.issue_order(
            actor=people.account("supervisor"),
            draft=Draft(
                unit_id=people.unit("housing").pk, kind="order", way="phone", subject="楼道堆物",
                grounds="居民两次反映。", demand="三日内清走。", due_on=date(2026, 3, 20),
            ),
        )  # fmt: skip
        team = people.handler_of(people.unit("housing"))
        replied = ordering.reply(actor=team, order_id=given.pk, text="已经清走了。")
    supervisor = people.account("supervisor")
    took, sent = at_once(
        lambda: ordering.accept_reply(
            actor=supervisor, order_id=given.pk, version=replied.version
        ),
        lambda: ordering.send_back(
            actor=supervisor, order_id=given.pk, text="三楼还有。", due_on=date(2026, 3, 20),
            version=replied.version,
        ),
    )  # fmt: skip
    assert [isinstance(one, Conflict) for one in (took, sent)].count(True) == 1
    assert OrderStep.objects.filter(order=given.pk).count() == 2
    assert len(journal.history(ordering.subject(given.pk))) == 3
