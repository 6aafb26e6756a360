"""Spot files: what goes in and what comes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct, field

from wangge.interfaces.api.schemas.cases import AreaRef, ClassRef, EntryOut, Named
from wangge.interfaces.api.schemas.incoming import Location, Moment
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.spots.lifecycle import ACTS, KINDS, State

SpotStateName = Literal[tuple(state.value for state in State)]  # type: ignore[valid-type]
SpotActName = Literal[ACTS]  # type: ignore[valid-type]
KindName = Literal[KINDS]  # type: ignore[valid-type]


class SpotFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /spots`."""

    state: tuple[SpotStateName, ...] = ()  # type: ignore[valid-type]
    case_class: Annotated[str, Meta(max_length=16, description="A class code or its beginning")] = field(
        default="", name="class"
    )
    area: Annotated[str, Meta(max_length=32, description="An area's code; all below it is included")] = ""
    cursor: Annotated[str, Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class SpotAction(Struct, forbid_unknown_fields=True):
    """An act upon a spot file, with what it needs. `expected_version` is the version that you saw."""

    action: SpotActName
    expected_version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    note: Annotated[str, Meta(max_length=LIMITS["note"], description="What was done or found")] = ""
    reason: Annotated[str, Meta(max_length=LIMITS["reason"], description="Why, in words")] = ""
    at: Annotated[Moment | None, Meta(description="When a campaign took place; now, if not given")] = None
    kind: KindName | None = None
    organisation: Annotated[UUID | None, Meta(description="Owner of a remedy, or who led a campaign")] = None
    post: Annotated[str, Meta(max_length=64, description="Owner of a remedy: a post that is held there")] | None = None
    planned_on: date | None = None


class RateOut(Struct):
    """So many cases in so many days; `per_30_days` in tenths of a case, null where it is too early to say."""

    cases: int
    days: int
    per_30_days: int | None


class ChangeOut(Struct):
    """Cases before and after; `back_after_days` is when the first came back, if one did."""

    before: RateOut
    after: RateOut
    back_after_days: int | None


class SpotItem(Struct):
    """A spot file in a list. `cases` counts those that count; the remedy is the newest one."""

    id: UUID
    number: str
    version: int
    state: str
    case_class: ClassRef
    area: AreaRef | None
    location: Location
    metres: int
    hold_days: int
    opened_at: datetime
    resolved_at: datetime | None
    reopens: int
    rebounds: int
    cases: int
    last_case_at: datetime | None
    remedy: str | None
    planned_on: date | None
    finished_at: datetime | None
    outcome: str | None
    owner: Named | None
    owner_post: str | None


class SpotPage(Struct):
    """A page of spot files."""

    items: list[SpotItem]
    next_cursor: str | None


class SpotCase(Struct):
    """A case of a file. `counts` is false for one that was voided or joined to another since."""

    id: UUID
    number: str
    state: str
    reported_at: datetime
    closed_at: datetime | None
    location: Location | None
    counts: bool
    description: str | None


class CampaignOut(Struct):
    """A campaign; its words stand in the entry `seq` of the story."""

    id: UUID
    seq: int
    at: datetime
    organisation: Named | None
    change: ChangeOut


class RemedyOut(Struct):
    """A remedy; its words stand in the entry `seq` of the story. `outcome`: held, rebounded, dropped, or null yet."""

    id: UUID
    seq: int
    kind: str
    owner: Named | None
    owner_post: str | None
    planned_on: date
    begun_at: datetime
    finished_at: datetime | None
    outcome: str | None
    judged_at: datetime | None
    change: ChangeOut | None


class SpotOut(SpotItem):
    """One spot file: the cases that you may see (`hidden_cases` counts the others), what was done, and its journal."""

    members: list[SpotCase]
    hidden_cases: int
    campaigns: list[CampaignOut]
    remedies: list[RemedyOut]
    story: list[EntryOut]
    allowed_actions: list[str]


class SpotActed(Struct):
    """What became of an act."""

    id: UUID
    number: str
    version: int
    state: str
    allowed_actions: list[str]
