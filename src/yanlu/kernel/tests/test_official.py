"""A document is read back as another program would: page, grid, fonts, numbers, table."""

import io
from datetime import date

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yanlu.kernel.official import Heading, OfficialDocument, Paragraph, Table

LONG = "楼道里的东西已经全部清走，居委会每周三检查一次。" * 30


@pytest.fixture
def document():
    body = [
        Paragraph(LONG),
        Heading("总的情况"),
        Heading("来信", 2),
        Heading("来电", 2),
        Heading("白天", 3),
        Heading("夜里", 3),
        Heading("下半夜", 4),
        Heading("下一步"),
        Heading("来访", 2),
        Table(("单位", "任务"), [("房管办", "装门"), ("执法队", "清\x0b理\x00")], (1, 2)),
        Paragraph("房管办、执法队", label="出席："),
    ]
    made = OfficialDocument(
        title="关于楼道堆物的纪要",
        number="〔2026〕1号",
        addressee="各成员单位",
        body=body,
        signature="宝山区联席会议",
        day=date(2026, 3, 5),
    ).to_docx()
    return Document(io.BytesIO(made))


def line(document, start):
    return next(one for one in document.paragraphs if one.text.startswith(start))


def font(style):
    fonts = style.element.rPr.rFonts
    return [fonts.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "eastAsia")]


def test_the_page_holds_22_lines_of_28_characters(document):
    (page,) = document.sections
    assert (page.page_width.mm, page.page_height.mm) == pytest.approx((210, 297), abs=0.1)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [one.mm for one in margins] == pytest.approx([37, 35, 28, 26], abs=0.1)
    grid = page._sectPr.find(qn("w:docGrid"))
    pitch = int(grid.get(qn("w:linePitch"))) / 20
    assert 22 * pitch <= Mm(225).pt < 23 * pitch
    assert 22 * 28 <= Mm(225).pt < 23 * 28
    closer = document.styles["Normal"].element.rPr.find(qn("w:spacing"))
    character = 16 + int(closer.get(qn("w:val"))) / 20
    assert 28 * character <= Mm(156).pt < 29 * character


@pytest.mark.parametrize(
    ("start", "name", "size"),
    [
        ("关于", "方正小标宋简体", 22),
        ("楼道", "仿宋", 16),
        ("一、", "黑体", 16),
        ("（一）", "楷体", 16),
        ("1.", "仿宋", 16),
        ("（1）", "仿宋", 16),
    ],
)
def test_each_kind_of_line_has_its_font(document, start, name, size):
    style = line(document, start).style
    assert font(style) == [name] * 3
    assert (style.font.size, style.font.bold) == (Pt(size), False)
    assert style.paragraph_format.line_spacing == Pt(28)


def test_headings_are_numbered_by_level(document):
    headings = [p.text for p in document.paragraphs if p.style.name.startswith("Heading")]
    assert headings == [
        "一、总的情况", "（一）来信", "（二）来电", "1.白天", "2.夜里", "（1）下半夜",
        "二、下一步", "（一）来访",
    ]  # fmt: skip


def test_title_and_number_stand_in_the_middle_and_text_two_characters_in(document):
    title, number = document.paragraphs[:2]
    assert (title.style.paragraph_format.alignment, number.alignment) == (ALIGN.CENTER,) * 2
    assert line(document, "各成员单位：").style.name == "Normal"
    indent = line(document, "楼道").style.element.pPr.ind
    assert indent.get(qn("w:firstLineChars")) == "200"


def test_pages_are_numbered_outside(document):
    assert document.settings.odd_and_even_pages_header_footer
    (page,) = document.sections
    for footer, side in ((page.footer, ALIGN.RIGHT), (page.even_page_footer, ALIGN.LEFT)):
        (number,) = footer.paragraphs
        assert "".join(t.text for t in number._p.iter(qn("w:t"))) == "— 1 —"
        assert number._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
        assert number.alignment == side
        assert font(number.style) == ["宋体"] * 3
        assert number.style.font.size == Pt(14)


def test_a_table_repeats_its_head_and_holds_only_what_can_be_printed(document):
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["单位", "任务"], ["房管办", "装门"], ["执法队", "清理"],
    ]  # fmt: skip
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert sum(cell.width.mm for cell in table.rows[0].cells) == pytest.approx(156, abs=0.1)


def test_the_signature_is_centred_above_the_date(document):
    signature, day = document.paragraphs[-2:]
    assert (signature.text, day.text) == ("宝山区联席会议", "2026年3月5日")
    assert day.paragraph_format.right_indent.pt == pytest.approx(4 * 16)
    assert signature.paragraph_format.right_indent.pt == pytest.approx(3.5 * 16)


@pytest.mark.parametrize(
    ("count", "word"),
    [(1, "一、"), (10, "十、"), (11, "十一、"), (20, "二十、"), (42, "四十二、")],
)
def test_counts_are_spoken(count, word):
    made = OfficialDocument("题", body=[Heading("事")] * count).to_docx()
    headings = [p.text for p in Document(io.BytesIO(made)).paragraphs if p.style.name[0] == "H"]
    assert headings[-1] == f"{word}事"


def table_of(*rows, title=""):
    made = OfficialDocument("题", body=[Table(("街镇", "件数", "按时"), rows, (2, 1, 1), title)])
    return Document(io.BytesIO(made.to_docx()))


def test_figures_stand_on_the_right_below_their_head_and_texts_on_the_left():
    (table,) = table_of(("大场", 1204, "97.5%"), ("3号楼", 0.1 + 0.2, "–")).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["街镇", "件数", "按时"], ["大场", "1204", "97.5%"], ["3号楼", "0.3", "–"],
    ]  # fmt: skip
    for row in table.rows:
        sides = [cell.paragraphs[0].alignment for cell in row.cells]
        assert sides == [None, ALIGN.RIGHT, ALIGN.RIGHT]


def test_a_table_without_rows_has_its_head():
    (table,) = table_of().tables
    assert [cell.text for cell in table.rows[0].cells] == ["街镇", "件数", "按时"]


def test_the_title_of_a_table_stays_above_it():
    document = table_of(("大场", 1, "–"), title="表1 各街镇来件")
    caption = line(document, "表1")
    assert caption._p.getnext() is document.tables[0]._tbl
    assert (caption.alignment, caption.paragraph_format.keep_with_next) == (ALIGN.CENTER, True)
    assert caption.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "黑体"
    assert caption.style.font.size == Pt(12)
