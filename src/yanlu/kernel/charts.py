"""Charts of one message each, for documents and spreadsheets alike.

Bars from zero with their values on them; colours that differ for the colour-blind, and fills
that differ where they are printed in grey.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, cast

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines, NumericAxis, TextAxis
from openpyxl.chart.data_source import (
    AxDataSource,
    NumData,
    NumDataSource,
    NumRef,
    NumVal,
    StrData,
    StrRef,
    StrVal,
)
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.colors import ColorChoice
from openpyxl.drawing.fill import PatternFillProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Font,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.xml.functions import tostring

from yanlu.kernel.cells import printable, written

HEITI, FANGSONG = "黑体", "仿宋"
Pattern = Literal["wdUpDiag", "pct25"]
#: Jade, amber, sky: the colour of a series, and how it is hatched over its paler ground.
FILLS: Final[tuple[tuple[str, Pattern | None, str], ...]] = (
    ("0B6E69", None, ""),
    ("A86408", "wdUpDiag", "F3E3CB"),
    ("2A5FA5", "pct25", "FFFFFF"),
)
INK, GREY, HAIR = "000000", "595959", "D9D9D9"
#: Sizes of letters, in hundredths of a point.
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 1200, 1000, 900
#: Millimetres: a chart, its legend, the highest that fits a page, what bars don't have of it.
WIDTH, HEIGHT, LEGEND, HIGHEST, AROUND = 150, 80, 10, 205, 30
#: Millimetres: the thickest bar, a bar of a ranking, the space between its labels, a figure.
THICKEST, BAR, BETWEEN, DIGIT = 14, 4.5, 3.0, 1.8


@dataclass(frozen=True)
class Chart:
    """Bars for labels: columns, or if ``is_ranking`` rows, the first label on top.

    ``title`` says the message. Each of one to three series, ``(name, values)``, has a value for
    every label, in ``unit``; one that isn't finite leaves a gap. A ranking of up to about thirty
    labels is legible on a page.

    :raises ValueError: there are no labels, or not one to three series of as many values.
    """

    title: str
    labels: Sequence[str]
    series: Sequence[tuple[str, Sequence[float]]]
    unit: str = ""
    is_ranking: bool = False

    def __post_init__(self) -> None:
        lengths = {len(values) for _, values in self.series}
        if not self.labels or not 1 <= len(self.series) <= len(FILLS):
            raise ValueError("A chart has labels and one to three series.")
        if lengths != {len(self.labels)}:
            raise ValueError("Every series of a chart has a value for every label.")


@dataclass(frozen=True)
class Place:
    """Cells that hold a chart's figures: labels below ``row`` and ``column``, series beside."""

    sheet: str
    row: int
    column: int


def size(chart: Chart) -> tuple[float, float]:
    """Width and height in mm; a long ranking is higher."""
    legend = LEGEND if len(chart.series) > 1 else 0
    if not chart.is_ranking:
        return WIDTH, HEIGHT + legend
    needed = AROUND + len(chart.labels) * (BETWEEN + BAR * len(chart.series))
    return WIDTH, min(HIGHEST, max(HEIGHT, needed) + legend)


def value_format(chart: Chart) -> str:
    """How values are printed: whole ones whole, others with one decimal."""
    digits = "#,##0" if _is_whole(chart) else "#,##0.0"
    return digits + ('"%"' if chart.unit == "%" else "")


def alt_text(chart: Chart) -> str:
    """What a chart says, for who hears it read: title, unit, and every value."""
    told = "；".join(
        f"{name}：" + "，".join(map("{} {}".format, chart.labels, map(written, values)))
        for name, values in chart.series
    )
    unit = f"（单位：{chart.unit}）" if chart.unit else ""
    return printable(f"{chart.title}{unit}。{told}。")


def part(chart: Chart) -> bytes:
    """A chart as a part of a document's package, its values inside."""
    return cast("bytes", tostring(draw(chart)._write()))  # type: ignore[attr-defined]


