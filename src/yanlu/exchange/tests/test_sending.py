"""Results go out through every trouble, in order, once; what is given up waits for a person."""

from datetime import timedelta
from functools import partial

import psycopg
import pytest

from tests import hotline as city
from tests import people, processes
from yanlu.exchange import pulling, selectors, sending, services
from yanlu.exchange.incoming import json_row
from yanlu.exchange.models import Delivery, Message, Order, Partner, State
from yanlu.exchange.sending import FIRST_WAIT, JITTER, LONGEST_WAIT, MOST_TRIES
from yanlu.intake.models import Submission
from yanlu.kernel import clock, doors, followers, journal
from yanlu.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db

LAMP = "宝林一村3号楼门口的路灯坏了三天，晚上看不清路。"


@pytest.fixture
def hotline(db):
    with city.running() as hotline:
        city.agree(hotline, "--ask")
        yield hotline
    assert hotline.complaints == []


def receive(hotline, *texts):
    """Orders of these texts, dispatched: each has two results waiting."""
    orders = [hotline.writes(text) for text in texts or (city.STAIRS,)]
    partner = Partner.objects.get()
    rows = [json_row(place, order) for place, order in enumerate(orders, 1)]
    services.receive_orders(actor=partner, partner=partner, way="push", rows=rows)
    followers.drain()
    for submission in Submission.objects.all():
        people.bring_to(people.case_of(submission), ("dispatch",))
    followers.drain()


def send(after: timedelta = timedelta()) -> int:
    with clock.at(clock.now() + after):
        return sending.send_due()


def states() -> list[str]:
    return list(Message.objects.order_by("order", "sequence").values_list("state", flat=True))


def events(number: str = "SH000001") -> list[str]:
    about = services.subject(Order.objects.get(number=number).pk)
    return [entry.verb for entry in journal.history(about)]


def test_results_are_taken_with_a_receipt_and_stand_in_the_journal(district, hotline):
    receive(hotline)
    assert send() == 2
    assert send() == 0
    first, second = Message.objects.order_by("sequence")
    assert (first.state, first.receipt, second.receipt) == (
        State.SENT, "RSH000001-1", "RSH000001-2",
    )  # fmt: skip
    assert events() == ["order.received", "result.sent", "result.sent"]
    assert hotline.known()["SH000001"][1] == "已派遣"
    assert Partner.objects.get().told_at


def test_after_any_trouble_it_goes_on_where_it_stopped(district, hotline, monkeypatch):
    monkeypatch.setattr(doors, "SECONDS", 0.5)
    receive(hotline)
    Partner.objects.update(address="http://127.0.0.1:9/gate")
    assert send() == 0
    Partner.objects.update(address=hotline.url)
    faults = [Message.objects.earliest("sequence").fault]
    hotline.trouble = list(city.TROUBLE)
    for hours in range(1, 5):
        assert send() == 0, "not at once"
        assert send(timedelta(hours=hours)) == 0
        faults.append(Message.objects.earliest("sequence").fault)
        Message.objects.filter(sequence=1).update(next_at=clock.now() + timedelta(minutes=9))
    assert faults == ["unreachable", "http-500", "timeout", "broken-off", "broken-off"]
    assert states() == [State.WAITING, State.WAITING]
    assert send(timedelta(days=1)) == 2
    assert list(hotline.books["SH000001"].results) == [1, 2]
    assert hotline.came_twice == 1, "the answer was lost, the result was not"


def test_a_shut_door_is_knocked_at_once_a_run_and_ever_later(district, hotline):
    receive(hotline, city.STAIRS, LAMP)
    hotline.shut = 401
    send()
    assert len(hotline.asked) == 1, "where the door is shut, nobody else is tried"
    Message.objects.filter(tries=0).update(next_at=clock.now() + timedelta(days=99))
    waits, now = [], clock.now()
    for _ in range(12):
        now += timedelta(days=1)
        with clock.at(now):
            sending.send_due()
        waits.append(Message.objects.exclude(tries=0).get().next_at - now)
    assert all(JITTER <= one / (FIRST_WAIT * 2**n) <= 1 for n, one in enumerate(waits[:8], 1))
    assert LONGEST_WAIT * JITTER <= waits[-1] <= LONGEST_WAIT
    assert Message.objects.exclude(tries=0).get().state == State.WAITING


def test_what_is_tried_too_often_is_given_up_and_sent_again_by_a_person(district, hotline):
    receive(hotline)
    Message.objects.filter(sequence=1).update(tries=MOST_TRIES - 1)
    hotline.trouble = ["http-500"]
    send()
    assert states() == [State.DEAD, State.WAITING]
    assert events()[-1] == "result.died"
    assert send(timedelta(days=9)) == 0, "nothing passes it by"

    dispatcher = people.account("dispatcher")
    (dead,) = selectors.undone(dispatcher)
    assert services.send_again(actor=dispatcher, message_ids=[dead.pk]) == 1
    assert send() == 2
    assert list(hotline.books["SH000001"].results) == [1, 2]


def test_a_message_that_can_not_be_told_holds_up_no_other_order(district, hotline):
    receive(hotline, city.STAIRS, LAMP)
    partner = Partner.objects.get()
    Partner.objects.update(values=partner.values | {"event": {"case.dispatched": 5}})
    assert send() == 2
    assert states() == [State.SENT, State.WAITING, State.SENT, State.WAITING]
    assert set(Message.objects.filter(sequence=2).values_list("fault", "tries")) == {("ours", 1)}
    Partner.objects.update(values=partner.values)
    assert send(timedelta(minutes=1)) == 2


