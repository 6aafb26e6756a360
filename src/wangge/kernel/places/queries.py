"""Reads of places."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import shapely
from django.db import connection

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.base.geometry import Point
from wangge.kernel.places.atlas import AreaInfo, Atlas, Ground, Located

__all__ = ["AreaInfo", "Atlas", "Located", "ancestors", "area_by_code", "areas_geojson", "atlas", "locate"]

_atlases: dict[str, Atlas] = {}


def places_version() -> int:
    """The number that every change of places moves on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM places_version")
        return int(cursor.fetchone()[0])


def atlas(version: int | None = None) -> Atlas:
    """The present snapshot. Pass `version` where it was read with another statement anyway."""
    if version is None:
        version = places_version()
    name = str(connection.settings_dict["NAME"])
    known = _atlases.get(name)
    if known is None or known.version != version:
        known = _atlases[name] = _load(version)
    return known


def _load(version: int) -> Atlas:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, name, name_en, kind, layer, parent_id, path, region, timezone, valid_from, valid_to"
            " FROM places_area"
        )
        areas = [AreaInfo(*row) for row in cursor.fetchall()]
        cursor.execute("SELECT area_id, geometry, valid_from, valid_to FROM places_boundary")
        rows = cursor.fetchall()
    shapes = shapely.from_wkb([bytes(row[1]) for row in rows])
    return Atlas(
        version,
        areas,
        [Ground(row[0], shape, row[2], row[3]) for row, shape in zip(rows, shapes, strict=True)],
    )


def area_by_code(code: str) -> AreaInfo:
    """The area with this code. Raises `NotFound`."""
    area = atlas().by_code(code)
    if area is None:
        raise NotFound(
            "There is no area with this code.", field="area", value=code, expected="the code of an area"
        )
    return area


def ancestors(path: str) -> list[str]:
    """The paths from the root down to this path: "a/b/" → ["a/", "a/b/"]."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]


def locate(
    point: Point, *, layer: str = "administrative", root_path: str = "", at: datetime | None = None
) -> Located:
    """Which area holds the point at a time (now, if none is given)."""
    return atlas().locate(point, layer=layer, root_path=root_path, at=at or now())


def areas_geojson(
    root_path: str,
    *,
    layer: str = "administrative",
    kinds: Iterable[str] = (),
    at: datetime | None = None,
    simplify: float = 0.0,
) -> dict[str, Any]:
    """A FeatureCollection of the areas at and below a path with their ground at a time, shallowest first.

    Properties: code, name, name_en, kind, path. `simplify` is a tolerance in degrees, topology kept per area.
    """
    wanted = frozenset(kinds)
    features = []
    for area, shape in atlas().grounds(root_path, layer, at or now()):
        if wanted and area.kind not in wanted:
            continue
        drawn = shapely.set_precision(shape.simplify(simplify) if simplify else shape, 1e-7)
        features.append(
            {
                "type": "Feature",
                "id": area.code,
                "geometry": shapely.geometry.mapping(drawn),
                "properties": {
                    "code": area.code,
                    "name": area.name,
                    "name_en": area.name_en,
                    "kind": area.kind,
                    "path": area.path,
                },
            }
        )
    return {"type": "FeatureCollection", "features": features}
