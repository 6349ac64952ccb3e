"""CSV files: any usual separator, plain or packed by gzip."""

import csv
import gzip
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanlu.intake.channels.file import encodings
from yanlu.intake.channels.file.tables import GZIP, ZIP, Row, Unusable

SEPARATORS = ",\t;|，"
#: Longest line in bytes: a text of 50,000 characters beside another five times as long.
MAX_LINE = 2**20
#: Longest row in bytes, when quotation marks spread it over several lines.
MAX_ROW = 4 * 2**20
#: A packed file larger than this (bytes) and more than this many times its size is a trap.
LARGE, MAX_GROWTH = 100 * 2**20, 100

TOO_LONG = _("The row is too long to be taken in.")
BROKEN = _("The row holds bytes that are no characters.")
QUOTES = _("The quotation marks of the row don't match.")
_DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


@contextmanager
def opened(path: Path, *, packed: bool) -> Iterator["SeparatedTable"]:
    """The table in this file; see :func:`~yanlu.intake.channels.file.tables.open_table`."""
    try:
        with path.open("rb") as raw:
            encoding = encodings.detect(_Lines(raw, packed=packed, size=path.stat().st_size).raw())
        with path.open("rb") as raw:
            lines = _Lines(raw, packed=packed, size=path.stat().st_size, encoding=encoding)
            yield SeparatedTable(lines)
    except _DAMAGED as error:
        raise Unusable(_("The file is damaged or cut off."), "file") from error


class SeparatedTable:
    """Rows of a CSV file."""

    def __init__(self, lines: "_Lines") -> None:
        self._lines = lines
        self.size = lines.size
        first = next(lines, "").lstrip("\ufeff")
        if lines.trouble:
            raise Unusable(
                _("The first row, which should name the columns, can't be read."), "file"
            )
        separator = max(SEPARATORS, key=first.count)
        csv.field_size_limit(MAX_ROW)
        self._reader = csv.reader(_chain(first, lines), delimiter=separator, strict=True)
        self.header = tuple(name.strip() for name in self._record(1)[0])

    @property
    def position(self) -> int:
        """Bytes of the file read."""
        return self._lines.position

    def rows(self) -> Iterator[Row]:
        """Rows below the header."""
        number = 1
        while True:
            number += 1
            try:
                cells, trouble = self._record(number)
            except StopIteration:
                return
            if trouble or any(cell.strip() for cell in cells):
                yield Row(number, tuple(cells), trouble)

    def _record(self, number: int) -> tuple[list[str], str | Promise]:
        self._lines.begin_row()
        try:
            cells = next(self._reader)
        except csv.Error as error:
            if self._lines.is_at_end:
                raise _unclosed(number) from error
            return [], QUOTES
        except _EndlessRowError as error:
            raise _unclosed(number) from error
        return cells, self._lines.trouble


class _EndlessRowError(Exception):
    """A row grew beyond :data:`MAX_ROW`."""


class _Lines:
    """Decoded lines, and what was wrong with those of the present row (``trouble``)."""

    def __init__(self, raw: BinaryIO, *, packed: bool, size: int, encoding: str = "utf-8") -> None:
        self._raw = raw
        self._stream: BinaryIO = gzip.GzipFile(fileobj=raw) if packed else raw  # type: ignore[assignment]
        self._encoding = encoding
        self._taken = self._unpacked = 0
        self.size = size
        self.trouble: str | Promise = ""
        self.is_at_end = False

    @property
    def position(self) -> int:
        """Bytes of the file read."""
        return self._raw.tell()

    def begin_row(self) -> None:
        """What follows belongs to another row."""
        self.trouble = ""
        self._taken = 0

    def raw(self) -> Iterator[bytes]:
        """Lines as they stand, long ones in pieces."""
        while line := self._read():
            yield line

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._read()
        if not line:
            self.is_at_end = True
            raise StopIteration
        if len(line) == MAX_LINE and not line.endswith(b"\n"):
            line = self._cut(line)
        self._taken += len(line)
        if self._taken > MAX_ROW:
            raise _EndlessRowError
        try:
            return line.decode(self._encoding)
        except UnicodeDecodeError:
            self.trouble = self.trouble or BROKEN
            return line.decode(self._encoding, "replace")

    def _read(self) -> bytes:
        line = self._stream.readline(MAX_LINE)
        if self._unpacked == 0 and line.startswith((GZIP, ZIP)):
            raise Unusable(_("This is an archive in an archive: unpack it first."), "file")
        self._unpacked += len(line)
        if self._unpacked > LARGE and self._unpacked > MAX_GROWTH * self.size:
            raise Unusable(_("Unpacked, the file is suspiciously large."), "file")
        return line

    def _cut(self, start: bytes) -> bytes:
        """Pass over the rest of a line; a quotation mark opened or closed in it stays so."""
        self.trouble = TOO_LONG
        marks, piece = 0, start
        while piece and not piece.endswith(b"\n"):
            piece = self._read()
            marks += piece.count(b'"')
        return start + b'"' * (marks % 2) + b"\n"


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _unclosed(number: int) -> Unusable:
    return Unusable(
        _("Row %(row)s opens a quotation mark that is never closed; reading ended there.")
        % {"row": number},
        "file",
    )