def test_a_refusal_is_final_and_holds_up_its_own_order_until_a_person_lets_it(district, hotline):
    receive(hotline, city.STAIRS, LAMP)
    hotline.refuses = {"SH000001"}
    assert send() == 2
    assert states() == [State.DEAD, State.WAITING, State.SENT, State.SENT]
    dead, dispatcher = Message.objects.get(state=State.DEAD), people.account("dispatcher")
    assert (dead.fault, dead.tries) == ("http-422", 1)
    assert "工单已归档" in dead.note

    hotline.refuses = set()
    aside = {"message_id": dead.pk, "reason": "热线已电话确认收到。"}
    with pytest.raises(Invalid):
        services.set_aside(actor=dispatcher, **aside | {"reason": ""})
    services.set_aside(actor=dispatcher, **aside)
    with pytest.raises(NotFound):
        services.set_aside(actor=dispatcher, **aside)
    assert send() == 1
    assert list(hotline.books["SH000001"].results) == [2]
    assert events()[-2:] == ["result.set_aside", "result.sent"]

    for who in ("dispatcher-youyilu", "supervisor", "handler-enforcement"):
        person = people.account(who)
        for act in (
            partial(selectors.standings, person),
            partial(selectors.undone, person),
            partial(services.send_again, actor=person, message_ids=[dead.pk]),
            partial(services.set_aside, actor=person, **aside),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_what_is_kept_back_leaves_a_gap_and_a_trace(district, hotline):
    hotline.writes(是否保密="是")
    partner = Partner.objects.get()
    rows = [json_row(1, hotline.books["SH000001"].order)]
    services.receive_orders(actor=partner, partner=partner, way="push", rows=rows)
    followers.drain()
    people.bring_to(people.case_of(Submission.objects.get()), people.CLOSED)
    followers.drain()
    assert send() == 2
    assert list(hotline.books["SH000001"].results) == [1, 7]
    assert hotline.books["SH000001"].last["工单状态"] == "已依规办理"
    assert events().count("result.withheld") == 5


def test_for_whom_nothing_can_be_sent_it_is_kept(district, hotline):
    receive(hotline)
    for change in ({"is_active": False}, {"is_active": True, "address": ""}):
        Partner.objects.update(**change)
        assert send(timedelta(days=9)) == 0
    assert states() == [State.WAITING, State.WAITING]
    Partner.objects.update(address=hotline.url)
    with psycopg.connect(processes.database_address(), autocommit=True) as other:
        hold = f"results to {Partner.objects.get().pk}"
        other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [hold])
        assert send() == 0, "another worker is at it"
    assert send() == 2


# --- orders are fetched


def test_orders_are_fetched_page_by_page_and_each_gets_our_word(hotline, monkeypatch):
    monkeypatch.setattr(pulling, "PAGE", 2)
    good = [hotline.writes(f"{city.STAIRS}（第{n}位居民）") for n in range(3)]
    wrong = hotline.writes(诉求类型="聊天")
    hotline.feed = [good[0], wrong, good[1], good[2], {"诉求内容": "没有编号的一件事。"}]

    assert pulling.pull_due() == 3
    assert pulling.pull_due() == 0
    assert [entry.ways for entry in hotline.books.values()] == [["pull"], ["pull"], ["pull"], []]
    assert hotline.books[wrong["工单编号"]].refused
    partner = Partner.objects.get()
    assert (partner.cursor, partner.fault, bool(partner.asked_at)) == ("5", "", True)
    assert list(Delivery.objects.order_by("pk").values_list("taken", "refused")) == [
        (1, 1), (2, 0), (0, 1),
    ]  # fmt: skip


def test_a_page_counts_once_the_hotline_took_our_word(hotline, monkeypatch):
    hotline.feed = [hotline.writes()]
    takes = hotline.takes
    hotline.takes = lambda method, *rest: (503, {}) if method == "POST" else takes(method, *rest)
    assert pulling.pull_due() == 0
    assert Partner.objects.get().fault == "http-503"
    hotline.takes = takes
    pulling.pull_due()
    assert Partner.objects.get().fault == ""
    assert Submission.objects.count() == 1
    assert [(one.taken, one.known) for one in Delivery.objects.order_by("pk")] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"", "no-json"),
        (b"<html>", "no-json"),
        (b"[" * 100_000, "no-json"),
        (b"[]", "no-orders"),
        (b'{"orders": "none"}', "no-orders"),
        (b'{"orders": [5]}', "no-orders"),
        (b'{"orders": [{}], "next": "' + b"9" * 300 + b'"}', "no-orders"),
        (b'{"orders": [{"x": "' + b"y" * 17 * 2**20, "too-large"),
    ],
)
def test_an_answer_that_is_none_is_told_and_changes_nothing(hotline, answer, fault):
    hotline.answers = [answer]
    assert pulling.pull_due() == 0
    assert Partner.objects.get().fault == fault
    assert not Submission.objects.exists()


def test_a_cursor_that_stands_still_is_no_endless_loop(hotline):
    page = b'{"orders": [{"x": 1}], "next": ""}'
    hotline.answers = [page, b"{}", page, b"{}"]
    assert pulling.pull_due() == 0
    assert Partner.objects.get().fault == "cursor-stands"
