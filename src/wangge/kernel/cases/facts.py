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
from wangge.kernel.cases.lifecycle import State

STAGE_LIMITS: Mapping[str, Limit] = {
    State.REPORTED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.VERIFYING: Limit(2, LimitUnit.WORKING_HOUR),
    State.REGISTERED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.DISPATCHED: Limit(1, LimitUnit.WORKING_HOUR),
    State.HANDLED: Limit(2, LimitUnit.WORKING_HOUR),
}
"""How long each stage may take where no area says otherwise; `handling` ends at the case's own due time.
The inspection limit of two hours is the usual default of the field; the others are ours."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants done to a case. Text is free (`reason`, `note`); all else are codes and ids."""

    act: str
    reason: str = ""
    note: str = ""
    case_class: str | None = None
    condition: int | None = None
    organisation: UUID | None = None
    post: str | None = None
    files: tuple[UUID, ...] = ()


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
    limits that differ from `STAGE_LIMITS`.
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

    @property
    def moment(self) -> datetime:
        """The time that clocks count from: the server's on live channels, the event's own for imports."""
        return self.by.at if self.by.clock_from_at else self.by.recorded_at


def stage_due(target: str, calendar: WorkingCalendar, limits: Mapping[str, Limit], moment: datetime) -> datetime | None:
    """When a stage that begins at `moment` must end, or None where it has no limit of its own."""
    limit = limits.get(target) or STAGE_LIMITS.get(target)
    return calendar.due(moment, limit) if limit else None
