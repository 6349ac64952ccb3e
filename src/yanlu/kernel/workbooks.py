"""Spreadsheets (xlsx) of the blocks that make official documents.

The first sheet says the text, each table has a sheet of figures to count with, each chart is
drawn from cells. A text stays a text, whatever it begins with.
"""

import io
import math
import re
from collections.abc import Iterable, Sequence
from typing import Final, cast
from unicodedata import east_asian_width

from openpyxl import Workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from yanlu.kernel import charts
from yanlu.kernel.cells import Cell, are_figures, figure_of, printable, written
from yanlu.kernel.charts import Chart, Place
from yanlu.kernel.official import Block, Heading, Numbers, Paragraph, Table

TEXT_SHEET: Final = "说明"
NAMELESS: Final = {Table: "表", Chart: "图"}
#: What a sheet's name can't have, and how long it may be, as a cell may, in units of UTF-16.
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\t\n\r]")
RESERVED: Final = "history"
NAME_LENGTH, CELL_LENGTH = 31, 32_767
#: Widths of columns, in figures.
TEXT_WIDTH, NARROWEST, WIDEST = 96, 8, 48
#: Rows that a millimetre covers.
ROWS: Final = 0.19
#: Sizes of letters, in points; the highest row.
TITLE, HEADING, TEXT, HIGHEST = 16, 13, 11, 409
LINK: Final = "0B6E69"
A4: Final = 9


def to_xlsx(title: str, body: Sequence[Block]) -> bytes:
    """The spreadsheet: a sheet of text, and one for each table and each chart by itself.

    A chart stands beside the table that precedes it below the same heading. Texts are cut off
    where a cell ends, at 32,767 characters.
    """
    book = _Book(title)
    for block in body:
        book.add(block)
    out = io.BytesIO()
    book.file.save(out)
    return out.getvalue()


def write_text(cell: SheetCell, text: str) -> SheetCell:
    """Put a text into a cell as a text, never a formula; what a cell can't hold is cut off."""
    cell.value = _cut(printable(text), CELL_LENGTH)
    cell.data_type = "s"
    return cell


def _cut(text: str, length: int) -> str:
    """The text, or as much as fits before an ellipsis; ``length`` in units of UTF-16."""
    units = text.encode("utf-16-le")
    if len(units) <= 2 * length:
        return text
    return units[: 2 * length - 2].decode("utf-16-le", errors="ignore") + "…"


class _Book:
    """A spreadsheet that grows block by block."""

    def __init__(self, title: str) -> None:
        self.file = Workbook()
        self.text = self.file.worksheets[0]
        self.text.title = TEXT_SHEET
        self.text.column_dimensions["A"].width = TEXT_WIDTH
        self.numbers = Numbers()
        self.heading = ""
        self.charts: _Charts | None = None
        self._say(title, Font(bold=True, size=TITLE))
        self.file.properties.title = printable(title)

    def add(self, block: Block) -> None:
        """Add a block where it belongs."""
        if isinstance(block, Heading):
            self.heading, self.charts = block.text, None
            self._say(self.numbers.next(block.level) + block.text, Font(bold=True, size=HEADING))
        elif isinstance(block, Paragraph):
            self._say(block.label + block.text)
        elif isinstance(block, Table):
            sheet = self._sheet(block, block.title or self.heading)
            _write_table(sheet, block)
            self.charts = _Charts(sheet, column=len(block.head) + 2)
        else:
            self._add_chart(block)

    def _add_chart(self, chart: Chart) -> None:
        if self.charts is None:
            _Charts(self._sheet(chart, chart.title), column=1).add(chart)
        else:
            self.charts.add(chart)
            self._link(chart.title, self.charts.sheet)

    def _sheet(self, block: Table | Chart, name: str) -> Worksheet:
        """A new sheet, to which a line of the text leads."""
        wanted = name.strip() or NAMELESS[type(block)]
        sheet: Worksheet = self.file.create_sheet(_free_name(wanted, self.file.sheetnames))
        _fit_page(sheet, is_one=isinstance(block, Chart))
        self._link(block.title or sheet.title, sheet)
        return sheet

    def _link(self, text: str, sheet: Worksheet) -> None:
        cell = self._say(f"→ {text}", Font(color=LINK, underline="single", size=TEXT))
        target = f"{quote_sheetname(sheet.title)}!A1"
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=target)

    def _say(self, text: str, font: Font | None = None) -> SheetCell:
        font = font or Font(size=TEXT)
        row = self.text.max_row + (self.text["A1"].value is not None)
        cell = write_text(_cell(self.text, row, 1), text)
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        cell.font = font
        room = TEXT_WIDTH * TEXT / font.size
        lines = sum(math.ceil((_width(line) + 1) / room) for line in text.splitlines())
        self.text.row_dimensions[row].height = min(HIGHEST, (lines + 0.4) * font.size * 1.35)
        return cell


