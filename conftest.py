"""What all tests share: a database that can be emptied although its rows are written once."""

from collections.abc import Iterator

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings as hypothesis_settings

from tests import people
from yanlu.kernel.pictures import forget_all
from yanlu.project.demo import reference

# A busy machine is no reason to fail a property.
hypothesis_settings.register_profile("yanlu", deadline=None)
hypothesis_settings.load_profile("yanlu")

WRITTEN_ONCE = (
    "kernel_journal",
    "kernel_seal",
    "intake_submission",
    "cases_answer",
    "cases_verdict",
    "cases_check",
    "cases_opinion",
    "oversight_measure",
    "oversight_orderstep",
)


@pytest.fixture(scope="session", autouse=True)
def _empty_tables_between_tests() -> Iterator[None]:
    """Django empties the tables after a test with real transactions; our triggers refuse that."""
    original = DatabaseOperations.execute_sql_flush

    def flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        off = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in WRITTEN_ONCE]
        on = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in WRITTEN_ONCE]
        original(self, [*off, *sql_list, *on])

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = original


@pytest.fixture(autouse=True)
def _forget_what_was_read() -> None:
    """Pictures held in memory belong to the database of the test before."""
    forget_all()


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings) -> None:
    """Nothing has been collected for the tests: files are found where they are written."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(autouse=True)
def _cheap_passwords(settings) -> None:
    """Hashing a password well takes a third of a second; tests sign in often."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


#: The district's rows by table, as COPY wrote them, once it was loaded in this process.
_held: dict[str, bytes] = {}


@pytest.fixture
def district(db):
    """The demo district's places, units, rules and people; nothing handed in yet.

    Many stories say the same words and mean a case each, and are answered in the same words: here
    neither joins nor is held back by itself.
    Loaded once through the write doors; after that its rows are copied back as they were.
    """
    if _held:
        _copy_back()
        return
    before = _counts()
    reference.load()
    people.let_repeats_stand_alone()
    people.let_answers_repeat()
    _held.update(
        (table, _copied(table)) for table, many in _counts().items() if many > before[table]
    )


def _counts() -> dict[str, int]:
    """Rows of each table."""
    each = [f"SELECT '{table}', count(*) FROM {table}" for table in _tables()]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def _tables() -> list[str]:
    return connection.introspection.table_names()


def _copied(table: str) -> bytes:
    rows = f"SELECT * FROM {table} ORDER BY id"  # noqa: S608 - the journal is a chain
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT binary)") as copy,
    ):
        return b"".join(copy)


def _copy_back() -> None:
    """Their numbers are those of the first time: no sequence may fall behind them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in _held.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows)
            numbers = f"pg_get_serial_sequence('{table}', 'id')"
            last = f"greatest((SELECT max(id) FROM {table}), nextval({numbers}))"  # noqa: S608
            cursor.execute(f"SELECT setval({numbers}, {last})")
