"""What no act may break, whoever did it: asked of a case as a value, and of a case with its entries in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from wangge.base.calendar import WorkingCalendar
from wangge.kernel.cases.clocks import ClockEvent, clock_events, clock_sum
from wangge.kernel.cases.clockwork import limit_of
from wangge.kernel.cases.lifecycle import INTERNAL, transition
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.rules import replay
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties import mandates
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.models import Assignment
from wangge.kernel.journal.models import Entry

UNSIGNED = frozenset({"report", "rate", "dissent", "comment", "attach"})
"""What anybody may do who reported a case or holds its tracking code."""


def check_value(state: CaseState, clock: Iterable[ClockEvent], now: datetime, calendar: WorkingCalendar) -> None:
    """A case that no state and no clock contradicts."""
    assert state.extensions <= 2, state
    assert state.suspensions <= 1, state
    assert (state.request is None) == (state.request_step is None), state
    assert (state.called is None) == (state.call_due_at is None), state
    if state.state == "suspended":
        assert state.suspended_until is not None, state
        assert (state.tier_due_at, state.warn_at) == (None, None), state
    if state.state == "closed" and state.merged_into is None and not state.forced:
        assert state.inspector != state.handler or state.inspector is None, state
        assert state.inspected_at is not None or (state.self_disposed and state.sampled is False), state
    told = clock_sum(state, calendar, now, clock)
    if told.steps:
        limit = limit_of(state)
        assert limit is not None
        assert all(step.seconds >= 0 for step in told.steps), told
        assert told.granted is not None
        one = timedelta(seconds=limit.seconds(calendar.standard_day // timedelta(seconds=1)))
        assert told.granted <= one * (1 + state.extensions), told


def check_chain(key: UUID, calendar: WorkingCalendar, now: datetime) -> CaseState:
    """A stored case: its entries lead along the table, each by a duty that allowed it, and add up to the row."""
    stored = load(key, mandates.console())
    rows = list(Entry.objects.filter(subject_id=key).order_by("seq"))
    assert [row.seq for row in rows] == list(range(1, stored.version + 1)), key
    assert all(before.recorded_at <= after.recorded_at for before, after in pairwise(rows)), key
    assert replay((key, row.seq, row.data) for row in rows) == stored, key
    columns: dict[str, Any] = {"state": "reported"}
    for row in rows:
        if row.seq > 1:
            assert transition(row.verb, columns["state"]), (key, row.seq, row.verb, columns["state"])
        _check_duty(row, columns)
        columns |= row.data.get("set", {})
        if row.verb == "inspect":
            assert str(row.actor) != columns.get("handler"), (key, row.seq)
    assert columns["state"] == stored.state
    check_value(stored, clock_events((row.verb, row.at) for row in rows), now, calendar)
    return stored


def _check_duty(row: Entry, columns: dict[str, Any]) -> None:
    """Who signed held the duty then, above the case, and its post may do the act; else a job or the public did it."""
    place = (row.subject_id, row.seq, row.verb)
    if row.duty is None:
        assert row.actor is None, place
        assert row.channel.startswith("job:") or row.verb in UNSIGNED, place
        return
    assert row.verb not in INTERNAL, place
    duty = Assignment.objects.get(id=row.duty)
    assert duty.person_id == row.actor, place
    assert row.verb in POSTS[duty.post_id].verbs, place
    assert row.at in duty.valid, place
    path = (columns | row.data.get("set", {})).get("path", "")
    ground = root_of(duty.area_path) if row.verb == "report" else duty.area_path  # one may report next door
    assert path.startswith(ground), place
