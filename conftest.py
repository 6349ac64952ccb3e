"""What all tests share: a database that can be emptied although its rows are written once."""

from collections.abc import Iterator

import pytest
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
    "cases_opinion",
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


@pytest.fixture
def district(db):
    """The demo district's places, units, rules and people; nothing handed in yet.

    Many stories say the same words and mean a case each, so those don't join by themselves here.
    """
    loaded = reference.load()
    people.let_repeats_stand_alone()
    return loaded
