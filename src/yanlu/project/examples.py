"""Tables of messages with labels, as analysts bring them to the commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.core.management.base import CommandError

from yanlu.intake.channels.file.moments import read_moment
from yanlu.intake.channels.file.tables import Cell, Unusable, open_table

#: Names of columns, the first found counts.
TITLE, TEXT, LABEL, MOMENT = (
    ("title", "标题", "主题", "留言主题"),
    ("body", "text", "content", "正文", "内容", "留言详情"),
    ("label", "category", "标签", "类别", "一级标签", "一级分类"),
    ("time", "at", "date", "时间", "留言时间", "日期"),
)


@dataclass(frozen=True)
class Labelled:
    """A row: what was said, and what somebody says that it is."""

    title: str
    text: str
    label: str
    at: datetime | None


def read_labelled(path: Path) -> list[Labelled]:
    """Rows with a text and a label; ``title`` and ``body`` go before a ``text`` of both.

    :raises CommandError: no readable table, or columns are missing.
    """
    try:
        with open_table(path) as table:
            header = [name.strip().lower() for name in table.header]
            title, moment = _column(header, TITLE), _column(header, MOMENT)
            text, label = _column(header, TEXT), _column(header, LABEL)
            if text is None or label is None:
                raise CommandError(f"{path}: columns text (or title and body) and label are needed")
            found = [
                Labelled(_at(row.cells, title), _at(row.cells, text), _at(row.cells, label),
                         _moment(_at(row.cells, moment)))
                for row in table.rows()
                if not row.trouble
            ]  # fmt: skip
    except Unusable as error:
        raise CommandError(f"{path}: {error}") from error
    rows = [row for row in found if row.label and (row.title or row.text)]
    if not rows:
        raise CommandError(f"{path}: no row has both a text and a label")
    return rows


def _column(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _at(cells: Sequence[Cell], place: int | None) -> str:
    return str(cells[place]).strip() if place is not None and place < len(cells) else ""


def _moment(written: str) -> datetime | None:
    try:
        return read_moment(written) if written else None
    except ValueError:
        return None
