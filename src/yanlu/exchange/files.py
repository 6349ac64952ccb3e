"""Orders from a table, results into one: CSV (also packed by gzip) and xlsx."""

import csv
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from yanlu.exchange.dialect import DETAILS, RESULT
from yanlu.exchange.incoming import Row
from yanlu.exchange.models import Message, Order, Partner, Way
from yanlu.exchange.results import present
from yanlu.exchange.services import Received, note_export, receive_orders
from yanlu.intake.channels.file.tables import Table, Unusable, open_table
from yanlu.kernel import journal
from yanlu.kernel.workbooks import write_text

CSV, XLSX = "csv", "xlsx"
#: Orders whose standing is read at a time.
BATCH = 200
#: What a table of results says: an order's standing, and what the partner said of it itself.
WRITTEN = frozenset(RESULT) - {"sequence", "event", "event_at", "until", "reason", "explanation"}
COLUMNS = WRITTEN | set(DETAILS)
#: Beginnings of a text that a spreadsheet takes for a formula; a number may begin with a sign.
FORMULA = re.compile(r"[=@\t\r]|[+-](?![\d.]+$)")


def import_orders(*, actor: journal.Actor, partner: Partner, path: Path) -> Received:
    """Take in every order of a table, a row each; what stands in it from before is known.

    :raises Unusable: the file can't be read (to its end), or columns are missing.
    """
    with open_table(path) as table:
        missing = partner.dialect.missing(table.header)
        if missing:
            raise Unusable(
                _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)}, "file"
            )
        return receive_orders(actor=actor, partner=partner, way=Way.FILE, rows=_rows(table))


def _rows(table: Table) -> Iterator[Row]:
    for row in table.rows():
        yield Row(row.number, dict(zip(table.header, row.cells, strict=False)), row.trouble)


def export_results(
    *,
    actor: journal.Actor,
    partner: Partner,
    out: BinaryIO,
    form: str,
    since: datetime | None = None,
) -> int:
    """Write how the partner's orders stand, one a row; how many.

    It changes nothing, so it may be done as often as anybody likes.

    :param form: :data:`CSV` or :data:`XLSX`.
    :param since: only orders that came or of which something happened since.
    """
    headings = partner.dialect.headings(tuple(COLUMNS))
    rows = (
        partner.dialect.write(row)
        for some in _batches(_orders(partner, since))
        for row in present(some)
    )
    cells = ([row.get(heading, "") for heading in headings] for row in rows)
    count = (_write_book if form == XLSX else _write_lines)(out, headings, cells)
    note_export(actor=actor, partner=partner, rows=count)
    return count


def _orders(partner: Partner, since: datetime | None) -> Iterator[Order]:
    orders = Order.objects.filter(partner=partner).select_related("submission").order_by("pk")
    if since is not None:
        told = Message.objects.filter(order=OuterRef("pk"), queued_at__gte=since)
        orders = orders.filter(Q(came_at__gte=since) | Exists(told))
    return orders.defer("original").iterator(chunk_size=BATCH)


def _batches(orders: Iterator[Order]) -> Iterator[list[Order]]:
    while some := list(islice(orders, BATCH)):
        yield some


def _write_lines(out: BinaryIO, headings: list[str], rows: Iterable[list[str]]) -> int:
    """CSV with a mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Encoded(out))
    out.write("\ufeff".encode())
    writer.writerow(headings)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        writer.writerow(["'" + cell if FORMULA.match(cell) else cell for cell in row])
    return count


class _Encoded:
    """What ``csv`` writes texts to."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def write(self, text: str) -> None:
        self._out.write(text.encode())


def _write_book(out: BinaryIO, headings: list[str], rows: Iterable[list[str]]) -> int:
    """xlsx in which every cell is a text, never a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(headings)
    count = 0
    for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
        sheet.append([write_text(WriteOnlyCell(sheet), text) for text in row])
    book.save(out)
    return count
