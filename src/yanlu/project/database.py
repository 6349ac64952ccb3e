"""The database in use: the embedded one, or the server of ``YANLU_DATABASE_URL``."""

import os
from pathlib import Path

import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from psycopg.conninfo import make_conninfo

from yanlu.kernel.errors import OperatorError
from yanlu.project import embedded, environment
from yanlu.project.exits import Exit

#: Oldest PostgreSQL, as ``server_version_num`` counts.
OLDEST = 160000
#: Seconds after which a server that keeps silent counts as unreachable.
PATIENCE = 10
#: Classes of SQLSTATE: connection, authorisation, no such database, connections used up, shut down.
_CONNECTION = frozenset({"08", "28", "3D", "53", "57"})


def choose(home: Path) -> None:
    """Let settings, and every process started from here, see one address."""
    os.environ["YANLU_DATABASE_URL"] = environment.database_url() or embedded.address(home)


def is_embedded(home: Path) -> bool:
    """Whether the chosen database is the embedded one."""
    return environment.database_url() == embedded.address(home)


def require(home: Path) -> None:
    """Start or join the embedded server, or see that the other one will do.

    Raises:
        OperatorError: with one of the ``DATABASE_...`` codes, ``PGVECTOR_MISSING`` or
            ``DISK_FULL``.
    """
    if is_embedded(home):
        embedded.ensure_running(home)
    else:
        _require_server(environment.database_url())


def bring_up_to_date() -> None:
    """Apply the migrations that are missing; refuse a database that a newer Yanlu has changed.

    Raises:
        OperatorError: with ``NEWER_DATA``.
    """
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    known, applied = set(loader.disk_migrations or ()), set(loader.applied_migrations or ())
    newest = dict(sorted(known))  # each app's last name wins
    # An older unknown one is no sign: its file may have gone into a squashed one.
    unknown = [name for app, name in applied - known if name > newest.get(app, name)]
    if unknown:
        raise OperatorError(
            f"the database was changed by a newer version ({max(unknown)}): run that version",
            Exit.NEWER_DATA,
        )
    if known - applied:
        call_command("migrate", verbosity=0, interactive=False)


def explain(error: BaseException) -> OperatorError | None:
    """The operator's word for a database that is away, full or empty; None for anything else."""
    cause: BaseException | None = error
    while cause and not isinstance(cause, psycopg.Error):
        cause = cause.__cause__
    if isinstance(cause, psycopg.errors.DiskFull):
        return OperatorError("disk full: PostgreSQL has no room left", Exit.DISK_FULL)
    if isinstance(cause, psycopg.errors.UndefinedTable):
        return OperatorError("the database has not been set up: run `yanlu up` or `yanlu migrate`")
    if isinstance(cause, psycopg.OperationalError) and (cause.sqlstate or "08")[:2] in _CONNECTION:
        return OperatorError(
            f"the database does not answer: {_line(cause)}", Exit.DATABASE_UNREACHABLE
        )
    return None


def _require_server(url: str) -> None:
    try:
        patient = make_conninfo(url, connect_timeout=PATIENCE)
        with psycopg.connect(patient, autocommit=True) as server:
            _require_version(server)
            _require_pgvector(server)
    except psycopg.ProgrammingError as error:
        raise OperatorError(
            f"YANLU_DATABASE_URL: {_line(error)}", Exit.DATABASE_UNREACHABLE
        ) from error
    except psycopg.OperationalError as error:
        raise OperatorError(
            f"the database server can't be reached: {_line(error)}", Exit.DATABASE_UNREACHABLE
        ) from error


def _require_version(server: psycopg.Connection[tuple[object, ...]]) -> None:
    if server.info.server_version < OLDEST:
        raise OperatorError(
            f"PostgreSQL {OLDEST // 10000} or newer is needed, the server is"
            f" {server.info.server_version // 10000}",
            Exit.DATABASE_TOO_OLD,
        )


def _require_pgvector(server: psycopg.Connection[tuple[object, ...]]) -> None:
    if server.execute("SELECT 1 FROM pg_extension WHERE extname = 'vector'").fetchone():
        return
    try:
        server.execute("CREATE EXTENSION vector")
    except psycopg.errors.InsufficientPrivilege as error:
        raise OperatorError(
            "pgvector is not switched on: let a superuser run `CREATE EXTENSION vector` in"
            f" database {server.info.dbname}",
            Exit.PGVECTOR_MISSING,
        ) from error
    except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile) as error:
        raise OperatorError(
            f"the database server has no pgvector: {_line(error)}", Exit.PGVECTOR_MISSING
        ) from error


def _line(error: psycopg.Error) -> str:
    """The first line of PostgreSQL's own word; it never holds the password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
