"""Locating: equal to looking at every polygon, and cheap."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from wangge.base.geometry import Point
from wangge.kernel.places.atlas import AreaInfo, Atlas, Ground

START = datetime(2024, 1, 1, tzinfo=UTC)


def info(number: int, path: str) -> AreaInfo:
    code = path.split("/")[-2]
    return AreaInfo(UUID(int=number), code, code, "", "grid", "administrative", None, path, None, None, START, None)


@st.composite
def layouts(draw: st.DrawFn) -> list[tuple[AreaInfo, shapely.Polygon]]:
    """Rectangles on a coarse lattice, so that borders meet and grounds overlap, at several depths."""
    found = []
    for number in range(draw(st.integers(1, 8))):
        west, south = draw(st.integers(0, 8)), draw(st.integers(0, 8))
        ground = shapely.box(west, south, west + draw(st.integers(1, 4)), south + draw(st.integers(1, 4)))
        path = "R/" * draw(st.integers(0, 2)) + f"G{number}/"
        found.append((info(number + 1, path), ground))
    return found


@settings(max_examples=300, deadline=None)
@given(layouts(), st.lists(st.tuples(st.integers(0, 24), st.integers(0, 24)), min_size=1, max_size=10))
def test_locating_equals_looking_at_every_polygon(
    layout: list[tuple[AreaInfo, shapely.Polygon]], halves: list[tuple[int, int]]
) -> None:
    atlas = Atlas(1, [area for area, _ in layout], [Ground(a.id, shape, START, None) for a, shape in layout])
    points = [Point(x * 5_000_000, y * 5_000_000) for x, y in halves]
    expected = []
    for point in points:
        holders = [(a, s) for a, s in layout if s.intersects(shapely.Point(point.lon, point.lat))]
        holders.sort(key=lambda one: (-one[0].path.count("/"), one[1].area, one[0].code))
        expected.append([a.code for a, _ in holders])
    assert [[a.code for a in atlas.locate(point, at=START).candidates] for point in points] == expected
    many = atlas.locate_many([None, *points], at=START)
    assert [a.code if a else None for a in many] == [None, *[codes[0] if codes else None for codes in expected]]


@pytest.mark.parametrize("many", [0, 1])
def test_no_places_hold_nothing(many: int) -> None:
    atlas = Atlas(1, [], [])
    assert atlas.default_root == ""
    assert atlas.locate(Point(0, 0), at=START).outside
    assert atlas.locate_many([Point(0, 0)] * many, at=START) == [None] * many
