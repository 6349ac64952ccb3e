"""The embedded PostgreSQL: started when needed, stopped by the last process that needs it.

Every process that uses the server holds a shared lock on ``run/postgres.users``. Locks vanish with
their process, so that even after ``kill -9`` the last one out is known.
"""

import atexit
import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from yanlu.project import home as data_folder
from yanlu.project.postgres import Postgres

_shares: dict[Path, IO[str]] = {}


def address(home: Path) -> str:
    """The address of this home's database, whether its server runs or not."""
    return Postgres(home).address


def is_running(home: Path) -> bool:
    """Whether a server process works on this home."""
    return Postgres(home).postmaster() is not None


def ensure_running(home: Path) -> str:
    """Join or start the server of this home; returns the address of its database.

    The process counts as a user of the server until :func:`release`, at the latest at its exit.

    Raises:
        OperatorError: with ``DATABASE_FAILED``, ``DISK_FULL``, ``NEWER_DATA`` or ``HOME_UNUSABLE``.
    """
    data_folder.prepare(home)
    server = Postgres(home)
    with _alone(home):
        _take_share(home)
        if not server.answers():
            server.stop()
            server.initialise()
            server.start()
    return server.address


def release(home: Path) -> None:
    """Give up this process's share; the last one out stops the server."""
    if home not in _shares:
        return
    with _alone(home), _shares.pop(home) as share:
        try:
            fcntl.flock(share, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        Postgres(home).stop()


def stop(home: Path) -> None:
    """End the server, whoever uses it."""
    with _alone(home):
        Postgres(home).stop()


@contextlib.contextmanager
def _alone(home: Path) -> Iterator[None]:
    """Starts and stops of one home exclude each other."""
    with (home / "run" / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _take_share(home: Path) -> None:
    if home not in _shares:
        share = (home / "run" / "postgres.users").open("a")
        fcntl.flock(share, fcntl.LOCK_SH)
        _shares[home] = share
        atexit.register(_release_at_exit, home, os.getpid())


def _release_at_exit(home: Path, owner: int) -> None:
    if os.getpid() == owner:  # a forked child shares the lock, it does not own it
        release(home)
