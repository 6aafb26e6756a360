"""What the worker does by the clock: deadlines of tasks that have passed."""

from __future__ import annotations

import logging

from procrastinate.contrib.django import app

from wangge.kernel.tasks.sweeping import fall_due

log = logging.getLogger("wangge.jobs")


@app.periodic(cron="* * * * *")
@app.task(name="tasks_due", queueing_lock="tasks_due", lock="tasks_due")
def tasks_due(timestamp: int) -> None:
    """Each minute: an entry for each deadline that has passed. Running twice changes nothing."""
    if count := fall_due():
        log.info("tasks fell due", extra={"task": "tasks_due", "count": count})
