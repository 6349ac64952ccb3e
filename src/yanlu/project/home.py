"""The data folder ``YANLU_HOME``: made, marked with its format, checked for room."""

import errno
import os
import shutil
from pathlib import Path

from yanlu.kernel.errors import OperatorError
from yanlu.project.exits import Exit

#: Format of the data folder. Raise it whenever an older Yanlu must not touch a newer folder.
DATA_FORMAT = 1
#: Free bytes that a first start needs (an empty database takes 60 MB, a demo district 200 MB).
ROOM_AT_FIRST = 512 * 2**20
#: Free bytes below which a later start is refused: PostgreSQL must have room to recover.
ROOM_LATER = 128 * 2**20
FULL_DISK = frozenset({errno.ENOSPC, errno.EDQUOT})


def prepare(home: Path) -> None:
    """Make the folder or find it usable.

    Raises:
        OperatorError: with ``HOME_UNUSABLE``, ``NEWER_DATA`` or ``DISK_FULL``.
    """
    try:
        _make(home)
        _check_format(home)
    except OSError as error:
        raise _unusable(home, error) from error
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        raise OperatorError(f"the data folder {home} is not writable", Exit.HOME_UNUSABLE)


def require_room(home: Path) -> None:
    """Refuse to start on a disk that is about to be full.

    Raises:
        OperatorError: with ``DISK_FULL``.
    """
    needed = ROOM_LATER if any(home.glob("postgres/PG_VERSION")) else ROOM_AT_FIRST
    free = shutil.disk_usage(home).free
    if free < needed:
        raise OperatorError(
            f"disk full: {home} has {free // 2**20} MB free, {needed // 2**20} MB are needed",
            Exit.DISK_FULL,
        )


def _make(home: Path) -> None:
    """Others may pass through a home of root, not look into it: PostgreSQL never runs as root."""
    for folder in (home, home / "logs", home / "run"):
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o711 if os.geteuid() == 0 else 0o700)


def _check_format(home: Path) -> None:
    marker = home / "VERSION"
    if not marker.exists():
        _write_whole(marker, f"{DATA_FORMAT}\n")
    found = marker.read_text().strip()
    if not found.isdecimal():
        raise OperatorError(f"{marker} does not hold a number", Exit.HOME_UNUSABLE)
    if int(found) > DATA_FORMAT:
        raise OperatorError(
            f"the data folder {home} has format {found}, this version knows {DATA_FORMAT}:"
            " run the newer Yanlu that made it",
            Exit.NEWER_DATA,
        )


def _write_whole(path: Path, text: str) -> None:
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    draft.write_text(text)
    draft.replace(path)


def _unusable(home: Path, error: OSError) -> OperatorError:
    if error.errno in FULL_DISK:
        return OperatorError(f"disk full: no room in {home}", Exit.DISK_FULL)
    return OperatorError(
        f"the data folder {home} can't be used: {error.strerror}", Exit.HOME_UNUSABLE
    )
