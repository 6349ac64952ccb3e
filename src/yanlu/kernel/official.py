"""Official documents as .docx, in the layout of GB/T 9704-2012 (党政机关公文格式).

A4, 22 lines of 28 characters a page; title in 小标宋, body in 仿宋, headings of four levels, page
numbers outside below the text. What stands in a document is its author's business.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Final, cast

from docx import Document
from docx.document import Document as Docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as Line
from docx.text.parfmt import ParagraphFormat
from docx.text.run import Run

from yanlu.kernel import charts
from yanlu.kernel.cells import Cell, are_figures, printable, written
from yanlu.kernel.charts import Chart

XIAOBIAOSONG, FANGSONG, HEITI, KAITI, SONGTI = "方正小标宋简体", "仿宋", "黑体", "楷体", "宋体"
#: Fonts of the headings, by level.
HEADINGS: Final = (HEITI, KAITI, FANGSONG, FANGSONG)
#: Sizes: 2号, 3号, 4号, 小四; and from line to line.
TITLE, BODY, NUMBER, CELL_SIZE = Pt(22), Pt(16), Pt(14), Pt(12)
PITCH, CELL_PITCH = Pt(28), Pt(20)
WIDTH: Final = Mm(156)
#: 225 mm by 22 lines, in twentieths of a point.
GRID: Final = {"w:type": "lines", "w:linePitch": "579"}
#: 156 mm by 28 characters of 16 pt, each so much closer, in twentieths of a point. A grid of
#: characters would say the same, but not every office program sets it alike.
CLOSER: Final = "-5"
CELL: Final = "Cell"
#: What holds a chart in a line.
FRAME: Final = f"""
<w:drawing {nsdecls("w", "wp", "a", "c", "r")}>
 <wp:inline distT="0" distB="0" distL="0" distR="0">
  <wp:extent/><wp:docPr/><wp:cNvGraphicFramePr/>
  <a:graphic>
   <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
    <c:chart/>
   </a:graphicData>
  </a:graphic>
 </wp:inline>
</w:drawing>"""
CHART_TYPE: Final = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
DIGITS: Final = "零一二三四五六七八九"


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 4, which is numbered 一、 （一） 1. （1） by itself."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. After a ``label`` in 黑体, as 出席：, its lines stay beside the label."""

    text: str
    label: str = ""


@dataclass(frozen=True)
class Table:
    """A table; ``widths`` are the columns' shares of the page's width.

    A column of nothing but figures, as 12, 45.3% or –, stands on the right. ``stacks``: how many
    columns share one of the page's, which ``widths`` are of; a workbook keeps them apart.
    """

    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int]
    title: str = ""
    stacks: Sequence[int] = ()

    def stacked(self) -> "Table":
        """As a page shows it: in each cell a figure, and below it what it is made of, as 25/28."""
        if not self.stacks:
            return self
        ends = list(accumulate(self.stacks))
        spans = [slice(end - many, end) for end, many in zip(ends, self.stacks, strict=True)]
        head = [self.head[span.start] for span in spans]
        rows = [[_stacked(row[span]) for span in spans] for row in self.rows]
        return Table(head, rows, self.widths, self.title)


def _stacked(cells: Sequence[Cell]) -> str:
    first, *rest = [text for cell in cells if (text := written(cell))] or [""]
    return f"{first}\n{'/'.join(rest)}" if rest else first


Block = Heading | Paragraph | Table | Chart


@dataclass(frozen=True)
class OfficialDocument:
    """A document; ``number`` as 〔2026〕1号."""

    title: str
    number: str = ""
    addressee: str = ""
    body: Sequence[Block] = ()
    signature: str = ""
    day: date | None = None

    def to_docx(self) -> bytes:
        """The file."""
        document = Document()
        _lay_out(document)
        _add(document, self.title, "Title")
        if self.number:
            _add(document, self.number).alignment = ALIGN.CENTER
        _add(document, "")
        if self.addressee:
            _add(document, f"{self.addressee}：")
        numbers = Numbers()
        for block in self.body:
            _add_block(document, block, numbers)
        _sign(document, self.signature, self.day)
        about = document.core_properties
        about.title, about.author, about.comments = self.title, self.signature, ""
        about.language = "zh-CN"
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