def draw(chart: Chart, place: Place | None = None) -> BarChart:
    """A chart of the values in the cells at ``place``, else of values that it holds itself."""
    drawn = BarChart()
    drawn.barDir = "bar" if chart.is_ranking else "col"
    drawn.width, drawn.height = (length / 10 for length in size(chart))  # type: ignore[assignment]
    drawn.gapWidth, drawn.overlap = _gap(chart), 0
    drawn.varyColors, drawn.roundedCorners, drawn.visible_cells_only = False, False, False
    drawn.graphical_properties = _plain()
    drawn.plot_area.graphicalProperties = GraphicalProperties(noFill=True, ln=_no_line())
    drawn.title = _title(chart)
    drawn.legend = _legend() if len(chart.series) > 1 else None
    drawn.x_axis, drawn.y_axis = _label_axis(chart), _value_axis(chart)
    drawn.series = [_series(chart, number, place) for number in range(len(chart.series))]
    return drawn


def _slot(chart: Chart) -> float:
    """Millimetres for each label."""
    width, height = size(chart)
    return ((height if chart.is_ranking else width) - AROUND) / len(chart.labels)


def _gap(chart: Chart) -> int:
    """Between the bars of two labels, in percent of a bar; few bars don't become slabs."""
    gap = 100 * (_slot(chart) / THICKEST - len(chart.series))
    return round(min(400, max(60, gap)))


def _series(chart: Chart, number: int, place: Place | None) -> Series:
    name, values = chart.series[number]
    labels = StrData(len(chart.labels), _texts(chart.labels))
    points = [NumVal(i, None, v) for i, v in enumerate(values) if math.isfinite(v)]
    figures = NumData(value_format(chart), len(values), points)
    series = Series(idx=number, order=number, spPr=_fill(number), invertIfNegative=False)
    series.dLbls = _value_labels(chart)
    if place is None:
        series.tx = SeriesLabel(v=printable(name))
        series.cat, series.val = AxDataSource(strLit=labels), NumDataSource(numLit=figures)
        return series
    column, first, last = place.column + 1 + number, place.row + 1, place.row + len(labels.pt)
    head = StrRef(_cells(place, column, place.row, place.row), StrData(1, _texts([name])))
    series.tx = SeriesLabel(strRef=head)
    series.cat = AxDataSource(strRef=StrRef(_cells(place, place.column, first, last), labels))
    series.val = NumDataSource(numRef=NumRef(_cells(place, column, first, last), figures))
    return series


def _texts(texts: Sequence[str]) -> list[StrVal]:
    return [StrVal(i, printable(text)) for i, text in enumerate(texts)]


def _cells(place: Place, column: int, first: int, last: int) -> str:
    letter = get_column_letter(column)
    rows = f"${letter}${first}" + (f":${letter}${last}" if last > first else "")
    return f"{quote_sheetname(place.sheet)}!{rows}"


def _is_whole(chart: Chart) -> bool:
    return all(float(value).is_integer() for value in _values(chart))


def _values(chart: Chart) -> list[float]:
    return [value for _, values in chart.series for value in values if math.isfinite(value)]


def _fill(number: int) -> GraphicalProperties:
    colour, pattern, ground = FILLS[number]
    if pattern is None:
        return GraphicalProperties(solidFill=colour, ln=_no_line())
    hatched = PatternFillProperties(prst=pattern, fgClr=_colour(colour), bgClr=_colour(ground))
    return GraphicalProperties(pattFill=hatched, ln=_line(colour))


def _colour(rgb: str) -> ColorChoice:
    return ColorChoice(srgbClr=rgb)  # type: ignore[arg-type]


def _value_labels(chart: Chart) -> DataLabelList:
    """On the bars; upright where columns stand closer than their values are wide."""
    labels = DataLabelList(numFmt=value_format(chart), dLblPos="outEnd", showVal=True)
    labels.showLegendKey = labels.showCatName = labels.showSerName = False
    labels.showPercent = labels.showBubbleSize = False
    widest = max((len(f"{value:,.0f}") for value in _values(chart)), default=0)
    wide = DIGIT * (widest + (0 if _is_whole(chart) else 2) + (chart.unit == "%"))
    bar = _slot(chart) / (len(chart.series) + _gap(chart) / 100)
    is_crowded = not chart.is_ranking and wide > bar * (1 if len(chart.series) > 1 else 1.5)
    labels.txPr = _letters(SMALL_SIZE, INK, turn=-5400000 if is_crowded else None)
    return labels


