"""Ground as paths of an SVG, without a map below: small, printable, and it needs no script."""

from __future__ import annotations

from math import cos, radians
from typing import NamedTuple

import shapely
from shapely.geometry.base import BaseGeometry

MARGIN = 4


class Sheet(NamedTuple):
    """Where degrees lie on a sheet: its west and north edges, pixels a degree of latitude, and how narrow a degree of
    longitude is against it, near enough for a sketch."""

    west: float
    north: float
    scale: float
    narrow: float

    def point(self, lon: float, lat: float) -> tuple[float, float]:
        """A position in pixels of the sheet."""
        x = MARGIN + (lon - self.west) * self.narrow * self.scale
        return round(x, 1), round(MARGIN + (self.north - lat) * self.scale, 1)

    def path(self, shape: BaseGeometry) -> str:
        """The outer rings of a ground as a path; bends of less than half a pixel are left out."""
        bent = shape.simplify(0.5 / self.scale)
        rings = [part.exterior for part in shapely.get_parts(bent) if part.geom_type == "Polygon"]
        return " ".join(
            "M" + "L".join("{:.1f} {:.1f}".format(*self.point(x, y)) for x, y in shapely.get_coordinates(ring)) + "Z"
            for ring in rings
        )


def sheet(bounds: tuple[float, float, float, float], width: int, height: int) -> Sheet:
    """The sheet of this size with the bounds (west, south, east, north in degrees) in its middle."""
    west, south, east, north = bounds
    narrow = cos(radians((south + north) / 2))
    wide, high = (east - west) * narrow, north - south
    scale = min((width - 2 * MARGIN) / (wide or 1), (height - 2 * MARGIN) / (high or 1))
    aside, above = ((room - 2 * MARGIN) / scale - used for room, used in ((width, wide), (height, high)))
    return Sheet(west - aside / 2 / narrow, north + above / 2, scale, narrow)
