"""Things of a class near a point, found by cells instead of looking at all of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from math import cos, radians
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID

from wangge.base.geometry import Point, distance_m

T = TypeVar("T")
E7_PER_M = 10_000_000 / 111_000
"""Units of 1e-7 degree of latitude in a metre, rounded up: a cell or box errs on being too wide."""
FLATTEST = 0.01
"""Towards the poles a metre is ever more degrees of longitude; beyond this cosine nobody lives."""


class Neighbour(NamedTuple, Generic[T]):
    """How far off, in metres, and what; `order` counts how many were known before it."""

    metres: float
    order: int
    it: T


class Near(Generic[T]):
    """`reach`: the farthest that anybody asks for, in metres; `steepest`: the highest latitude that occurs, degrees."""

    def __init__(self, reach: int, steepest: float) -> None:
        self._high = reach * E7_PER_M
        self._wide = self._high / max(FLATTEST, cos(radians(steepest)))
        self._cells: dict[tuple[UUID, int, int], list[tuple[int, Point, T]]] = defaultdict(list)
        self._count = 0

    def add(self, case_class: UUID, point: Point, it: T) -> None:
        """One more."""
        column, row = self._cell(point)
        self._cells[case_class, column, row].append((self._count, point, it))
        self._count += 1

    def around(self, case_class: UUID, point: Point, metres: int) -> Iterator[Neighbour[T]]:
        """Those of the class at most so far off."""
        column, row = self._cell(point)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                for order, there, it in self._cells.get((case_class, x, y), ()):
                    far = distance_m(point, there)
                    if far <= metres:
                        yield Neighbour(far, order, it)

    def _cell(self, point: Point) -> tuple[int, int]:
        return int(point.lon_e7 // self._wide), int(point.lat_e7 // self._high)
