"""What a report says, section by section, and how it is kept: as JSON of official blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from yanlu.kernel.charts import Chart
from yanlu.kernel.official import Block, Heading, Paragraph, Table

#: Blocks by the name that they are kept under.
BLOCKS: Final = {"heading": Heading, "paragraph": Paragraph, "table": Table, "chart": Chart}
NAMES: Final = {block: name for name, block in BLOCKS.items()}
#: Rows of a table that are shown, from both its ends, where it is longer than that.
SHOWN: Final = 40


@dataclass(frozen=True)
class Section:
    """A section: ``text`` is a person's to edit, ``exhibits`` are the frozen figures.

    ``is_required``: somebody has to write it before the report is issued.
    """

    code: str
    heading: str
    text: str = ""
    exhibits: Sequence[Block] = ()
    is_required: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether somebody still has to write it."""
        return self.is_required and not self.text.strip()

    def blocks(self, *, is_brief: bool = True) -> list[Block]:
        """Heading, words and exhibits in order.

        :param is_brief: of a long table only its first and last rows.
        """
        words = [Paragraph(line) for line in self.text.splitlines() if line.strip()]
        shown = [_brief(one) if is_brief else one for one in self.exhibits]
        return [Heading(self.heading), *words, *shown]


def to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """As a report keeps its sections."""
    return [
        asdict(one) | {"exhibits": [_kept(block) for block in one.exhibits]} for one in sections
    ]


def from_json(kept: Iterable[dict[str, Any]]) -> list[Section]:
    """The sections of a report."""
    return [
        Section(**one | {"exhibits": [_block(block) for block in one["exhibits"]]}) for one in kept
    ]


def _kept(block: Block) -> dict[str, Any]:
    return {"is": NAMES[type(block)], **asdict(block)}


def _block(kept: dict[str, Any]) -> Block:
    held = {name: value for name, value in kept.items() if name != "is"}
    made: Block = BLOCKS[kept["is"]](**held)
    return made


def _brief(block: Block) -> Block:
    if not isinstance(block, Table) or len(block.rows) <= SHOWN:
        return block
    half = SHOWN // 2
    gap = ["…"] * len(block.head)
    rows = [*block.rows[:half], gap, *block.rows[-half:]]
    return Table(block.head, rows, block.widths, block.title)
