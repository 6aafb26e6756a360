"""Points on the globe, the coordinate systems of Chinese maps, distance, and which polygon holds a point.

Everything is kept in WGS 84 (equal to CGCS2000 at this accuracy) as integers of 1e-7 degree, about 1 cm;
GCJ-02 (AMap, Tencent) and BD-09 (Baidu) are converted at the door. No standard publishes the two offsets: the
constants are those that open map libraries have in common (coordtransform, eviltransform), and the offset
applies only inside the box that they use for the mainland.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Generic, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from wangge.base.errors import InvalidInput

E7 = 10_000_000
CRS = ("wgs84", "cgcs2000", "gcj02", "bd09")
_EARTH = 6_371_008.8  # mean radius, metres (IUGG)
_AXIS = 6_378_245.0  # Krasovsky 1940, as GCJ-02 uses it
_FLATNESS = 0.00669342162296594323
_BD = math.pi * 3000.0 / 180.0
_ROUNDS = 6
_CHUNK = 65_536


class Point(NamedTuple):
    """A position in WGS 84, in 1e-7 degree."""

    lon_e7: int
    lat_e7: int

    @property
    def lon(self) -> float:
        """Longitude in degrees."""
        return self.lon_e7 / E7

    @property
    def lat(self) -> float:
        """Latitude in degrees."""
        return self.lat_e7 / E7


def e7(degrees: float | str | Decimal) -> int:
    """Degrees as an integer of 1e-7, half rounded away from zero; a float counts as its shortest text.

    Raises `ValueError` for what is no number from -360 to 360.
    """
    try:
        value = Decimal(str(degrees))
        if not -360 <= value <= 360:
            raise ValueError(f"{degrees!r} is no number of degrees from -360 to 360")
        return int((value * E7).to_integral_value(rounding=ROUND_HALF_UP))
    except InvalidOperation as error:
        raise ValueError(f"{degrees!r} is no number of degrees") from error


def parse_point(lon: object, lat: object, crs: str = "wgs84", *, field: str = "location") -> Point:
    """A point from outside, degrees as numbers or text, in one of `CRS`.

    Raises `InvalidInput` that names the field (`location.lat` …) where it is no finite number, off the globe
    or looks swapped, and for an unknown system.
    """
    if crs not in CRS:
        raise InvalidInput("This coordinate system is not known.", field=f"{field}.crs", value=crs,
                           expected="one of " + ", ".join(CRS))
    x, y = _number(lon, f"{field}.lon"), _number(lat, f"{field}.lat")
    if 90 < abs(y) <= 180 and abs(x) <= 90:
        raise InvalidInput("Longitude and latitude look swapped.", field=f"{field}.lat", value=lat,
                           expected="latitude from −90 to 90")
    for value, most, name in ((x, 180, "lon"), (y, 90, "lat")):
        if abs(value) > most:
            raise InvalidInput("The coordinate is off the globe.", field=f"{field}.{name}", value=value,
                               expected=f"degrees from −{most} to {most}")
    if crs == "gcj02":
        x, y = gcj02_to_wgs84(x, y)
    elif crs == "bd09":
        x, y = gcj02_to_wgs84(*bd09_to_gcj02(x, y))
    else:
        return Point(e7(str(lon)), e7(str(lat)))  # the text as it came, not the float made of it
    return Point(e7(x), e7(y))


def _number(value: object, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        raise InvalidInput("A coordinate is a number of degrees.", field=field, value=value,
                           expected="a number")
    try:
        number = float(value)
        Decimal(str(value))
    except (ValueError, OverflowError, InvalidOperation) as error:
        raise InvalidInput("A coordinate is a number of degrees.", field=field, value=value,
                           expected="a number") from error
    if not math.isfinite(number):
        raise InvalidInput("A coordinate is a finite number.", field=field, value=value, expected="a number")
    return number


def _in_china(lon: float, lat: float) -> bool:
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """Degrees in WGS 84 → degrees in GCJ-02; the same outside the mainland's box."""
    return _shift_gcj02(lon, lat) if _in_china(lon, lat) else (lon, lat)


