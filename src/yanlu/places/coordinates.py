"""Positions in China, and the three datums in which they come.

The state's maps and phones' map programs use GCJ-02 (国测局坐标), satellites and everything stored
here WGS-84, Baidu's maps BD-09. In Shanghai the same figures in the wrong datum lie half a
kilometre off, so a `Coordinate` carries its datum, and nothing here mixes two of them.

The formulas are those that became public as ``eviltransform``. Outside of a rectangle around China
the figures are taken to be the same in all three. The way back has no formula and is found by
iteration, to well under 0.1 m.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

#: Mean radius of the Earth, metres (IUGG).
EARTH_RADIUS: Final = 6_371_008.8

# The ellipsoid of Krasovsky 1940, to which the offset is applied: semi-major axis in metres,
# eccentricity squared.
_SEMI_MAJOR: Final = 6_378_245.0
_ECCENTRICITY_SQUARED: Final = 0.006_693_421_622_965_943

_CHINA_LATITUDES: Final = (0.8293, 55.8271)
_CHINA_LONGITUDES: Final = (72.004, 137.8347)

# The iteration stops at a step below 1e-9 degrees (0.1 mm); inside China five or six steps do.
_CLOSE_ENOUGH: Final = 1e-9
_MOST_STEPS: Final = 30

_BD09_TURN: Final = math.pi * 3000 / 180
_BD09_LAT_SHIFT: Final = 0.006
_BD09_LON_SHIFT: Final = 0.0065


class CoordinateError(ValueError):
    """A position that does not exist, can't be read, or is in another datum than the other."""


class Datum(StrEnum):
    """What the figures of a position refer to."""

    WGS84 = "wgs84"  # satellites, OpenStreetMap, GeoJSON, this database
    GCJ02 = "gcj02"  # Amap, Tencent, WeChat and the state's maps of China
    BD09 = "bd09"  # Baidu


@dataclass(frozen=True, slots=True)
class Coordinate:
    """A position in decimal degrees, north and east positive, in the datum that must be named.

    Raises `CoordinateError` for a latitude beyond ±90, a longitude beyond ±180, or no number.
    """

    lat: float
    lon: float
    datum: Datum

    def __post_init__(self) -> None:
        # Written so that NaN fails.
        if not -90 <= self.lat <= 90:
            raise CoordinateError(f"a latitude lies between -90 and 90 degrees, not at {self.lat}")
        if not -180 <= self.lon <= 180:
            raise CoordinateError(
                f"a longitude lies between -180 and 180 degrees, not at {self.lon}"
            )

    @property
    def is_in_china(self) -> bool:
        """Whether it lies in the rectangle around China inside which the datums differ."""
        south, north = _CHINA_LATITUDES
        west, east = _CHINA_LONGITUDES
        return south <= self.lat <= north and west <= self.lon <= east


def parse(text: str, datum: Datum) -> Coordinate:
    """Return the position written as "latitude,longitude" in decimal degrees.

    Raises `CoordinateError` for anything else, a Chinese longitude in the first place included.
    """
    try:
        lat, lon = map(float, text.replace("，", ",").split(","))
    except ValueError as error:
        raise CoordinateError(f"{text!r} is not a latitude and a longitude") from error
    return Coordinate(lat, lon, datum)


def to_wgs84(position: Coordinate) -> Coordinate:
    """Return *position* in WGS-84, whatever its datum."""
    if position.datum is Datum.WGS84:
        return position
    return _undo(_gcj02_from_wgs84, to_gcj02(position), Datum.WGS84)


def to_gcj02(position: Coordinate) -> Coordinate:
    """Return *position* in GCJ-02, whatever its datum."""
    if position.datum is Datum.GCJ02:
        return position
    if position.datum is Datum.BD09:
        return _undo(_bd09_from_gcj02, position, Datum.GCJ02)
    return _gcj02_from_wgs84(position)


def distance(one: Coordinate, other: Coordinate) -> float:
    """Return the metres between two positions, along a great circle of a round Earth.

    At most 0.6 % off. Raises `CoordinateError` where their datums differ.
    """
    if one.datum is not other.datum:
        raise CoordinateError(f"{one.datum} and {other.datum} can't be compared: convert one")
    north = math.radians(other.lat - one.lat)
    east = math.radians(other.lon - one.lon)
    along = math.cos(math.radians(one.lat)) * math.cos(math.radians(other.lat))
    haversine = math.sin(north / 2) ** 2 + along * math.sin(east / 2) ** 2
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(haversine, 1.0)))


def _gcj02_from_wgs84(position: Coordinate) -> Coordinate:
    if not position.is_in_china:
        return replace(position, datum=Datum.GCJ02)
    x, y = position.lon - 105.0, position.lat - 35.0
    phi = math.radians(position.lat)
    magic = 1 - _ECCENTRICITY_SQUARED * math.sin(phi) ** 2
    meridian = _SEMI_MAJOR * (1 - _ECCENTRICITY_SQUARED) / magic**1.5
    parallel = _SEMI_MAJOR / math.sqrt(magic) * math.cos(phi)
    return Coordinate(
        position.lat + math.degrees(_metres_north(x, y) / meridian),
        position.lon + math.degrees(_metres_east(x, y) / parallel),
        Datum.GCJ02,
    )


def _metres_north(x: float, y: float) -> float:
    return (
        -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(y, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(y, (160.0, 1 / 12), (320.0, 1 / 30))
    )  # fmt: skip


def _metres_east(x: float, y: float) -> float:
    return (
        300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
        + _waves(x, (20.0, 6.0), (20.0, 2.0))
        + _waves(x, (20.0, 1.0), (40.0, 1 / 3))
        + _waves(x, (150.0, 1 / 12), (300.0, 1 / 30))
    )  # fmt: skip


def _waves(degrees: float, *waves: tuple[float, float]) -> float:
    """Return two thirds of the sum of sines, each given by its height and how fast it turns."""
    return 2 / 3 * sum(height * math.sin(turn * degrees * math.pi) for height, turn in waves)


def _bd09_from_gcj02(position: Coordinate) -> Coordinate:
    radius = math.hypot(position.lon, position.lat) + 2e-5 * math.sin(position.lat * _BD09_TURN)
    angle = math.atan2(position.lat, position.lon) + 3e-6 * math.cos(position.lon * _BD09_TURN)
    return Coordinate(
        radius * math.sin(angle) + _BD09_LAT_SHIFT,
        radius * math.cos(angle) + _BD09_LON_SHIFT,
        Datum.BD09,
    )


def _undo(
    forward: Callable[[Coordinate], Coordinate], target: Coordinate, datum: Datum
) -> Coordinate:
    """Return the position in *datum* that *forward* takes to *target*, by fixed-point iteration."""
    if not target.is_in_china:
        return replace(target, datum=datum)
    lat, lon = target.lat, target.lon
    for _ in range(_MOST_STEPS):
        reached = forward(Coordinate(lat, lon, datum))
        north, east = target.lat - reached.lat, target.lon - reached.lon
        lat, lon = lat + north, lon + east
        if max(abs(north), abs(east)) < _CLOSE_ENOUGH:
            break
    return Coordinate(lat, lon, datum)
