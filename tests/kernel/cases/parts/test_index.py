"""The nearest part, against looking at every one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wangge.base.geometry import Point, distance_m
from wangge.base.ids import new_id
from wangge.kernel.cases.parts.index import Kept, PartIndex

AROUND = st.integers(-9000, 9000)
PLACES = st.sampled_from([(1_200_000_000, 310_000_000), (0, 0), (-1_790_000_000, 660_000_000), (100, -899_000_000)])


@given(
    PLACES, st.lists(st.tuples(AROUND, AROUND, st.sampled_from(["P0101", "P0137"])), max_size=30), AROUND, AROUND,
    st.sampled_from([1, 15, 50]),
)  # fmt: skip
def test_the_nearest_part_is_the_one_that_looking_at_all_finds(
    place: tuple[int, int], rows: list[tuple[int, int, str]], east: int, north: int, metres: int
) -> None:
    parts = [
        Kept(new_id(), f"{number:016d}", code, place[0] + lon, place[1] + lat, None)
        for number, (lon, lat, code) in enumerate(rows)
    ]
    point = Point(place[0] + east, place[1] + north)
    all_of_them = [
        (distance_m(point, Point(part.lon_e7, part.lat_e7)), part.code, part)
        for part in parts if part.class_code == "P0101"
    ]  # fmt: skip
    best = min((one for one in all_of_them if one[0] <= metres), default=None)
    found = PartIndex(parts).nearest(point, "P0101", metres)
    assert (found.part if found else None) == (best[2] if best else None)
