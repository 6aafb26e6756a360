"""Deadlines that pass while somebody has a task in hand: an entry each, once for each deadline. By a job."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wangge.base.clock import now as clock_now
from wangge.kernel.duties import mandates
from wangge.kernel.tasks.lifecycle import HELD
from wangge.kernel.tasks.loading import state_of
from wangge.kernel.tasks.models import Task
from wangge.kernel.tasks.rules import decide
from wangge.kernel.tasks.services import advance
from wangge.kernel.tasks.state import Command

BATCH = 200
_FALL_DUE = Command(act="fall_due")


def fall_due(*, now: datetime | None = None) -> int:
    """Mark each task whose deadline has passed; returns how many. Rows that somebody acts on are left for next time."""
    total = 0
    while True:
        moment = now or clock_now()
        with transaction.atomic():
            by = mandates.job("tasks", at=moment, recorded_at=moment)
            rows = Task.objects.select_for_update(of=("self",), skip_locked=True).filter(
                state__in=[state.value for state in HELD], overdue_since=None, due_at__lte=moment
            ).order_by("due_at", "id")[:BATCH]
            tasks = [state_of(row) for row in rows]
            for task in tasks:
                advance(task, "fall_due", decide(task, _FALL_DUE, by=by, moment=moment), by=by)
        total += len(tasks)
        if len(tasks) < BATCH:
            return total
