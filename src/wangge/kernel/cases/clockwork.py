"""The arithmetic of a case's clocks: due time, warning, and how long a tier may hold it.

Pure. Every function takes the calendar of the case's place; working limits count working time, calendar limits
calendar time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.base.calendar import WorkingCalendar
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.facts import TIER_LIMITS, Facts
from wangge.kernel.cases.guards import TIERS
from wangge.kernel.cases.lifecycle import HELD, Clock, State
from wangge.kernel.cases.state import CaseState

WARN_AFTER = (3, 4)
"""The first warning comes when three quarters of what was left have gone."""


def limit_of(state: CaseState) -> Limit | None:
    """The limit that the case was registered with."""
    return Limit(state.limit_amount, LimitUnit(state.limit_unit)) if state.limit_amount and state.limit_unit else None


def counts_calendar(unit: str | None) -> bool:
    """Whether a limit of this unit runs through nights and holidays."""
    return (unit or "").startswith("calendar")


def between(start: datetime, end: datetime, unit: str | None, calendar: WorkingCalendar) -> timedelta:
    """Time from `start` to `end` in the limit's own kind; zero where `end` does not lie after."""
    if end <= start:
        return timedelta()
    return end - start if counts_calendar(unit) else calendar.worked(start, end)


def after(start: datetime, length: timedelta, unit: str | None, calendar: WorkingCalendar) -> datetime:
    """When this length of the limit's own kind of time has passed."""
    return start + length if counts_calendar(unit) else calendar.after(start, length)


def clock_changes(clock: Clock, state: CaseState, facts: Facts) -> dict[str, Any]:
    """The columns that the row's clock sets."""
    return _CLOCKS[clock](state, facts)


def _start(state: CaseState, facts: Facts) -> dict[str, Any]:
    """The limit begins to run. What intake took back and registers again under the same limit runs on: going back
    gives nobody a fresh limit. Under another limit, which says that it was another matter, it begins anew."""
    moment = facts.moment
    limit = facts.limit or limit_of(state)
    if state.state == State.VERIFYING and state.due_at is not None and limit == limit_of(state):
        return {}
    if limit is None:
        return {"registered_at": moment}
    return {
        "registered_at": moment,
        "due_at": facts.calendar.due(moment, limit),
        "limit_amount": limit.amount,
        "limit_unit": str(limit.unit),
    }


def _go_on(state: CaseState, since: datetime | None, facts: Facts) -> dict[str, Any]:
    """What was left of the limit at `since` runs on from now; a limit that was over stays over."""
    if state.due_at is None or since is None:
        return {}
    left = between(since, state.due_at, state.limit_unit, facts.calendar)
    return {"due_at": after(facts.moment, left, state.limit_unit, facts.calendar)} if left else {}


def _resume(state: CaseState, facts: Facts) -> dict[str, Any]:
    return {"handled_at": None, **_go_on(state, state.handled_at, facts)}


def _pause(state: CaseState, facts: Facts) -> dict[str, Any]:
    return {
        "suspended_at": facts.moment,
        "suspended_until": state.request_until,
        "stage_due_at": state.request_until,
        "suspensions": state.suspensions + 1,
    }


def _continue(state: CaseState, facts: Facts) -> dict[str, Any]:
    return {"suspended_at": None, "suspended_until": None, **_go_on(state, state.suspended_at, facts)}


def _extend(state: CaseState, facts: Facts) -> dict[str, Any]:
    limit = limit_of(state)
    if limit is None or state.due_at is None:
        return {}
    return {"due_at": facts.calendar.due(state.due_at, limit), "extensions": state.extensions + 1}


_CLOCKS: Mapping[Clock, Callable[[CaseState, Facts], dict[str, Any]]] = {
    Clock.NONE: lambda state, facts: {},
    Clock.START: _start,
    Clock.STOP: lambda state, facts: {"handled_at": facts.moment},
    Clock.RESUME: _resume,
    Clock.PAUSE: _pause,
    Clock.CONTINUE: _continue,
    Clock.EXTEND: _extend,
    Clock.AT_ONCE: lambda state, facts: {**_start(state, facts), "handled_at": facts.moment},
}


def watch(updates: Mapping[str, Any], state: CaseState, facts: Facts) -> dict[str, Any]:
    """Warning and tier as they follow from the state, the due time and the tier after the act."""
    if not _held(updates.get("state", state.state), updates.get("merged_into", state.merged_into)):
        return _changed(state, {"warn_at": None, "warned": 0, "tier_due_at": None})
    entered = not _held(state.state, state.merged_into)
    due = updates.get("due_at", state.due_at)
    moved = due != state.due_at
    found: dict[str, Any] = {}
    if due is not None and (entered or moved):
        found |= {"warn_at": _first_warning(due, updates, state, facts), "warned": 0}
    tier = updates.get("tier", state.tier)
    if entered or moved or tier != state.tier or state.tier_since is None:
        since = facts.moment if entered or tier != state.tier or state.tier_since is None else state.tier_since
        found |= {"tier_since": since, "tier_due_at": tier_due(tier, since, due, facts.limits, facts.calendar)}
    return found


def _held(state: str, merged_into: UUID | None) -> bool:
    return state in HELD and merged_into is None


def _first_warning(due: datetime, updates: Mapping[str, Any], state: CaseState, facts: Facts) -> datetime:
    unit = updates.get("limit_unit", state.limit_unit)
    left = between(facts.moment, due, unit, facts.calendar)
    part, whole = WARN_AFTER
    return min(due, after(facts.moment, left * part / whole, unit, facts.calendar)) if left else due


def tier_due(
    tier: str, since: datetime, due: datetime | None, limits: Mapping[str, Limit], calendar: WorkingCalendar
) -> datetime | None:
    """When the tier must let go: after its own time, never before the case's due time; None at the top."""
    limit = limits.get(f"tier.{tier}") or TIER_LIMITS.get(f"tier.{tier}")
    if limit is None or tier == TIERS[-1]:
        return None
    own = calendar.due(since, limit)
    return max(own, due) if due else own


def _changed(state: CaseState, values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if getattr(state, name) != value}
