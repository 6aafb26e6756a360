"""Drawing grids anew, without touching any record. Pure: each act takes the drawn grids and gives them changed.

Neighbours share their corners (`shared`): a corner that is moved moves in each grid that has it, what a grid gives up
goes to the neighbour with the longest common edge, so that grids which tiled their ground still do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import split as shapely_split

from wangge.base.errors import InvalidInput
from wangge.kernel.places.tiling import Plane, plane_of, real_parts, same_ground

SNAP_M = 0.3
"""Corners and edges that are nearer than this are one."""
PICK_M = 1.0
"""So near to a corner one has meant it."""
PRECISION = 7


@dataclass(frozen=True, slots=True)
class Drawn:
    """A grid as it is drawn; an empty `code` is given when it is planned."""

    code: str
    name: str
    name_en: str
    shape: BaseGeometry


class Plan(NamedTuple):
    """What is to be done: grids with another ground, new ones with the grid that most of it came from, those that end
    with the grid that takes over, and other names."""

    rebound: tuple[Drawn, ...]
    created: tuple[tuple[Drawn, str | None], ...]
    ended: tuple[tuple[str, str | None], ...]
    renamed: tuple[Drawn, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changes."""
        return not any(self)


def shared(drawn: Sequence[Drawn]) -> list[Drawn]:
    """The same ground with each corner that lies on a neighbour's edge put into that edge too."""
    if not drawn:
        return []
    plane = plane_of(drawn[0].shape)
    flats = [plane.flat(one.shape) for one in drawn]
    tree = shapely.STRtree(flats)
    told = []
    for index, (one, flat) in enumerate(zip(drawn, flats, strict=True)):
        near = [other for other in tree.query(flat, predicate="dwithin", distance=SNAP_M).tolist() if other != index]
        corners = [point for other in near for point in shapely.get_coordinates(flats[other]).tolist()]
        snapped = shapely.snap(flat, shapely.MultiPoint(corners), SNAP_M) if corners else flat
        fit = snapped.is_valid and not snapped.is_empty and snapped.geom_type == flat.geom_type
        told.append(replace(one, shape=_neat(plane, snapped if fit else flat)))
    return told


def split(drawn: Sequence[Drawn], code: str, line: BaseGeometry, name: str) -> list[Drawn]:
    """A grid cut in two by a line: the larger part keeps its code, the other is a new grid."""
    old = _one(drawn, code)
    plane = plane_of(old.shape)
    flat, cut = plane.flat(old.shape), _longer(plane.flat(line))
    parts = real_parts(shapely_split(flat, cut)) if flat.geom_type == "Polygon" else []
    if len(parts) != 2:
        raise InvalidInput("The line does not cut the grid in two.", field="line", value=f"{len(parts)} parts",
                           expected="a line from edge to edge that cuts it once")
    parts.sort(key=lambda part: -part.area)
    rest = [one for one in drawn if one.code != code]
    kept, fresh = (plane.round(part) for part in parts)
    return shared([*rest, replace(old, shape=kept), Drawn("", name.strip() or old.name, "", fresh)])


def merge(drawn: Sequence[Drawn], codes: Iterable[str], into: str) -> list[Drawn]:
    """Several grids as one, under the code and name of `into`."""
    wanted = sorted({*codes, into})
    if len(wanted) < 2:
        raise InvalidInput("Merging takes two grids.", field="merge", value=into, expected="two grids that touch")
    grids = [_one(drawn, code) for code in wanted]
    plane = plane_of(grids[0].shape)
    whole = _joined([plane.flat(one.shape) for one in grids])
    if whole.geom_type != "Polygon":
        raise InvalidInput("These grids do not touch.", field="merge", value=", ".join(wanted),
                           expected="grids with a common edge")
    rest = [one for one in drawn if one.code not in wanted]
    return shared([*rest, replace(_one(drawn, into), shape=plane.round(whole))])


def carve(drawn: Sequence[Drawn], shape: BaseGeometry, ground: BaseGeometry, name: str) -> list[Drawn]:
    """A new grid where `shape` was drawn: what of it lies on the ground is taken from the grids there."""
    plane = plane_of(ground)
    fresh = plane.flat(shape).buffer(0).intersection(plane.flat(ground))
    parts = real_parts(fresh)
    if len(parts) != 1:
        raise InvalidInput("The new grid is not one piece of this ground.", field="shape", value=f"{len(parts)} parts",
                           expected="a polygon on the ground of the community")
    told = _without(drawn, parts[0], plane)
    return shared([*told, Drawn("", name.strip(), "", plane.round(parts[0]))])


