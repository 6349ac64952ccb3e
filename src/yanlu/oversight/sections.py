"""What a report says, section by section, and how it is kept: as JSON of official blocks."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from yanlu.kernel.charts import Chart
from yanlu.kernel.official import Block, Heading, Paragraph, Table

#: Blocks by the name that they are kept under.
BLOCKS: Final = {"heading": Heading, "paragraph": Paragraph, "table": Table, "chart": Chart}
NAMES: Final = {block: name for name, block in BLOCKS.items()}
#: What stands in a draft where somebody has to write.
MISSING: Final = "（待补写）"
#: What of a section is not a person's to edit.
FIGURES: Final = ("exhibits", "annexes")
#: Rows of a table that are shown, from both its ends, where it is longer than that.
SHOWN: Final = 40


@dataclass(frozen=True)
class Section:
    """A section: ``text`` is a person's to edit, ``exhibits`` are the frozen figures.

    ``annexes`` stand in the workbook alone. ``is_required``: somebody has to write it before the
    report is issued.
    """

    code: str
    heading: str
    text: str = ""
    exhibits: Sequence[Block] = ()
    annexes: Sequence[Block] = ()
    is_required: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether somebody still has to write it."""
        return self.is_required and not self.text.strip()

    def blocks(self) -> list[Block]:
        """Heading, words and exhibits in order, of a long table its first and last rows."""
        return [*self._words(), *[_brief(one) for one in self.exhibits]]

    def all_blocks(self) -> list[Block]:
        """The same with every row and the annexes, for a workbook."""
        return [*self._words(), *self.exhibits, *self.annexes]

    def _words(self) -> list[Block]:
        text = MISSING if self.is_missing else self.text
        words = [Paragraph(line) for line in text.splitlines() if line.strip()]
        return [Heading(self.heading), *words]


def to_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """As a report keeps its sections."""
    return [
        asdict(one) | {name: [_kept(block) for block in getattr(one, name)] for name in FIGURES}
        for one in sections
    ]


def from_json(kept: Iterable[dict[str, Any]]) -> list[Section]:
    """The sections of a report."""
    return [
        Section(**one | {name: [_block(block) for block in one[name]] for name in FIGURES})
        for one in kept
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
    half, gap = SHOWN // 2, ["…"] * len(block.head)
    return replace(block, rows=[*block.rows[:half], gap, *block.rows[-half:]])
