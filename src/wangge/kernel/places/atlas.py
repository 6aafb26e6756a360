"""All places in memory: by id, code and path, and which of them holds a point at a time.

A snapshot is rebuilt when the number in `places_version` has moved. Overlap rule: the deepest area wins, then
the one with the smaller ground, then the lower code. Points are located in what divides the ground
(`TERRITORY`; in other layers than the administrative one responsibility zones too), never in estates,
buildings or lines.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from wangge.base.geometry import E7, Locator, Point
from wangge.kernel.places.models import TERRITORY

DEFAULT_TIMEZONE = "Asia/Shanghai"


class AreaInfo(NamedTuple):
    """An area as every room needs it."""

    id: UUID
    code: str
    name: str
    name_en: str
    kind: str
    layer: str
    parent: UUID | None
    path: str
    region: str | None
    timezone: str | None
    valid_from: datetime
    valid_to: datetime | None
    residents: int | None = None

    @property
    def depth(self) -> int:
        """1 for a root."""
        return self.path.count("/")

    def holds(self, at: datetime) -> bool:
        """Whether the area exists at this moment (half-open)."""
        return self.valid_from <= at and (self.valid_to is None or at < self.valid_to)


class Ground(NamedTuple):
    """A boundary with its time."""

    area: UUID
    geometry: BaseGeometry
    valid_from: datetime
    valid_to: datetime | None


class Located(NamedTuple):
    """Where a point lies. `area` is None outside every boundary; `candidates` are all holders, best first."""

    area: AreaInfo | None
    candidates: tuple[AreaInfo, ...] = ()

    @property
    def area_id(self) -> UUID | None:
        """The id of the area that holds the point."""
        return self.area.id if self.area else None

    @property
    def path(self) -> str | None:
        """Its path."""
        return self.area.path if self.area else None

    @property
    def outside(self) -> bool:
        """Whether no boundary holds the point."""
        return self.area is None


class Atlas:
    """A snapshot of all places."""

    def __init__(
        self, version: int, areas: Sequence[AreaInfo], grounds: Sequence[Ground],
        code_forms: Mapping[tuple[str, str], int] | None = None,
    ) -> None:
        self.version = version
        self._code_forms = code_forms or {}
        self.by_id: Mapping[UUID, AreaInfo] = {area.id: area for area in areas}
        self.by_path: Mapping[str, AreaInfo] = {area.path: area for area in areas}
        self._by_code = {area.code: area for area in areas}
        self._grounds = grounds
        spans = [(one.valid_from, one.valid_to) for one in grounds] + [(one.valid_from, one.valid_to) for one in areas]
        self._times = sorted({moment for span in spans for moment in span if moment})
        self._locators: dict[tuple[str, str, int], Locator[AreaInfo]] = {}
        roots = sorted((area for area in areas if area.parent is None), key=lambda area: area.id)
        self.roots: tuple[AreaInfo, ...] = tuple(roots)

    @property
    def default_root(self) -> str:
        """The path of the first root that was made and has not ended, '' without any."""
        return next((area.path for area in self.roots if area.valid_to is None), "")

    def by_code(self, code: str) -> AreaInfo | None:
        """The area with this code, also an ended one."""
        return self._by_code.get(code)

    def name(self, path: str) -> str:
        """The name of the area at a path, '' for none."""
        area = self.by_path.get(path)
        return area.name if area else ""

    def root(self, path: str) -> AreaInfo:
        """The top area above a path. Raises `KeyError` for a path of no root."""
        return self.by_path[path.split("/", 1)[0] + "/"]

    def above(self, path: str) -> list[AreaInfo]:
        """The areas from the root down to the path itself."""
        parts = path.split("/")[:-1]
        prefixes = ("/".join(parts[: depth + 1]) + "/" for depth in range(len(parts)))
        return [self.by_path[prefix] for prefix in prefixes if prefix in self.by_path]

    def nearest(self, path: str, kind: str) -> AreaInfo | None:
        """The nearest area of this kind at or above a path."""
        return next((area for area in reversed(self.above(path)) if area.kind == kind), None)

    def timezone(self, path: str) -> str:
        """The time zone that holds at a path: the nearest ancestor's."""
        return next((area.timezone for area in reversed(self.above(path)) if area.timezone), DEFAULT_TIMEZONE)

    def code_form(self, path: str, kind: str) -> int | None:
        """How many digits the last segment of such codes has at a path, as the nearest area declares; None: free."""
        for area in reversed(self.above(path)):
            if (last := self._code_forms.get((area.path, kind))) is not None:
                return last
        return None

    def below(self, path: str, *, at: datetime | None = None) -> list[AreaInfo]:
        """The areas at and below a path, by path; those that exist at a moment where one is given."""
        held = (area for area in self.by_path.values() if area.path.startswith(path))
        return sorted((area for area in held if at is None or area.holds(at)), key=lambda area: area.path)

    def locate(
        self, point: Point, *, layer: str = "administrative", root_path: str = "", at: datetime
    ) -> Located:
        """Which area of the layer holds the point at a time, below a root; outside is answered as such."""
        held = tuple(self.locator(layer, at, root_path).locate(point))
        return Located(held[0], held) if held else _OUTSIDE

    def locate_many(
        self, points: Sequence[Point | None], *, layer: str = "administrative", root_path: str = "",
        at: datetime,
    ) -> list[AreaInfo | None]:
        """For each point the area that holds it, None outside or where there is no point."""
        given = [index for index, point in enumerate(points) if point is not None]
        known = [point for point in points if point is not None]
        flat = np.array(known, dtype=np.float64).reshape(-1, 2) / E7
        keys, found = self.locate_arrays(flat[:, 0], flat[:, 1], layer=layer, root_path=root_path, at=at)
        areas: list[AreaInfo | None] = [None] * len(points)
        for index, holder in zip(given, found.tolist(), strict=True):
            if holder >= 0:
                areas[index] = keys[holder]
        return areas

    def locate_arrays(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64], *, layer: str = "administrative",
        root_path: str = "", at: datetime,
    ) -> tuple[list[AreaInfo], npt.NDArray[np.int64]]:
        """The same for arrays of degrees: areas, and for each point its position among them, -1 outside."""
        locator = self.locator(layer, at, root_path)
        return locator.keys, locator.locate_many(lons, lats)

    def locator(self, layer: str, at: datetime, root_path: str = "") -> Locator[AreaInfo]:
        """The prepared tree of a layer for the time in which nothing changed around `at`, best area first."""
        key = (layer, root_path, bisect_right(self._times, at))
        known = self._locators.get(key)
        if known is None:
            kinds = TERRITORY if layer == "administrative" else (*TERRITORY, "zone")
            held = self.grounds(root_path, layer, at)
            known = self._locators[key] = Locator([one for one in reversed(held) if one[0].kind in kinds])
        return known

    def grounds(self, path: str, layer: str, at: datetime) -> list[tuple[AreaInfo, BaseGeometry]]:
        """The areas of a layer at and below a path with their ground at a time, shallowest first."""
        held = [ground for ground in self._grounds if self._counts(ground, layer, path, at)]
        held.sort(key=self._precedence, reverse=True)
        return [(self.by_id[ground.area], ground.geometry) for ground in held]

    def _counts(self, ground: Ground, layer: str, root_path: str, at: datetime) -> bool:
        area = self.by_id[ground.area]
        if area.layer != layer or not area.path.startswith(root_path) or not area.holds(at):
            return False
        return ground.valid_from <= at and (ground.valid_to is None or at < ground.valid_to)

    def _precedence(self, ground: Ground) -> tuple[int, float, str]:
        area = self.by_id[ground.area]
        return -area.depth, float(shapely.area(ground.geometry)), area.code


_OUTSIDE = Located(None)
