"""Reports in templates: of whom and when they are, tables, and charts as pictures.

A chart's bars are as wide as the page lets them be, its letters as large as all others: places
are shares of the width, heights are pixels.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yanlu.kernel.cells import written
from yanlu.kernel.charts import Chart, alt_text
from yanlu.kernel.official import Table
from yanlu.oversight import reporting
from yanlu.web.staff.report_shape import Cells, cells
from yanlu.web.staff.report_words import whom

register = template.Library()
register.filter("whom", whom)

#: Pixels: a line of letters, a bar of a ranking, between two labels.
LINE, BAR, BETWEEN = 20, 14, 10
#: Pixels: columns at their highest, above them, below them.
HIGHEST, ABOVE, BELOW = 160, 24, 24
#: Percent of the width: the longest bar of a ranking, so that its value fits behind it.
LONGEST = 78
#: Pixels of a chart on a phone and on a desk, of a figure, between figures.
PHONE, DESK, FIGURE, GAP = 340, 760, 7.2, 4
#: Percent of the width from an edge within which a label would stick out.
EDGE = 4
#: Columns that don't need all the width.
FEW = 10
#: Labels below columns, at most.
LABELS = 7
#: Chinese characters of a label beside a bar; the table says it in full.
WIDEST = 24
PICTURE = (
    '<svg class="chart__picture{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>'
)
BAR_OF = '<rect class="chart__bar chart__bar--{}" x="{}%" y="{}" width="{}%" height="{}"></rect>'
TEXT_AT = '<text class="{}" x="{}%" y="{}" dx="{}" text-anchor="{}">{}</text>'


@dataclass(frozen=True)
class Peak:
    """The highest column of a series."""

    series: int
    label: int


@register.filter
def span(report: Any) -> str:
    """The days of a report."""
    period = reporting.period(report)
    # Translators: a day in an official document, in Django's date format, such as "Y年n月j日".
    written_as = pgettext("in a document", "j F Y")
    ends = {"first": period.first, "last": period.last}
    return _("%(first)s to %(last)s") % {
        name: date_format(day, written_as) for name, day in ends.items()
    }


@register.filter
def table_cells(block: Table) -> Cells:
    """A table's cells, each with whether it is a figure."""
    return cells(block)


@register.filter
def chart_cells(block: Chart) -> Cells:
    """The same numbers as a chart's, as a table."""
    rows = [
        [label, *[_value(values[nth], block.unit) for _name, values in block.series]]
        for nth, label in enumerate(block.labels)
    ]
    head = ["", *[name for name, _values in block.series]]
    return cells(Table(head, rows, [1] * len(head)))


@register.filter
def chart(block: Chart) -> SafeString:
    """The chart as a picture that speaks."""
    parts = list(_ranking(block) if block.is_ranking else _columns(block))
    height = _ranking_height(block) if block.is_ranking else ABOVE + HIGHEST + BELOW
    few = " chart__picture--few" if _is_few(block) else ""
    return format_html(
        PICTURE,
        few,
        height,
        alt_text(block),
        format_html_join("", "{}", ((one,) for one in parts)),
    )


@register.filter
def has_legend(block: Chart) -> bool:
    """Whether there are several series to be told apart."""
    return len(block.series) > 1


# ---- Rankings: a line for each label, its bars below it


def _ranking(block: Chart) -> Iterator[SafeString]:
    peak = _scale(block)
    step = LINE + BAR * len(block.series) + BETWEEN
    for nth, label in enumerate(block.labels):
        top = nth * step
        yield _text("chart__label", 0, top + LINE - 5, _short(label))
        for series, (_name, values) in enumerate(block.series):
            value = values[nth]
            if math.isfinite(value):
                long = _share(value, peak) * LONGEST
                y = top + LINE + BAR * series
                yield format_html(BAR_OF, series, 0, y, long, BAR - 2)
                yield _text("chart__value", long, y + BAR - 3, _value(value, block.unit), dx=6)


def _ranking_height(block: Chart) -> int:
    return len(block.labels) * (LINE + BAR * len(block.series) + BETWEEN)


