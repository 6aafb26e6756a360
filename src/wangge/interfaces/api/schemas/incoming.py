"""What goes in: structs that refuse fields which they do not know. OpenAPI says the same of them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from wangge.base.geometry import CRS
from wangge.kernel.cases.lifecycle import ACTS, State
from wangge.kernel.cases.queries.conditions import WAITING
from wangge.kernel.cases.reporting import LIMITS, SOURCES

SystemName = Literal[CRS]  # type: ignore[valid-type]  # the base's table is the truth
StateName = Literal[tuple(state.value for state in State)]  # type: ignore[valid-type]
ActName = Literal[ACTS]  # type: ignore[valid-type]
WaitingName = Literal[("", *WAITING)]  # type: ignore[valid-type]
SourceName = Literal[SOURCES]  # type: ignore[valid-type]
# Said, not checked, by the schema: `parse_point` names a coordinate that is swapped better than a range can.
Longitude = Annotated[float, Meta(description="Degrees east", extra_json_schema={"minimum": -180, "maximum": 180})]
Latitude = Annotated[float, Meta(description="Degrees north", extra_json_schema={"minimum": -90, "maximum": 90})]
Moment = Annotated[datetime, Meta(tz=True)]
_BIG = 2**31 - 1


def _text(name: str, description: str) -> Any:
    return Annotated[str, Meta(max_length=LIMITS[name], description=description)]


class Location(Struct, forbid_unknown_fields=True):
    """A point. `crs` is the system that it comes in; it is converted to WGS 84 at the door."""

    lon: Longitude
    lat: Latitude
    crs: SystemName = "wgs84"


class Contact(Struct, forbid_unknown_fields=True):
    """How to reach who reports. Read by those who must call back only, each look is journaled; erasable."""

    name: _text("contact_name", "Name") = ""  # type: ignore[valid-type]
    phone: _text("contact_phone", "Digits, spaces, + ( ) -") = ""  # type: ignore[valid-type]


class NewCase(Struct, forbid_unknown_fields=True):
    """A report: what is wrong (in words or by a photo) and where (a point, an address, or an area's code)."""

    description: _text("description", "What is wrong") = ""  # type: ignore[valid-type]
    address: _text("address", "Where, in words") = ""  # type: ignore[valid-type]
    location: Location | None = None
    area_code: Annotated[str, Meta(max_length=32, description="The code of a known place")] | None = None
    case_class: Annotated[str, Meta(max_length=16, description="The code of a class, if it is known")] | None = None
    contact: Contact | None = None
    files: Annotated[list[UUID], Meta(max_length=20, description="Ids of files sent before")] = field(
        default_factory=list
    )
    source: SourceName | None = None
    occurred_at: Moment | None = None


class BulkCase(NewCase, forbid_unknown_fields=True):
    """One line of `/cases/bulk`: a report with its own idempotency key."""

    key: Annotated[str, Meta(max_length=LIMITS["key"], description="The line's idempotency key")] | None = None


class PartIn(Struct, forbid_unknown_fields=True):
    """A share of a case: what a unit has to do, and who that is: an organisation, or a post that is held there."""

    task: _text("note", "What this unit has to do")  # type: ignore[valid-type]
    organisation: UUID | None = None
    post: Annotated[str, Meta(max_length=64)] | None = None


class Action(Struct, forbid_unknown_fields=True):
    """An act upon a case, with what it needs. `expected_version` is the version that you saw."""

    action: ActName
    expected_version: Annotated[int, Meta(ge=1, le=_BIG)] | None = None
    reason: _text("reason", "Why, in words") = ""  # type: ignore[valid-type]
    note: _text("note", "What was done or found") = ""  # type: ignore[valid-type]
    case_class: Annotated[str, Meta(max_length=16)] | None = None
    condition: Annotated[int, Meta(ge=1, le=32_767)] | None = None
    post: Annotated[str, Meta(max_length=64)] | None = None
    organisation: UUID | None = None
    files: Annotated[list[UUID], Meta(max_length=20)] = field(default_factory=list)
    until: Annotated[Moment | None, Meta(description="End of a suspension; by when an order is answered")] = None
    other: Annotated[str, Meta(max_length=40, description="Id or number of the case to join")] | None = None
    parts: Annotated[list[PartIn], Meta(max_length=8, description="The units that share the case")] = field(
        default_factory=list
    )
    satisfaction: Annotated[int, Meta(ge=1, le=3)] | None = None


class CaseFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /cases`."""

    state: tuple[StateName, ...] = ()  # type: ignore[valid-type]
    case_class: Annotated[str, Meta(max_length=16, description="A class code or its beginning")] = field(
        default="", name="class"
    )
    area: Annotated[str, Meta(max_length=32, description="An area's code; all below it is included")] = ""
    tier: Annotated[str, Meta(max_length=16, description="grid, community or subdistrict")] = ""
    source: SourceName | None = None
    bbox: Annotated[str, Meta(max_length=100, description="west,south,east,north in degrees, WGS 84")] = ""
    overdue: bool | None = None
    reported_after: Moment | None = None
    reported_before: Moment | None = None
    q: Annotated[str, Meta(max_length=100, description="Words of description or address, or digits of the number")] = ""
    order: Literal["newest", "due", "longest"] = "newest"
    waiting: WaitingName = ""
    cursor: Annotated[str, Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class AreaFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /areas`."""

    below: Annotated[str, Meta(max_length=32, description="An area's code; it and all below it")] = ""
    layer: Annotated[str, Meta(max_length=32)] = "administrative"
    kind: Annotated[tuple[str, ...], Meta(max_length=20, description="grid, community, …")] = ()
    format: Literal["items", "geojson"] = "items"
    at: Moment | None = None
    cursor: Annotated[str, Meta(max_length=500)] = ""
    limit: Annotated[int, Meta(ge=1, le=1000)] = 200


class Where(Struct, forbid_unknown_fields=True):
    """The question of `GET /areas/locate`."""

    lon: Longitude
    lat: Latitude
    crs: SystemName = "wgs84"
    layer: Annotated[str, Meta(max_length=32)] = "administrative"
    at: Moment | None = None


class DutyFilters(Struct, forbid_unknown_fields=True):
    """The question of `GET /duties`: who answers for an area."""

    area: Annotated[str, Meta(min_length=1, max_length=32, description="The code of an area")]
    at: Moment | None = None
    post: Annotated[str, Meta(max_length=64)] | None = None


class ClassFilters(Struct, forbid_unknown_fields=True):
    """The question of `GET /classes`: those that hold at an area (the default: at the first subdistrict)."""

    area: Annotated[str, Meta(max_length=32)] = ""
    q: Annotated[str, Meta(max_length=16, description="A code or its beginning, in `scheme` where one is given")] = ""
    scheme: Annotated[
        str, Meta(max_length=64, description="Classes of this numbering, or that the crosswalk joins to one of it")
    ] = ""


class Nothing(Struct, forbid_unknown_fields=True):
    """No parameter at all."""


class FileQuery(Struct, forbid_unknown_fields=True):
    """`thumb=1` asks for the thumbnail."""

    thumb: bool = False
