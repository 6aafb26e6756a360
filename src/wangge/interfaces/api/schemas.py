"""What goes in and what comes out, as structs. Incoming ones refuse fields that they do not know.

Times are ISO 8601 in UTC, coordinates degrees in WGS 84 unless `crs` says otherwise, ids UUIDs.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from wangge.base.geometry import CRS
from wangge.kernel.cases.lifecycle import ACTS, State
from wangge.kernel.cases.reporting import LIMITS, SOURCES

SystemName = Literal[CRS]  # type: ignore[valid-type]  # the base's table is the truth
StateName = Literal[tuple(state.value for state in State)]  # type: ignore[valid-type]
ActName = Literal[ACTS]  # type: ignore[valid-type]
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
    order: Literal["newest", "due"] = "newest"
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
    q: Annotated[str, Meta(max_length=16, description="A code or its beginning")] = ""


class Nothing(Struct, forbid_unknown_fields=True):
    """No parameter at all."""


class FileQuery(Struct, forbid_unknown_fields=True):
    """`thumb=1` asks for the thumbnail."""

    thumb: bool = False


# What comes out.


class Problem(Struct):
    """A problem document (RFC 9457). `field` is the dotted path of the value at fault."""

    type: str
    title: str
    status: int
    detail: str
    instance: str | None = None
    field: str | None = None
    value: Any = None
    expected: str | None = None
    request: str | None = None
    errors: list[dict[str, Any]] | None = None


class AreaRef(Struct):
    """An area in short."""

    code: str
    name: str
    name_en: str
    kind: str


class Place(Struct):
    """Where a case is: WGS 84 point, words, deepest area (none outside every boundary), areas from the root down."""

    location: Location | None
    address: str | None
    area: AreaRef | None
    path: str
    above: list[AreaRef]


class Landed(Struct):
    """Where a report landed. `outside` says that its point lies in no known boundary."""

    path: str
    name: str
    outside: bool


class Receipt(Struct):
    """What the sender of a report gets."""

    id: UUID
    number: str
    version: int
    state: str
    tracking_code: str | None
    place: Landed
    reported_at: datetime


class ClassRef(Struct):
    """A class in short."""

    code: str
    name: str
    name_en: str


class Named(Struct):
    """A person or an organisation; the name is empty where it was erased."""

    id: UUID
    name: str | None


class CaseItem(Struct):
    """A case in a list. `due_at` ends the handling, `stage_due_at` the present stage."""

    id: UUID
    number: str
    version: int
    state: str
    tier: str
    source: str
    channel: str
    origin: str
    case_class: ClassRef | None
    condition: int | None
    description: str | None
    place: Place
    organisation: Named | None
    post: str | None
    handler: Named | None
    reported_at: datetime
    registered_at: datetime | None
    dispatched_at: datetime | None
    signed_at: datetime | None
    handled_at: datetime | None
    closed_at: datetime | None
    stage_since: datetime
    stage_due_at: datetime | None
    due_at: datetime | None
    overdue: bool
    returns: int
    reworks: int
    reopens: int
    external_id: str | None


class ClockStep(Struct):
    """A stretch of time that counted; the seconds of all steps are the limit."""

    day: str
    start: datetime
    end: datetime
    seconds: int


class ClockOut(Struct):
    """The due time as a sum. `left_seconds` is negative when late; `given`: the source of an import stated it."""

    limit: dict[str, Any] | None
    start: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    left_seconds: int | None
    running: bool
    given: bool
    steps: list[ClockStep]


class Holder(Struct):
    """Who holds a post where."""

    post: str
    area: str
    kind: str
    person: Named | None
    organisation: UUID | None
    assignment: UUID


class FileOut(Struct):
    """A photo of a case; fetch it at `/files/{id}`."""

    id: UUID
    role: str
    seq: int
    media_type: str
    width: int | None
    height: int | None
    stored_at: datetime


class CaseOut(CaseItem):
    """A case with what its page shows and what you may do with it now."""

    allowed_actions: list[str]
    clock: ClockOut
    answerable: list[Holder]
    files: list[FileOut]
    erased: bool
    has_contact: bool
    suggestion: dict[str, Any] | None


class ActOut(Struct):
    """The case after an act."""

    id: UUID
    number: str
    version: int
    state: str
    due_at: datetime | None
    stage_due_at: datetime | None
    allowed_actions: list[str]


class CasePage(Struct):
    """A page of cases; `next_cursor` is null on the last."""

    items: list[CaseItem]
    next_cursor: str | None


class EntryOut(Struct):
    """One entry of the journal about a case. A null text was erased."""

    seq: int
    verb: str
    at: datetime
    recorded_at: datetime
    channel: str
    actor: Named | None
    duty: UUID | None
    post: str | None
    area: str | None
    data: dict[str, Any]
    content: dict[str, str | None]
    digest: str
    sealed: bool


class Timeline(Struct):
    """Every entry, oldest first."""

    items: list[EntryOut]
    next_cursor: str | None = None


class StageHolder(Struct):
    """Who answered during a part of a stage, by which duty."""

    post: str
    area: str
    kind: str
    person: Named | None
    organisation: Named | None
    assignment: UUID
    start: datetime
    end: datetime | None


class StageOut(Struct):
    """One stay in a state: who answered for it, how long it took against what limit (working or calendar seconds)."""

    state: str
    start: datetime
    end: datetime | None
    due_at: datetime | None
    used_seconds: int
    limit_seconds: int | None
    late_seconds: int | None
    posts: list[str]
    vacant: list[str]
    answerable: list[StageHolder]
    begun_by: EntryOut
    ended_by: EntryOut | None


class TraceOut(Struct):
    """Tracing back: who reported, who answered at each step, and the chain up to the subdistrict's leader."""

    id: UUID
    number: str
    state: str
    report: EntryOut
    stages: list[StageOut]
    chain: list[StageHolder]


