"""Reads of parts: near a point, in a box, on an area; and the part of a case."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import cos, radians
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.geometry import Point, distance_m
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, visible_sql
from wangge.kernel.cases.loading import SELECT, of_row
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import CaseState

MOST_METRES = 1000
_E7_PER_M = 10_000_000 / 111_320


class Unit(NamedTuple):
    """An organisation in charge."""

    id: UUID
    name: str
    name_en: str


class PartView(NamedTuple):
    """A part with who is in charge of it. `metres` is how far off it lies, where a point was asked for."""

    id: UUID
    code: str
    name: str
    class_code: str
    path: str
    lon_e7: int
    lat_e7: int
    crs: str
    state: str
    initial_on: date | None
    changed_on: date | None
    owner: Unit | None
    supervisor: Unit | None
    keeper: Unit | None
    metres: int | None = None
    version: int = 0


def _unit(column: str) -> str:
    return (
        f"(SELECT json_build_array(o.id, o.name, o.name_en) FROM people_organisation o WHERE o.id = p.{column}_id)"
    )


_COLUMNS = ", ".join((
    "p.id", "p.code", "p.name", "p.class_code", "p.path", "p.lon_e7", "p.lat_e7", "p.crs", "p.state", "p.initial_on",
    "p.changed_on", _unit("owner"), _unit("supervisor"), _unit("keeper"), "NULL", "p.version",
))  # fmt: skip
OF_CASE = f"(SELECT json_build_array({_COLUMNS}) FROM cases_part p WHERE p.id = c.part)"
"""The part of a case `c`, for `read_view`."""


def read_view(row: Any) -> PartView | None:
    """What `OF_CASE` gives as a part."""
    return None if row is None else msgspec.convert(row, PartView, strict=False)


def parts_near(point: Point, metres: int, *, class_prefix: str = "", limit: int = 50) -> list[PartView]:
    """The parts within `metres` that are there, the nearest first, by one statement."""
    high = round(metres * _E7_PER_M)
    wide = round(high / max(0.01, cos(radians(point.lat_e7 / 1e7))))
    box = [point.lon_e7 - wide, point.lat_e7 - high, point.lon_e7 + wide, point.lat_e7 + high]
    found = []
    for view in _read("p.state <> 'removed'", [], box=box, class_prefix=class_prefix, end="LIMIT 5000"):
        off = distance_m(point, Point(view.lon_e7, view.lat_e7))
        if off <= metres:
            found.append((off, view._replace(metres=round(off))))
    return [view for _, view in sorted(found, key=lambda pair: (pair[0], pair[1].code))[:limit]]


def parts_list(
    *,
    path: str = "",
    bbox: tuple[int, int, int, int] | None = None,
    class_prefix: str = "",
    state: str = "",
    keeper: UUID | None = None,
    unkept: bool = False,
    begins: str = "",
    after_code: str = "",
    limit: int = 50,
) -> list[PartView]:
    """Parts at and below a path and within a box (west, south, east, north; 1e-7 degree), by code, after one.

    `keeper` keeps them, or nobody does (`unkept`); `begins` is how their codes begin.
    """
    condition = "p.code > %s"
    values: list[Any] = [after_code]
    for text, given in (("p.state = %s", state), ("p.keeper_id = %s", keeper)):
        if given:
            condition, values = f"{condition} AND {text}", [*values, given]
    if unkept:
        condition += " AND p.keeper_id IS NULL"
    if begins:
        condition, values = f"{condition} AND p.code >= %s AND p.code < %s", [*values, begins, after(begins)]
    if path:
        condition += " AND p.path >= %s AND p.path < %s"
        values += [path, after(path)]
    return _read(condition, values, box=bbox, class_prefix=class_prefix, end=f"ORDER BY p.code LIMIT {int(limit)}")


def part_with(code: str, path: str) -> PartView | None:
    """The part with this code at or below a path, also one that is removed."""
    condition, values = "p.code = %s", [code]
    if path:
        condition, values = f"{condition} AND p.path >= %s AND p.path < %s", [code, path, after(path)]
    return next(iter(_read(condition, values, box=None, class_prefix="", end="")), None)


def cases_of(part: UUID, by: Mandate, *, limit: int = 50) -> list[CaseState]:
    """The cases about a part that the mandate sees, the newest first, by one statement."""
    visible, values = visible_sql(by)
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT {SELECT} FROM cases_case c WHERE c.part = %s AND {visible}"
            " ORDER BY c.reported_at DESC LIMIT %s",
            [part, *values, limit],
        ).fetchall()
    return [of_row(row) for row in rows]


def _read(
    condition: str, values: Sequence[Any], *, box: Sequence[int] | None, class_prefix: str, end: str
) -> list[PartView]:
    given = list(values)
    if box is not None:
        condition += " AND point(p.lon_e7, p.lat_e7) <@ box(point(%s, %s), point(%s, %s))"
        given += box
    if class_prefix:
        condition += " AND p.class_code >= %s AND p.class_code < %s"
        given += [class_prefix, after(class_prefix)]
    with hot_cursor() as cursor:
        rows = cursor.execute(f"SELECT {_COLUMNS} FROM cases_part p WHERE {condition} {end}", given).fetchall()
    return [PartView(*row[:11], *map(_as_unit, row[11:14]), *row[14:]) for row in rows]


def _as_unit(row: Any) -> Unit | None:
    return None if row is None else Unit(UUID(row[0]), row[1], row[2])
