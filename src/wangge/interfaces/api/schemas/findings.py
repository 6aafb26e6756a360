"""Findings over the API: what inspectors, the district and the city found, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from wangge.assessment.core.clauses import SOURCES
from wangge.inspections.lifecycle import CONTEST_STATES, RECTIFICATION_STATES
from wangge.inspections.queries import BOXES
from wangge.interfaces.api.schemas.incoming import Location, Moment
from wangge.kernel.cases.reporting import LIMITS

SourceName = Literal[tuple(SOURCES)]  # type: ignore[valid-type]
BoxName = Literal[tuple(BOXES)]  # type: ignore[valid-type]
RectificationState = Literal[tuple(RECTIFICATION_STATES)]  # type: ignore[valid-type]
ContestState = Literal[tuple(CONTEST_STATES)]  # type: ignore[valid-type]
FindingActName = Literal[
    "contest_finding", "decide_contest", "order_rectification", "rectify", "recheck", "drop_rectification"
]


class FindingFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /findings`."""

    box: BoxName = "all"  # type: ignore[valid-type]
    source: SourceName | None = None  # type: ignore[valid-type]
    area: Annotated[str, Meta(max_length=32, description="An area's code; all below it is included")] = ""
    discovered_after: Moment | None = None
    discovered_before: Moment | None = None
    cursor: Annotated[str, Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class FindingItem(Struct):
    """A finding. Points are exact decimal text: as found, and as they stand. `duplicate_of` is source/number."""

    id: UUID
    source: SourceName  # type: ignore[valid-type]
    ref: str
    area: str
    case_class: str
    occurred_at: datetime
    discovered_at: datetime
    found_points: str
    points: str
    void: bool
    duplicate_of: str | None
    exempt_by: Annotated[str | None, Meta(description="The number of the report by which it is exempt inside")]
    contested: bool
    rectification: RectificationState | None  # type: ignore[valid-type]
    due_at: datetime | None
    overdue: bool
    version: int
    location: Location | None = None


class FindingPage(Struct):
    """A page of findings, the newest first."""

    items: list[FindingItem]
    next_cursor: str | None = None


class AnsweredOut(Struct):
    """A post that answered for the place then, and who held it; nobody where it was vacant."""

    post: str
    holders: list[str]


class RoundOut(Struct):
    """A round of putting right."""

    id: UUID
    version: int
    round: int
    state: RectificationState  # type: ignore[valid-type]
    post: str | None
    organisation: UUID | None
    ordered_at: datetime
    due_at: datetime
    done_at: datetime | None


class ContestOut(Struct):
    """A contest; `points` are what is left where it was granted."""

    id: UUID
    version: int
    state: ContestState  # type: ignore[valid-type]
    points: str | None


class StoryEntry(Struct):
    """What happened: of the finding, a contest or a rectification; an erased text is null."""

    subject: str
    verb: str
    at: datetime
    actor: str | None
    post: str | None
    words: dict[str, str | None]


class FindingOut(FindingItem, kw_only=True):
    """One finding with who answered for the place then, its rounds and contests, and its story."""

    contest_until: datetime
    answered: list[AnsweredOut]
    rounds: list[RoundOut]
    contests: list[ContestOut]
    story: list[StoryEntry]


class FindingAction(Struct, forbid_unknown_fields=True):
    """An act upon a finding. `expected_version` is that of the finding for contesting and ordering, else that of the
    contest or of the round that waits."""

    action: FindingActName
    expected_version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    words: Annotated[str, Meta(max_length=LIMITS["note"], description="Why, or what was done or seen")] = ""
    points: Annotated[str, Meta(max_length=16, description="What a granted contest leaves; 0 voids it")] | None = None
    passed: Annotated[bool | None, Meta(description="Whether the re-check is passed")] = None
    post: Annotated[str, Meta(max_length=64, description="Who is to put it right")] | None = None
    organisation: UUID | None = None
    due_at: Annotated[Moment | None, Meta(description="Until when; the term of its source, if not given")] = None


class FindingActed(Struct):
    """What came of it: the contest or the round, as it is now."""

    id: UUID
    subject: str
    state: str
    version: int