def move_corner(drawn: Sequence[Drawn], start: BaseGeometry, end: BaseGeometry) -> list[Drawn]:
    """The corner at `start` goes to `end`, in every grid that has it."""
    plane = plane_of(drawn[0].shape) if drawn else Plane(0)
    origin = shapely.get_coordinates(plane.flat(start))[0]
    target = shapely.get_coordinates(plane.flat(end))[0]
    moved = 0

    def go(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        nonlocal moved
        here = np.hypot(*(points - origin).T) <= PICK_M
        moved += int(here.sum())
        return np.where(here[:, None], target, points)

    told = [replace(one, shape=_valid(shapely.transform(plane.flat(one.shape), go), one.code, plane)) for one in drawn]
    if not moved:
        raise InvalidInput("No corner of a grid lies there.", field="from", value=start.wkt,
                           expected="a corner of the list")
    return told


def reshape(drawn: Sequence[Drawn], code: str, shape: BaseGeometry) -> list[Drawn]:
    """A grid gets another outline: what it takes the others lose, what it leaves its neighbours get."""
    old = _one(drawn, code)
    plane = plane_of(old.shape)
    before, after = plane.flat(old.shape), plane.flat(shape).buffer(0)
    rest = [one for one in _without(drawn, after, plane) if one.code != code]
    flats = [plane.flat(one.shape) for one in rest]
    for part in real_parts(before.difference(after)):
        edges = [part.boundary.intersection(flat.buffer(SNAP_M)).length for flat in flats]
        if not edges or max(edges) <= SNAP_M:
            continue
        best = edges.index(max(edges))
        flats[best] = _joined([flats[best], part])
        rest[best] = replace(rest[best], shape=plane.round(flats[best]))
    return shared([*rest, replace(old, shape=plane.round(after))])


def plan(present: Mapping[str, Drawn], drawn: Sequence[Drawn], fresh: Callable[[], str]) -> Plan:
    """What stands now against what was drawn; `fresh` gives the codes of new grids one after the other."""
    named = [one if one.code else replace(one, code=fresh()) for one in drawn]
    by_code = {one.code: one for one in named}
    rebound, renamed = [], []
    for code, old in present.items():
        new = by_code.get(code)
        if new is None:
            continue
        if not same_ground(old.shape, new.shape):
            rebound.append(new)
        if (old.name, old.name_en) != (new.name, new.name_en):
            renamed.append(new)
    created = [(one, _most(one.shape, present.values())) for one in named if one.code not in present]
    ended = [(code, _most(old.shape, named)) for code, old in present.items() if code not in by_code]
    return Plan(tuple(rebound), tuple(created), tuple(ended), tuple(renamed))


def _most(shape: BaseGeometry, others: Iterable[Drawn]) -> str | None:
    """The grid with the largest common ground."""
    found = [(shape.intersection(one.shape).area, one.code) for one in others]
    best = max(found, default=(0.0, ""))
    return best[1] if best[0] > 0 else None


def _one(drawn: Sequence[Drawn], code: str) -> Drawn:
    found = next((one for one in drawn if one.code == code and code), None)
    if found is None:
        raise InvalidInput("There is no such grid in this drawing.", field="grid", value=code,
                           expected="one of " + ", ".join(one.code for one in drawn if one.code))
    return found


def _without(drawn: Sequence[Drawn], taken: BaseGeometry, plane: Plane) -> list[Drawn]:
    """The grids less a shape in metres; one that is wholly taken is gone."""
    told = []
    for one in drawn:
        flat = plane.flat(one.shape)
        if not real_parts(flat.intersection(taken)):
            told.append(one)
            continue
        left = real_parts(flat.difference(taken))
        if left:
            told.append(replace(one, shape=plane.round(_joined(left))))
    return told


def _joined(flats: Sequence[BaseGeometry]) -> BaseGeometry:
    """The union; where rounding left hairlines between, without these."""
    whole = shapely.union_all(list(flats))
    if whole.geom_type == "Polygon":
        return whole
    return shapely.union_all([flat.buffer(SNAP_M / 2, join_style="mitre") for flat in flats]).buffer(
        -SNAP_M / 2, join_style="mitre"
    )


def _longer(line: BaseGeometry) -> BaseGeometry:
    """A line with both ends drawn out by a metre, so that one that ends on an edge crosses it."""
    points = shapely.get_coordinates(line)
    if len(points) < 2 or np.array_equal(points[0], points[-1]):
        raise InvalidInput("A line has two ends.", field="line", expected="two points or more")

    def out(end: npt.NDArray[np.float64], before: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        away = end - before
        length = float(np.hypot(*away)) or 1.0
        return np.asarray(end + away / length)

    return shapely.LineString([out(points[0], points[1]), *points[1:-1], out(points[-1], points[-2])])


def _valid(flat: BaseGeometry, code: str, plane: Plane) -> BaseGeometry:
    if not flat.is_valid or flat.is_empty:
        raise InvalidInput("A grid would cross itself.", field="to", value=f"{code}: {shapely.is_valid_reason(flat)}",
                           expected="a place where no edge crosses another")
    return _neat(plane, flat)


def _neat(plane: Plane, flat: BaseGeometry) -> BaseGeometry:
    """Degrees with seven digits, as they are kept."""
    return shapely.transform(plane.round(flat), lambda points: np.round(points, PRECISION))
