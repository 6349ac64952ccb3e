"""What is said flows into the pool, masked, day by day, and whatever happens to it follows."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections

from tests import people
from yanlu.cases import merging, services
from yanlu.insight import pool
from yanlu.insight.columns import COLUMNS
from yanlu.insight.parquet import from_bytes
from yanlu.insight.store import Store
from yanlu.kernel import clock, followers
from yanlu.kernel.pictures import forget_all

MORNING = datetime(2026, 3, 2, 9, 30, tzinfo=clock.ZONE)
DAY = MORNING.date()
PATH = f"310000/310113/310113003/{people.BAOLIN}"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path) -> Store:
    """An empty pool in a folder."""
    settings.YANLU_POOL = str(tmp_path / "pool")
    return Store(settings.YANLU_POOL)


@pytest.fixture(params=["folder", "objects"])
def store(request, settings, folder, tmp_path) -> Store:
    """An empty pool in a folder, and the same story once more in an object store."""
    if request.param == "folder":
        return folder
    settings.YANLU_POOL = f"memory://{tmp_path.name}"
    return Store(settings.YANLU_POOL)


def kept(day: date = DAY) -> list[dict]:
    """The rows of a day's file."""
    content = Store(settings.YANLU_POOL).get(day)
    return from_bytes(content) if content else []


def say(text: str = people.STAIRS, *, at: datetime = MORNING, **more):
    with clock.at(at):
        return people.hand_in(text, **{"by": people.aunt_zhou(), **more})


def write() -> None:
    followers.drain()
    pool.write_marked()


def is_exact() -> bool:
    assert not pool.check().differences, pool.check().differences
    return True


# ---- A word


def test_a_word_is_in_the_file_of_its_day_masked_and_with_what_came_of_it(district, store):
    said = say(f"{people.STAIRS}我叫周桂芳，电话13900000001。")
    write()

    (row,) = kept()
    case = people.case_of(said)
    assert list(row) == [column.name for column in COLUMNS]
    assert "13900000001" not in row["text"]
    assert "周桂芳" not in row["text"]
    assert "楼道里堆满了旧家具" in row["text"]
    assert (row["word"], row["spoken_as"]) == (f"submission:{said.pk}", "submission")
    assert (row["said_at"], row["day"], row["received_on"]) == (MORNING, DAY, DAY)
    assert (row["place"], row["place_path"]) == (people.BAOLIN, PATH)
    assert row["category_path"].endswith(f"/{row['category']}")
    assert (row["case"], row["outcome"], row["co_signers"]) == (case.number, "open", 0)
    assert said.query_code not in str(row)
    assert store.days() == [DAY]
    assert is_exact()


def test_what_happens_to_a_matter_later_reaches_the_file_of_the_day_on_which_it_was_said(district):
    case = people.case_of(say())
    write()
    with clock.at(MORNING + timedelta(days=1)):
        people.bring_to(case, people.HANDLED)
        write()
        assert [(row["outcome"], row["level"]) for row in kept()] == [("answered", 3)]
        services.rate_answer(
            actor=people.aunt_zhou(), case_id=case.pk, is_solved=True,
            rating=services.Rating(outcome="satisfied"),
        )  # fmt: skip
        assert kept()[0]["outcome"] == "answered"
        write()
    assert kept()[0]["outcome"] == "solved"
    assert is_exact()


def test_a_letter_that_comes_late_goes_into_the_file_of_its_own_date(district):
    say()
    write()
    letter = say("公交车要等四十分钟。", said_at=MORNING - timedelta(days=40), channel="letter",
                 at=MORNING + timedelta(days=1))  # fmt: skip
    write()
    (row,) = kept(date(2026, 1, 21))
    assert (row["word"], row["received_on"]) == (f"submission:{letter.pk}", DAY + timedelta(days=1))
    assert is_exact()


