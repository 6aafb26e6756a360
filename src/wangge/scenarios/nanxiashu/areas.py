"""The areas of the subdistrict as rows to create: from the root to the flats, lines, rooms and officers' zones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import shapely
from shapely.geometry import Point as Spot
from shapely.geometry import box

from wangge.kernel.places.rules import NewArea
from wangge.scenarios.nanxiashu.ground import KM, strip, tiling
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, ESTATES, LINES, REGION, ROOT, Community, Estate

ZONES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("西片", ("NXS-10", "NXS-11", "NXS-14")),
    ("北片", ("NXS-03", "NXS-07", "NXS-08")),
    ("中片", ("NXS-01", "NXS-05")),
    ("南片", ("NXS-04", "NXS-12", "NXS-13")),
    ("东片", ("NXS-02", "NXS-06", "NXS-09")),
)
"""Responsibility zones of the enforcement officers and the communities whose grids each is made of."""
DIGITS = "一二三四五六"


def grid_code(community: str, number: int) -> str:
    """The code of a community's grid: NXS-01, 2 → NXS-01-02."""
    return f"{community}-{number:02d}"


def zone_code(number: int) -> str:
    """The code of a responsibility zone."""
    return f"NXS-Z{number}"


def estate_code(estate: Estate) -> str:
    """The code of an estate: one at most in a grid."""
    return f"{grid_code(estate.community, estate.grid)}-E"


def rows(since: datetime) -> list[NewArea]:
    """Every area, parents first."""
    ground = tiling()
    found = [NewArea(ROOT, "南夏墅街道", "subdistrict", since, None, name_en="Nanxiashu Subdistrict",
                     boundary=ground.root, timezone="Asia/Shanghai", region=REGION)]
    for community in COMMUNITIES:
        found += _community(community, since)
    for estate in ESTATES:
        found += _estate(estate, since)
    for line in LINES:
        found.append(NewArea(line.code, line.name, "line", since, ROOT, "line", line.name_en,
                             strip(line.points, 30).intersection(ground.root)))
    for number, (name, members) in enumerate(ZONES, 1):
        grids = [shape for (community, _), shape in ground.grids.items() if community in members]
        found.append(NewArea(zone_code(number), f"城管{name}责任区", "zone", since, ROOT, "responsibility",
                             f"Enforcement zone {number}", shapely.union_all(grids)))
    return found


def _community(community: Community, since: datetime) -> Iterator[NewArea]:
    ground = tiling()
    kind = {"community": " Community", "village": " Village"}[community.kind]
    yield NewArea(community.code, community.name, community.kind, since, ROOT,
                  name_en=community.name_en.removesuffix(kind) + kind, boundary=ground.communities[community.code])
    for number in range(1, community.grids + 1):
        yield NewArea(
            grid_code(community.code, number), f"{community.name}第{DIGITS[number - 1]}网格", "grid", since,
            community.code, name_en=f"{community.name_en} Grid {number}",
            boundary=ground.grids[community.code, number],
        )
    if community.has_room:
        middle = ground.communities[community.code].representative_point()
        spot = Spot(round(middle.x, 7), round(middle.y, 7))
        yield NewArea(f"{community.code}-ROOM", f"{community.name}党群活动室", "point", since, community.code,
                      name_en=f"Party-mass service room of {community.name_en}", boundary=spot)


def _estate(estate: Estate, since: datetime) -> Iterator[NewArea]:
    """An estate with the outlines of its buildings; stairwells and flats have a place in the tree, no ground."""
    code = estate_code(estate)
    yield NewArea(code, estate.name, "estate", since, grid_code(estate.community, estate.grid),
                  name_en=estate.name_en, boundary=_plot(estate, range(estate.buildings)))
    for building in range(1, estate.buildings + 1):
        house = f"{code}-{building:02d}"
        yield NewArea(house, f"{estate.name}{building}幢", "building", since, code,
                      name_en=f"{estate.name_en} Building {building}", boundary=_plot(estate, [building - 1]))
        for stairwell in range(1, estate.stairwells + 1):
            stairs = f"{house}-{stairwell}"
            name, english = f"{building}幢{stairwell}单元", f"Building {building} Stairwell {stairwell}"
            yield NewArea(stairs, name, "stairwell", since, house, name_en=english)
            for floor in range(1, estate.floors + 1):
                for flat in range(1, estate.flats + 1):
                    number = f"{floor}{flat:02d}"
                    yield NewArea(f"{stairs}-{number}", f"{name}{number}室", "unit", since, stairs,
                                  name_en=f"{english} Flat {number}")


def _plot(estate: Estate, buildings: Sequence[int]) -> shapely.Geometry:
    """Buildings of 40 m by 12 m in two columns around the middle of the grid; several as their common plot."""
    middle = tiling().grids[estate.community, estate.grid].representative_point()
    houses = []
    for building in buildings:
        east, north = 0.055 * (building % 2) - 0.0475, 0.03 * (building // 2) - 0.03
        houses.append(box(middle.x + east * KM[0], middle.y + north * KM[1],
                          middle.x + (east + 0.04) * KM[0], middle.y + (north + 0.012) * KM[1]))
    whole = shapely.union_all(houses)
    return whole if len(houses) == 1 else box(*whole.buffer(0.015 * KM[1]).bounds)
