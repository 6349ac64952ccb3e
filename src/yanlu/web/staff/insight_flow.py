"""From channel over level to outcome: where each bar and band of the drawing lies."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from yanlu.insight.screens import Stream
from yanlu.web.labels import CHANNELS, ENDINGS, level_label

if TYPE_CHECKING:
    from yanlu.web.staff.insight_view import View

#: The drawing's own units: its size, a bar's width, the space between bars.
WIDTH, HEIGHT, BAR, GAP = 960, 340, 12, 22
#: Where the bars of the three columns stand: words stand left of the first, right of the others.
COLUMNS: Final = (140, 420, 720)


@dataclass
class Bar:
    """A channel, a level or an outcome; ``y`` from the top, ``height`` by its matters."""

    label: str
    matters: int
    address: str
    x: int
    y: float = 0.0
    height: float = 0.0
    column: int = 0

    @property
    def middle(self) -> float:
        """Where its words stand."""
        return self.y + self.height / 2


@dataclass(frozen=True)
class Band:
    """Matters that go from one bar to the next, as the outline that is filled."""

    title: str
    matters: int
    outline: str
    tone: str


@dataclass(frozen=True)
class Flow:
    """The drawing and the table that says the same."""

    bars: list[Bar]
    bands: list[Band]
    rows: list[tuple[str, str, str, int]]
    width: int = WIDTH
    height: int = HEIGHT


def flow(view: "View", streams: Sequence[Stream]) -> Flow | None:
    """The drawing of these streams; ``None`` where nothing flows."""
    total = sum(one.matters for one in streams)
    if not total:
        return None
    columns = [_column(view, number, streams, total) for number in range(len(COLUMNS))]
    bands = [
        band
        for number in range(len(COLUMNS) - 1)
        for band in _bands(columns[number], columns[number + 1], number, streams, total)
    ]
    rows = [_row(one) for one in streams]
    bars = [bar for column in columns for bar in column.values()]
    return Flow(bars, bands, sorted(rows, key=lambda row: -row[3]))


def _row(stream: Stream) -> tuple[str, str, str, int]:
    channel, level, outcome = (_label(number, _key(number, stream)) for number in range(3))
    return channel, level, outcome, stream.matters


def _key(column: int, stream: Stream) -> Any:
    return (stream.channel, stream.level or 0, stream.outcome)[column]


def _label(column: int, key: Any) -> str:
    if column == 0:
        return str(CHANNELS.get(key, key))
    if column == 1:
        return str(level_label(key)) if key else _("No unit yet")
    return str(ENDINGS[key])


def _column(view: "View", column: int, streams: Iterable[Stream], total: int) -> dict[Any, Bar]:
    many: dict[Any, int] = {}
    for one in streams:
        many[_key(column, one)] = many.get(_key(column, one), 0) + one.matters
    ask = ("channel", "level", "outcome")[column]
    order = (list(CHANNELS), list(range(6)), list(ENDINGS))[column]
    bars = {
        key: Bar(
            _label(column, key), many[key], view.cases(**{ask: key}), COLUMNS[column], column=column
        )
        for key in sorted(many, key=order.index)
    }
    y = (HEIGHT - _scale(total) * total - GAP * (len(bars) - 1)) / 2
    for bar in bars.values():
        bar.y, bar.height = round(y, 1), round(max(bar.matters * _scale(total), 1), 1)
        y += bar.matters * _scale(total) + GAP
    return bars


def _scale(total: int) -> float:
    """Height of one matter: the column of most bars, six, has to find room."""
    return (HEIGHT - GAP * 6) / total


def _bands(
    left: dict[Any, Bar], right: dict[Any, Bar], column: int, streams: Iterable[Stream], total: int
) -> list[Band]:
    many: dict[tuple[Any, Any], int] = {}
    for one in streams:
        pair = _key(column, one), _key(column + 1, one)
        many[pair] = many.get(pair, 0) + one.matters
    order: Callable[[tuple[Any, Any]], Any] = lambda pair: (left[pair[0]].y, right[pair[1]].y)  # noqa: E731
    leaving = {key: bar.y for key, bar in left.items()}
    arriving = {key: bar.y for key, bar in right.items()}
    bands = []
    for start, end in sorted(many, key=order):
        height = many[start, end] * _scale(total)
        outline = _outline(left[start].x + BAR, leaving[start], right[end].x, arriving[end], height)
        leaving[start] += height
        arriving[end] += height
        title = f"{left[start].label} → {right[end].label}: {many[start, end]}"
        bands.append(Band(title, many[start, end], outline, str(end) if column else "way"))
    return bands


def _outline(x1: float, y1: float, x2: float, y2: float, height: float) -> str:
    """A band that leaves and arrives level (SVG path)."""
    middle, low1, low2 = (x1 + x2) / 2, y1 + height, y2 + height
    there = f"M{x1},{y1:.1f}C{middle},{y1:.1f} {middle},{y2:.1f} {x2},{y2:.1f}"
    back = f"V{low2:.1f}C{middle},{low2:.1f} {middle},{low1:.1f} {x1},{low1:.1f}Z"
    return there + back
