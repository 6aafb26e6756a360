"""Which part of a class lies nearest to a point: a hash of small cells, in memory with the reference data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import cos, radians
from typing import NamedTuple
from uuid import UUID

from wangge.base.geometry import Point, distance_m

CELL = 5000
"""The width of a cell in 1e-7 degree: about 55 m from south to north."""
_E7_PER_M = 10_000_000 / 111_320


class Kept(NamedTuple):
    """A part as routing needs it."""

    id: UUID
    code: str
    class_code: str
    lon_e7: int
    lat_e7: int
    keeper: UUID | None


class Near(NamedTuple):
    """A part and how far off it lies, in metres."""

    part: Kept
    metres: float


class PartIndex:
    """All parts that are there, by id and by place."""

    def __init__(self, parts: Iterable[Kept]) -> None:
        self.by_id: Mapping[UUID, Kept] = {part.id: part for part in parts}
        self._cells: dict[tuple[str, int, int], list[Kept]] = {}
        for part in self.by_id.values():
            key = (part.class_code, part.lon_e7 // CELL, part.lat_e7 // CELL)
            self._cells.setdefault(key, []).append(part)

    def nearest(self, point: Point, class_code: str, metres: float) -> Near | None:
        """The nearest part of this class within `metres`; of two equally near the one with the lower code."""
        high = metres * _E7_PER_M * 1.01  # the box is a little wider than the circle
        wide = high / max(0.01, cos(radians(point.lat_e7 / 1e7)))
        west, east = int((point.lon_e7 - wide) // CELL), int((point.lon_e7 + wide) // CELL)
        south, north = int((point.lat_e7 - high) // CELL), int((point.lat_e7 + high) // CELL)
        best: Near | None = None
        for column in range(west, east + 1):
            for row in range(south, north + 1):
                for part in self._cells.get((class_code, column, row), ()):
                    if abs(part.lat_e7 - point.lat_e7) > high or abs(part.lon_e7 - point.lon_e7) > wide:
                        continue
                    off = distance_m(point, Point(part.lon_e7, part.lat_e7))
                    if off <= metres and (best is None or (off, part.code) < (best.metres, best.part.code)):
                        best = Near(part, off)
        return best
