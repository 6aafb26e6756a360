"""The clock of a case explained: when it is due, what is left, and the sum that leads there.

The sum is read from the journal: when the limit began to run, each pause, each extension, and when the work was
sent back. Its stretches add up to what was granted.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from wangge.base.calendar import Step, WorkingCalendar
from wangge.base.units import Limit
from wangge.kernel.cases.clockwork import counts_calendar, limit_of
from wangge.kernel.cases.guards import done_at
from wangge.kernel.cases.lifecycle import LIVE, TRANSITIONS, Clock
from wangge.kernel.cases.state import CaseState

CLOCK_ACTS: dict[str, Clock] = {row.act: row.clock for row in TRANSITIONS if row.clock is not Clock.NONE}
_BEGINS = frozenset({Clock.START, Clock.AT_ONCE})
_GOES = frozenset({Clock.RESUME, Clock.CONTINUE})
_STANDS = frozenset({Clock.STOP, Clock.PAUSE, Clock.AT_ONCE})


class ClockEvent(NamedTuple):
    """Something that happened to the clock: `kind` is the row's clock of the transition table."""

    kind: str
    act: str
    at: datetime


class ClockSum(NamedTuple):
    """The due time as a sum: the limit, each stretch of time that counts, and what remains.

    `granted` is the limit with its extensions, which the stretches `steps` add up to. `left` is negative when late;
    it counts the limit's own kind of time (working or calendar). `running` is false while it is suspended and once
    the work was handed back. `given` marks a due time that the source of an import stated. `on_time`: see below.
    """

    limit: Limit | None
    start: datetime | None
    due_at: datetime | None
    stopped_at: datetime | None
    steps: tuple[Step, ...]
    left: timedelta | None
    running: bool
    given: bool
    granted: timedelta | None = None
    events: tuple[ClockEvent, ...] = ()
    on_time: bool | None = None


def clock_events(entries: Iterable[tuple[str, datetime]]) -> tuple[ClockEvent, ...]:
    """What happened to the clock since the limit last began to run, from a case's acts and their times, in order."""
    found: list[ClockEvent] = []
    for verb, at in entries:
        kind = CLOCK_ACTS.get(verb)
        if kind is None:
            continue
        if kind in _BEGINS:
            found = []
        found.append(ClockEvent(kind.value, verb, at))
    return tuple(found)


def clock_sum(
    state: CaseState, calendar: WorkingCalendar, now: datetime, events: Iterable[ClockEvent] = ()
) -> ClockSum:
    """The sum shown on the case page at `now`. Without events the limit ran without a break."""
    limit, events = limit_of(state), tuple(events)
    stopped = state.handled_at or state.closed_at or state.suspended_at
    running = stopped is None and state.state in LIVE
    if state.due_at is None:
        return ClockSum(limit, state.registered_at, None, stopped, (), None, running, False, None, events)
    left = time_left(state.due_at, stopped or now, limit, calendar)
    steps: tuple[Step, ...] = ()
    if limit is not None and state.registered_at is not None:
        steps = _stretches(state, state.due_at, calendar, events)
    granted = sum((timedelta(seconds=step.seconds) for step in steps), timedelta()) if steps else None
    return ClockSum(
        limit, state.registered_at, state.due_at, stopped, steps, left, running, limit is None, granted, events,
        on_time(state),
    )  # fmt: skip


def _stretches(
    state: CaseState, due: datetime, calendar: WorkingCalendar, events: tuple[ClockEvent, ...]
) -> tuple[Step, ...]:
    """What each run of the clock counted; the last one up to the due time."""
    assert state.registered_at is not None
    starts: list[datetime] = [state.registered_at]
    ends: list[datetime] = []
    for event in events:
        if Clock(event.kind) in _STANDS and len(ends) < len(starts):
            ends.append(event.at)
        elif Clock(event.kind) in _GOES and len(ends) == len(starts):
            starts.append(event.at)
    ends = [*ends[: len(starts) - 1], due]
    urgent = counts_calendar(state.limit_unit)
    return tuple(
        step
        for start, end in zip(starts, ends, strict=True)
        for step in calendar.stretches(start, min(end, due), calendar=urgent)
    )


def time_left(due: datetime, at: datetime, limit: Limit | None, calendar: WorkingCalendar) -> timedelta:
    """What is left at `at` until `due`, in the limit's kind of time; negative when late."""
    if limit is None or limit.unit.startswith("calendar"):
        return due - at
    return calendar.worked(at, due) if at <= due else -calendar.worked(due, at)


def on_time(state: CaseState) -> bool | None:
    """Whether the work was done (`guards.done_at`) by the due time.

    None while it is not done, where it was closed by force without being handed back, or where there is no due time.
    """
    done = done_at(state)
    return None if state.due_at is None or done is None else done <= state.due_at