def _label_axis(chart: Chart) -> TextAxis:
    axis = TextAxis(delete=False, axPos="l" if chart.is_ranking else "b", tickLblSkip=1)
    axis.scaling.orientation = "maxMin" if chart.is_ranking else "minMax"
    axis.majorTickMark, axis.tickLblPos, axis.noMultiLvlLbl = "none", "low", True
    axis.spPr, axis.txPr = GraphicalProperties(ln=_line(GREY)), _letters(TEXT_SIZE, INK)
    return axis


def _value_axis(chart: Chart) -> NumericAxis:
    """From zero, or below if values are."""
    values = _values(chart)
    axis = NumericAxis(delete=False, axPos="b" if chart.is_ranking else "l")
    axis.scaling.min = 0 if min(values, default=0) >= 0 else None
    axis.majorUnit = _step(max(map(abs, values), default=0), _is_whole(chart))
    axis.crosses = "max" if chart.is_ranking else "autoZero"
    axis.crossBetween = "between"
    axis.majorGridlines = ChartLines(GraphicalProperties(ln=_line(HAIR)))
    axis.majorTickMark, axis.tickLblPos = "none", "nextTo"
    axis.number_format = '[<=100]General"%";""' if chart.unit == "%" else "#,##0.##"
    axis.spPr, axis.txPr = GraphicalProperties(ln=_no_line()), _letters(SMALL_SIZE, GREY)
    return axis


def _step(peak: float, is_whole: bool) -> float | None:
    """From gridline to gridline, so that about four are seen: 1, 2 or 5 of a power of ten."""
    if peak <= 0:
        return None
    power = 10.0 ** math.floor(math.log10(peak / 5))
    step = next(times * power for times in (1, 2, 5, 10) if times * power * 5 >= peak * 0.999)
    return max(1, step) if is_whole else step


def _title(chart: Chart) -> Title:
    """The message in 黑体, the unit below it unless values say it."""
    lines = [_written(chart.title, HEITI, TITLE_SIZE, INK)]
    if chart.unit and chart.unit != "%":
        lines.append(_written(f"单位：{chart.unit}", FANGSONG, SMALL_SIZE, GREY))
    return Title(Text(rich=RichText(p=lines)), overlay=False)


def _legend() -> Legend:
    legend = Legend()
    legend.position, legend.overlay = "b", False
    legend.txPr = _letters(TEXT_SIZE, INK)
    return legend


def _written(text: str, font: str, size: int, colour: str) -> Paragraph:
    style = _style(font, size, colour)
    return Paragraph(
        pPr=ParagraphProperties(defRPr=style), r=[RegularTextRun(rPr=style, t=printable(text))]
    )


def _letters(size: int, colour: str, turn: int | None = None) -> RichText:
    """How texts look that the axes and bars say; turned by 60,000ths of a degree."""
    style = _style(FANGSONG, size, colour)
    shape = RichTextProperties(rot=turn, vert="horz" if turn else None)
    return RichText(shape, p=[Paragraph(ParagraphProperties(defRPr=style), endParaRPr=style)])


def _style(font: str, size: int, colour: str) -> CharacterProperties:
    """For Chinese and for figures alike."""
    face = Font(typeface=font)
    return CharacterProperties(sz=size, b=False, solidFill=colour, latin=face, ea=face)


def _plain() -> GraphicalProperties:
    return GraphicalProperties(solidFill="FFFFFF", ln=_no_line())


def _line(colour: str) -> LineProperties:
    """A hairline: a quarter of a point, in EMU."""
    return LineProperties(w=3175, solidFill=colour)


def _no_line() -> LineProperties:
    return LineProperties(noFill=True)
