"""Whether the system lives (`/healthz`), can work (`/readyz`), and a few numbers (`/metrics`). No personal data."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare

from wangge.base import clock
from wangge.interfaces.web.access import Who, open_to
from wangge.kernel.duties.calendars import unknown_years

log = logging.getLogger("wangge.health")
#: A worker gives a sign of life every 10 s.
WORKER_SILENT = timedelta(seconds=60)
#: The journal is sealed every night.
SEAL_AGE = timedelta(hours=26)
DISK_FREE = 500 * 1024 * 1024
#: The schema does not change under a running process often: asked once a minute.
SCHEMA_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be in order, and in a few words how it is."""

    name: str
    ok: bool
    detail: str


def checks() -> list[Check]:
    """Database first; without it the others that ask it are not tried."""
    database = _tried("database", _database)
    if not database.ok:
        return [database, _tried("disk", _disk)]
    rest: tuple[tuple[str, Callable[[], Check]], ...] = (
        ("migrations", _migrations), ("worker", _worker), ("disk", _disk), ("seal", _seal),
        ("calendar", _calendar),
    )
    return [database, *(_tried(name, check) for name, check in rest)]


@open_to(Who.ANYONE)
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. For whoever restarts what does not."""
    return JsonResponse({"status": "ok"})


@open_to(Who.ANYONE)
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if all is in order, else 503; what is wrong is said by name."""
    found = checks()
    ready = all(check.ok for check in found)
    body = {
        "status": "ok" if ready else "failed",
        "checks": {check.name: {"ok": check.ok, "detail": check.detail} for check in found},
    }
    answer = JsonResponse(body, status=200 if ready else 503)
    answer["Cache-Control"] = "no-store"
    return answer


@open_to(Who.MACHINE)
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text; for this machine itself, or with WANGGE_METRICS_TOKEN as bearer token."""
    if not _may_measure(request):
        return HttpResponse("not for you\n", status=403, content_type="text/plain")
    lines = [f'wangge_check_ok{{check="{check.name}"}} {int(check.ok)}' for check in checks()]
    lines.append(f"wangge_disk_free_bytes {shutil.disk_usage(settings.HOME).free}")
    for status, count in _rows("SELECT status::text, count(*) FROM procrastinate_jobs GROUP BY 1 ORDER BY 1"):
        lines.append(f'wangge_jobs{{status="{status}"}} {count}')
    # An estimate: no table is counted for this.
    for table, count in _rows(
        "SELECT relname, greatest(reltuples, 0)::bigint FROM pg_class WHERE relname IN ('journal_entry', 'cases_case')"
    ):
        lines.append(f'wangge_rows_estimate{{table="{table}"}} {count}')
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain; version=0.0.4; charset=utf-8")


def _tried(name: str, check: Callable[[], Check]) -> Check:
    try:
        return check()
    except (DatabaseError, OSError) as error:
        log.warning("check failed", extra={"code": name})
        return Check(name, False, type(error).__name__)


def _database() -> Check:
    _rows("SELECT 1")
    return Check("database", True, "answers")


_schema: tuple[float, int] | None = None


def _migrations() -> Check:
    global _schema
    if _schema is None or time.monotonic() - _schema[0] > SCHEMA_SECONDS:
        executor = MigrationExecutor(connection)
        _schema = time.monotonic(), len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    pending = _schema[1]
    return Check("migrations", pending == 0, f"{pending} pending" if pending else "up to date")


def _worker() -> Check:
    ((last,),) = _rows("SELECT max(last_heartbeat) FROM procrastinate_workers")
    if last is None:
        return Check("worker", False, "none has ever run")
    age = clock.now() - last
    return Check("worker", age < WORKER_SILENT, f"last sign of life {int(age.total_seconds())} s ago")


def _disk() -> Check:
    free = shutil.disk_usage(settings.HOME).free
    return Check("disk", free > DISK_FREE, f"{free // 1024**2} MB free")


def _seal() -> Check:
    """In order unless an entry beyond the last seal waits for longer than a night."""
    ((number, waiting),) = _rows(
        "SELECT s.number, (SELECT recorded_at FROM journal_entry WHERE ordinal >= coalesce(s.next, 0)"
        " ORDER BY ordinal LIMIT 1) FROM (SELECT 1) one LEFT JOIN (SELECT number, upper(range_merge(covers)) AS next"
        " FROM journal_seal ORDER BY number DESC LIMIT 1) s ON true"
    )
    name = f"seal {number}" if number else "no seal yet"
    if waiting is None:
        return Check("seal", True, f"{name}; nothing waits")
    age = clock.now() - waiting
    hours = int(age.total_seconds() // 3600)
    return Check("seal", age < SEAL_AGE, f"{name}; the oldest unsealed entry is {hours} h old")


def _calendar() -> Check:
    """A remark, never a failure: deadlines beyond a year whose holidays are not known may come out wrong."""
    gaps = unknown_years()
    said = "; ".join(f"{gap.area_code} {gap.year}: {gap.reason}" for gap in gaps)
    return Check("calendar", True, said or "holidays are known")


def _rows(query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _may_measure(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}")
    return request.META.get("REMOTE_ADDR") in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers
