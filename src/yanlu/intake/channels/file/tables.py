"""A file as a table: a header and rows of cells, read in a stream, told by content.

What a file is called says nothing: its first bytes and its encoding are looked at. Whatever is in
it, memory stays bounded: no line, no row and no unpacked part is taken in beyond a limit.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.kernel.errors import Invalid

Cell = str | datetime
GZIP, ZIP, OLD_OFFICE = b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


class Unusable(Invalid):
    """The file can't be read, or not to its end; what was taken in before stays."""


@dataclass(frozen=True)
class Row:
    """One row. ``number`` is the one that a spreadsheet shows: the header is row 1.

    :param trouble: why the row can't be read; its cells mean nothing then.
    """

    number: int
    cells: tuple[Cell, ...]
    trouble: str | Promise = ""


class Table(Protocol):
    """A table being read. ``size`` and ``position`` are in the same unit, to show progress."""

    header: tuple[str, ...]
    size: int

    @property
    def position(self) -> int: ...

    def rows(self) -> Iterator[Row]:
        """Rows below the header; empty ones are left out.

        :raises Unusable: the rest of the file can't be read.
        """
        ...


def open_table(path: Path) -> AbstractContextManager[Table]:
    """The table in a CSV file (plain or gzip) or the first sheet of an xlsx file.

    :raises Unusable: neither of them, or a trap.
    """
    from yanlu.intake.channels.file import separated, sheets  # noqa: PLC0415 - they know Table

    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        raise Unusable(
            _("The file can't be opened: %(why)s.") % {"why": error.strerror}, "file"
        ) from error
    if not start:
        raise Unusable(_("The file is empty."), "file")
    if start.startswith(OLD_OFFICE):
        raise Unusable(_("This is an old or locked Excel file: save it as xlsx or CSV."), "file")
    if start.startswith(ZIP):
        return sheets.opened(path)
    return separated.opened(path, packed=start.startswith(GZIP))