class _Charts:
    """The charts of a sheet, one below the other, each on the right of its figures."""

    def __init__(self, sheet: Worksheet, column: int) -> None:
        self.sheet = sheet
        self.column = column
        self.row = 1

    def add(self, chart: Chart) -> None:
        """Write the figures and draw the chart of them."""
        place = Place(self.sheet.title, self.row, self.column)
        head = [chart.unit and f"单位：{chart.unit}", *(name for name, _ in chart.series)]
        self._write_figures(chart, place)
        _write_head(self.sheet, place.row, place.column, head)
        beside = place.column + len(head) + 1
        _widen(self.sheet, range(place.column, beside - 1))
        drawn = charts.draw(chart, place)
        self.sheet.add_chart(drawn, f"{get_column_letter(beside)}{place.row}")
        height = round(charts.size(chart)[1] * ROWS)
        self.row += max(height, len(chart.labels) + 1) + 2

    def _write_figures(self, chart: Chart, place: Place) -> None:
        """Labels, and beside each its values, or nothing where there is none."""
        for row, label in enumerate(chart.labels, place.row + 1):
            cell = write_text(_cell(self.sheet, row, place.column), label)
            cell.alignment = Alignment(vertical="center")
        for column, (_, values) in enumerate(chart.series, place.column + 1):
            for row, value in enumerate(values, place.row + 1):
                cell = _cell(self.sheet, row, column)
                cell.value = value if math.isfinite(value) else None
                cell.number_format = charts.value_format(chart)
                cell.alignment = Alignment(horizontal="right", vertical="center")


def _fit_page(sheet: Worksheet, *, is_one: bool) -> None:
    """Print on A4, across, all columns on one page, and all rows if it ``is_one``."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = int(is_one)


def _cell(sheet: Worksheet, row: int, column: int) -> SheetCell:
    """A cell; none of them is merged."""
    return cast("SheetCell", sheet.cell(row, column))


def _write_table(sheet: Worksheet, table: Table) -> None:
    for number, row in enumerate(table.rows, 2):
        for column, content in enumerate(row, 1):
            _write(_cell(sheet, number, column), content)
    _write_head(sheet, 1, 1, table.head)
    _widen(sheet, range(1, len(table.head) + 1))
    sheet.freeze_panes, sheet.print_title_rows = "A2", "1:1"
    last = get_column_letter(len(table.head))
    sheet.auto_filter.ref = f"A1:{last}{len(table.rows) + 1}"


def _write_head(sheet: Worksheet, row: int, column: int, texts: Iterable[str]) -> None:
    """Heads, each on the side of what was written below it."""
    for number, text in enumerate(texts, column):
        side = _cell(sheet, row + 1, number).alignment.horizontal
        cell = write_text(_cell(sheet, row, number), text)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)


def _write(cell: SheetCell, content: Cell) -> None:
    """A figure as a number that looks as it was printed, anything else as a text."""
    figure = figure_of(content)
    if figure is not None:
        cell.value, cell.number_format = figure.value, figure.format
    else:
        write_text(cell, written(content))
    side = "right" if are_figures([written(content)]) else None
    cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=figure is None)


def _widen(sheet: Worksheet, columns: range) -> None:
    """Columns as wide as what stands in them, within bounds."""
    for column in columns:
        rows = sheet.iter_rows(min_col=column, max_col=column, values_only=True)
        widest = max((_width(str(value)) for (value,) in rows if value is not None), default=0)
        width = min(WIDEST, max(NARROWEST, widest + 4))
        sheet.column_dimensions[get_column_letter(column)].width = width


def _width(text: str) -> int:
    """The width of a text in figures; a Chinese character is as wide as two."""
    lines = text[:CELL_LENGTH].splitlines()
    widths = (sum(2 if east_asian_width(one) in "FWA" else 1 for one in line) for line in lines)
    return max(widths, default=0)


def _free_name(wanted: str, taken: Sequence[str]) -> str:
    """A name for a sheet that no other has, however it is spelt."""
    plain = FORBIDDEN.sub(" ", printable(wanted)).strip(" '") or "表"
    name, number = _cut(plain, NAME_LENGTH), 1
    while name.casefold() in {RESERVED, *(one.casefold() for one in taken)}:
        number += 1
        name = f"{_cut(plain, NAME_LENGTH - 4)} {number}"
    return name
