"""The ground tiles exactly: no gap, no overlap, and every larger area is the sum of its grids."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
import shapely

from tests.scenarios.conftest import NOW
from wangge.scenarios.nanxiashu import areas, ground, spots
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, ESTATES, LINES

TILING = ground.tiling()
SQUARE_CENTIMETRE = (ground.KM[0] / 1e5) * (ground.KM[1] / 1e5)


def test_grids_are_many_and_whole() -> None:
    assert len(TILING.grids) == sum(community.grids for community in COMMUNITIES) == 44
    assert {shape.geom_type for shape in TILING.grids.values()} == {"Polygon"}
    assert all(shape.is_valid for shape in TILING.grids.values())
    assert min(shape.area for shape in TILING.grids.values()) > 0.3 * ground.KM[0] * ground.KM[1]


def test_no_two_grids_overlap() -> None:
    overlaps = [one.intersection(other).area for one, other in combinations(TILING.grids.values(), 2)]
    assert max(overlaps) == 0


def test_there_is_no_gap_between_grids() -> None:
    together = sum(shape.area for shape in TILING.grids.values())
    assert abs(together - TILING.root.area) < SQUARE_CENTIMETRE
    assert isinstance(TILING.root, shapely.Polygon)
    assert not list(TILING.root.interiors)
    assert shapely.coverage_is_valid(list(TILING.grids.values()))


def test_communities_are_the_union_of_their_grids_and_tile_too() -> None:
    for community in COMMUNITIES:
        shape = TILING.communities[community.code]
        assert shape.geom_type == "Polygon", community.name
        own = [TILING.grids[community.code, number + 1] for number in range(community.grids)]
        assert shape.equals(shapely.union_all(own))
    assert max(a.intersection(b).area for a, b in combinations(TILING.communities.values(), 2)) == 0
    assert abs(sum(shape.area for shape in TILING.communities.values()) - TILING.root.area) < SQUARE_CENTIMETRE


def test_every_grid_lies_in_one_zone_of_an_officer() -> None:
    members = [community for _, communities in areas.ZONES for community in communities]
    assert sorted(members) == sorted(community.code for community in COMMUNITIES)


def test_nine_communities_have_a_room_and_five_villages_have_none() -> None:
    assert [community.has_room for community in COMMUNITIES].count(True) == 9
    assert [community.kind for community in COMMUNITIES].count("village") == 5


def test_streets_a_river_and_estates_lie_inside() -> None:
    for line in LINES:
        assert ground.strip(line.points, 30).intersection(TILING.root).area > 0.9 * ground.strip(line.points, 30).area
    for estate in ESTATES:
        plot = areas._plot(estate, range(estate.buildings))
        assert TILING.grids[estate.community, estate.grid].contains(plot), estate.name


def test_rows_name_their_parents_first_and_fit_into_a_code() -> None:
    known: set[str] = set()
    for row in areas.rows(NOW):
        assert row.parent is None or row.parent in known, row.code
        assert len(row.code) <= 32
        known.add(row.code)
    assert 300 < len(known) < 1000


@pytest.mark.parametrize("kind", ["street", "estate", "river", "village"])
def test_places_lie_in_the_grid_that_they_name(kind: str) -> None:
    rng = Random(1)
    for _ in range(30):
        place = spots.somewhere(kind, rng)
        assert place.point is not None
        assert place.grid is not None
        spot = shapely.Point(place.point.lon_e7 / 1e7, place.point.lat_e7 / 1e7)
        assert TILING.grids[place.grid].contains(spot), place


def test_places_outside_are_outside() -> None:
    rng = Random(2)
    for _ in range(30):
        point = spots.outside(rng).point
        assert point is not None
        assert not TILING.root.covers(shapely.Point(point.lon_e7 / 1e7, point.lat_e7 / 1e7))


def test_no_english_name_says_its_kind_twice() -> None:
    names = {row.name_en for row in areas.rows(NOW)}
    assert "Lanling Gongyu Joint Community" in names
    assert "Daoxiang Village" in names
    assert not [name for name in names if "Community Community" in name or "Village Village" in name]
