"""What all tests share: a database that can be emptied although its rows are written once.

Most stories happen in the demo district. It is loaded once and stands while they are told, one
after the other, each in a transaction that is taken back. Those with real transactions, and those
in a browser, come after, in a database that was emptied.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import override_settings
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from tests import people
from yanlu.kernel import followers, pictures
from yanlu.kernel.pictures import Picture, forget_all

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
        _standing.clear()

    DatabaseOperations.execute_sql_flush = flush
    yield
    DatabaseOperations.execute_sql_flush = original


@pytest.fixture(autouse=True)
def _forget_what_was_read() -> None:
    """Pictures held in memory belong to the database of the test before, or to the district."""
    forget_all()
    for picture, shown in _standing.items():
        picture.hold(shown)


@pytest.fixture(autouse=True)
def _static_files_as_they_are(settings) -> None:
    """Nothing has been collected for the tests: files are found where they are written."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hashing a password well takes a third of a second; tests sign in often."""
    cheap = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(PASSWORD_HASHERS=cheap):
        yield


#: While the district stands in the database: every picture with what it shows of it.
_standing: dict[Picture[Any], Any] = {}
EMPTY, IN_THE_DISTRICT, REAL, IN_A_BROWSER = range(4)


def _sort_of(item: pytest.Item) -> int:
    """In which order stories are told: by what they find in the database, and leave there."""
    named = getattr(item, "fixturenames", ())
    if "browser" in item.path.parts:
        return IN_A_BROWSER
    mark = item.get_closest_marker("django_db")
    if "transactional_db" in named or (mark and mark.kwargs.get("transaction")):
        return REAL
    return IN_THE_DISTRICT if "district" in named else EMPTY


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_sort_of)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Empty the database for whom the district must not stand in it."""
    if _standing and _sort_of(item) != IN_THE_DISTRICT:
        with item.config.stash[blocking_manager_key].unblock():
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="session")
def _standing_district(
    _cheap_passwords: None, django_db_setup: None, django_db_blocker: Any
) -> None:
    """What followers make of the district is done, and what pictures show of it is held."""
    with django_db_blocker.unblock():
        people.load_district()
        followers.drain()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM procrastinate_jobs")
        forget_all()
        _standing.update({picture: picture() for picture in pictures.all_pictures()})


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
def district(_standing_district, tell_once) -> None:
    """The demo district's places, units, rules and people; nothing handed in yet.

    Many stories say the same words and mean a case each, and are answered in the same words: here
    neither joins nor is held back by itself.
    """
    if not _standing:
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
