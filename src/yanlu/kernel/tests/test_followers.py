"""Followers miss nothing, whatever order transactions commit in, and nothing blocks them."""

import threading
import time

import pytest
from django.db import connection, transaction

from yanlu.kernel import clock, followers, journal
from yanlu.kernel.followers import Follower
from yanlu.kernel.models import Entry

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = journal.System("clerk")


def act(number: int, verb: str = "bench.made") -> int:
    return journal.record(verb, journal.Subject("bench", number), actor=CLERK)


class Reader:
    """Notes what it is given; chokes on chosen subjects."""

    def __init__(self, *, batch: int = 3) -> None:
        self.seen: list[int] = []
        self.chokes_on: set[int] = set()
        self.follower = Follower("test.reader", frozenset({"bench.made"}), self.handle, batch)

    def handle(self, entries: list[Entry]) -> None:
        for entry in entries:
            if entry.subject_id in self.chokes_on:
                raise ValueError("顾客的电话 13900000000")
        self.seen.extend(entry.subject_id for entry in entries)

    def read_all(self) -> list[int]:
        while followers.advance(self.follower):
            pass
        return self.seen


def wait_for_quiet() -> None:
    """Let transactions of autovacuum end, which hold back what may be read."""
    while not followers._fence().passed:
        time.sleep(0.01)


class OtherConnection:
    """A transaction of somebody else's, in a thread of its own, held open at will."""

    def __init__(self, number: int) -> None:
        self._written, self._go = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, args=(number,))
        self._thread.start()
        assert self._written.wait(10)

    def _run(self, number: int) -> None:
        try:
            with transaction.atomic():
                act(number)
                self._written.set()
                self._go.wait(10)
        finally:
            connection.close()

    def commit(self) -> None:
        self._go.set()
        self._thread.join()


def test_the_very_first_row_of_an_installation_is_read_by_who_looked_before_it():
    with connection.cursor() as cursor:
        cursor.execute("ALTER SEQUENCE kernel_journal_id_seq RESTART")
    wait_for_quiet()
    reader = Reader()
    assert reader.read_all() == []
    assert act(1) == 1
    wait_for_quiet()
    assert reader.read_all() == [1]


def test_who_drains_waits_for_what_somebody_begins_in_between(monkeypatch):
    """A transaction that begins after the first look and ends later holds nothing back for good."""
    reader, others = Reader(), []
    follower = reader.follower
    monkeypatch.setitem(followers._followers, follower.name, follower)
    act(1)
    look = followers.advance

    def begin_and_look(one: Follower) -> bool:
        if one is follower and not others:
            others.append(OtherConnection(2))
            threading.Timer(0.5, others[0].commit).start()
        return look(one)

    monkeypatch.setattr(followers, "advance", begin_and_look)
    followers.drain((follower.name,))
    assert reader.seen == [1, 2]


def test_rows_come_in_order_in_batches_and_once():
    for number in range(1, 11):
        act(number)
    act(11, verb="bench.painted")
    reader = Reader()

    assert reader.read_all() == list(range(1, 11))
    assert reader.read_all() == list(range(1, 11))


def test_who_waits_for_another_acts_on_no_row_before_that_one_has(monkeypatch):
    first, second = Reader(), Reader()
    behind = Follower(
        "test.behind",
        frozenset({"bench.made", "bench.painted"}),
        second.handle,
        after="test.reader",
    )
    for follower in (behind, first.follower):
        monkeypatch.setitem(followers._followers, follower.name, follower)
    act(1)
    wait_for_quiet()
    assert not followers.advance(behind)
    assert second.seen == []
    first.read_all()
    followers.advance(behind)
    assert second.seen == [1]

    act(2, verb="bench.painted")
    followers.drain([behind.name, first.follower.name])
    assert (first.seen, second.seen) == ([1], [1, 2]), "a row that is none of the first one's, too"


def test_what_was_parked_and_then_digested_goes_to_who_waited_for_it(monkeypatch):
    first, second = Reader(), Reader()
    behind = Follower("test.behind", frozenset({"bench.made"}), second.handle, after="test.reader")
    for follower in (behind, first.follower):
        monkeypatch.setitem(followers._followers, follower.name, follower)
    first.chokes_on = {7}
    act(7)
    followers.drain([behind.name, first.follower.name])
    first.chokes_on, second.seen = set(), []
    assert followers.retry_parked(everything=True) == 1
    assert (first.seen, second.seen) == ([7], [7])


def test_draining_waits_a_little_for_a_transaction_that_runs_elsewhere(monkeypatch):
    reader = Reader()
    monkeypatch.setitem(followers._followers, "test.reader", reader.follower)
    other = OtherConnection(1)
    act(2)
    threading.Timer(0.3, other.commit).start()

    followers.drain()

    assert sorted(reader.seen) == [1, 2]


def test_a_row_that_commits_late_with_a_lower_number_is_not_missed():
    reader = Reader()
    slow = OtherConnection(1)
    act(2)
    assert reader.read_all() == [], "row 2 has to wait for what was written before it"

    slow.commit()

    assert reader.read_all() == [1, 2]


def test_transactions_that_overlap_for_ever_do_not_starve_a_follower():
    reader = Reader()
    running = OtherConnection(1)
    for number in range(2, 6):
        following = OtherConnection(number)
        reader.read_all()
        running.commit()
        running = following
    assert reader.read_all(), "rows behind a passed fence are read though others still run"
    running.commit()
    assert sorted(reader.read_all()) == [1, 2, 3, 4, 5]


def test_a_poisoned_row_is_parked_without_its_words_and_blocks_nobody():
    reader = Reader()
    reader.chokes_on = {2}
    for number in (1, 2, 3, 4):
        act(number)

    assert reader.read_all() == [1, 3, 4]
    (parked,) = followers.parked()
    assert parked.error == "ValueError"


def test_a_parked_row_comes_again_once_the_fault_is_mended(monkeypatch):
    reader = Reader()
    monkeypatch.setitem(followers._followers, reader.follower.name, reader.follower)
    reader.chokes_on = {2}
    act(1), act(2)
    reader.read_all()

    assert followers.retry_parked() == 0, "not due yet"
    with clock.at(clock.now() + followers.RETRIES[0]):
        assert followers.retry_parked() == 0, "still poisoned"
    reader.chokes_on = set()
    assert followers.retry_parked(everything=True) == 1
    assert reader.seen == [1, 2]
    assert followers.parked() == []


def test_after_the_last_try_a_row_waits_for_a_person(monkeypatch):
    reader = Reader()
    monkeypatch.setitem(followers._followers, reader.follower.name, reader.follower)
    reader.chokes_on = {1}
    act(1)
    reader.read_all()
    for _ in followers.RETRIES:
        followers.retry_parked(everything=True)
    (parked,) = followers.parked()
    assert parked.retry_at is None
    assert parked.attempts == 1 + len(followers.RETRIES)


def test_effects_and_position_are_committed_together():
    act(1)
    wait_for_quiet()
    broken = Follower("test.reader", frozenset({"bench.made"}), lambda _: connection.close())
    with pytest.raises(Exception):  # noqa: B017, PT011 - the connection is gone, whatever it says
        followers.advance(broken)
    assert Reader().read_all() == [1]
