"""A spreadsheet is read back as another program would: sheets, cells, charts."""

import io

import pytest
from openpyxl import load_workbook

from yanlu.kernel.cells import Figure, figure_of
from yanlu.kernel.charts import Chart
from yanlu.kernel.official import Heading, Paragraph, Table
from yanlu.kernel.workbooks import to_xlsx

HEAD = ("街镇", "件数", "按时")
ROWS = (("大场", 1204, "97.5%"), ("杨行", "980", "–"))
TABLE = Table(HEAD, ROWS, (2, 1, 1), "各街镇来件")
CHART = Chart("大场来件最多", ("大场", "杨行"), [("件数", (1204, 980)), ("去年", (1, 2.5))], "件")


def book_of(*body, title="关于人民建议的报告"):
    return load_workbook(io.BytesIO(to_xlsx(title, body)))


def texts(sheet):
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_the_first_sheet_says_the_text_and_leads_to_the_others():
    body = (Heading("总的情况"), Paragraph("来件多了三成。"), Paragraph("房管办", "出席："), TABLE)
    book = book_of(*body, CHART)
    assert book.sheetnames == ["说明", "各街镇来件"]
    assert [row[0] for row in texts(book["说明"])] == [
        "关于人民建议的报告", "一、总的情况", "来件多了三成。", "出席：房管办",
        "→ 各街镇来件", "→ 大场来件最多",
    ]  # fmt: skip
    assert book["说明"]["A5"].hyperlink.location == "'各街镇来件'!A1"


def test_figures_are_numbers_that_look_as_they_were_printed():
    sheet = book_of(TABLE)["各街镇来件"]
    assert texts(sheet) == [list(HEAD), ["大场", 1204, 0.975], ["杨行", 980, "–"]]
    assert sheet["C2"].number_format == "0.0%"
    sides = [[cell.alignment.horizontal for cell in row] for row in sheet.iter_rows()]
    assert sides == [[None, "right", "right"]] * 3


@pytest.mark.parametrize(
    ("cell", "figure"),
    [
        ("12", Figure(12, "0")),
        ("1,204.50", Figure(1204.5, "#,##0.00")),
        ("45.3%", Figure(0.453, "0.0%")),
        ("-3.1%", Figure(-0.031, "0.0%")),
        (7, Figure(7, "General")),
        ("007", None),
        ("13800001234", None),
        ("+3", None),
        ("1,20", None),
        ("２", None),
        ("", None),
        (float("nan"), None),
    ],
)
def test_what_counts_as_a_figure(cell, figure):
    assert figure_of(cell) == figure


def test_a_table_can_be_filtered_and_keeps_its_head_in_sight():
    sheet = book_of(TABLE)["各街镇来件"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:C3")
    assert all(cell.font.bold for cell in sheet[1])


def test_columns_are_wide_enough_for_chinese():
    rows = [("十个汉字就是十个汉字", "ten letter", "")]
    sheet = book_of(Table(HEAD, rows, (1, 1, 1), "表")).worksheets[1]
    chinese, latin = (sheet.column_dimensions[one].width for one in "AB")
    assert chinese >= 20 > latin >= 10


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=HYPERLINK('x')", "#N/A"])
def test_no_text_is_a_formula(text):
    book = book_of(Paragraph(text), Table((text,), [(text,)], (1,), text), title=text)
    for sheet in book.worksheets:
        assert {cell.data_type for (cell,) in sheet.iter_rows()} == {"s"}
    assert texts(book.worksheets[1]) == [[text], [text]]


def test_names_of_sheets_fit_and_differ():
    tables = [
        Table(HEAD, ROWS, (2, 1, 1), title)
        for title in ("A[1]:*?/\\", "A 1", "长" * 50, "长" * 40, "说明", "''", "History")
    ]
    names = book_of(*tables, Heading("办理"), Table(HEAD, ROWS, (2, 1, 1))).sheetnames
    assert len({name.casefold() for name in names}) == 9
    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert names[-1] == "办理"
    assert "History" not in names


def test_nothing_to_say_is_a_sheet_with_a_title():
    book = book_of()
    assert book.sheetnames == ["说明"]
    assert texts(book["说明"]) == [["关于人民建议的报告"]]


def test_a_table_without_title_or_rows_has_a_sheet():
    sheet = book_of(Table(HEAD, (), (1, 1, 1)))["表"]
    assert texts(sheet) == [list(HEAD)]


def test_hostile_texts_do_not_break_the_file():
    hostile = ("a\x00b\x0bc\ud800", "长" * 50_000, "😀" * 40_000)
    book = book_of(Paragraph(hostile[1]), Table(hostile, [hostile], (1, 1, 1), "😀" * 40))
    cells = [cell.value for row in book.worksheets[1].iter_rows() for cell in row]
    assert cells[0] == cells[3] == "abc"
    for text in cells:
        assert len(text.encode("utf-16-le")) <= 2 * 32_767
    assert cells[1][-1] == cells[2][-1] == "…"
    assert len(book.sheetnames[1].encode("utf-16-le")) <= 2 * 31


def cells(sheet, reference):
    """What stands in the cells that a chart refers to."""
    name, _, where = reference.rpartition("!")
    assert name.strip("'") == sheet.title
    found = sheet[where.replace("$", "")]
    return [row[0].value for row in found] if isinstance(found, tuple) else [found.value]


def series(chart):
    for one in chart.series:
        yield one.tx.strRef.f, one.cat.strRef.f, one.val.numRef.f


@pytest.mark.parametrize("before", [(TABLE,), (), (TABLE, CHART), (TABLE, Heading("办理"))])
def test_a_chart_is_drawn_from_cells(before):
    sheet = book_of(*before, CHART).worksheets[-1]
    drawn = sheet._charts[-1]
    for (name, values), refs in zip(CHART.series, series(drawn), strict=True):
        assert [cells(sheet, ref) for ref in refs] == [[name], ["大场", "杨行"], list(values)]
    assert drawn.y_axis.scaling.min == 0


def test_charts_stand_beside_the_table_one_below_the_other():
    sheet = book_of(TABLE, CHART, CHART)["各街镇来件"]
    first, second = (one.anchor._from for one in sheet._charts)
    assert first.col == second.col > len(HEAD)
    assert second.row - first.row > 80 / 6
    assert sheet["E1"].value == "单位：件"


def test_a_chart_without_table_has_a_sheet_of_its_own():
    book = book_of(TABLE, Heading("办理"), CHART)
    assert book.sheetnames == ["说明", "各街镇来件", "大场来件最多"]
    assert not book["各街镇来件"]._charts
    assert texts(book["大场来件最多"]) == [
        ["单位：件", "件数", "去年"],
        ["大场", 1204, 1],
        ["杨行", 980, 2.5],
    ]


def test_a_missing_value_is_an_empty_cell():
    odd = Chart("同比", ("大场", "杨行"), [("变化", (float("nan"), 1.5))], "%")
    sheet = book_of(odd)["同比"]
    assert [cell.value for cell in sheet["B"]] == ["变化", None, 1.5]
    assert sheet["B3"].number_format == '#,##0.0"%"'


def test_a_number_that_is_none_is_a_dash():
    rows = [("大场", float("inf"), float("nan"))]
    assert texts(book_of(Table(HEAD, rows, (1, 1, 1), "表"))["表"])[1] == ["大场", "–", "–"]
