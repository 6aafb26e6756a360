"""The ground of a screen: which areas are coloured, how large each is, and to which of them a case's path belongs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from math import cos, radians
from typing import NamedTuple

import shapely

from wangge.kernel.places.queries import METRES_A_DEGREE, AreaInfo, Atlas
from wangge.kernel.wall.shapes import Counted, Name

BASIC = "grid"
COMMUNITIES = ("community", "village")


class Ground(NamedTuple):
    """An area with what is coloured on it (path → square kilometres) and the communities that stand on it."""

    area: AreaInfo
    extents: Mapping[str, float]
    communities: tuple[AreaInfo, ...]


def ground_of(area: AreaInfo, places: Atlas, at: datetime) -> Ground:
    """The grids at and below an area, or its communities where there are no grids."""
    held = [(one, shape) for one, shape in places.grounds(area.path, area.layer, at)]
    kinds = {BASIC} if any(one.kind == BASIC for one, _ in held) else set(COMMUNITIES)
    communities = [one for one in places.below(area.path, at=at) if one.kind in COMMUNITIES and one.path != area.path]
    return Ground(area, {one.path: _square_km(shape) for one, shape in held if one.kind in kinds}, tuple(communities))


def within(path: str, known: Mapping[str, object] | Iterable[str]) -> str | None:
    """The nearest of the known paths at or above a path."""
    parts = path.split("/")[:-1]
    for depth in range(len(parts), 0, -1):
        if (found := "/".join(parts[:depth]) + "/") in known:
            return found
    return None


def summed(counts: Mapping[str, Counted], known: Mapping[str, object]) -> dict[str, Counted]:
    """Counts by path as counts by the known paths above them; what lies in none of them is left out."""
    found: dict[str, Counted] = {}
    for path, (number, late) in counts.items():
        if key := within(path, known):
            before = found.get(key, (0, 0))
            found[key] = (before[0] + number, before[1] + late)
    return found


def name_of(area: AreaInfo) -> Name:
    """How an area is called in both languages."""
    return Name(area.path, area.name, area.name_en or area.name)


def _square_km(shape: shapely.geometry.base.BaseGeometry) -> float:
    """By the equirectangular projection at its own middle: exact enough to compare grids of one subdistrict."""
    if shape.is_empty:
        return 0.0
    narrow = cos(radians(shape.centroid.y))
    return float(shape.area) * narrow * (METRES_A_DEGREE / 1000) ** 2
