"""The nightly jobs: what a dead worker left is taken up, the journal is sealed, what is over its time goes."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.db import connection, connections

from wangge.base import clock
from wangge.base.ids import new_id
from wangge.interfaces.commands import keeping, tasks
from wangge.kernel.duties import mandates
from wangge.kernel.journal import services as journal
from wangge.kernel.journal.models import Seal


def _query(sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall()) if cursor.description else []


def _job(status: str, *, worker_silent: int | None = None, ended_days_ago: int = 0) -> int:
    """A job as a worker leaves it behind."""
    worker = None
    if worker_silent is not None:
        at = clock.now() - timedelta(seconds=worker_silent)
        ((worker,),) = _query("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", at)
    ((job,),) = _query(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, status, worker_id) "
        "VALUES ('default', 'nothing', 0, NULL, '{}', %s::procrastinate_job_status, %s) RETURNING id", status, worker,
    )
    at = clock.now() - timedelta(days=ended_days_ago)
    _query("UPDATE procrastinate_events SET at = %s WHERE job_id = %s", at, job)
    _query("INSERT INTO procrastinate_events (job_id, type, at) VALUES (%s, 'started', %s)", job, at)
    return int(job)


def _status(job: int) -> list[tuple[Any, ...]]:
    return _query("SELECT status::text FROM procrastinate_jobs WHERE id = %s", job)


def _rescued() -> int:
    try:
        return async_to_sync(tasks.rescue.func)(0)
    finally:
        connections.close_all()


def test_the_job_of_a_dead_worker_is_taken_up_and_that_of_a_live_one_is_left(committed_db: str) -> None:
    dead, alive = _job("doing", worker_silent=600), _job("doing", worker_silent=5)

    with ThreadPoolExecutor(1) as thread:  # another test's browser may hold an event loop in ours
        assert thread.submit(_rescued).result() == 1
    assert _status(dead) == [("todo",)]
    assert _status(alive) == [("doing",)]


@pytest.mark.django_db
def test_finished_jobs_go_after_a_week_and_failed_ones_stay(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    old, young = _job("succeeded", ended_days_ago=8), _job("succeeded", ended_days_ago=6)
    failed = _job("failed", ended_days_ago=80)
    tasks.retention(0)
    assert _status(old) == []
    assert _status(young) == [("succeeded",)]
    assert _status(failed) == [("failed",)]


@pytest.mark.django_db
def test_old_logs_go_with_the_nightly_job(settings: Any, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs/wangge-2020-01-01.jsonl").touch()
    today = tmp_path / "logs" / f"wangge-{clock.now():%Y-%m-%d}.jsonl"
    today.touch()
    tasks.retention(0)
    assert list((tmp_path / "logs").iterdir()) == [today]


@pytest.mark.django_db
def test_the_nightly_seal_covers_what_came_since_the_last() -> None:
    by = mandates.console()
    journal.append([journal.Act(new_id(), "test", "test", None)], by=by)
    tasks.seal(0)
    tasks.seal(0)
    assert [made.count for made in Seal.objects.all()] == [1]


def test_the_nightly_backup_is_made_once_a_night_and_thirty_are_kept(
    committed_db: str, settings: Any, tmp_path: Path
) -> None:
    settings.HOME, settings.FILES_ROOT = tmp_path, tmp_path / "files"
    for day in range(40):
        (tmp_path / "backups" / f"nightly-2020-01-{day:02}").mkdir(parents=True)
    tasks.backup(0)
    tasks.backup(0)
    kept = sorted(path.name for path in (tmp_path / "backups").iterdir())
    assert len(kept) == keeping.NIGHTLY
    assert kept[-1] == f"nightly-{clock.now():%Y-%m-%d}"
    assert (tmp_path / "backups" / kept[-1] / "manifest.json").is_file()


def test_every_kind_of_data_has_a_period_and_a_ground() -> None:
    table = keeping.table().splitlines()
    assert len(table) == len(keeping.RETENTION) + 2
    assert all(kept.period and kept.basis and kept.ended_by for kept in keeping.RETENTION)
