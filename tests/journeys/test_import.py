"""老沈 of the letters-and-visits office brings tables of what residents said elsewhere."""

import csv
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import psycopg
import pytest
from django.db import connections, transaction
from openpyxl import Workbook
from psycopg import sql

from tests import people
from tests.journeys.bringing import HEADER, LAMP, NOISE, TWO, bring, naive, texts, written
from yanlu.intake.models import ImportRun, Submission
from yanlu.intake.services import Words, receive_submission
from yanlu.kernel import clock, followers, journal
from yanlu.people.models import SealedIdentity

SHARED = Path(os.environ.get("YANLU_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))


# --- what comes in


@pytest.mark.django_db
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_whatever_the_office_program_exports_is_read(tmp_path, encoding, separator):
    table = written(tmp_path / "letters.csv", TWO.replace(",", separator), encoding)

    outcome = bring(table, "--channel", "letter", "--source", "xinfang")

    assert outcome.code == 0
    first, second = Submission.objects.order_by("pk")
    assert (first.text, first.title, first.channel) == (LAMP, "路灯", "letter")
    assert (first.source, first.source_number) == ("xinfang", "A1")
    assert first.said_at == datetime(2020, 1, 8, 13, 54, 22, tzinfo=clock.ZONE)
    assert second.said_at == datetime(2019, 2, 28, 11, 25, 5, tzinfo=clock.ZONE)
    assert second.received_at > second.said_at


@pytest.mark.django_db
def test_each_row_gets_a_receipt_and_becomes_a_case(district, tmp_path):
    table = written(tmp_path / "letters.csv", TWO)

    bring(table)
    followers.drain()

    for submission in Submission.objects.all():
        case = people.case_of(submission)
        (received, *_) = journal.history(journal.Subject("submission", submission.pk))
        assert received.data["digest"] == submission.words_digest
        assert case.submission_id == submission.pk


@pytest.mark.django_db
def test_a_spreadsheet_with_dates_numbers_and_a_formula(tmp_path):
    book = Workbook()
    book.active.append(["ID", "Subject", "Date", "Body"])
    book.active.append([188006, "路灯", naive(2019, 2, 28, 11, 25, 5), LAMP])
    book.active.append([188007.0, "路灯", date(2019, 3, 1), "第一行_x000D_\n第二行"])
    book.active.append([188008, "路灯", 43524.5, "=A1&B1"])
    book.save(tmp_path / "board.xlsx")

    outcome = bring(tmp_path / "board.xlsx")

    first, second, third = Submission.objects.order_by("pk")
    assert [first.source_number, second.source_number] == ["188006", "188007"]
    assert second.said_at == datetime(2019, 3, 1, tzinfo=clock.ZONE)
    assert second.text == "第一行\r\n第二行"
    # Nobody calculated the formula yet, so that the title is all that was said.
    assert third.text == "路灯"
    assert third.said_at == datetime(2019, 2, 28, 12, tzinfo=clock.ZONE)
    assert outcome.code == 0


@pytest.mark.django_db
def test_who_said_it_is_sealed_or_not_kept_at_all(tmp_path):
    table = written(
        tmp_path / "letters.csv",
        "编号,内容,姓名,联系电话,是否保密,是否匿名,诉求类型,来源渠道\n"
        f"A1,{LAMP},王秀兰,13800000000,是,否,求助,来电\n"
        f"A2,{NOISE},李国强,13900000000,否,是,其他,传真\n",
    )

    assert bring(table, "--channel", "visit").code == 0

    wang, nobody = Submission.objects.order_by("pk")
    assert wang.is_confidential
    assert (wang.kind, wang.channel) == ("help", "phone")
    assert wang.identity.real_name == "王秀兰"
    assert (nobody.identity, nobody.kind, nobody.channel) == (None, "", "visit")
    assert SealedIdentity.objects.count() == 1


@pytest.mark.django_db
def test_the_place_comes_by_its_official_code(district, tmp_path):
    table = written(
        tmp_path / "letters.csv",
        f"编号,内容,区划代码\nA1,{LAMP},{people.BAOLIN}\nA2,{NOISE},999999999999\n",
    )

    outcome = bring(table)

    assert outcome.code == 1
    assert "Row 3 (place)" in outcome.err
    assert Submission.objects.get().place.code == people.BAOLIN


# --- once and only once


@pytest.mark.django_db
def test_a_second_run_adds_nothing(tmp_path):
    table = written(tmp_path / "letters.csv", TWO)
    bring(table)

    again = bring(table)
    renamed = bring(written(tmp_path / "copy.csv", TWO), "--source", "letters")

    assert "Taken in 0, known 2, refused 0" in again.out
    assert "Taken in 0, known 2, refused 0" in renamed.out
    assert Submission.objects.count() == 2


@pytest.mark.django_db
def test_a_number_that_came_with_other_words_is_refused_not_swallowed(tmp_path):
    bring(written(tmp_path / "letters.csv", TWO))
    changed = TWO.replace(NOISE, "楼道里堆满纸箱。") + f"A2,噪声,2019-02-28,{LAMP}\n"

    outcome = bring(written(tmp_path / "letters.csv", changed))

    assert outcome.code == 1
    assert "Taken in 0, known 1, refused 2" in outcome.out
    assert texts() == [LAMP, NOISE]


@pytest.mark.django_db
def test_rows_without_numbers_are_known_by_their_content(tmp_path):
    table = written(tmp_path / "talk.csv", f"内容,时间\n{LAMP},2020-01-08\n{LAMP},2020-01-09\n")

    assert bring(table).code == 0
    assert bring(table).code == 0

    assert texts() == [LAMP, LAMP]


@pytest.mark.django_db
def test_a_dry_run_tells_everything_and_writes_nothing(tmp_path):
    table = written(tmp_path / "letters.csv", TWO + "A3,空,2020-01-01,\nA4,,2020-13-45,x\n")

    outcome = bring(table, "--dry-run")

    assert outcome.code == 1
    assert "Would take in 3, known 0, refused 1" in outcome.out
    assert not Submission.objects.exists()
    assert not ImportRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_source_do_not_run_at_once(tmp_path):
    table = written(tmp_path / "letters.csv", TWO)
    with _second_connection() as other:
        other.execute("SELECT pg_advisory_lock(hashtextextended('import letters', 0))")
        outcome = bring(table)

    assert outcome.code == 2
    assert not Submission.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_a_partner_hands_in_at_the_same_moment_is_known(tmp_path):
    table = written(tmp_path / "letters.csv", TWO)
    outcomes = []

    def run_beside() -> None:
        outcomes.append(bring(table))
        connections.close_all()

    beside = threading.Thread(target=run_beside)
    with _second_connection() as watcher, transaction.atomic():
        said = Words(text=LAMP, title="路灯", channel="web", source="letters", source_number="A1")
        receive_submission(actor=people.TESTS, words=said)
        beside.start()
        _wait_until_blocked(watcher)
    beside.join()

    assert "Taken in 1, known 1, refused 0" in outcomes[0].out
    assert texts() == [LAMP, NOISE]


# --- what is refused


@pytest.mark.django_db
def test_the_report_names_row_and_reason_and_quotes_nobody(tmp_path):
    table = written(
        tmp_path / "letters.csv",
        f"{TWO}A3,,2020-01-01,\nA4,坏日子,31.12.2019,{LAMP}\nA5,太长,2020-01-01,{'说' * 50_001}\n"
        f"A6,明天,2999-01-01,{LAMP}\nA7,零,2020-01-01,说\x00话\n{'9' * 81},,2020-01-01,{LAMP}\n",
    )
    report = tmp_path / "refused.csv"

    outcome = bring(table, "--report", str(report))

    assert outcome.code == 1
    assert "Taken in 2, known 0, refused 6" in outcome.out
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("4", "text"),
        ("5", "said_at"),
        ("6", "text"),
        ("7", "said_at"),
        ("8", "text"),
        ("9", "number"),
    ]
    assert all(row[2] for row in rows)
    assert LAMP not in report.read_text("utf-8-sig")


@pytest.mark.django_db
def test_a_column_that_nobody_can_guess_is_named_by_the_operator(tmp_path):
    table = written(tmp_path / "odd.csv", f"甲,乙\n{LAMP},A1\n")

    lost = bring(table)
    found = bring(table, "--map", "甲=text", "乙=number")

    assert lost.code == 2
    assert "甲, 乙" in lost.err
    assert found.code == 0
    assert Submission.objects.get().source_number == "A1"


@pytest.mark.django_db
@pytest.mark.parametrize("mapping", ["没有=text", "甲=nothing", "甲"])
def test_a_wrong_map_is_told_before_anything_is_read(tmp_path, mapping):
    assert bring(written(tmp_path / "odd.csv", "甲\nx\n"), "--map", mapping).code == 2


@pytest.mark.django_db
def test_half_a_character_costs_its_own_row_only(tmp_path):
    broken = TWO.encode("gb18030").replace("打桩".encode("gb18030"), b"\x81\x20")
    (tmp_path / "letters.csv").write_bytes(
        broken + f"A3,,2020-01-01,{LAMP}\n".encode("gb18030") * 30
    )

    outcome = bring(tmp_path / "letters.csv")

    assert outcome.code == 1
    assert "Row 3" in outcome.err
    assert Submission.objects.filter(source_number="A3").exists()


@pytest.mark.django_db
def test_a_line_of_a_hundred_megabytes_costs_its_own_row_only(tmp_path):
    table = tmp_path / "letters.csv"
    with table.open("wb") as file:
        file.write(f"{HEADER}A1,路灯,2020-01-01,{LAMP}\n".encode())
        file.write('A2,"路灯",2020-01-01,"'.encode())
        for _ in range(100):
            file.write(b"x" * 2**20)
        file.write(f'"\nA3,噪声,2020-01-01,"{NOISE}"\n'.encode())

    outcome = bring(table)

    assert outcome.code == 1
    assert "Row 3" in outcome.err
    assert texts() == [LAMP, NOISE]


@pytest.mark.django_db
def test_marks_that_do_not_match_cost_their_own_row_only(tmp_path):
    table = written(tmp_path / "letters.csv", f'{HEADER}A1,"他说"好"",2020-01-01,x\nA2,,,{NOISE}\n')

    assert bring(table).code == 1
    assert texts() == [NOISE]


@pytest.mark.django_db
def test_a_mark_that_is_never_closed_swallows_nobody(tmp_path):
    table = written(
        tmp_path / "letters.csv", TWO + f'A3,"路灯,2020-01-01,{LAMP}\n' + "A4,,,x\n" * 9
    )

    outcome = bring(table)

    assert outcome.code == 2
    assert "Row 4 opens a quotation mark" in outcome.err
    assert texts() == [LAMP, NOISE]


# --- killed in the middle


@pytest.fixture
def own_database(transactional_db) -> Iterator[str]:
    """A database of the test's own, since what another process writes is no part of ours."""
    tests = str(connections["default"].settings_dict["NAME"])
    connections.close_all()
    made, template = sql.Identifier(f"{tests}_import"), sql.Identifier(tests)
    with _second_connection("postgres") as server:
        server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(made))
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(made, template))
        yield f"{tests}_import"
        server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))


