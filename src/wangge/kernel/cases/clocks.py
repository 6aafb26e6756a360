"""The clock of a case explained: when it is due, what is left, and the sum that leads there."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from wangge.base.calendar import Step, WorkingCalendar
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.state import CaseState


class ClockSum(NamedTuple):
    """The due time as a sum: the limit, each stretch of time that counted, and what remains.

    `left` is negative when late; it counts the limit's own kind of time (working or calendar). `running`
    is false once the work was handed back. `given` marks a due time that the source of an import stated.
    """

    limit: Limit | None
    start: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    steps: tuple[Step, ...]
    left: timedelta | None
    running: bool
    given: bool


def clock_sum(state: CaseState, calendar: WorkingCalendar, now: datetime) -> ClockSum:
    """The sum shown on the case page at `now`."""
    limit = Limit(state.limit_amount, LimitUnit(state.limit_unit)) if state.limit_amount and state.limit_unit else None
    stopped = state.handled_at or state.closed_at
    running = stopped is None and state.state in LIVE
    if state.due_at is None:
        return ClockSum(limit, state.registered_at, None, stopped, (), None, running, False)
    left = time_left(state.due_at, stopped or now, limit, calendar)
    steps: tuple[Step, ...] = ()
    if limit is not None and state.registered_at is not None:
        steps = tuple(calendar.explain(state.registered_at, limit))
    return ClockSum(limit, state.registered_at, state.due_at, stopped, steps, left, running, limit is None)


def time_left(due: datetime, at: datetime, limit: Limit | None, calendar: WorkingCalendar) -> timedelta:
    """What is left at `at` until `due`, in the limit's kind of time; negative when late."""
    if limit is None or limit.unit.startswith("calendar"):
        return due - at
    return calendar.worked(at, due) if at <= due else -calendar.worked(due, at)


def on_time(state: CaseState) -> bool | None:
    """Whether the work was handed back (or, where the source knows only that, closed) by the due time.

    None while it is neither late nor done, or where there is no due time.
    """
    stopped = state.handled_at or state.closed_at
    if state.due_at is None or stopped is None:
        return None
    return stopped <= state.due_at
