"""What an act is told (command), what the rules must know (facts), and the limits of stages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from wangge.base.calendar import WorkingCalendar
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.parts.index import Near
from wangge.kernel.cases.state import CaseState

STAGE_LIMITS: Mapping[str, Limit] = {
    State.REPORTED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.VERIFYING: Limit(1, LimitUnit.CALENDAR_DAY),
    State.REGISTERED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.DISPATCHED: Limit(1, LimitUnit.WORKING_HOUR),
    State.HANDLED: Limit(2, LimitUnit.WORKING_HOUR),
}
"""How long each stage may take where no area says otherwise; `handling` ends at the case's own due time.
The inspection limit of two hours is the usual default of the field, so is a day for verifying on the spot (domain
reference, 1.4: 核实 24 h, 核查 2 h); the others are ours."""

TIER_LIMITS: Mapping[str, Limit] = {
    "tier.grid": Limit(1, LimitUnit.WORKING_DAY),
    "tier.community": Limit(3, LimitUnit.WORKING_DAY),
}
"""How long a tier holds a case at least before it goes up by itself; never before the case's own due time."""

ANSWER_LIMIT = Limit(1, LimitUnit.WORKING_DAY)
"""How long a supervision order (督办) waits for its answer where it names no time."""

ARRIVAL_LIMIT = Limit(30, LimitUnit.CALENDAR_MINUTE)
"""A department that a community calls must be there within 30 minutes (吹哨报到; domain reference, section 2)."""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A share of a case: what a unit has to do (free text) and who that is, by organisation or by post."""

    task: str
    organisation: UUID | None = None
    post: str | None = None


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants done to a case. Text is free (`reason`, `note`, tasks of parts); all else are codes and ids.

    `until` ends a suspension or the time for an answer, `other` is the id or number of the case to join,
    `satisfaction` 3, 2 or 1 (very content, content, not content).
    """

    act: str
    reason: str = ""
    note: str = ""
    case_class: str | None = None
    condition: int | None = None
    organisation: UUID | None = None
    post: str | None = None
    files: tuple[UUID, ...] = ()
    until: datetime | None = None
    other: str | None = None
    parts: tuple[Part, ...] = ()
    satisfaction: int | None = None


class Target(NamedTuple):
    """Whom a dispatch addresses: an organisation, or a post on the area at `post_path`."""

    organisation: UUID | None = None
    post: str | None = None
    post_path: str | None = None
    rule: UUID | None = None


class Facts(NamedTuple):
    """What the rules need to know beyond the state and the command.

    `class_id`, `condition`, `limit` and `tier` belong to the class condition of a registration; `target` to a
    dispatch; `files` gives the digests of what is attached, as received and as kept; `limits` holds the stage
    limits that differ from `STAGE_LIMITS`. `near` is the part that a registration links to,
    `called` the organisation called to the spot, `other` the case to
    join, `targets` whom the parts go to, `photos` how many photos the case has, `sampled` whether a self-disposed
    case was drawn for review.
    """

    by: Mandate
    calendar: WorkingCalendar
    limits: Mapping[str, Limit] = {}
    class_id: UUID | None = None
    condition: int | None = None
    limit: Limit | None = None
    tier: str | None = None
    target: Target | None = None
    files: Mapping[str, list[str]] = {}
    near: Near | None = None
    called: UUID | None = None
    other: CaseState | None = None
    targets: tuple[Target, ...] = ()
    photos: int = 0
    sampled: bool = True

    @property
    def moment(self) -> datetime:
        """The time that clocks count from (see `guards.moment_of`)."""
        return moment_of(self.by)


def stage_due(target: str, calendar: WorkingCalendar, limits: Mapping[str, Limit], moment: datetime) -> datetime | None:
    """When a stage that begins at `moment` must end, or None where it has no limit of its own."""
    limit = limits.get(target) or STAGE_LIMITS.get(target)
    return calendar.due(moment, limit) if limit else None
