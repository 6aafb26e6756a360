"""What the clock does to cases: tiers let go (升级), warnings go out, suspensions end. Set-wise, each once.

Due rows are found by a partial index, locked in batches with SKIP LOCKED, decided by the one table under the
job's mandate and recorded together: one transaction a batch. A worker that dies leaves whole batches; what it had
not committed is still due, and a second worker takes other rows meanwhile.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from wangge.base import events
from wangge.base.clock import now as clock_now
from wangge.base.mandate import Mandate
from wangge.kernel.cases.aftermath import moved
from wangge.kernel.cases.bulk import draw, without_collector
from wangge.kernel.cases.events import CaseWarned
from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.lifecycle import HELD
from wangge.kernel.cases.loading import lock_due
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.rules import decide
from wangge.kernel.cases.state import Change
from wangge.kernel.duties import mandates
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import places_version

BATCH = 500
_HELD = ", ".join(f"'{state.value}'" for state in HELD)


class Sweep(NamedTuple):
    """Cases whose `column` lies in the past get `act`. `also` narrows by the states that the act starts from."""

    act: str
    column: str
    also: str


SWEEPS: Mapping[str, Sweep] = {
    "resume": Sweep("resume", "suspended_until", "c.state = 'suspended'"),
    "escalate": Sweep("escalate", "tier_due_at", f"c.state IN ({_HELD}) AND c.merged_into IS NULL"),
    "warn": Sweep("warn", "warn_at", f"c.state IN ({_HELD}) AND c.merged_into IS NULL"),
}
"""In this order: what resumes has a new due time before anybody is warned."""


def run(name: str, *, now: datetime | None = None, progress: Callable[[int], None] = lambda count: None) -> int:
    """Do one sweep until nothing is due any more; returns how many cases it moved. `progress` is told each batch."""
    sweep = SWEEPS[name]
    total = 0
    while True:
        with without_collector(), transaction.atomic():
            by = mandates.job(name, at=now or clock_now(), recorded_at=now or clock_now())
            done = _batch(sweep, by)
        if not done:
            return total
        total += done
        progress(done)


def run_all(*, now: datetime | None = None) -> dict[str, int]:
    """Every sweep once; how many cases each moved."""
    return {name: run(name, now=now) for name in SWEEPS}


def _batch(sweep: Sweep, by: Mandate) -> int:
    due = lock_due(sweep.column, sweep.also, by.recorded_at, BATCH)
    if not due:
        return 0
    facts = _facts_by_path({state.path for state, _ in due}, by)
    changes = [decide(state, Command(act=sweep.act), facts[state.path], head) for state, head in due]
    record(changes, draw("journal_entry_ordinal", len(changes)), by=by)
    for change in changes:
        _tell(sweep.act, change, by.recorded_at)
    return len(changes)


def _facts_by_path(paths: set[str], by: Mandate) -> dict[str, Facts]:
    places, known = places_version(), reference()
    return {path: Facts(by, calendar_for(path, places), known.stage_limits(path)) for path in paths}


def _tell(act: str, change: Change, at: datetime) -> None:
    assert change.before is not None
    case = change.after
    events.publish(moved(change.before, case, act, at))
    if act == "warn":
        events.publish(CaseWarned(case.id, case.number, case.path, case.due_at, case.warned == 2, at))
