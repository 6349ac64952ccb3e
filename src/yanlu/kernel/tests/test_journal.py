"""The journal proves itself: altered, removed and forged rows are named."""

import json

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from yanlu.kernel import journal, seals
from yanlu.kernel.crypto import Signer
from yanlu.kernel.errors import JournalBroken

pytestmark = pytest.mark.django_db(transaction=True)

CLERK = journal.System("clerk")


def subject(number: int) -> journal.Subject:
    return journal.Subject("bench", number)


@pytest.fixture
def signer(tmp_path):
    return Signer.load_or_create(tmp_path / "seal.pem")


def as_superuser(sql: str, values: list | None = None) -> None:
    """What somebody with all rights on the database could do: switch the triggers off first."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("kernel_journal", "kernel_seal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        for table in ("kernel_journal", "kernel_seal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def three_acts() -> list[int]:
    journal.record("bench.made", subject(1), actor=CLERK, data={"colour": "青\n绿"})
    journal.record("bench.made", subject(2), actor=CLERK)
    return [journal.record("bench.painted", subject(1), actor=CLERK, data={"n": n}) for n in (1, 2)]


def test_rows_of_one_subject_form_a_chain_and_prove_themselves():
    three_acts()

    assert seals.verify().rows == 4
    rows = journal.history(subject(1))
    assert [row.seq for row in rows] == [1, 2, 3]
    assert bytes(rows[1].prev_hash) == bytes(rows[0].hash)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE kernel_journal SET verb = 'bench.burnt'",
        "DELETE FROM kernel_journal",
        "TRUNCATE kernel_journal",
    ],
)
def test_the_database_refuses_to_change_what_was_written(sql):
    three_acts()
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="written once"):
        cursor.execute(sql)


def test_an_act_and_its_row_are_one_transaction():
    def act_that_fails() -> None:
        with transaction.atomic():
            journal.record("bench.made", subject(1), actor=CLERK)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act_that_fails()
    assert journal.history(subject(1)) == []


def test_a_row_with_a_line_break_in_a_name_is_refused():
    with pytest.raises(IntegrityError):
        journal.record("bench.made\nbench.burnt", subject(1), actor=CLERK)


def test_an_altered_row_is_named():
    _, last = three_acts()
    as_superuser("UPDATE kernel_journal SET data = '{\"n\": 7}' WHERE id = %s", [last])

    with pytest.raises(JournalBroken, match=f"row {last} .* was altered"):
        seals.verify()


def test_a_row_taken_out_of_the_middle_is_named():
    first, last = three_acts()
    as_superuser("DELETE FROM kernel_journal WHERE id = %s", [first])

    with pytest.raises(JournalBroken, match=rf"row {last} .*row 2 of its chain is missing"):
        seals.verify()


def test_a_row_taken_off_the_end_breaks_the_seal(signer):
    _, last = three_acts()
    seals.seal_journal(signer)
    as_superuser("DELETE FROM kernel_journal WHERE id = %s", [last])

    with pytest.raises(JournalBroken, match="are not those sealed"):
        seals.verify()


def test_seals_follow_each_other_and_cover_every_row_once(signer):
    three_acts()
    first = seals.seal_journal(signer)
    assert seals.seal_journal(signer) is None

    journal.record("bench.made", subject(3), actor=CLERK)
    second = seals.seal_journal(signer)

    assert (first.rows, second.rows) == (4, 1)
    assert second.first_id > first.last_id
    assert seals.verify(signer.public_pem()).seals == 2


def test_whoever_rewrites_rows_and_seals_is_found_out_by_an_exported_seal(signer, tmp_path):
    three_acts()
    seals.seal_journal(signer)
    kept_outside = seals.export_seals(signer)
    forger = Signer.load_or_create(tmp_path / "forger.pem")
    as_superuser("DELETE FROM kernel_journal")
    as_superuser("DELETE FROM kernel_seal")
    journal.record("bench.made", subject(1), actor=CLERK)
    seals.seal_journal(forger)

    assert seals.verify(forger.public_pem()).rows == 1
    with pytest.raises(JournalBroken, match="no longer stands"):
        seals.verify(exported=kept_outside)


def test_a_seal_of_another_key_is_refused(signer, tmp_path):
    three_acts()
    seals.seal_journal(Signer.load_or_create(tmp_path / "forger.pem"))

    with pytest.raises(JournalBroken, match="another key"):
        seals.verify(signer.public_pem())


def test_exported_seals_name_nobody(signer):
    three_acts()
    seals.seal_journal(signer)
    exported = json.loads(seals.export_seals(signer))
    assert set(exported) == {"public_key", "seals"}
    assert settings.YANLU_SEAL_KEY.name == "seal-key.pem"
