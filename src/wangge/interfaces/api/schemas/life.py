"""What comes out about the life of a case: what its state holds besides, and its clock as a sum."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct


class Life(Struct):
    """What else the state of a case holds; the names are those of the transition table's docs."""

    verified_at: datetime | None
    first_answer_at: datetime | None
    tier_since: datetime | None
    warned: int
    extensions: int
    suspensions: int
    suspended_at: datetime | None
    suspended_until: datetime | None
    request_step: str | None
    request_until: datetime | None
    appealed: bool
    supervised_at: datetime | None
    supervisions: int
    called: UUID | None
    call_due_at: datetime | None
    refusals: int
    meeting: str | None
    sampled: bool | None
    parent: UUID | None
    parts: int
    satisfaction: int | None


class ClockStep(Struct):
    """A stretch of time that counted; the seconds of all steps are what was granted."""

    day: str
    start: datetime
    end: datetime
    seconds: int


class ClockEventOut(Struct):
    """Something that happened to the clock: start, pause, continue, extend, stop, resume; and by which act."""

    kind: str
    act: str
    at: datetime


class ClockOut(Struct):
    """The due time as a sum. `left_seconds` is negative when late; `given`: the source of an import stated it.

    `granted_seconds` is the limit with its extensions: what the steps add up to. `on_time` says whether the work was
    handed back by the due time; null while it is not, and where the case was closed by force instead.
    """

    limit: dict[str, Any] | None
    start: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    left_seconds: int | None
    running: bool
    on_time: bool | None
    given: bool
    steps: list[ClockStep]
    granted_seconds: int | None
    events: list[ClockEventOut]
