"""xlsx files: the first sheet, row by row. Of a formula its last result is read, never itself."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, BinaryIO
from xml.etree import ElementTree as ET

from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from yanlu.intake.channels.file.tables import Cell, Row, Unusable

#: Bytes unpacked: of all parts, of the table of texts (held in memory whole), of any lesser part.
MAX_UNPACKED, MAX_TEXTS, MAX_PART = 600 * 2**20, 240 * 2**20, 16 * 2**20
#: A file that unpacks to more than this many times its size, beyond one part's limit, is a trap.
MAX_GROWTH = 100
#: Rows and columns of a sheet at most (ECMA-376); a file may claim any number.
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384
TEXTS, SHEETS, MEDIA = "xl/sharedStrings.xml", "xl/worksheets/", "/media/"
#: What openpyxl raises on files that are none; it checks little itself.
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, ET.ParseError, InvalidFileException, EOFError, OSError,
    KeyError, IndexError, ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError,
)  # fmt: skip


@contextmanager
def opened(path: Path) -> Iterator["SheetTable"]:
    """The first sheet; see :func:`~yanlu.intake.channels.file.tables.open_table`."""
    _refuse_trap(path)
    # openpyxl warns of what it leaves out, and would go by the name of a path.
    with warnings.catch_warnings(action="ignore"), path.open("rb") as file:
        book = _parsed(file)
        try:
            yield SheetTable(book)
        finally:
            book.close()


class SheetTable:
    """Rows of the first sheet of a workbook."""

    def __init__(self, book: Any) -> None:
        if not book.worksheets:
            raise Unusable(_("There is no sheet in this file."), "file")
        sheet = book.worksheets[0]
        self.size = min(sheet.max_row or 0, MAX_ROWS)
        self.position = 0
        sheet.reset_dimensions()
        self._rows = _safely(sheet.iter_rows(values_only=True))
        first = next(self._rows, (0, ()))[1]
        self.header = tuple(str(_cell(value)).strip() for value in first)

    def rows(self) -> Iterator[Row]:
        """Rows below the header."""
        for number, values in self._rows:
            self.position = number
            if any(value is not None for value in values):
                yield Row(number, tuple(_cell(value) for value in values))


def _refuse_trap(path: Path) -> None:
    """Look at what the parts unpack to; ``zipfile`` never unpacks more than is said here."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = {p.filename: p.file_size for p in archive.infolist() if MEDIA not in p.filename}
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise _damaged() from error
    whole = sum(parts.values())
    if (
        whole > MAX_UNPACKED
        or whole > max(MAX_PART, MAX_GROWTH * path.stat().st_size)
        or any(size > _limit(name) for name, size in parts.items())
    ):
        raise Unusable(_("Unpacked, the file is too large: save it as CSV."), "file")


def _limit(name: str) -> int:
    if name.startswith(SHEETS):
        return MAX_UNPACKED
    return MAX_TEXTS if name == TEXTS else MAX_PART


def _parsed(file: BinaryIO) -> Any:
    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except _DAMAGED as error:
        raise _damaged() from error


def _safely(values: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Numbered rows; what goes wrong while reading them is the file's fault."""
    for number in range(1, MAX_ROWS + 1):
        try:
            row = next(values)
        except StopIteration:
            return
        except _DAMAGED as error:
            raise _damaged() from error
        yield number, row[:MAX_COLUMNS]
    raise Unusable(_("The sheet has more rows than a sheet can have."), "file")


def _cell(value: Any) -> Cell:
    """Text as written; whole numbers without a decimal point, as numbers of cases are meant."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(unescape(value)) if "_x" in value else value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time())
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _damaged() -> Unusable:
    return Unusable(_("This is no xlsx file, or it is damaged."), "file")
