"""What the worker does by the clock. Times are UTC: 16:00 is midnight in Shanghai. Each may run twice without harm."""

from __future__ import annotations

import logging
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from wangge.assessment.running import tellingdays
from wangge.base import clock
from wangge.interfaces.commands import keeping, vacuuming
from wangge.interfaces.staff import takingin
from wangge.kernel.cases import sweeps
from wangge.kernel.cases.retention import let_go
from wangge.kernel.desk import imports
from wangge.kernel.duties import mandates
from wangge.kernel.journal import services as journal
from wangge.kernel.places import redrawing
from wangge.kernel.places.queries import atlas
from wangge.patrols.services import forget_tracks
from wangge.runtime import logs

log = logging.getLogger("wangge.jobs")
#: A job whose worker gave no sign of life for so many seconds is taken up again.
SILENT = 60
#: Finished jobs are kept so many hours.
JOBS_KEPT = 7 * 24


@app.periodic(cron="*/2 * * * *")
@app.task(name="rescue", queueing_lock="rescue", pass_context=False)
async def rescue(timestamp: int) -> int:
    """Retry the jobs of workers that died; without this a killed worker's job would stay `doing` for ever."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT))
    for job in stalled:
        await app.job_manager.retry_job(job)
    if stalled:
        log.warning("stalled jobs retried", extra={"count": len(stalled)})
    return len(stalled)


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queueing_lock="sweep", lock="sweep")
def sweep(timestamp: int) -> None:
    """Each minute: suspensions that end, tiers that must let go, warnings that are due."""
    moved = sweeps.run_all()
    if any(moved.values()):
        log.info("cases swept", extra={"task": "sweep", "count": sum(moved.values())})


@app.periodic(cron="* * * * *")
@app.task(name="redraw", queueing_lock="redraw", lock="redraw", retry=RetryStrategy(max_attempts=3, wait=60))
def redraw(timestamp: int) -> None:
    """Each minute: where grids were redrawn for today, what is open on them moves."""
    found = redrawing.due(clock.now())
    for one in found:
        redrawing.carry_out(redrawing=one, by=mandates.job("redraw"))
    if found:
        log.info("redrawings carried out", extra={"task": "redraw", "count": len(found)})


@app.periodic(cron="*/5 * * * *")
@app.task(name="tell_days", queueing_lock="tell_days", lock="tell_days")
def tell_days(timestamp: int) -> None:
    """Every five minutes: each area that is above its daily limit is told so, once a day, on record."""
    if count := tellingdays.tell(atlas(), now=clock.now(), by=mandates.job("tell_days")):
        log.info("areas told of their daily limit", extra={"task": "tell_days", "count": count})


@app.periodic(cron="5 16 * * *")
@app.task(name="seal", queueing_lock="seal", retry=RetryStrategy(max_attempts=5, wait=300))
def seal(timestamp: int) -> None:
    """Seal what the journal received since the last seal."""
    journal.seal(by=mandates.job("seal"))
    log.info("journal sealed", extra={"task": "seal"})


@app.periodic(cron="30 18 * * *")
@app.task(name="backup", queueing_lock="backup", retry=RetryStrategy(max_attempts=3, wait=900))
def backup(timestamp: int) -> None:
    """The nightly backup, and the removal of those beyond their time."""
    _, removed = keeping.nightly(Path(settings.HOME, "backups"))
    log.info("backup made", extra={"task": "backup", "count": removed})


@app.periodic(cron="30 19 * * *")
@app.task(name="retention", queueing_lock="retention", retry=RetryStrategy(max_attempts=3, wait=900))
def retention(timestamp: int) -> None:
    """Let go of what the retention table says: contacts, tracks, loose files, logs, sessions, finished jobs."""
    moment, by = clock.now(), mandates.job("retention")
    gone = let_go(now=moment, by=by) | {
        "track_points": forget_tracks(now=moment, by=by), "imports": imports.forget(moment),
    }  # fmt: skip
    if any(gone.values()):
        vacuuming.sweep()
    removed = logs.remove_old(Path(settings.HOME, "logs"), clock.now().date())
    call_command("clearsessions")
    finished = _delete_finished()
    log.info("retention done", extra={"task": "retention", "count": len(removed) + finished + sum(gone.values())})


@app.task(name=takingin.JOB)
def import_file(key: str) -> None:
    """A file that somebody sent: worked for them, under their duty. Running twice changes nothing."""
    takingin.work(UUID(key))
    log.info("import worked", extra={"task": "import"})


def _delete_finished() -> int:
    """Failed jobs stay until somebody has looked at them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs j WHERE status IN ('succeeded', 'cancelled', 'aborted') AND NOT EXISTS"
            " (SELECT FROM procrastinate_events e WHERE e.job_id = j.id AND e.at > now() - make_interval(hours => %s))",
            [JOBS_KEPT],
        )
        return int(cursor.rowcount)
