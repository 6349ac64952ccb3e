"""What a cell of a table says: a text that a file can hold, or a figure."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

Cell = str | float

#: What XML can't hold.
UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: A number as it is printed. One that begins with zero or has more than ten digits is a code or
#: a telephone number; one with a plus would lose it.
FIGURE: Final = re.compile(
    r"(?P<minus>[-−])?(?P<whole>0|[1-9]\d{0,2}(?:,\d{3}){1,3}|[1-9]\d{0,9})"
    r"(?:\.(?P<decimals>\d{1,8}))?(?P<percent>%)?",
    re.ASCII,
)
#: What may stand in a column of figures: numbers, ratios, a dash where there is none, … for rows
#: that are left out. A hyphen inside belongs to a code.
FIGURELIKE: Final = re.compile(r"-?[\d,.%+−–—/\n]*|…", re.ASCII)


@dataclass(frozen=True)
class Figure:
    """A number and the format in which a spreadsheet shows it as it was printed."""

    value: float
    format: str


def printable(text: str) -> str:
    """The text without what XML can't hold."""
    return UNPRINTABLE.sub("", text)


def written(cell: Cell) -> str:
    """The cell as text; a number without the noise of its binary digits, – if it is none."""
    if isinstance(cell, str):
        return printable(cell)
    if not math.isfinite(cell):
        return "–"
    return str(cell) if isinstance(cell, int) else f"{round(cell, 8):.15g}"


def figure_of(cell: Cell) -> Figure | None:
    """The number that a cell is or prints, as 12, 1,204 or 45.3%; None if it is a text."""
    if not isinstance(cell, str):
        return Figure(cell, "General") if math.isfinite(cell) else None
    found = FIGURE.fullmatch(cell.strip())
    if found is None:
        return None
    whole, decimals = found["whole"], found["decimals"] or ""
    value = Decimal(whole.replace(",", "") + "." + (decimals or "0"))
    format_ = ("#,##0" if "," in whole else "0") + ("." + "0" * len(decimals) if decimals else "")
    if found["percent"]:
        value, format_ = value / 100, f"{format_}%"
    if found["minus"]:
        value = -value
    return Figure(int(value) if format_ in {"0", "#,##0"} else float(value), format_)


def are_figures(column: Sequence[str]) -> bool:
    """Whether nothing but figures stands in a column, so that they can stand below each other."""
    return any(column) and all(FIGURELIKE.fullmatch(text.strip()) for text in column)
