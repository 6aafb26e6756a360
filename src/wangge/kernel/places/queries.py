"""Reads of places."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from threading import Lock
from typing import Any
from uuid import UUID

import shapely
from django.db import connection
from django.db.models import Q
from shapely.geometry.base import BaseGeometry

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.base.geometry import Locator, Point
from wangge.base.versions import Version
from wangge.kernel.places.atlas import AreaInfo, Atlas, Ground, Located
from wangge.kernel.places.models import Boundary
from wangge.kernel.places.paths import ancestors

__all__ = [
    "PRESENT", "AreaInfo", "Atlas", "Located", "ancestors", "area_by_code", "areas_geojson", "atlas", "below",
    "boundaries_of", "locate", "locate_many", "locator_for", "places_version",
]

METRES_A_DEGREE = 111_320.0
_KEPT = 3
_lock = Lock()
_atlases: dict[tuple[str, int], Atlas] = {}


def places_version() -> int:
    """The number that every change of areas, boundaries and calendars moves on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM places_version")
        return int(cursor.fetchone()[0])


PRESENT = Version("places", places_version)
"""The version that `atlas` takes where none is given."""


def atlas(version: int | None = None) -> Atlas:
    """The present snapshot. Pass `version` where it was read with another statement anyway.

    Where the places have moved on meanwhile, the snapshot is newer than asked for; its `version` says so.
    """
    if version is None:
        version = PRESENT.now()
    name = str(connection.settings_dict["NAME"])
    known = _atlases.get((name, version))
    if known is None:
        with _lock:
            known = _atlases.get((name, version)) or _load()
            _atlases[name, known.version] = known
            for old in list(_atlases)[:-_KEPT]:
                del _atlases[old]
    return known


def _load() -> Atlas:
    """Areas and boundaries of one and the same version."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT v.n, a.id, a.code, a.name, a.name_en, a.kind, a.layer, a.parent_id, a.path, a.region,"
                " a.timezone, a.valid_from, a.valid_to, a.residents"
                " FROM places_version v LEFT JOIN places_area a ON true"
            )
            areas = cursor.fetchall()
            cursor.execute(
                "SELECT v.n, b.area_id, b.geometry, b.valid_from, b.valid_to"
                " FROM places_version v LEFT JOIN places_boundary b ON true"
            )
            rows = cursor.fetchall()
            cursor.execute(
                "SELECT a.path, f.kind, f.last FROM places_code_form f JOIN places_area a ON a.id = f.area_id"
            )
            forms = {(path, kind): last for path, kind, last in cursor.fetchall()}
        if areas[0][0] == rows[0][0]:
            break
    shapes = shapely.from_wkb([None if row[2] is None else bytes(row[2]) for row in rows])
    grounds = [Ground(row[1], shape, *row[3:]) for row, shape in zip(rows, shapes, strict=True) if row[1]]
    return Atlas(areas[0][0], [AreaInfo(*row[1:]) for row in areas if row[1]], grounds, forms)


def area_by_code(code: str) -> AreaInfo:
    """The area with this code, also an ended one. Raises `NotFound`."""
    area = atlas().by_code(code)
    if area is None:
        raise NotFound("There is no area with this code.", field="area", value=code,
                       expected="the code of an area")
    return area


def below(path: str, field: str = "path") -> Q:
    """The condition that a path column lies at or below a path; served by an index in the "C" collation."""
    return Q(**{f"{field}__startswith": path}) if path else Q()


def boundaries_of(area_id: UUID) -> list[Boundary]:
    """Every ground that an area had, has or will have, the newest first."""
    return list(Boundary.objects.filter(area_id=area_id).order_by("-valid_from"))


def locate(
    point: Point, *, layer: str = "administrative", root_path: str = "", at: datetime | None = None,
    version: int | None = None,
) -> Located:
    """Which area of the layer holds the point at a time (now, if none is given), below a root."""
    return atlas(version).locate(point, layer=layer, root_path=root_path, at=at or now())


def locate_many(
    points: Sequence[Point | None], *, layer: str = "administrative", root_path: str = "",
    at: datetime | None = None, version: int | None = None,
) -> list[AreaInfo | None]:
    """For each point the area that holds it, None outside or where there is no point."""
    return atlas(version).locate_many(points, layer=layer, root_path=root_path, at=at or now())


def locator_for(version: int, layer: str, root_path: str, at: datetime) -> Locator[AreaInfo]:
    """The prepared tree for a version of the places, kept in memory."""
    return atlas(version).locator(layer, at, root_path)


def areas_geojson(
    root_path: str, *, layer: str = "administrative", kinds: Iterable[str] = (), at: datetime | None = None,
    simplify: float = 0.0,
) -> dict[str, Any]:
    """A FeatureCollection of the areas at and below a path with their ground at a time, shallowest first.

    Properties: id, code, name, name_en, kind, path. `simplify` is a tolerance in metres; coordinates have 1e-7°.
    """
    wanted = frozenset(kinds)
    held = atlas().grounds(root_path, layer, at or now())
    features = [_feature(area, shape, simplify) for area, shape in held if not wanted or area.kind in wanted]
    return {"type": "FeatureCollection", "features": features}


def _feature(area: AreaInfo, shape: BaseGeometry, simplify: float) -> dict[str, Any]:
    drawn = shape.simplify(simplify / METRES_A_DEGREE) if simplify else shape
    return {
        "type": "Feature",
        "id": area.code,
        "geometry": _rounded(shapely.geometry.mapping(drawn)),
        "properties": {
            "id": str(area.id), "code": area.code, "name": area.name, "name_en": area.name_en,
            "kind": area.kind, "path": area.path,
        },
    }


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 7)
    if isinstance(value, dict):
        return {key: _rounded(one) for key, one in value.items()}
    return [_rounded(one) for one in value] if isinstance(value, list | tuple) else value
