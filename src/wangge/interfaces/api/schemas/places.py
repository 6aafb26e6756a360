"""What comes out about photos, areas, duties, classes, the asker, and lines of many reports."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from wangge.interfaces.api.schemas.cases import AreaRef, Holder, Named
from wangge.interfaces.api.schemas.incoming import Location


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


class ClassElsewhere(Struct):
    """The same class in another numbering, by the crosswalk."""

    scheme: str
    code: str


class ClassOut(Struct):
    """A class; one without conditions only groups others. `elsewhere` says what it is in other numberings."""

    code: str
    scheme: str
    name: str
    name_en: str
    parent: str | None
    tier: str
    confidentiality: str
    area: str
    elsewhere: list[ClassElsewhere]
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
