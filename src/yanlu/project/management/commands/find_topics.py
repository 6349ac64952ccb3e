"""``yanlu find_topics``: what the rows of a table are about, as topics by heat."""

import csv
import os
from argparse import ArgumentParser
from array import array
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand

from yanlu.intake.channels.file.columns import read_header
from yanlu.intake.channels.file.moments import read_moment
from yanlu.intake.channels.file.tables import Cell, Table, open_table
from yanlu.kernel import clock
from yanlu.textkit.topic_reading import read_all
from yanlu.textkit.topic_settling import settle, settle_if_grown
from yanlu.textkit.topic_words import Message
from yanlu.textkit.topics import NEVER, Topics, View, view

HEADER: Final = ("id", "topic")
TOPICS: Final = (
    "topic", "title", "words", "size", "heat", "parent", "places", "first", "week", "week_before",
)  # fmt: skip
#: Names of columns that say who sent a message.
SOURCES: Final = ("source", "user", "author", "sender", "来源", "用户", "留言用户")
#: Bytes of a file from which reading is shared among processes.
LARGE: Final = 2**20


class Command(BaseCommand):
    """Join row after row, settle as the stream grows, write both files at the end."""

    help = "Find the topics of a table's texts: id and topic of each row, and a list of the topics"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Options."""
        parser.add_argument("file", type=Path, metavar="FILE", help="CSV, also .gz, or xlsx")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="OUT.csv",
            help="where to write id and topic; OUT.topics.csv beside it lists the topics",
        )  # fmt: skip

    def handle(self, *_: Any, file: Path, out: Path, **__: Any) -> None:
        topics, strands = Topics(), array("q")
        keys: list[str] = []
        with open_table(file) as table:
            for message, said in read_all(_messages(table), _processes(table)):
                strands.append(topics.join(message, said))
                keys.append(message.key)
                settle_if_grown(topics)
        settle(topics)
        found = list(map(topics.topic_of, strands))
        with out.open("w", encoding="utf-8", newline="") as report:
            lines = csv.writer(report, lineterminator="\n")
            lines.writerow(HEADER)
            lines.writerows((key, topic or "") for key, topic in zip(keys, found, strict=True))
        listed = _write_topics(out.with_suffix(".topics.csv"), topics, {*filter(None, found)})
        self.stderr.write(
            f"{len(keys)} rows: {len(keys) - found.count(None)} in {listed} topics",
            style_func=str,
        )


def _processes(table: Table) -> int:
    return len(os.sched_getaffinity(0)) if table.size > LARGE else 1


def _messages(table: Table) -> Iterator[Message]:
    """The rows as messages, in the order of the file; rows that can't be read are left out."""
    columns = read_header(table.header, {})
    names = [name.lower() for name in table.header]
    number = columns.get("number", names.index("order") if "order" in names else None)
    source = next((names.index(name) for name in SOURCES if name in names), None)
    for row in table.rows():
        if row.trouble or len(row.cells) != len(table.header):
            continue

        def cell(place: int | None, cells: tuple[Cell, ...] = row.cells) -> str:
            return "" if place is None else str(cells[place])

        yield Message(
            text=cell(columns.get("text")),
            title=cell(columns.get("title")),
            place=" ".join(filter(None, map(cell, map(columns.get, ("place", "address"))))),
            at=_moment(cell(columns.get("said_at"))),
            source=cell(source),
            key=cell(number) or str(row.number),
        )


def _moment(written: str) -> datetime | None:
    """When it was said; None where that is unknown or still to come."""
    try:
        return read_moment(written) if written else None
    except (ValueError, OverflowError):
        return None


def _write_topics(path: Path, topics: Topics, numbers: Iterable[int]) -> int:
    """Write the topics, the hottest first; return how many there are."""
    now = topics.clock if topics.clock > NEVER else clock.now()
    found = [view(topics, number, now) for number in numbers]
    found.sort(key=lambda one: (-one.heat.value, -one.size, one.topic))
    with path.open("w", encoding="utf-8", newline="") as report:
        lines = csv.writer(report, lineterminator="\n")
        lines.writerow(TOPICS)
        lines.writerows(map(_line, found))
    return len(found)


def _line(one: View) -> tuple[object, ...]:
    return (
        one.topic, one.title, " ".join(one.words), one.size, f"{one.heat.value:.4g}",
        one.parent or "", " ".join(one.places), one.first.isoformat(), *one.trend,
    )  # fmt: skip
