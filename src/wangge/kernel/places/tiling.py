"""Whether grids tile their ground: no gap, no overlap, nothing outside. Pure.

Tolerance: what is smaller than `LEAST_M2` or nowhere `LEAST_M` wide is rounding (stored boundaries have 1e-7°, about a
centimetre) and no fault. Areas are measured on a plane that touches the ground in its middle, to well under 0.1 % for
a district.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import cos, radians
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

METRES_A_DEGREE = 111_320.0
LEAST_M2 = 1.0
LEAST_M = 0.1


class Fault(NamedTuple):
    """What is wrong where: `gap`, `overlap` or `outside`, the grids concerned, whole square metres, and its outline."""

    kind: str
    codes: tuple[str, ...]
    square_metres: int
    shape: BaseGeometry


class Plane:
    """Degrees as metres around a latitude, and back."""

    def __init__(self, latitude: float) -> None:
        self._scale = np.array([METRES_A_DEGREE * cos(radians(latitude)), METRES_A_DEGREE])

    def flat(self, shape: BaseGeometry) -> BaseGeometry:
        """The shape in metres."""
        return shapely.transform(shape, self._times)

    def round(self, shape: BaseGeometry) -> BaseGeometry:
        """The shape in degrees."""
        return shapely.transform(shape, self._by)

    def _times(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(points * self._scale)

    def _by(self, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        return np.asarray(points / self._scale)


def plane_of(shape: BaseGeometry) -> Plane:
    """The plane that touches a ground in its middle."""
    _, south, _, north = shape.bounds
    return Plane((south + north) / 2)


def faults(ground: BaseGeometry, grids: Mapping[str, BaseGeometry]) -> list[Fault]:
    """Every gap, overlap and part outside, the largest first. Shapes are in degrees."""
    plane = plane_of(ground)
    whole = plane.flat(ground)
    codes = sorted(grids)
    flats = [plane.flat(grids[code]) for code in codes]
    found: list[Fault] = []

    def add(kind: str, named: tuple[str, ...], shape: BaseGeometry) -> None:
        found.extend(Fault(kind, named, round(part.area), plane.round(part)) for part in real_parts(shape))

    tree = shapely.STRtree(flats)
    for one, other in zip(*tree.query(flats, predicate="intersects").tolist(), strict=True):
        if one < other:
            add("overlap", (codes[one], codes[other]), flats[one].intersection(flats[other]))
    for code, flat in zip(codes, flats, strict=True):
        add("outside", (code,), flat.difference(whole))
    for part in real_parts(whole.difference(shapely.union_all(flats))):
        beside = tree.query(part, predicate="dwithin", distance=1.0)
        found.append(Fault("gap", tuple(codes[index] for index in sorted(beside.tolist())), round(part.area),
                           plane.round(part)))
    return sorted(found, key=lambda one: (-one.square_metres, one.kind, one.codes))


def real_parts(shape: BaseGeometry) -> list[BaseGeometry]:
    """The polygons of a shape in metres that are more than rounding."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    if shape.geom_type == "GeometryCollection":
        parts = [one for part in shapely.get_parts(shape) for one in shapely.get_parts(part)
                 if one.geom_type == "Polygon"]
    return [part for part in parts if part.area >= LEAST_M2 and not part.buffer(-LEAST_M / 2).is_empty]


def same_ground(one: BaseGeometry, other: BaseGeometry) -> bool:
    """Whether two shapes in degrees differ by rounding only."""
    plane = plane_of(one)
    return not real_parts(plane.flat(one).symmetric_difference(plane.flat(other)))


def worse(now: list[Fault], before: list[Fault]) -> list[Fault]:
    """The faults that lie where there was none of their kind: what stood before is not held against a change."""
    left = []
    for one in now:
        plane = plane_of(one.shape)
        known = shapely.union_all([plane.flat(old.shape) for old in before if old.kind == one.kind])
        if real_parts(plane.flat(one.shape).difference(known.buffer(LEAST_M))):
            left.append(one)
    return left
