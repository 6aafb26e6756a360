"""Where things happen: points on streets, at estates, by the river, in villages, with addresses in words."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import NamedTuple

from shapely.geometry import LineString
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry

from wangge.base.geometry import Point, e7
from wangge.scenarios.nanxiashu import ground
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, ESTATES, LINES

Grid = tuple[str, int]
_COMMUNITY = {community.code: community for community in COMMUNITIES}
_VILLAGES = {community.code for community in COMMUNITIES if community.kind == "village"}


class Place(NamedTuple):
    """A point (None where only an address is known), the address, and the grid that it lies in (None outside)."""

    point: Point | None
    address: str
    grid: Grid | None


def somewhere(kind: str, rng: Random, grid: Grid | None = None) -> Place:
    """A place of a kind (street, estate, river, village), in a given grid or where the kind is found."""
    if kind in ("street", "river"):
        code = "NXS-L4" if kind == "river" else rng.choice(["NXS-L1", "NXS-L2", "NXS-L3"])
        if grid is None:
            return _along(code, rng)
        return _inside(grid, rng)
    if grid is None:
        villages = sorted(key for key in ground.tiling().grids if key[0] in _VILLAGES)
        others = sorted(key for key in ground.tiling().grids if key[0] not in _VILLAGES)
        grid = rng.choice(villages if kind == "village" else others)
    return _inside(grid, rng)


def outside(rng: Random) -> Place:
    """A point some hundred metres beyond the border."""
    root = ground.tiling().root
    while True:
        east, north = rng.uniform(-4.2, 4.2), rng.uniform(-3.3, 3.3)
        lon, lat = ground.degrees((east, north))
        if 0.002 < root.distance(Spot(lon, lat)) < 0.006:
            return Place(_point(lon, lat), "街道界外的路口，靠近相邻街道", None)


def address_only(rng: Random) -> Place:
    """An address that says too little to be put on the map."""
    words = ["菜市场后面那条路", "学校门口往东", "老供销社旁边", "工业园二号门对面", "公园北门"]
    return Place(None, rng.choice(words), None)


def _along(code: str, rng: Random) -> Place:
    line = next(one for one in LINES if one.code == code)
    track = LineString(line.points)
    while True:
        spot = track.interpolate(rng.uniform(0.05, 0.95), normalized=True)
        lon, lat = ground.degrees((spot.x + rng.uniform(-0.008, 0.008), spot.y + rng.uniform(-0.008, 0.008)))
        grid = _grid_at(lon, lat)
        if grid is None:
            continue
        if code == "NXS-L4":
            return Place(_point(lon, lat), f"{line.name}{rng.choice('一二三四')}号桥旁", grid)
        side = rng.choice(["门前", "附近", "对面", "北侧", "南侧"])
        return Place(_point(lon, lat), f"{line.name}{rng.randrange(1, 190)}号{side}", grid)


def _inside(grid: Grid, rng: Random) -> Place:
    shape = ground.tiling().grids[grid]
    community = _COMMUNITY[grid[0]]
    estate = next((one for one in ESTATES if (one.community, one.grid) == grid), None)
    if estate is not None:
        middle = shape.representative_point()
        lon = round(middle.x + rng.uniform(-0.05, 0.05) * ground.KM[0], 7)
        lat = round(middle.y + rng.uniform(-0.05, 0.05) * ground.KM[1], 7)
        if shape.contains(Spot(lon, lat)):
            return Place(_point(lon, lat), f"{estate.name}{rng.randrange(1, estate.buildings + 1)}幢"
                         f"{rng.choice(['楼下', '东侧', '西侧', '车棚旁'])}", grid)
    [(lon, lat)] = ground.spots(shape, 1, rng)
    if community.kind == "village":
        address = f"{community.name}{rng.randrange(1, 13)}组{rng.choice(['路口', '村道旁', '晒场边', '沟塘边'])}"
    else:
        address = f"{community.name}第{grid[1]}网格{rng.randrange(1, 30)}号楼{rng.choice(['前', '后', '旁'])}"
    return Place(_point(lon, lat), address, grid)


def _grid_at(lon: float, lat: float) -> Grid | None:
    spot = Spot(lon, lat)
    return next((key for key, inner in _inner().items() if inner.contains(spot)), None)


@cache
def _inner() -> dict[Grid, BaseGeometry]:
    """Grids a few metres in, so that no case lies on a border."""
    return {key: shape.buffer(-0.00005) for key, shape in ground.tiling().grids.items()}


def _point(lon: float, lat: float) -> Point:
    return Point(e7(f"{lon:.7f}"), e7(f"{lat:.7f}"))
