"""The ground as pages draw it: grids filled, communities around them, simplified to what a screen shows."""

from __future__ import annotations

from typing import Any

from django.utils import translation

from wangge.kernel.places.queries import Atlas, areas_geojson

OUTLINES = ("community", "village")
BASIC = "grid"
FINE, COARSE = 2.0, 20.0
"""Tolerances in metres: for a subdistrict, and for a whole city."""
MANY = 120


def drawable(places: Atlas, root_path: str) -> dict[str, Any]:
    """A FeatureCollection with the properties code, name, path, basic (filled) for small and large maps."""
    kinds = (BASIC, *OUTLINES)
    number = sum(1 for area in places.below(root_path) if area.kind in kinds)
    ground = areas_geojson(root_path, kinds=kinds, simplify=COARSE if number > MANY else FINE)
    fine = any(feature["properties"]["kind"] == BASIC for feature in ground["features"])
    english = not (translation.get_language() or "zh").startswith("zh")
    for feature in ground["features"]:
        known = feature["properties"]
        feature["properties"] = {
            "code": known["code"],
            "path": known["path"],
            "basic": (known["kind"] == BASIC) if fine else True,
            "name": (known["name_en"] if english else known["name"]) or known["name"],
        }
    return ground
