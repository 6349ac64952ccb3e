"""A pin set in WeChat lands on the right building of our own map."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanlu.places.coordinates import (
    Coordinate,
    CoordinateError,
    Datum,
    distance,
    parse,
    to_gcj02,
    to_wgs84,
)


def positions(south, north, west, east, datum):
    return st.builds(Coordinate, st.floats(south, north), st.floats(west, east), st.just(datum))


def in_shanghai(datum):
    return positions(30.67, 31.88, 120.85, 122.2, datum)


def on_the_mainland(datum):
    return positions(21, 48, 80, 130, datum)


# Reference points published with the formulas.
@pytest.mark.parametrize(
    ("wgs84", "gcj02"),
    [
        ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),  # Shanghai
        ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),  # Beijing
    ],
)
def test_reference_points(wgs84, gcj02):
    there = to_gcj02(Coordinate(*wgs84, Datum.WGS84))
    assert (there.lat, there.lon) == pytest.approx(gcj02, abs=1e-9)
    back = to_wgs84(Coordinate(*gcj02, Datum.GCJ02))
    assert (back.lat, back.lon) == pytest.approx(wgs84, abs=1e-8)


def test_beijing_railway_station_on_baidus_map():
    found = to_gcj02(Coordinate(39.90851, 116.43351, Datum.BD09))
    assert distance(found, Coordinate(39.90245, 116.42703, Datum.GCJ02)) < 2


@given(in_shanghai(Datum.WGS84) | on_the_mainland(Datum.WGS84))
def test_there_and_back(position):
    assert distance(to_wgs84(to_gcj02(position)), position) < 0.1


@given(in_shanghai(Datum.GCJ02) | on_the_mainland(Datum.GCJ02))
def test_back_and_there(position):
    assert distance(to_gcj02(to_wgs84(position)), position) < 0.1


@given(in_shanghai(Datum.WGS84))
def test_the_shift_is_of_a_plausible_size_and_direction(position):
    shifted = to_gcj02(position)
    assert 100 < distance(Coordinate(shifted.lat, shifted.lon, Datum.WGS84), position) < 700
    assert shifted.lat < position.lat
    assert shifted.lon > position.lon


@given(in_shanghai(Datum.WGS84), in_shanghai(Datum.WGS84))
def test_neighbours_stay_neighbours(one, other):
    """The shift bends the map by less than a hundredth."""
    apart = distance(one, other)
    assert distance(to_gcj02(one), to_gcj02(other)) == pytest.approx(apart, rel=0.01, abs=1e-6)


@given(in_shanghai(Datum.BD09))
def test_baidu_is_shifted_once_more(position):
    shifted = to_gcj02(position)
    assert 500 < distance(Coordinate(shifted.lat, shifted.lon, Datum.BD09), position) < 1500


@pytest.mark.parametrize("datum", Datum)
@pytest.mark.parametrize("place", [(48.8566, 2.3522), (-33.87, 151.21), (90, 0), (-90, 180)])
def test_outside_china_nothing_moves(datum, place):
    position = Coordinate(*place, datum)
    assert not position.is_in_china
    assert to_wgs84(position) == Coordinate(*place, Datum.WGS84)
    assert to_gcj02(position) == Coordinate(*place, Datum.GCJ02)


@given(positions(-90, 90, -180, 180, Datum.BD09))
def test_every_position_on_earth_can_be_taken_over(position):
    assert to_wgs84(position).datum is Datum.WGS84


class TestMixingUp:
    def test_equal_figures_in_two_datums_are_not_equal(self):
        assert Coordinate(31.4, 121.5, Datum.WGS84) != Coordinate(31.4, 121.5, Datum.GCJ02)

    def test_distances_across_datums_are_refused(self):
        with pytest.raises(CoordinateError, match="wgs84 and gcj02"):
            distance(Coordinate(31.4, 121.5, Datum.WGS84), Coordinate(31.4, 121.5, Datum.GCJ02))

    def test_what_is_in_the_datum_already_stays(self):
        position = Coordinate(31.4, 121.5, Datum.GCJ02)
        assert to_gcj02(position) is position


class TestReading:
    @pytest.mark.parametrize("text", ["31.405457,121.489612", " 31.405457， 121.489612 "])
    def test_latitude_then_longitude(self, text):
        assert parse(text, Datum.WGS84) == Coordinate(31.405457, 121.489612, Datum.WGS84)

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("", "not a latitude and a longitude"),
            ("31.4", "not a latitude and a longitude"),
            ("31.4,121.5,7", "not a latitude and a longitude"),
            ("友谊路,宝山", "not a latitude and a longitude"),
            ("121.489612,31.405457", "latitude lies between"),
            ("31.4,181", "longitude lies between"),
            ("nan,121", "latitude lies between"),
            ("31,inf", "longitude lies between"),
        ],
    )
    def test_anything_else_is_refused(self, text, reason):
        with pytest.raises(CoordinateError, match=reason):
            parse(text, Datum.WGS84)


class TestDistance:
    def test_from_the_town_hall_of_baoshan_to_wusong(self):
        hall = Coordinate(31.405, 121.489, Datum.WGS84)
        assert distance(hall, Coordinate(31.405, 121.489, Datum.WGS84)) == 0
        assert distance(hall, Coordinate(31.375, 121.489, Datum.WGS84)) == pytest.approx(3336, 0.01)

    def test_to_the_other_side_of_the_earth(self):
        north, south = Coordinate(90, 0, Datum.WGS84), Coordinate(-90, 0, Datum.WGS84)
        assert distance(north, south) == pytest.approx(math.pi * 6_371_008.8)
