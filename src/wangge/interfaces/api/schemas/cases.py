"""What comes out about cases, and what a refusal says."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from wangge.interfaces.api.schemas.incoming import Location
from wangge.interfaces.api.schemas.life import ClockOut, Life


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
    reminders: int
    external_id: str | None
    merged_into: UUID | None
    self_disposed: bool
    forced: bool
    timeout_exempt: bool
    request: str | None
    supervision_due_at: datetime | None
    tier_due_at: datetime | None


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


class PartOut(Struct):
    """A public part: what it is, where, and which organisations own, supervise and keep it."""

    id: UUID
    code: str
    name: str
    case_class: str
    state: str
    location: Location
    crs: str
    area: str
    owner: Named | None
    supervisor: Named | None
    keeper: Named | None
    initial_on: date | None
    changed_on: date | None
    metres: int | None = None


class CaseOut(CaseItem):
    """A case with what its page shows and what you may do with it now. Where its words and photos are `withheld`, its
    class is not public and your duties do not read it."""

    allowed_actions: list[str]
    clock: ClockOut
    answerable: list[Holder]
    files: list[FileOut]
    erased: bool
    has_contact: bool
    suggestion: dict[str, Any] | None
    life: Life
    part: PartOut | None
    withheld: bool


class CandidateOut(Struct):
    """An open case that may be about the same thing, and how far off it stands."""

    id: UUID
    number: str
    state: str
    case_class: ClassRef | None
    description: str | None
    reported_at: datetime
    metres: int


class Candidates(Struct):
    """The nearest first."""

    items: list[CandidateOut]
    next_cursor: str | None = None


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
