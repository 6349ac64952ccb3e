"""``yanlu score_pairs``: how alike the two texts of each row are, for whoever wants to judge it."""

import csv
import gzip
from argparse import ArgumentParser
from collections.abc import Iterable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from yanlu.intake.channels.file.tables import Cell, open_table
from yanlu.kernel.errors import OperatorError
from yanlu.textkit.likeness import compare, portray, usage

PAIR = ("s1", "s2")
SCORE = "score"


class Command(BaseCommand):
    """Learn from the file itself how usual each word is, then score its rows."""

    help = "Score pairs of texts (columns s1, s2) from 0 to 1 by how alike they are; no labels used"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="PAIRS.csv", help="CSV, also .gz, or xlsx")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="OUT.csv",
            help="the same rows and a column score; packed when its name ends in .gz",
        )  # fmt: skip

    def handle(self, *_: Any, file: Path, out: Path, **__: Any) -> None:
        header, rows = _read(file)
        one, other = (_column(header, name) for name in PAIR)
        pairs = [(portray(row[one]), portray(row[other])) for row in rows]
        weigh = usage(portrait for pair in pairs for portrait in pair)
        scored = ([*row, f"{compare(*pair, weigh).score:.6f}"]
                  for row, pair in zip(rows, pairs, strict=True))  # fmt: skip
        _write(out, [*header, SCORE], scored)
        self.stdout.write(f"{len(rows)} pairs scored: {out}")


def _read(path: Path) -> tuple[list[str], list[list[str]]]:
    with open_table(path) as table:
        header, width = list(table.header), len(table.header)
        rows = []
        for row in table.rows():
            if row.trouble or len(row.cells) != width:
                raise OperatorError(f"row {row.number} of {path} can't be read: {row.trouble}")
            rows.append([_text(cell) for cell in row.cells])
    return header, rows


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell.isoformat()


def _column(header: list[str], name: str) -> int:
    if name not in header:
        raise OperatorError(f"no column {name}; there are {', '.join(header)}")
    return header.index(name)


def _write(path: Path, header: list[str], rows: Iterable[list[str]]) -> None:
    with _opened(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def _opened(path: Path) -> AbstractContextManager[TextIO]:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", encoding="utf-8", newline="")
    return path.open("w", encoding="utf-8", newline="")
