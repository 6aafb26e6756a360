"""What the worker does by the clock: it looks for places where cases come back, and whether remedies held."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from wangge.kernel.spots.sweeping import Done, look, look_back

log = logging.getLogger("wangge.jobs")


@app.periodic(cron="*/5 * * * *")
@app.task(name="spots", queueing_lock="spots", lock="spots")
def spots(timestamp: int) -> None:
    """Every five minutes: the cases that were acted on since. Running twice changes nothing."""
    _tell("spots", look())


@app.periodic(cron="50 16 * * *")  # UTC: ten to one in the night in Shanghai
@app.task(name="spots_back", queueing_lock="spots_back", lock="spots", retry=RetryStrategy(max_attempts=3, wait=900))
def spots_back(timestamp: int) -> None:
    """Each night: all cases of the last days, for what the looks of the day missed."""
    _tell("spots_back", look_back())


def _tell(task: str, done: Done) -> None:
    if any(done):
        log.info("spot files swept", extra={"task": task, "count": sum(done)})
