"""The pure part: what an area may be, and what a boundary must be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import shapely
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from wangge.base.errors import InvalidInput
from wangge.base.geometry import repair
from wangge.kernel.places.models import KINDS, TERRITORY

_CODE = re.compile(r"[A-Z0-9-]{1,32}")
_LAYER = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_REGION = re.compile(r"[0-9]{6}")
_POLYGONS = ("Polygon", "MultiPolygon")

class Shape(NamedTuple):
    """A boundary fit for keeping: WKB, its SHA-256, and what was wrong with it as received ('' if nothing)."""

    wkb: bytes
    digest: str
    repaired: str


Ground = shapely.Geometry | Mapping[str, Any] | bytes | Shape
"""A boundary as it is handed in: a shapely geometry, a GeoJSON geometry or WKB; WGS 84, longitude first.
A `Shape` has been through `shape_of` already."""


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area to be created. `parent` is the code of an area that exists or is created along with this one."""

    code: str
    name: str
    kind: str
    valid_from: datetime
    parent: str | None = None
    layer: str = "administrative"
    name_en: str = ""
    boundary: Ground | None = None
    timezone: str | None = None
    region: str | None = None


def check_area(row: NewArea) -> NewArea:
    """The area as given, or `InvalidInput` naming the field."""
    if not _CODE.fullmatch(row.code):
        raise InvalidInput("This is no code of an area.", field="code", value=row.code,
                           expected="1 to 32 of A-Z, 0-9 and -")
    if not row.name.strip() or "\0" in row.name + row.name_en or len(row.name) > 200 or len(row.name_en) > 200:
        raise InvalidInput("An area needs a name.", field="name", value=row.name, expected="1 to 200 characters")
    if row.kind not in KINDS:
        raise InvalidInput("There is no such kind of area.", field="kind", value=row.kind,
                           expected="one of " + ", ".join(KINDS))
    if not _LAYER.fullmatch(row.layer):
        raise InvalidInput("This is no name of a layer.", field="layer", value=row.layer,
                           expected="administrative, police, assessment or another word in a-z")
    if row.valid_from.tzinfo is None:
        raise InvalidInput("A time needs its zone.", field="valid_from", value=row.valid_from,
                           expected="an aware time")
    if row.region is not None and not _REGION.fullmatch(row.region):
        raise InvalidInput("A region has six digits.", field="region", value=row.region,
                           expected="6 digits of GB/T 2260")
    if row.timezone is not None:
        _check_timezone(row.timezone)
    return row


def _check_timezone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput("This time zone is not known.", field="timezone", value=name,
                           expected="an IANA name such as Asia/Shanghai") from None


def shape_of(ground: Ground, kind: str) -> Shape:
    """A boundary made valid; raises `InvalidInput` where it is empty, off the globe or cannot be repaired."""
    if isinstance(ground, Shape):
        return ground
    shape = shapely.force_2d(_parsed(ground))
    if shape.is_empty:
        raise InvalidInput("The boundary is empty.", field="boundary", expected="a polygon")
    west, south, east, north = shape.bounds
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise InvalidInput("The boundary leaves the globe.", field="boundary", value=shape.bounds,
                           expected="degrees, longitude first")
    mended, reason = repair(shape)
    if kind in TERRITORY and mended.geom_type not in _POLYGONS:
        raise InvalidInput(f"The boundary of a {kind} must be a polygon.", field="boundary",
                           value=reason or mended.geom_type, expected="Polygon or MultiPolygon")
    if not mended.is_valid or mended.is_empty:
        raise InvalidInput("The boundary cannot be repaired.", field="boundary", value=reason,
                           expected="a valid polygon")
    wkb = bytes(shapely.to_wkb(mended, byte_order=1))
    return Shape(wkb, sha256(wkb).hexdigest(), reason or "")


def _parsed(ground: shapely.Geometry | Mapping[str, Any] | bytes) -> BaseGeometry:
    try:
        if isinstance(ground, BaseGeometry):
            return ground
        if isinstance(ground, bytes):
            return shapely.from_wkb(ground)
        if not isinstance(ground, Mapping):
            raise TypeError(f"{type(ground).__name__} is no geometry")
        return shapely.geometry.shape(dict(ground))
    except (ShapelyError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise InvalidInput(f"The boundary cannot be read: {error}", field="boundary",
                           expected="a GeoJSON geometry") from error


def next_code(code: str) -> str:
    """The code of a successor where none is given: a generation is counted behind the old code."""
    stem, _, last = code.rpartition("-R")
    if stem and last.isdigit():
        return f"{stem}-R{int(last) + 1}"
    return f"{code}-R2"
