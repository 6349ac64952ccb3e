"""What a report's page shows of its sections: headings numbered, long tables cut."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from yanlu.kernel.cells import are_figures, written
from yanlu.kernel.official import Block, Heading, Numbers, Table
from yanlu.oversight.sections import NAMES, SHOWN, Section

#: Brackets around the counts behind a share, which a column of figures may hold.
WITHOUT_BRACKETS = str.maketrans("", "", "（）()")


@dataclass(frozen=True)
class Piece:
    """A block, and whether rows of it were left out."""

    block: Block
    is_cut: bool = False

    @property
    def template(self) -> str:
        """What shows it."""
        return f"staff/parts/report_{NAMES[type(self.block)]}.html"


@dataclass(frozen=True)
class Shown:
    """A section as the page shows it."""

    code: str
    heading: str
    is_missing: bool
    pieces: list[Piece]


@dataclass(frozen=True)
class Cells:
    """A table's cells, each with whether it stands in a column of figures."""

    head: list[tuple[str, bool]]
    rows: list[list[tuple[str, bool]]]


def shape(sections: Iterable[Section]) -> list[Shown]:
    """The sections, their headings numbered as on paper."""
    numbers = Numbers()
    return [
        Shown(one.code, numbers.next(1) + one.heading, one.is_missing, list(_pieces(one, numbers)))
        for one in sections
    ]


def cells(table: Table) -> Cells:
    """The table's cells, as a page shows them."""
    table = table.stacked()
    body = [[written(cell) for cell in row] for row in table.rows]
    sides = [
        are_figures([text.translate(WITHOUT_BRACKETS) for text in column])
        for column in zip(*body, strict=True)
    ] or [False] * len(table.head)
    return Cells(
        list(zip(table.head, sides, strict=True)),
        [list(zip(row, sides, strict=True)) for row in body],
    )


def _pieces(section: Section, numbers: Numbers) -> Iterator[Piece]:
    """Words and exhibits; of a section that says nothing yet the page has a word of its own."""
    _heading, *blocks = section.blocks()
    words = len(blocks) - len(section.exhibits)
    for block in [] if section.is_missing else blocks[:words]:
        yield Piece(block)
    for block, full in zip(blocks[words:], section.exhibits, strict=True):
        if isinstance(block, Heading):
            yield Piece(replace(block, text=numbers.next(block.level) + block.text))
        else:
            yield Piece(block, isinstance(full, Table) and len(full.rows) > SHOWN)
