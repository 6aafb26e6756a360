"""Coordinate systems there and back, what parsing refuses, and which polygon holds a point."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import box

from wangge.base.errors import InvalidInput
from wangge.base.geometry import (
    CRS,
    Locator,
    Point,
    bd09_to_gcj02,
    distance_m,
    e7,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    parse_point,
    repair,
    wgs84_to_gcj02,
)

CHINA = st.tuples(st.floats(73.5, 135.1), st.floats(3.8, 53.6))
ABROAD = st.tuples(st.floats(-180, 71.9), st.floats(-90, 90)) | st.tuples(st.floats(73, 135), st.floats(56, 90))


def point(lon: float, lat: float) -> Point:
    return Point(e7(lon), e7(lat))


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [
        (119.97, 1_199_700_000), ("119.97", 1_199_700_000), (Decimal("119.97"), 1_199_700_000),
        (31, 310_000_000), (0.1 + 0.2, 3_000_000), ("0.00000005", 1), ("-0.00000005", -1), ("0.00000004", 0),
        (-76.6121893, -766_121_893), ("1.1999E2", 1_199_900_000),
    ],
)  # fmt: skip
def test_degrees_become_whole_numbers_without_float_error(degrees: Any, expected: int) -> None:
    assert e7(degrees) == expected


@pytest.mark.parametrize("degrees", [float("nan"), float("inf"), "nan", "Infinity", "1e999999", "x", "", "360.1"])
def test_what_is_no_number_of_degrees_is_refused(degrees: Any) -> None:
    with pytest.raises(ValueError, match="degrees"):
        e7(degrees)


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_every_stored_degree_survives_being_shown_and_read(stored: int) -> None:
    assert e7(Point(stored, 0).lon) == stored


@pytest.mark.parametrize(
    ("lon", "lat", "field", "says"),
    [
        (31.78, 119.97, "location.lat", "look swapped"),
        ("31.78", "-119.97", "location.lat", "look swapped"),
        (180.1, 31, "location.lon", "off the globe"),
        (119.97, 190, "location.lat", "off the globe"),
        (120, -90.0001, "location.lat", "off the globe"),
        (1e9, 1e9, "location.lon", "off the globe"),
        (float("nan"), 31, "location.lon", "finite"),
        (119.97, float("inf"), "location.lat", "finite"),
        (119.97, "nan", "location.lat", "finite"),
        ("here", 31, "location.lon", "number"),
        (None, 31, "location.lon", "number"),
        (True, 31, "location.lon", "number"),
        (119.97, [31], "location.lat", "number"),
        (10**400, 31, "location.lon", "number"),
    ],
)
def test_parsing_refuses_and_names_the_field(lon: Any, lat: Any, field: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says) as refused:
        parse_point(lon, lat)
    assert refused.value.field == field


def test_an_unknown_system_is_refused_and_the_known_ones_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_point(119.97, 31.78, "utm")
    assert refused.value.field == "location.crs"
    assert all(name in (refused.value.expected or "") for name in CRS)


def test_the_field_name_is_the_callers() -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_point("x", 31, field="report.point")
    assert refused.value.field == "report.point.lon"


@pytest.mark.parametrize("crs", ["wgs84", "cgcs2000"])
def test_geodetic_coordinates_are_kept_to_the_last_digit(crs: str) -> None:
    assert parse_point("119.9700001", Decimal("31.7799999"), crs) == Point(1_199_700_001, 317_799_999)
    assert parse_point(-180, 90, crs) == Point(-1_800_000_000, 900_000_000)


def test_published_pairs_of_the_map_systems() -> None:
    # examples in the documentation of coordtransform
    assert wgs84_to_gcj02(116.404, 39.915) == pytest.approx((116.41024449916938, 39.91640428150164), abs=1e-9)
    assert gcj02_to_bd09(116.404, 39.915) == pytest.approx((116.41036949371029, 39.92133699351022), abs=1e-9)


@given(CHINA)
def test_gcj02_there_and_back_is_the_same_place(place: tuple[float, float]) -> None:
    there = wgs84_to_gcj02(*place)
    assert distance_m(point(*gcj02_to_wgs84(*there)), point(*place)) < 0.5
    assert 1 < distance_m(point(*there), point(*place)) < 2_000
    assert distance_m(parse_point(*there, "gcj02"), point(*place)) < 0.5


@given(CHINA)
def test_bd09_there_and_back_is_the_same_place(place: tuple[float, float]) -> None:
    there = gcj02_to_bd09(*wgs84_to_gcj02(*place))
    assert distance_m(parse_point(*there, "bd09"), point(*place)) < 0.5
    assert distance_m(point(*bd09_to_gcj02(*there)), point(*wgs84_to_gcj02(*place))) < 0.5


@given(ABROAD, st.sampled_from(CRS))
def test_nothing_is_shifted_abroad(place: tuple[float, float], crs: str) -> None:
    assert parse_point(*place, crs) == point(*place)
    assert wgs84_to_gcj02(*place) == gcj02_to_bd09(*place) == place


def test_mixing_the_systems_up_is_hundreds_of_metres_off() -> None:
    assert 300 < distance_m(parse_point(119.97, 31.78, "gcj02"), parse_point(119.97, 31.78)) < 700


@pytest.mark.parametrize(
    ("a", "b", "metres"),
    [
        (point(0, 0), point(0, 0), 0),
        (point(0, 0), point(0, 1), 111_195),
        (point(0, 60), point(1, 60), 55_597),
        (point(179.9999, 0), point(-179.9999, 0), 22.239),
        (point(0, 0), point(180, 0), 20_015_115),
    ],
)
def test_distance(a: Point, b: Point, metres: float) -> None:
    assert distance_m(a, b) == pytest.approx(metres, rel=1e-3)
    assert distance_m(b, a) == distance_m(a, b)


def test_a_valid_geometry_is_left_alone() -> None:
    square = box(0, 0, 1, 1)
    assert repair(square) == (square, None)


def test_a_bow_tie_is_mended_and_the_fault_named() -> None:
    mended, reason = repair(shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]))
    assert mended.is_valid
    assert mended.geom_type == "MultiPolygon"
    assert mended.area == pytest.approx(2)
    assert reason is not None
    assert "Self-intersection" in reason


def test_what_a_mended_polygon_leaves_as_lines_is_dropped() -> None:
    spike = shapely.Polygon([(0, 0), (1, 0), (1, 1), (3, 1), (1, 1), (0, 1)])
    mended, reason = repair(spike)
    assert mended.geom_type == "Polygon"
    assert mended.equals(box(0, 0, 1, 1))
    assert reason


TOWN = Locator([
    ("grid", box(119.90, 31.70, 119.95, 31.75)),
    ("neighbour", box(119.95, 31.70, 120.00, 31.75)),
    ("community", box(119.90, 31.70, 120.00, 31.80)),
])


@pytest.mark.parametrize(
    ("lon", "lat", "keys"),
    [
        (119.92, 31.72, ["grid", "community"]),
        (119.95, 31.72, ["grid", "neighbour", "community"]),  # on the common border: both
        (119.90, 31.70, ["grid", "community"]),  # on the corner
        (119.97, 31.78, ["community"]),
        (118.00, 31.78, []),
    ],
)
def test_all_that_hold_the_point_come_in_the_given_order(lon: float, lat: float, keys: list[str]) -> None:
    assert TOWN.locate(point(lon, lat)) == keys


def test_an_empty_locator_holds_nothing() -> None:
    nothing: Locator[str] = Locator([])
    assert nothing.locate(point(120, 31)) == []
    assert nothing.locate_many(np.array([120.0]), np.array([31.0])).tolist() == [-1]


def test_no_points_no_answers() -> None:
    assert TOWN.locate_many(np.array([]), np.array([])).tolist() == []


def test_a_point_without_a_place_lies_outside() -> None:
    assert TOWN.locate_many(np.array([np.nan, 119.92]), np.array([31.72, 31.72])).tolist() == [-1, 0]


def test_unequal_arrays_are_refused() -> None:
    with pytest.raises(ValueError, match="latitudes"):
        TOWN.locate_many(np.array([1.0, 2.0]), np.array([1.0]))


def test_many_at_once_equals_one_by_one() -> None:
    random = np.random.default_rng(20_261_123)
    lows = random.uniform(0, 0.8, (60, 2))
    shapes = [(str(at), box(x, y, x + 0.15, y + 0.15)) for at, (x, y) in enumerate(lows.tolist())]
    locator = Locator(shapes)
    # more than one chunk; a tenth of them exactly on corners
    lons, lats = random.uniform(0, 1, 70_000).round(7), random.uniform(0, 1, 70_000).round(7)
    lons[::10], lats[::10] = lows[random.integers(0, 60, 7_000)].T
    found = locator.locate_many(lons, lats)
    slow = np.full(len(lons), -1)
    for at in reversed(range(60)):
        x0, y0, x1, y1 = shapes[at][1].bounds
        slow[(lons >= x0) & (lons <= x1) & (lats >= y0) & (lats <= y1)] = at
    assert (found == slow).all()
    for at in range(0, 70_000, 7_001):
        here = locator.locate(Point(e7(float(lons[at])), e7(float(lats[at]))))
        assert here[:1] == ([] if found[at] == -1 else [str(found[at])])
