"""The ground, by geometry alone: grids that tile the outline exactly, communities that are the union of theirs.

The grids are the faces of one noded network of lines, so that neighbours share their vertices to the last
bit: no gap, no overlap. Nothing here depends on the seed or on the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import NamedTuple

import shapely
from shapely.geometry import LineString, MultiPoint, Polygon
from shapely.geometry import Point as Spot
from shapely.geometry.base import BaseGeometry
from shapely.ops import polygonize, unary_union, voronoi_diagram

from wangge.scenarios.nanxiashu.layout import CENTRE, COMMUNITIES, OUTLINE

KM = (1 / 94.75, 1 / 110.9)
"""Degrees of longitude and latitude in a kilometre there."""
STEP = 1e-7
"""Coordinates are multiples of this (1 cm)."""
_ROUNDS = 12


class Tiling(NamedTuple):
    """Boundaries in degrees: the whole, by community code, and by (community code, number from 1)."""

    root: BaseGeometry
    communities: dict[str, BaseGeometry]
    grids: dict[tuple[str, int], BaseGeometry]


def degrees(point: tuple[float, float]) -> tuple[float, float]:
    """From kilometres around the centre to longitude and latitude."""
    return round(CENTRE[0] + point[0] * KM[0], 7), round(CENTRE[1] + point[1] * KM[1], 7)


@cache
def tiling() -> Tiling:
    """The boundaries of all grids and what they add up to."""
    outline = Polygon(OUTLINE)
    middles = _evened([community.middle for community in COMMUNITIES], outline)
    seeds: dict[tuple[str, int], tuple[float, float]] = {}
    for community, cell in zip(COMMUNITIES, _cells(middles, outline), strict=True):
        spread = _evened(_scattered(cell, community.grids, community.code), cell)
        ordered = sorted(spread, key=lambda point: (-round(point[1], 1), point[0]))
        seeds |= {(community.code, number): point for number, point in enumerate(ordered, 1)}
    grids = _faces(seeds, outline)
    communities = {
        community.code: shapely.union_all([grids[community.code, number + 1] for number in range(community.grids)])
        for community in COMMUNITIES
    }
    return Tiling(shapely.union_all(list(grids.values())), communities, grids)


def _faces(seeds: dict[tuple[str, int], tuple[float, float]], outline: Polygon) -> dict[tuple[str, int], BaseGeometry]:
    """One polygon a seed: the faces of outline and cell borders, noded together on one lattice."""
    placed = {key: degrees(point) for key, point in seeds.items()}
    ground = Polygon([degrees(point) for point in OUTLINE])
    edges = voronoi_diagram(MultiPoint(list(placed.values())), envelope=ground.buffer(0.05), edges=True)
    inside = shapely.intersection(edges, ground.buffer(0.0005))
    network = shapely.union_all([ground.exterior, inside], grid_size=STEP)
    found: dict[tuple[str, int], list[Polygon]] = {}
    for face in polygonize(network):
        middle = face.representative_point()
        if not ground.contains(middle):
            continue
        nearest = min(placed, key=lambda key: middle.distance(Spot(placed[key])))
        found.setdefault(nearest, []).append(face)
    return {key: unary_union(faces) for key, faces in found.items()}


def _cells(points: Sequence[tuple[float, float]], ground: BaseGeometry) -> list[BaseGeometry]:
    """The part of the ground nearest to each point, in the order of the points."""
    cells = voronoi_diagram(MultiPoint(list(points)), envelope=ground.buffer(10)).geoms
    return [next(cell for cell in cells if cell.covers(Spot(point))).intersection(ground) for point in points]


def _evened(points: Sequence[tuple[float, float]], ground: BaseGeometry) -> list[tuple[float, float]]:
    """The points moved to the middles of their cells, some rounds over: cells of about one size."""
    if len(points) == 1:
        return [(ground.centroid.x, ground.centroid.y)]
    moved = list(points)
    for _ in range(_ROUNDS):
        moved = [(cell.centroid.x, cell.centroid.y) for cell in _cells(moved, ground)]
    return moved


def _scattered(ground: BaseGeometry, count: int, name: str) -> list[tuple[float, float]]:
    rng = Random(name)  # noqa: S311 - a drawing, not a secret
    west, south, east, north = ground.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        point = (rng.uniform(west, east), rng.uniform(south, north))
        if ground.contains(Spot(point)):
            found.append(point)
    return found


def strip(points: Sequence[tuple[float, float]], metres: float) -> Polygon:
    """A polyline (kilometres) as the ground it takes, `metres` wide, in degrees."""
    wide = LineString(points).buffer(metres / 2000, cap_style="flat", join_style="mitre")
    return shapely.transform(wide, lambda flat: flat * KM + CENTRE)


def spots(ground: BaseGeometry, count: int, rng: Random, inset: float = 0.15) -> list[tuple[float, float]]:
    """Random points (degrees) inside a ground, away from its border by a share of its width."""
    width = ground.area**0.5
    shrunk: BaseGeometry = ground.buffer(-inset * width)
    inner = ground if shrunk.is_empty else shrunk
    west, south, east, north = inner.bounds
    found: list[tuple[float, float]] = []
    while len(found) < count:
        point = (round(rng.uniform(west, east), 7), round(rng.uniform(south, north), 7))
        if inner.contains(Spot(point)):
            found.append(point)
    return found