def test_who_shares_a_matter_has_a_row_of_their_own_and_knows_how_many_they_are(district):
    first = people.case_of(say())
    wu, evening = people.neighbour_wu(), MORNING + timedelta(hours=14, minutes=40)
    joined = say("我也支持，请快清。", by=wu, at=evening, seconds_id=first.submission_id)
    third = people.case_of(say(by=people.old_gu()))
    merging.merge_case(
        actor=people.account("dispatcher"), case_id=third.pk, into=first.number, why="同一处楼道。"
    )
    write()

    rows = kept() + kept(DAY + timedelta(days=1))
    assert {row["word"] for row in kept(DAY + timedelta(days=1))} == {f"submission:{joined.pk}"}
    assert {(row["case"], row["co_signers"]) for row in rows} == {(first.number, 2)}
    assert len(rows) == 3
    merging.leave_case(actor=wu, submission_id=joined.pk)
    write()
    assert [row["co_signers"] for row in kept()] == [1, 1]
    assert is_exact()


def test_however_matters_are_put_together_and_apart_the_files_follow(district):
    dispatcher, tomorrow = people.account("dispatcher"), MORNING + timedelta(days=1)
    first = people.case_of(say(f"{people.STAIRS}另外门口的路灯也不亮。"))
    second = people.case_of(say(by=people.old_gu(), at=tomorrow))
    joined = say(
        "我也支持。", by=people.neighbour_wu(), at=tomorrow, seconds_id=first.submission_id
    )
    write()

    def follows(*, of_today: set[str], of_tomorrow: set[str]) -> None:
        write()
        assert {row["case"] for row in kept()} == of_today
        assert {row["case"] for row in kept(tomorrow.date())} == of_tomorrow
        assert is_exact()

    one, two = first.number, second.number
    follows(of_today={one}, of_tomorrow={one, two})
    merging.merge_case(actor=dispatcher, case_id=second.pk, into=one, why="同一处。")
    follows(of_today={one}, of_tomorrow={one})
    merging.separate_case(actor=dispatcher, case_id=second.pk, why="不是同一处。")
    follows(of_today={one}, of_tomorrow={one, two})
    third = merging.part_co_signer(
        actor=dispatcher, case_id=first.pk, submission_id=joined.pk, why="说的是别的事。"
    )
    follows(of_today={one}, of_tomorrow={two, third.number})
    merging.split_case(
        actor=dispatcher, case_id=first.pk, words="另外门口的路灯也不亮。", why="两件事。"
    )
    follows(of_today={one}, of_tomorrow={two, third.number})


def test_the_sealed_lane_and_patrols_leave_no_trace(district, folder):
    say("有人收了好处费才给盖章。", kind="report")
    say("请不要告诉他们是我说的。", is_confidential=True)
    with clock.at(MORNING):
        people.find()
    write()
    assert folder.days() == []

    case = people.case_of(say())
    write()
    assert len(kept()) == 1
    services.dispatch_case(
        actor=people.account("dispatcher"), case_id=case.pk,
        correction=services.Correction(kind="report", unit_id=people.unit("discipline").pk),
    )  # fmt: skip
    write()
    assert folder.days() == []
    assert is_exact()


# ---- Files


def test_what_is_written_again_is_the_same_to_the_byte(district, folder):
    for hour in range(3):
        say(at=MORNING + timedelta(hours=hour))
    write()
    before = folder.get(DAY)
    assert pool.write_marked() == 0
    assert pool.rebuild() == 1
    assert folder.get(DAY) == before
    assert pool.rebuild(DAY) == 1
    assert folder.get(DAY) == before


def test_what_a_killed_writer_left_is_read_by_nobody_and_swept(district, folder):
    say()
    write()
    draft = Path(folder.path(DAY) + ".draft")
    draft.write_bytes(folder.get(DAY)[:100])
    assert folder.days() == [DAY]
    assert len(kept()) == 1
    assert is_exact()
    pool.write_marked()
    assert not draft.exists()