class Numbers:
    """Counts headings; a heading of a level starts those below it anew."""

    def __init__(self) -> None:
        self.counts = [0, 0, 0, 0]

    def next(self, level: int) -> str:
        """What stands before the next heading of this level."""
        self.counts[level - 1] += 1
        self.counts[level:] = [0] * (4 - level)
        count = self.counts[level - 1]
        word = _chinese(count)
        return (f"{word}、", f"（{word}）", f"{count}.", f"（{count}）")[level - 1]


def _chinese(number: int) -> str:
    """A number below a hundred in words: 十二."""
    tens, ones = divmod(number, 10)
    before = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return before + (DIGITS[ones] if ones or not tens else "")


def _lay_out(document: Docx) -> None:
    """Page, grid, styles and page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.footer_distance = Mm(22)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    section._sectPr.append(_element("w:docGrid", GRID))
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    _dress(document, "Normal", FANGSONG)
    closer = _element("w:spacing", {"w:val": CLOSER})
    document.styles["Normal"].element.rPr.insert_element_before(closer, "w:sz")
    _dress(document, "Title", XIAOBIAOSONG, TITLE).alignment = ALIGN.CENTER
    body = _dress(document, "Body Text", FANGSONG)
    body.alignment = ALIGN.JUSTIFY
    _indent(body)
    for level, font in enumerate(HEADINGS, start=1):
        heading = _dress(document, f"Heading {level}", font)
        heading.keep_with_next = True
        _indent(heading)
    document.styles.add_style(CELL, WD_STYLE_TYPE.PARAGRAPH)
    _dress(document, CELL, FANGSONG, CELL_SIZE, CELL_PITCH)
    _number_pages(document)


def _dress(
    document: Docx, name: str, font: str, size: Length = BODY, pitch: Length = PITCH
) -> ParagraphFormat:
    """Give a style its font and pitch, and nothing of what it looked like before."""
    style = cast("ParagraphStyle", document.styles[name])
    before = style.element.get_or_add_pPr()
    for old in [one for one in before if one.tag != qn("w:outlineLvl")]:
        before.remove(old)
    if style.element.rPr is not None:
        style.element.remove(style.element.rPr)
    _set_font(style, font)
    style.font.size, style.font.bold, style.font.italic = size, False, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    shape: ParagraphFormat = style.paragraph_format
    shape.line_spacing = pitch
    shape.space_before = shape.space_after = Pt(0)
    shape.widow_control = False
    return shape


def _set_font(on: ParagraphStyle | Run, font: str) -> None:
    """For Chinese and for figures alike."""
    fonts = on.element.get_or_add_rPr().get_or_add_rFonts()
    for script in ("ascii", "hAnsi", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _indent(shape: ParagraphFormat) -> None:
    """Begin two characters in."""
    shape.first_line_indent = Length(2 * BODY)
    shape._element.pPr.ind.set(qn("w:firstLineChars"), "200")


def _number_pages(document: Docx) -> None:
    """— 1 — outside below the text: on the right of odd pages, on the left of even ones (7.5)."""
    _dress(document, "Footer", SONGTI, NUMBER)
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    odd.alignment, odd.paragraph_format.right_indent = ALIGN.RIGHT, NUMBER
    even.alignment, even.paragraph_format.left_indent = ALIGN.LEFT, NUMBER
    for line in (odd, even):
        line.add_run("— ")
        field = _element("w:fldSimple", {"w:instr": "PAGE"})
        line._p.append(field)
        field.append(line.add_run("1")._r)
        line.add_run(" —")


def _add(document: Docx, text: str, style: str = "Normal") -> Line:
    return document.add_paragraph(printable(text), style)


def _add_block(document: Docx, block: Block, numbers: Numbers) -> None:
    if isinstance(block, Heading):
        _add(document, numbers.next(block.level) + block.text, f"Heading {block.level}")
    elif isinstance(block, Table):
        _add_table(document, block)
    elif isinstance(block, Chart):
        _add_chart(document, block)
    elif block.label:
        _add_labelled(document, block)
    else:
        _add(document, block.text, "Body Text")


def _add_labelled(document: Docx, block: Paragraph) -> None:
    line = _add(document, "")
    line.paragraph_format.left_indent = Length((2 + len(block.label)) * BODY)
    line.paragraph_format.first_line_indent = Length(-len(block.label) * BODY)
    _set_font(line.add_run(block.label), HEITI)
    line.add_run(printable(block.text))


def _add_table(document: Docx, block: Table) -> None:
    """A table whose head stands on every page that it reaches."""
    block = block.stacked()
    if block.title:
        _add_caption(document, block.title)
    table = document.add_table(rows=0, cols=len(block.head), style="Table Grid")
    table.autofit = False
    widths = [Length(WIDTH * share // sum(block.widths)) for share in block.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    body = [[written(cell) for cell in row] for row in block.rows]
    sides = [ALIGN.RIGHT if are_figures(column) else None for column in zip(*body, strict=True)]
    sides = sides or [None] * len(block.head)
    for cells in (block.head, *body):
        row = table.add_row()
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", {}))
        for cell, text, width, side in zip(row.cells, cells, widths, sides, strict=True):
            cell.width = width
            cell.paragraphs[0].style, cell.paragraphs[0].alignment = CELL, side
            cell.paragraphs[0].add_run(printable(text))
    table.rows[0]._tr.get_or_add_trPr().append(_element("w:tblHeader", {}))


def _add_caption(document: Docx, title: str) -> None:
    line = _add(document, "", CELL)
    line.alignment, line.paragraph_format.keep_with_next = ALIGN.CENTER, True
    run = line.add_run(printable(title))
    _set_font(run, HEITI)


def _add_chart(document: Docx, chart: Chart) -> None:
    """A chart, its words beside it for who can't see it, in a line that is as high as it."""
    main, package = document.part, document.part.package
    name = package.next_partname("/word/charts/chart%d.xml")
    relation = main.relate_to(
        Part(name, CHART_TYPE, charts.part(chart), package), RELATIONSHIP_TYPE.CHART
    )
    width, height = (str(Mm(length)) for length in charts.size(chart))
    about = {"id": str(main.next_id), "name": name.filename, "descr": charts.alt_text(chart)}
    drawing = parse_xml(FRAME)
    _fill(drawing, "wp:extent", {"cx": width, "cy": height})
    _fill(drawing, "wp:docPr", about)
    _fill(drawing, "c:chart", {qn("r:id"): relation})
    line = _add(document, "")
    line.alignment, line.paragraph_format.line_spacing = ALIGN.CENTER, 1.0
    line.add_run()._r.append(drawing)


def _fill(drawing: BaseOxmlElement, name: str, attributes: dict[str, str]) -> None:
    (element,) = drawing.iter(qn(name))
    for key, value in attributes.items():
        element.set(key, value)


def _sign(document: Docx, signature: str, day: date | None) -> None:
    """Signature above the date, centred on it, the date four characters from the right (7.3.5)."""
    told = f"{day.year}年{day.month}月{day.day}日" if day else ""
    wider = (_characters(signature) - _characters(told)) / 2
    beside = max(4.0, 2 + wider)
    _add(document, "").paragraph_format.keep_with_next = True
    for text, right in ((signature, beside - wider), (told, beside)):
        line = _add(document, text)
        line.alignment = ALIGN.RIGHT
        line.paragraph_format.right_indent = Length(int(right * BODY))
        line.paragraph_format.keep_with_next = text is signature


def _characters(text: str) -> float:
    """The width in Chinese characters; figures are half as wide."""
    return sum(0.5 if one.isascii() else 1 for one in text)


def _element(name: str, attributes: dict[str, str]) -> BaseOxmlElement:
    element = cast("BaseOxmlElement", OxmlElement(name))
    for key, value in attributes.items():
        element.set(qn(key), value)
    return element