def _shift_gcj02(lon: float, lat: float) -> tuple[float, float]:
    x, y = lon - 105.0, lat - 35.0
    common = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    d_lat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + common
    d_lat += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    d_lat += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    d_lon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + common
    d_lon += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    d_lon += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    phi = lat / 180.0 * math.pi
    magic = 1.0 - _FLATNESS * math.sin(phi) ** 2
    root = math.sqrt(magic)
    d_lat = d_lat * 180.0 / (_AXIS * (1.0 - _FLATNESS) / (magic * root) * math.pi)
    d_lon = d_lon * 180.0 / (_AXIS / root * math.cos(phi) * math.pi)
    return lon + d_lon, lat + d_lat


def gcj02_to_wgs84(lon: float, lat: float) -> tuple[float, float]:
    """The inverse, by iteration, to well under a metre; the same where no offset applies."""
    return _undo(_shift_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> tuple[float, float]:
    """Degrees in GCJ-02 → degrees in BD-09; the same outside the mainland's box."""
    return _shift_bd09(lon, lat) if _in_china(lon, lat) else (lon, lat)


def _shift_bd09(lon: float, lat: float) -> tuple[float, float]:
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * _BD)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * _BD)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def bd09_to_gcj02(lon: float, lat: float) -> tuple[float, float]:
    """The inverse, by iteration, to well under a metre; the same where no offset applies."""
    return _undo(_shift_bd09, lon, lat)


def _undo(
    shift: Callable[[float, float], tuple[float, float]], lon: float, lat: float
) -> tuple[float, float]:
    """The point that `shift` takes to (lon, lat): guess, see how far it lands, move the guess by that."""
    x, y = lon, lat
    for _ in range(_ROUNDS):
        to_lon, to_lat = shift(x, y)
        x, y = x + lon - to_lon, y + lat - to_lat
    return (x, y) if _in_china(x, y) else (lon, lat)


def distance_m(a: Point, b: Point) -> float:
    """Great-circle distance in metres (haversine on the mean sphere; within 0.6 % of the ellipsoid)."""
    phi_a, phi_b = math.radians(a.lat), math.radians(b.lat)
    half = math.sin((phi_b - phi_a) / 2) ** 2
    half += math.cos(phi_a) * math.cos(phi_b) * math.sin(math.radians(b.lon - a.lon) / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(min(1.0, half)))


def repair(geometry: BaseGeometry) -> tuple[BaseGeometry, str | None]:
    """The geometry made valid, and why it was not; (itself, None) where nothing was wrong."""
    if geometry.is_valid:
        return geometry, None
    reason = shapely.is_valid_reason(geometry)
    mended = shapely.make_valid(geometry)
    polygons = [part for part in shapely.get_parts(mended) if part.geom_type in ("Polygon", "MultiPolygon")]
    if geometry.geom_type in ("Polygon", "MultiPolygon") and polygons:
        mended = shapely.union_all(polygons)
    return mended, str(reason)


K = TypeVar("K", bound=Hashable)


class Locator(Generic[K]):
    """Which of many geometries hold a point.

    Boundaries count as inside. Holders come in the order in which they were given, so the caller states the
    rule for overlaps by that order. Immutable once made; safe to share between threads.
    """

    def __init__(self, items: Sequence[tuple[K, BaseGeometry]]) -> None:
        self.keys = [key for key, _ in items]
        self._shapes = np.array([shape for _, shape in items], dtype=object)
        shapely.prepare(self._shapes)
        self._tree = shapely.STRtree(self._shapes)

    def locate(self, point: Point) -> list[K]:
        """The keys of all geometries that hold the point."""
        if not self.keys:
            return []
        found = self._tree.query(shapely.Point(point.lon, point.lat), predicate="intersects")
        return [self.keys[index] for index in sorted(found.tolist())]

    def locate_many(
        self, lons: npt.NDArray[np.float64], lats: npt.NDArray[np.float64]
    ) -> npt.NDArray[np.int64]:
        """For each point (two arrays of degrees, equally long) the position in `keys` of its first holder.

        −1 stands for outside all. A million points over a thousand polygons take about a second.
        """
        if lons.shape != lats.shape:
            raise ValueError(f"{lons.shape} longitudes, but {lats.shape} latitudes")
        first = np.full(len(lons), len(self.keys), dtype=np.int64)
        for start in range(0, len(lons) if self.keys else 0, _CHUNK):
            x, y = lons[start : start + _CHUNK], lats[start : start + _CHUNK]
            points, holders = self._tree.query(shapely.points(x, y))  # by box, then by prepared shape
            held = shapely.intersects_xy(self._shapes[holders], x[points], y[points])
            np.minimum.at(first, points[held] + start, holders[held])
        first[first == len(self.keys)] = -1
        return first