def test_whenever_the_writer_is_killed_the_file_is_whole(folder):
    """A child writes two contents in turn, without end, and is killed at some moment."""
    endless = f"""
from datetime import date
from yanlu.insight.store import Store
store = Store({settings.YANLU_POOL!r})
while True:
    for letter in b"ab":
        store.put(date(2026, 3, 2), bytes([letter]) * 3_000_000)
"""
    for _time in range(3):
        child = subprocess.Popen([sys.executable, "-c", endless])  # noqa: S603
        while not folder.days() and child.poll() is None:
            time.sleep(0.01)
        child.kill()
        assert child.wait() == -signal.SIGKILL
        content = folder.get(DAY)
        assert content in (b"a" * 3_000_000, b"b" * 3_000_000)
        folder.sweep()
        assert os.listdir(settings.YANLU_POOL) == [f"words-{DAY}.parquet"]  # noqa: PTH208
        folder.remove(DAY)


def test_what_is_marked_while_its_file_is_written_is_written_once_more(district):
    say()
    followers.drain()
    late = [MORNING + timedelta(minutes=5)]

    def say_more(execute, sql, params, many, context):
        if late and sql.startswith('UPDATE "insight_poolday"'):
            say(at=late.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(say_more):
        assert pool.write_marked() == 2
    assert len(kept()) == 2
    assert is_exact()


def test_two_never_write_at_the_same_time(district, capsys):
    say()
    followers.drain()
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [pool.HOLD])
        call_command("rebuild_pool")
        cursor.execute("SELECT pg_advisory_unlock_all()")
    assert capsys.readouterr().out == (
        "0 days of the pool written anew; a worker is writing 1 more\n"
    )
    other.close()
    assert pool.write_marked() == 1


def test_a_broken_file_a_missing_one_and_a_strange_one_are_found_and_mended(
    district, store, capsys
):
    for days in range(3):
        say(at=MORNING + timedelta(days=days))
    write()
    store.put(DAY, store.get(DAY)[:-20])
    store.remove(DAY + timedelta(days=1))
    store.put(date(2020, 1, 1), store.get(DAY + timedelta(days=2)))

    with pytest.raises(SystemExit) as ended:
        call_command("rebuild_pool", check=True)
    assert ended.value.code == 1
    told = capsys.readouterr().out
    assert "2026-03-02: no Parquet file" in told
    assert "2026-03-03: no file: submission:" in told
    assert "2020-01-01: other words: submission:" in told
    with pytest.raises(SystemExit):
        call_command("rebuild_pool", check=True, day=DAY)
    call_command("rebuild_pool", day=DAY)
    call_command("rebuild_pool", check=True, day=DAY)
    call_command("rebuild_pool")
    call_command("rebuild_pool", check=True)
    assert "3 words of 3 days are as the database has them" in capsys.readouterr().out
    assert date(2020, 1, 1) not in store.days()


def test_nothing_said_yet_is_no_fault(district, store):
    assert pool.write_marked() == 0
    assert pool.rebuild() == 0
    assert store.days() == []
    assert store.get(DAY) is None
    assert is_exact()


def test_a_clock_that_jumps_leaves_each_word_on_the_day_it_was_given(district, folder):
    say(at=datetime(2031, 1, 1, 0, 0, tzinfo=clock.ZONE))
    write()
    say()
    write()
    assert folder.days() == [DAY, date(2031, 1, 1)]
    assert is_exact()


# ---- Places that change


def test_a_renamed_place_changes_no_file_and_one_that_moves_changes_all(district, folder):
    say()
    write()
    known = apps.get_model("places", "Place").objects
    known.filter(code=people.BAOLIN).update(name="宝林新村")
    forget_all()
    assert pool.write_marked() == 0

    town, moved = known.get(code="310113102"), known.get(code=people.BAOLIN)
    moved.parent, moved.path = town, f"{town.path}{moved.pk}/"
    moved.save()
    forget_all()
    assert pool.check().waiting == 1
    assert pool.write_marked() == 1
    assert kept()[0]["place_path"] == f"310000/310113/310113102/{people.BAOLIN}"
    assert is_exact()


def test_nobody_is_told_in_which_building_it_was_said(district):
    people.building_unit("12号楼楼组", people.BAOLIN)
    say(place=f"{people.BAOLIN}-12")
    write()
    assert (kept()[0]["place"], kept()[0]["place_path"]) == (people.BAOLIN, PATH)
