"""What each act changes of a case, column by column: the effects of the transition table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from wangge.base.calendar import WorkingCalendar
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.facts import Command, Facts, Target, stage_due
from wangge.kernel.cases.lifecycle import Clock, State, Transition
from wangge.kernel.cases.state import CaseState


def changes_of(row: Transition, state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """The columns that an act changes, with their new values."""
    updates = _EFFECTS.get(command.act, _nothing)(state, command, facts)
    if row.target is not None:
        updates |= _enter(row.target, state, facts)
    updates |= _clock(row.clock, state, facts)
    if updates.get("state") == State.HANDLING:
        updates["stage_due_at"] = updates.get("due_at", state.due_at)
    return updates


def remaining(state: CaseState, calendar: WorkingCalendar) -> timedelta:
    """What was left of the limit when the work was handed back; zero where it was late."""
    if state.due_at is None or state.handled_at is None or state.handled_at >= state.due_at:
        return timedelta()
    if (state.limit_unit or "").startswith("calendar"):
        return state.due_at - state.handled_at
    return calendar.worked(state.handled_at, state.due_at)


def _enter(target: State, state: CaseState, facts: Facts) -> dict[str, Any]:
    """Columns that change with the state itself."""
    moment = facts.moment
    entered: dict[str, Any] = {
        "state": target.value,
        "stage_since": moment,
        "stage_due_at": stage_due(target, facts.calendar, facts.limits, moment),
    }
    if target in (State.REGISTERED, State.VERIFYING) and state.state not in (State.REPORTED, State.VERIFYING):
        entered |= {
            "organisation": None,
            "post": None,
            "post_path": None,
            "handler": None,
            "handler_duty": None,
        }
    if target is not State.HANDLED and state.inspected_at is not None and target is not State.CLOSED:
        entered |= {"inspector": None, "inspected_at": None}
    return entered


def _clock(clock: Clock, state: CaseState, facts: Facts) -> dict[str, Any]:
    moment = facts.moment
    if clock is Clock.STOP:
        return {"handled_at": moment}
    if clock is Clock.RESUME:
        left = remaining(state, facts.calendar)
        if not left:
            return {"handled_at": None}
        calendar_time = (state.limit_unit or "").startswith("calendar")
        unit = LimitUnit.CALENDAR_MINUTE if calendar_time else LimitUnit.WORKING_MINUTE
        minutes = max(1, -(-left // timedelta(minutes=1)))
        return {"handled_at": None, "due_at": facts.calendar.due(moment, Limit(minutes, unit))}
    if clock is Clock.START:
        limit = facts.limit
        if limit is None and state.limit_amount and state.limit_unit:
            limit = Limit(state.limit_amount, LimitUnit(state.limit_unit))
        if limit is None:
            return {"registered_at": moment}
        return {
            "registered_at": moment,
            "due_at": facts.calendar.due(moment, limit),
            "limit_amount": limit.amount,
            "limit_unit": str(limit.unit),
        }
    return {}


Effect = Callable[[CaseState, Command, Facts], dict[str, Any]]


def _nothing(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {}


def _register(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"case_class": facts.class_id, "condition": facts.condition, "tier": facts.tier or state.tier}


def _dispatch(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    target = facts.target or Target()
    return {
        "organisation": target.organisation,
        "post": target.post,
        "post_path": target.post_path,
        "dispatched_at": facts.moment,
    }


def _sign(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"handler": facts.by.actor, "handler_duty": facts.by.duty, "signed_at": facts.moment}


def _handle(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Where one of the unit signs and another does the work, the other may not inspect it."""
    if facts.by.actor is None or facts.by.actor == state.handler:
        return {}
    return {"handler": facts.by.actor, "handler_duty": facts.by.duty}


def _inspect(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"inspector": facts.by.actor, "inspected_at": facts.moment}


def _close(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"closed_at": facts.moment}


def _rework(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reworks": state.reworks + 1}


def _return(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"returns": state.returns + 1}


def _reopen(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reopens": state.reopens + 1, "closed_at": None, "handled_at": None}


_EFFECTS: Mapping[str, Effect] = {
    "register": _register,
    "dispatch": _dispatch,
    "sign": _sign,
    "handle": _handle,
    "inspect": _inspect,
    "close": _close,
    "rework": _rework,
    "return": _return,
    "reopen": _reopen,
}
