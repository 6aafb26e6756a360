"""Areas as GeoJSON, in the words that `importing` reads: what was exported and is imported again changes nothing.

Coordinates are written as they are kept, to the last digit, so that no boundary looks changed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import shapely

from wangge.base.mandate import Mandate
from wangge.kernel.places.models import Area, Boundary
from wangge.kernel.places.queries import below

COLUMNS = ("code", "name", "name_en", "kind", "layer", "parent", "valid_from", "timezone", "region", "residents")
"""The properties of a feature, and the columns of a table of areas."""


def standing(root_path: str, at: datetime, *, by: Mandate) -> list[Area]:
    """The areas of all layers that stand at a moment at and below a path, parents first. Raises `Forbidden`."""
    if not (by.allows("see", root_path) or by.allows("manage_areas", root_path)):
        by.require("manage_areas", root_path)
    rows = Area.objects.select_related("parent").filter(below(root_path), valid_from__lte=at).order_by("path")
    return [area for area in rows if area.valid_to is None or area.valid_to > at]


def properties(area: Area) -> dict[str, str | int | None]:
    """What a feature or a row says of an area, by `COLUMNS`."""
    return {
        "code": area.code, "name": area.name, "name_en": area.name_en, "kind": area.kind, "layer": area.layer,
        "parent": area.parent.code if area.parent else None, "valid_from": area.valid_from.isoformat(),
        "timezone": area.timezone, "region": area.region, "residents": area.residents,
    }


def collection(root_path: str, at: datetime, *, by: Mandate) -> dict[str, Any]:
    """The FeatureCollection; an area without a ground has no geometry."""
    areas = standing(root_path, at, by=by)
    held = Boundary.objects.filter(area__in=areas, valid_from__lte=at)
    grounds = {row.area_id: bytes(row.geometry) for row in held if row.valid_to is None or row.valid_to > at}
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": properties(area),
                "geometry": shapely.geometry.mapping(shapely.from_wkb(grounds[area.id])) if area.id in grounds
                else None,
            }
            for area in areas
        ],
    }