def test_killed_in_the_middle_it_goes_on_and_loses_and_doubles_nothing(own_database, tmp_path):
    rows = 12_000
    table, report = tmp_path / "board.csv", tmp_path / "refused.csv"
    with table.open("w", encoding="utf-8") as file:
        file.write("编号,内容\n")
        file.writelines(
            f"N{i},{LAMP if i % 100 else ''}{i if i % 100 else ''}\n" for i in range(rows)
        )

    with _second_connection(own_database) as database:
        killed = _import_process(table, report, own_database)
        done = _wait_for_progress(database, killed)
        killed.send_signal(signal.SIGKILL)
        killed.communicate()
        assert 0 < done < rows
        stopped = database.execute("SELECT rows_done FROM intake_importrun").fetchone()

        resumed = _import_process(table, report, own_database)
        _out, err = resumed.communicate(timeout=120)

        assert resumed.returncode == 1, err
        assert str(stopped[0]) in err.splitlines()[1]
        count = "SELECT count(*), count(DISTINCT source_number) FROM intake_submission"
        assert database.execute(count).fetchone() == (rows * 99 // 100, rows * 99 // 100)
        told = "SELECT count(*) FROM kernel_journal WHERE verb = 'submission.received'"
        assert database.execute(told).fetchone() == (rows * 99 // 100,)
        run = "SELECT added, refused, rows_done, finished_at IS NOT NULL FROM intake_importrun"
        assert database.execute(run).fetchone() == (rows * 99 // 100, rows // 100, rows + 1, True)
    with report.open(encoding="utf-8-sig", newline="") as file:
        refused = [line[0] for line in csv.reader(file)][1:]
    assert refused == [str(i + 2) for i in range(0, rows, 100)]


def _import_process(table: Path, report: Path, database: str) -> subprocess.Popen[str]:
    address = os.environ["YANLU_DATABASE_URL"]
    own = connections["default"].settings_dict
    command = ["import_submissions", str(table), "--report", str(report)]
    return subprocess.Popen(
        [sys.executable, "-m", "yanlu.project.command", *command],
        env=os.environ
        | {
            "YANLU_DATABASE_URL": _address(own, database) or address,
            "PYTHONPATH": os.pathsep.join(sys.path),
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _wait_for_progress(database: psycopg.Connection, process: subprocess.Popen[str]) -> int:
    """Rows done, as soon as there are some."""
    while process.poll() is None:
        row = database.execute("SELECT max(rows_done) FROM intake_importrun").fetchone()
        if row and row[0]:
            return int(row[0])
        time.sleep(0.01)
    pytest.fail("the import ended before it could be killed")


def _wait_until_blocked(database: psycopg.Connection) -> None:
    """Wait until somebody waits for a lock."""
    blocked = "SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = %s"
    while not database.execute(blocked, [database.info.dbname]).fetchone():
        time.sleep(0.01)


def _address(own: dict, database: str) -> str:
    """The address of a database on the tests' server."""
    host = own["HOST"].replace("/", "%2F")
    login = own["USER"] + (f":{own['PASSWORD']}" if own["PASSWORD"] else "")
    return f"postgresql://{login}@/{database}?host={host}&port={own['PORT']}"


def _second_connection(database: str = "") -> psycopg.Connection:
    own = connections["default"].settings_dict
    return psycopg.connect(_address(own, database or own["NAME"]), autocommit=True)


# --- real messages of one city's board


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "rows"), [("board", 4326), ("replies", 2816)])
def test_a_real_board_goes_in_whole(name, rows):
    table = SHARED / "messages" / f"{name}.csv.gz"
    if not table.exists():
        pytest.skip(f"no real messages here: {table} (YANLU_SHARED_DATA names their folder)")

    outcome = bring(table)

    assert outcome.code == 0
    assert Submission.objects.count() == rows
