"""What the worker does by the clock: once a week each subdistrict's model learns from its closed cases anew."""

from __future__ import annotations

import logging

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas
from wangge.kernel.reading.services import retrain

log = logging.getLogger("wangge.jobs")


@app.periodic(cron="0 20 * * 6")  # UTC: four o'clock on Sunday morning in Shanghai
@app.task(name="read", queueing_lock="read", retry=RetryStrategy(max_attempts=3, wait=900))
def read(timestamp: int) -> None:
    """Train the model of every root that stands. Running twice on the same cases changes nothing."""
    moment = now()
    for root in atlas().roots:
        if root.holds(moment):
            done = retrain(root=root, by=mandates.job("read"))
            log.info("reader trained", extra={"task": "read", "count": done.cases})
