"""Reading places."""

from typing import Any

import h3

from yanlu.kernel.pictures import Picture
from yanlu.places.models import Place, Site
from yanlu.places.territory import Node, Territory

#: Cells of about 0.1 km², a few blocks: the grain of "near here".
RESOLUTION = 9


def _territory() -> Territory:
    return Territory(as_node(place) for place in Place.objects.all())


#: All places; after an edit at most half a minute old.
territory = Picture(_territory, stale=30)


def cell(lat: float, lon: float) -> str:
    """The H3 cell of a WGS-84 point."""
    return str(h3.latlng_to_cell(lat, lon, RESOLUTION))


def place_by_code(code: str) -> Node | None:
    """The place with this official code."""
    return next((node for node in territory().nodes.values() if node.code == code), None)


def sites(kind: str | None = None) -> list[dict[str, Any]]:
    """Sites with name, kind, community and position."""
    rows = Site.objects.filter(kind=kind) if kind else Site.objects.all()
    fields = ("code", "name", "name_en", "kind", "place_id", "lat", "lon")
    return [{name: getattr(row, name) for name in fields} for row in rows]


def as_node(place: Place) -> Node:
    return Node(
        id=place.pk,
        parent_id=place.parent_id,
        level=place.level,
        code=place.code,
        name=place.name,
        name_en=place.name_en,
        path=place.path,
        aliases=tuple(place.aliases),
        lat=place.lat,
        lon=place.lon,
        boundary=place.boundary,
    )
