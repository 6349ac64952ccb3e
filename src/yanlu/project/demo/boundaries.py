"""Boundaries for the demo: each place gets what lies nearer to its centre than to any other's.

They are drawn by us and official nowhere; places made from them are marked ``is_demo``.
"""

import math
from collections.abc import Mapping
from typing import Any

from shapely import affinity, voronoi_polygons
from shapely.geometry import MultiPoint, Point, Polygon, mapping
from shapely.geometry.base import BaseGeometry

Coordinates = tuple[float, float]
#: A degree of longitude at Baoshan's latitude, in degrees of latitude.
SHRINK = math.cos(math.radians(31.4))


def share_out(outline: BaseGeometry, centres: Mapping[str, Coordinates]) -> dict[str, BaseGeometry]:
    """Cut the outline into one piece for each centre ``(lon, lat)``, by code."""
    if len(centres) < 2:
        return dict.fromkeys(centres, outline)
    points = {code: Point(lon * SHRINK, lat) for code, (lon, lat) in centres.items()}
    ground = _flat(outline)
    cells = voronoi_polygons(MultiPoint(list(points.values())), extend_to=ground)
    pieces = {}
    for code, point in points.items():
        cell = next(cell for cell in cells.geoms if cell.covers(point))
        pieces[code] = _round(cell.intersection(ground))
    return pieces


def _flat(shape: BaseGeometry) -> BaseGeometry:
    """Degrees scaled so that a step east is as long as a step north."""
    return affinity.scale(shape, xfact=SHRINK, origin=(0, 0))


def _round(shape: BaseGeometry) -> BaseGeometry:
    """Back to degrees."""
    return affinity.scale(shape, xfact=1 / SHRINK, origin=(0, 0))


def district(places: list[dict[str, Any]], outline: list[Coordinates]) -> dict[str, Any]:
    """GeoJSON polygons of district, subdistricts and communities, by code.

    A subdistrict is what its communities cover, so that no gap opens between the two levels.
    """
    whole = Polygon(outline).buffer(0)
    communities = [p for p in places if p["level"] == "community"]
    pieces = share_out(whole, {p["code"]: tuple(p["center"]) for p in communities})
    above: dict[str, BaseGeometry] = {}
    for place in communities:
        parent = place["parent"]
        piece = pieces[place["code"]]
        above[parent] = above[parent].union(piece) if parent in above else piece
    top = {p["code"]: whole for p in places if p["level"] == "district"}
    return {code: mapping(piece) for code, piece in {**top, **above, **pieces}.items()}
