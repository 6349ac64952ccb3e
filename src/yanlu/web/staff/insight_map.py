"""The map of the insight centre as a drawing: areas shaded by how much is said in them."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import TYPE_CHECKING, Any, Final

from yanlu.insight.screens import Area
from yanlu.web.staff.choices import place_name

if TYPE_CHECKING:
    from yanlu.web.staff.insight_view import View

#: The drawing's own units; a margin, so that no outline is cut off.
WIDTH: Final = 600
MARGIN: Final = 8
#: Shades from pale to full, each for as many areas.
SHADES: Final = 5
#: Up to so many areas have their names written on them.
MOST_NAMES: Final = 20

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Shape:
    """An area's outline (SVG path), its shade from 1 to 5 (0: nothing said), words and link."""

    name: str
    words: str
    outline: str
    shade: int
    address: str
    x: float
    y: float


@dataclass(frozen=True)
class Drawing:
    """The map; ``steps``: each shade that is used, with the value from which on it is."""

    shapes: list[Shape]
    width: int
    height: int
    steps: list[tuple[int, float]]
    has_names: bool
    is_by_residents: bool


class _Ground:
    """Degrees to the drawing: a degree of longitude is shorter than one of latitude."""

    def __init__(self, rings: Iterable[Ring]) -> None:
        points = [point for ring in rings for point in ring]
        self.west, self.north = min(p[0] for p in points), max(p[1] for p in points)
        self.shrink = cos(radians(self.north))
        wide = (max(p[0] for p in points) - self.west) * self.shrink
        high = self.north - min(p[1] for p in points)
        self.scale = (WIDTH - 2 * MARGIN) / max(wide, high)
        self.width = round(wide * self.scale) + 2 * MARGIN
        self.height = round(high * self.scale) + 2 * MARGIN

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        x = (lon - self.west) * self.shrink * self.scale + MARGIN
        return round(x, 1), round((self.north - lat) * self.scale + MARGIN, 1)


def drawing(view: "View", areas: Sequence[Area]) -> Drawing | None:
    """The areas on a quiet ground; ``None`` where nobody drew their boundaries."""
    placed = [one for one in areas if one.place and one.place.boundary]
    if not placed:
        return None
    rings = {one.place.id: list(_rings(one.place.boundary)) for one in placed if one.place}
    ground = _Ground(ring for found in rings.values() for ring in found)
    is_by_residents = all(one.spoken for one in placed)
    values = [_value(one, is_by_residents=is_by_residents) for one in placed]
    steps = _steps([value for value in values if value])
    shapes = [
        _shape(
            view,
            one,
            ground,
            rings[one.place.id],
            _shade(steps, value),
        )
        for one, value in zip(placed, values, strict=True)
        if one.place
    ]
    return Drawing(
        shapes,
        ground.width,
        ground.height,
        list(enumerate(steps, SHADES - len(steps) + 1)),
        len(shapes) <= MOST_NAMES,
        is_by_residents,
    )


def _value(area: Area, *, is_by_residents: bool) -> float:
    return area.spoken.value if is_by_residents and area.spoken else float(area.figures["matters"])


def _steps(values: Sequence[float]) -> list[float]:
    """Where each shade begins, so that each is seen about as often; fewer where values agree."""
    ordered = sorted(values)
    if not ordered:
        return []
    return sorted({ordered[len(ordered) * number // SHADES] for number in range(SHADES)})


def _shade(steps: Sequence[float], value: float) -> int:
    """The fullest for those from the last step on; 0 for nothing at all."""
    return SHADES - len(steps) + bisect_right(steps, value) if value else 0


def _shape(view: "View", area: Area, ground: _Ground, rings: list[Ring], shade: int) -> Shape:
    assert area.place is not None  # the caller saw to it
    outlines = (
        "L".join(f"{x},{y}" for x, y in (ground.at(*point[:2]) for point in ring)) for ring in rings
    )
    name = place_name(area.place)
    x, y = (
        _middle(ground, rings[0])
        if area.place.lon is None or area.place.lat is None
        else ground.at(area.place.lon, area.place.lat)
    )
    words = f"{name}: {area.figures['matters']}"
    if area.spoken:
        words += f" ({area.spoken.value:.1f} / 1000)"
    return Shape(
        name, words, "".join(f"M{one}Z" for one in outlines), shade,
        view.address(place=area.place.id), x, y,
    )  # fmt: skip


def _middle(ground: _Ground, ring: Ring) -> tuple[float, float]:
    points = [ground.at(*point[:2]) for point in ring]
    return sum(x for x, __ in points) / len(points), sum(y for __, y in points) / len(points)


def _rings(boundary: dict[str, Any]) -> Iterator[Ring]:
    """Every ring of a polygon or of several."""
    if boundary["type"] == "Polygon":
        yield from boundary["coordinates"]
    else:
        for polygon in boundary["coordinates"]:
            yield from polygon
