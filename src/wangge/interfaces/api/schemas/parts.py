"""Public parts: the question and the list."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct, field

from wangge.interfaces.api.schemas.cases import PartOut
from wangge.interfaces.api.schemas.incoming import SystemName
from wangge.kernel.cases.parts.queries import MOST_METRES


class PartFilters(Struct, forbid_unknown_fields=True):
    """The question of `GET /parts`: near a point, in a box, or on an area; by code, a page at a time."""

    near: Annotated[str, Meta(max_length=60, description="lon,lat in degrees; the nearest first, on one page")] = ""
    metres: Annotated[int, Meta(ge=1, le=MOST_METRES, description="How far from `near`")] = 50
    crs: SystemName = "wgs84"
    bbox: Annotated[str, Meta(max_length=100, description="west,south,east,north in degrees, WGS 84")] = ""
    case_class: Annotated[str, Meta(max_length=16, description="A class code or its beginning")] = field(
        default="", name="class"
    )
    area: Annotated[str, Meta(max_length=32, description="An area's code; all below it is included")] = ""
    cursor: Annotated[str, Meta(max_length=16, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class Parts(Struct):
    """Parts by code, or the nearest first where a point was asked for."""

    items: list[PartOut]
    next_cursor: str | None = None
