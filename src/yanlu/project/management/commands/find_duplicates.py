"""``yanlu find_duplicates``: rows of a table that say what an earlier row said."""

import csv
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand

from yanlu.intake.channels.file.columns import read_header
from yanlu.intake.channels.file.tables import open_table
from yanlu.textkit.duplicates import Duplicate, find_duplicates

HEADER = ("row", "repeats_row", "how", "score")


class Command(BaseCommand):
    """Read the whole table, compare, write one line for each repeated row."""

    help = "List rows of a table that repeat an earlier row, exactly or nearly; nothing is changed"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, also .gz, or xlsx")
        parser.add_argument(
            "--out", type=Path, metavar="OUT.csv", help="where to write (default: show here)"
        )

    def handle(self, *_: Any, file: Path, out: Path | None = None, **__: Any) -> None:
        numbers, titles, bodies = _read(file)
        found = find_duplicates(titles, bodies)
        if out:
            with out.open("w", encoding="utf-8", newline="") as report:
                _write(report, numbers, found)
        else:
            _write(sys.stdout, numbers, found)
        exact = sum(one.is_exact for one in found)
        self.stderr.write(
            f"{len(numbers)} rows: {exact} exact and {len(found) - exact} near duplicates"
            f" of {len({one.first for one in found})} rows",
            style_func=str,
        )


def _read(path: Path) -> tuple[list[int], list[str], list[str]]:
    """Numbers of the rows as a spreadsheet shows them, titles, texts."""
    with open_table(path) as table:
        columns = read_header(table.header, {})
        rows = [
            row for row in table.rows() if not row.trouble and len(row.cells) == len(table.header)
        ]
    text = columns.get("text", columns.get("title", 0))
    titles = [str(row.cells[columns["title"]]) if "title" in columns else "" for row in rows]
    return [row.number for row in rows], titles, [str(row.cells[text]) for row in rows]


def _write(report: TextIO, numbers: list[int], found: list[Duplicate]) -> None:
    table = csv.writer(report, lineterminator="\n")
    table.writerow(HEADER)
    table.writerows(
        (numbers[d.place], numbers[d.first], "exact" if d.is_exact else "near", f"{d.score:.3f}")
        for d in found
    )
