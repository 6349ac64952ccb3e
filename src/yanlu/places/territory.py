"""The whole territory in memory: a district has some thousand places, and every page asks."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from shapely import STRtree
from shapely.geometry import Point, shape

CITY, DISTRICT, SUBDISTRICT, COMMUNITY, BUILDING = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Node:
    """One place as everybody may see it; ``path`` as ``/1/4/27/`` from the root to itself."""

    id: int
    parent_id: int | None
    level: int
    code: str
    name: str
    name_en: str
    path: str
    aliases: tuple[str, ...] = ()
    lat: float | None = None
    lon: float | None = None
    boundary: Any = field(default=None, compare=False, hash=False, repr=False)
    residents: int | None = None


class Territory:
    """An unchanging picture of all places."""

    def __init__(self, nodes: Iterable[Node]) -> None:
        self.nodes = {node.id: node for node in nodes}
        self._ancestors: dict[int, list[Node]] = {}

    def get(self, place_id: int | None) -> Node | None:
        """The place, or ``None``."""
        return self.nodes.get(place_id) if place_id else None

    def within(self, place_id: int) -> list[int]:
        """Numbers of the place and of everything in it."""
        prefix = self.nodes[place_id].path
        return [node.id for node in self.nodes.values() if node.path.startswith(prefix)]

    def covers(self, outer_id: int | None, inner_id: int | None) -> bool:
        """Whether ``inner`` is ``outer`` itself or lies in it."""
        outer, inner = self.get(outer_id), self.get(inner_id)
        return bool(outer and inner and inner.path.startswith(outer.path))

    def ancestors(self, place_id: int | None) -> list[Node]:
        """From the root down to the place itself; empty for ``None``."""
        node = self.get(place_id)
        if node is None:
            return []
        if node.id not in self._ancestors:
            way = node.path.strip("/").split("/")
            self._ancestors[node.id] = [self.nodes[int(key)] for key in way]
        return self._ancestors[node.id]

    def at_level(self, place_id: int | None, level: int) -> Node | None:
        """The place's ancestor (or itself) of that level."""
        return next((node for node in self.ancestors(place_id) if node.level == level), None)

    def of_level(self, level: int) -> list[Node]:
        """All places of a level, by code."""
        return sorted(
            (node for node in self.nodes.values() if node.level == level), key=lambda n: n.code
        )

    def children(self, place_id: int) -> list[Node]:
        """Places directly below, by code."""
        return sorted(
            (node for node in self.nodes.values() if node.parent_id == place_id),
            key=lambda n: n.code,
        )

    def residents(self, place_id: int) -> int | None:
        """How many live there (常住人口): as said of it, else of what lies in it; or unknown."""
        node = self.nodes[place_id]
        if node.residents is not None:
            return node.residents
        below = [self.residents(child.id) for child in self.children(place_id)]
        known = [many for many in below if many is not None]
        return sum(known) if known else None

    @cached_property
    def home(self) -> Node | None:
        """What the installation serves: the smallest area that all others lie in.

        ``None`` in an empty installation.
        """
        area, below = None, [node for node in self.nodes.values() if node.parent_id is None]
        while len(below) == 1 and below[0].level < COMMUNITY:
            area, below = below[0], self.children(below[0].id)
        return area

    def label(self, place_id: int | None, separator: str = " ") -> str:
        """The place in words, from the subdistrict down."""
        names = [node.name for node in self.ancestors(place_id)]
        return separator.join(names[2:] or names[-1:])

    def locate(self, lat: float, lon: float) -> int | None:
        """The deepest place whose boundary holds the point (WGS-84); ``None`` outside."""
        tree, bounded = self._index
        if not bounded:
            return None
        found = [bounded[int(i)] for i in tree.query(Point(lon, lat), predicate="intersects")]
        return max(found, key=lambda node: (node.level, -node.id)).id if found else None

    @cached_property
    def _index(self) -> tuple[STRtree, list[Node]]:
        bounded = [node for node in self.nodes.values() if node.boundary]
        return STRtree([shape(node.boundary) for node in bounded]), bounded
