"""What all tests share: a database that can be emptied although its rows are written once."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings as hypothesis_settings

from tests import people
from yanlu.kernel.pictures import forget_all

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
    "oversight_snapshot",
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


#: Rows by table, as COPY wrote them, of each story that was told in this process.
_told: dict[str, dict[str, bytes]] = {}
Story = Callable[[], None]


@pytest.fixture
def tell_once(db) -> Callable[[str, Story], None]:
    """Tell a story in an empty database: the first time by its acts, then by copying its rows."""

    def tell(name: str, story: Story) -> None:
        if name in _told:
            _copy_back(_told[name])
            return
        before = _counts()
        story()
        grown = [table for table, many in _counts().items() if many > before[table]]
        _told[name] = {table: _copied(table) for table in grown}

    return tell


@pytest.fixture
def district(tell_once) -> None:
    """The demo district's places, units, rules and people; nothing handed in yet.

    Many stories say the same words and mean a case each, and are answered in the same words: here
    neither joins nor is held back by itself.
    Loaded once through the write doors; after that its rows are copied back as they were.
    """
    tell_once("district", people.load_district)


def _counts() -> dict[str, int]:
    """Rows of each table."""
    each = [f"SELECT '{table}', count(*) FROM {table}" for table in _tables()]  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(each))
        return dict(cursor.fetchall())


def _tables() -> list[str]:
    """Jobs are left out: nobody works them off in a test."""
    names = connection.introspection.table_names()
    return [name for name in names if not name.startswith("procrastinate")]


def _copied(table: str) -> bytes:
    rows = f"SELECT * FROM {table} ORDER BY 1"  # noqa: S608 - the journal is a chain
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({rows}) TO STDOUT (FORMAT binary)") as copy,
    ):
        return b"".join(copy)


def _copy_back(held: dict[str, bytes]) -> None:
    """Their numbers are those of the first time: no sequence may fall behind them."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in held.items():
            with cursor.copy(f"COPY {table} FROM STDIN (FORMAT binary)") as copy:
                copy.write(rows)
            numbers = connection.introspection.get_sequences(cursor, table)
            for one in numbers:
                _keep_ahead(cursor, table, one["column"])


def _keep_ahead(cursor: Any, table: str, column: str) -> None:
    numbers = f"pg_get_serial_sequence('{table}', '{column}')"
    last = f"greatest((SELECT max({column}) FROM {table}), nextval({numbers}))"  # noqa: S608
    cursor.execute(f"SELECT setval({numbers}, {last})")
