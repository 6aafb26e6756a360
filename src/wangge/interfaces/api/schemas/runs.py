"""Runs of the assessment over the API: statements, lines, appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from wangge.assessment.models.runs import STAGES

StageName = Literal[tuple(STAGES)]  # type: ignore[valid-type]
RunActName = Literal["notify", "finish", "post", "drop"]


class RunFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /runs`."""

    period: Annotated[str, Meta(max_length=10, description="2019Q1 or 2019-03")] = ""


class LineFilters(Struct, forbid_unknown_fields=True):
    """Whose lines: one's own without a holder; another's is a look on record."""

    holder: UUID | None = None


class RunItem(Struct):
    """A period of an area with the stage of its statement; `appeal_until` is when the time for appeals ends."""

    id: UUID
    area: str
    period: str
    stage: StageName  # type: ignore[valid-type]
    version: int
    revision: int
    policy: str
    digest: str
    assessed_at: datetime
    notified_at: datetime | None
    appeal_until: datetime | None
    final_at: datetime | None
    posted_at: datetime | None


class RunPage(Struct):
    """The newest runs, at most 200."""

    items: list[RunItem]
    next_cursor: str | None = None


class LineOut(Struct):
    """A line: exact decimal text of points and units, fen, its sum and its sentence in both languages."""

    key: str
    clause: str
    post: str
    place: str
    points: str
    units: str
    fen: int
    arithmetic: str
    sentence: str
    sentence_en: str
    findings: list[str]


class LinesOut(Struct):
    """A holder's lines as they stand, and as notice was given of them where an appeal or a correction changed them."""

    run: RunItem
    holder: UUID
    points: str
    lines: list[LineOut]
    before: list[LineOut]


class AppealIn(Struct, forbid_unknown_fields=True):
    """An appeal against a finding of one's own line."""

    line: Annotated[str, Meta(max_length=300, description="The key of the line")]
    finding: Annotated[str, Meta(max_length=80, description="The finding that is wrong: source/id")]
    words: Annotated[str, Meta(max_length=1000, description="What is wrong with it")]


class AppealOut(Struct):
    """An appeal as it stands."""

    id: UUID
    run: UUID
    finding: str
    line: str
    state: str
    version: int
    filed_at: datetime
    due_at: datetime


class RunAction(Struct, forbid_unknown_fields=True):
    """An act upon a run. `expected_version` is the version that you saw."""

    action: RunActName
    expected_version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
