"""Reading places."""

import re
from typing import Any

import h3

from yanlu.kernel.pictures import Picture
from yanlu.places.models import Place, Site
from yanlu.places.territory import COMMUNITY, Node, Territory

#: Cells of about 0.1 km², a few blocks: the grain of "near here".
RESOLUTION = 9


def _territory() -> Territory:
    return Territory(as_node(place) for place in Place.objects.all())


#: All places; after an edit at most half a minute old.
territory = Picture(_territory, stale=30)


#: What stands for the name of a community or building where it must not be told.
SOMEWHERE = "〔小区〕"


def _neighbourhood_names() -> re.Pattern[str]:
    names = {
        form
        for node in _territory().nodes.values()
        if node.level >= COMMUNITY
        for name in (node.name, *node.aliases)
        for form in (name, name.removesuffix("居委会"), name.removesuffix("村委会"))
        if len(form) > 2
    }
    longest_first = sorted(names, key=lambda name: (-len(name), name))
    return re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")


_neighbourhoods = Picture(_neighbourhood_names, stale=30)


def without_neighbourhoods(text: str) -> str:
    """The text with the names of communities and buildings hidden, for what the public reads."""
    return _neighbourhoods().sub(SOMEWHERE, text)


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
        residents=place.residents,
    )