class StoredOut(Struct):
    """A file as kept: redrawn without metadata."""

    id: UUID
    media_type: str
    bytes: int
    width: int | None
    height: int | None
    digest_received: str
    digest_kept: str | None


class AreaOut(Struct):
    """An area with its dates."""

    id: UUID
    code: str
    name: str
    name_en: str
    kind: str
    layer: str
    parent: str | None
    path: str
    valid_from: datetime
    valid_to: datetime | None


class AreaPage(Struct):
    """A page of areas by path."""

    items: list[AreaOut]
    next_cursor: str | None


class LocatedOut(Struct):
    """Where a point lies; `outside` where no boundary holds it. `candidates` overlap there, best first."""

    location: Location
    outside: bool
    area: AreaOut | None
    above: list[AreaRef]
    candidates: list[AreaRef]


class Duties(Struct):
    """Who holds duties on an area and above it, nearest first."""

    items: list[Holder]
    next_cursor: str | None = None


class ConditionOut(Struct):
    """A registration condition with its closing condition and limit."""

    number: int
    text: str
    text_en: str
    closing: str
    closing_en: str
    limit: dict[str, Any]


class ClassOut(Struct):
    """A class; one without conditions only groups others."""

    code: str
    scheme: str
    name: str
    name_en: str
    parent: str | None
    tier: str
    area: str
    conditions: list[ConditionOut]


class Classes(Struct):
    """The classes that hold at a place, by code."""

    items: list[ClassOut]
    next_cursor: str | None = None


class DutyOut(Struct):
    """A duty of yours and what it allows."""

    assignment: UUID
    post: str
    area: str
    organisation: UUID | None
    verbs: list[str]


class Me(Struct):
    """Whose token this is."""

    username: str
    person: Named | None
    duties: list[DutyOut]


class BulkLine(Struct, omit_defaults=True):
    """The result of one line: the case, or the problem, with the line's number and key."""

    line: int
    status: int
    key: str | None = None
    id: UUID | None = None
    number: str | None = None
    version: int | None = None
    state: str | None = None
    tracking_code: str | None = None
    type: str | None = None
    title: str | None = None
    detail: str | None = None
    field: str | None = None
    value: Any = None
    expected: str | None = None


EVERY = [
    NewCase,
    BulkCase,
    Action,
    Problem,
    Receipt,
    CasePage,
    CaseOut,
    ActOut,
    Timeline,
    TraceOut,
    StoredOut,
    AreaPage,
    LocatedOut,
    Duties,
    Classes,
    Me,
    BulkLine,
]
"""What OpenAPI lists as components."""