# ---- Columns: labels below, values above


def _columns(block: Chart) -> Iterator[SafeString]:
    slot = 100 / len(block.labels)
    wide = slot * 0.76 / len(block.series)
    peak, ground = _scale(block), ABOVE + HIGHEST
    yield format_html(
        '<line class="chart__ground" x1="0" x2="100%" y1="{}" y2="{}"></line>', ground, ground
    )
    for series, (_name, values) in enumerate(block.series):
        for nth, value in enumerate(values):
            if math.isfinite(value):
                high = round(_share(value, peak) * HIGHEST, 1)
                x = nth * slot + slot * 0.12 + wide * series
                yield format_html(
                    BAR_OF, series, round(x, 3), ground - high, round(wide * 0.9, 3), high
                )
    yield from _values_above(block, slot, wide, peak)
    every = math.ceil(len(block.labels) / LABELS) if not _is_few(block) else 1
    for nth, label in enumerate(block.labels):
        if nth % every == 0:
            x = (nth + 0.5) * slot
            anchor = "start" if x < EDGE else "end" if x > 100 - EDGE else "middle"
            yield _text("chart__label", x, ground + 17, label, anchor=anchor)


def _values_above(block: Chart, slot: float, wide: float, peak: float) -> Iterator[SafeString]:
    """Each column's value; of many only the highest of each series."""
    peaks = _peaks(block)
    needed = _width_of_values(block)
    for series, (_name, values) in enumerate(block.series):
        for nth, value in enumerate(values):
            is_peak = Peak(series, nth) in peaks
            is_told = is_peak or (needed <= DESK and (value or _is_few(block)))
            if not math.isfinite(value) or not is_told:
                continue
            x = nth * slot + slot * 0.12 + wide * (series + 0.45)
            y = ABOVE + HIGHEST - _share(value, peak) * HIGHEST - 6
            look = (
                "chart__value" if needed <= PHONE or is_peak else "chart__value chart__value--roomy"
            )
            anchor = "middle" if needed <= DESK else _side(Peak(series, nth), peaks)
            yield _text(look, x, y, _value(value, block.unit), anchor=anchor)


def _width_of_values(block: Chart) -> float:
    """Pixels that all values need beside each other."""
    told = [_value(value, block.unit) for _name, values in block.series for value in values]
    return len(told) * (FIGURE * max(map(len, told)) + GAP)


def _peaks(block: Chart) -> list[Peak]:
    """From left to right."""
    found = [
        Peak(series, max(range(len(values)), key=lambda nth: (_finite(values[nth]), -nth)))
        for series, (_name, values) in enumerate(block.series)
    ]
    return sorted(found, key=lambda one: (one.label, one.series))


def _side(one: Peak, peaks: list[Peak]) -> str:
    """Where its value stands, so that those of two peaks beside each other stay apart."""
    if len(peaks) == 1:
        return "middle"
    return "end" if one == peaks[0] and one.label else "start"


# ---- What both need


def _is_few(block: Chart) -> bool:
    return not block.is_ranking and len(block.labels) * len(block.series) <= FEW


def _scale(block: Chart) -> float:
    """What the longest bar stands for; of shares always the whole."""
    highest = max(_finite(value) for _name, values in block.series for value in values)
    return max(highest, 100.0 if block.unit == "%" else 1.0)


def _finite(value: float) -> float:
    return value if math.isfinite(value) else 0.0


def _share(value: float, peak: float) -> float:
    return round(max(0.0, value) / peak, 4)


def _value(value: float, unit: str) -> str:
    return written(value) + (unit if unit == "%" and math.isfinite(value) else "")


def _short(label: str) -> str:
    """As much of a label as fits on a phone."""
    kept, wide = "", 0.0
    for one in label:
        wide += 0.5 if one.isascii() else 1
        if wide > WIDEST:
            return f"{kept}…"
        kept += one
    return kept


def _text(
    look: str, x: float, y: float, text: str, dx: int = 0, anchor: str = "start"
) -> SafeString:
    return format_html(TEXT_AT, look, round(x, 3), round(y, 1), dx, anchor, text)
