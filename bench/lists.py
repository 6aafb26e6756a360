"""A list page of 50 over HTTP with ten thousand cases and with a million (limit: p95 at most 1.5 times)."""

from __future__ import annotations

import time
from http.client import HTTPConnection
from statistics import quantiles

from bench.bulk_import import Owner, ours, reports
from bench.cpu import Meter
from bench.stage import Stage

SMALL = 10_000
QUIET_SINCE = 5_000
"""From so many cases on the grid T-G22 has no new ones."""
REQUESTS = 300
PAGES = (
    ("newest", "/api/v1/cases?limit=50"),
    ("by state", "/api/v1/cases?limit=50&state=reported"),
    ("one community", "/api/v1/cases?limit=50&area=T-C1"),
    ("one grid", "/api/v1/cases?limit=50&area=T-G11"),
    ("one grid, open", "/api/v1/cases?limit=50&area=T-G11&state=reported"),
    ("one grid, none", "/api/v1/cases?limit=50&area=T-G11&state=handling"),
    ("a quiet grid", "/api/v1/cases?limit=50&area=T-G22"),
    ("overdue", "/api/v1/cases?limit=50&overdue=true"),
)


def measure(stage: Stage) -> dict[str, tuple[float, float]]:
    """For each page the 95th percentile of its time in ms, and the CPU of server and database in ms."""
    found = {}
    connection = HTTPConnection("127.0.0.1", stage.port, timeout=60)
    for name, path in PAGES:
        meter = Meter(server=stage.server_pid, database=stage.database_pid)
        times = []
        for number in range(REQUESTS + 30):
            if number == 30:
                meter.start()
            began = time.perf_counter()
            connection.request("GET", path, headers={"Authorization": f"Bearer {stage.token}"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 200:
                raise SystemExit(f"{path}: {answer.status} {body[:200]!r}")
            times.append((time.perf_counter() - began) * 1000)
        spent = meter.stop()
        found[name] = (quantiles(times[30:], n=20)[18], spent.total * 1000 / REQUESTS)
    return found


def fill(stage: Stage, target: int) -> int:
    """Bring the number of cases to `target` by the bulk path; returns how many there are."""
    from wangge.kernel.cases.models import Case

    have = Case.objects.count()
    while have < target:
        step = min(20_000, target - have)
        if have >= QUIET_SINCE:
            stage.points = [(lon, lat) for lon, lat in stage.points if lon < 120.02 or lat < 31.02]
        else:
            step = min(step, QUIET_SINCE - have)
        ours(stage, reports(stage, step))
        have += step
    Owner(stage).sql("VACUUM ANALYZE")
    Owner(stage).sql("CHECKPOINT")  # what filling left to write must not be measured
    return have


def run(stage: Stage, large: int) -> dict[str, float]:
    """Measure at both sizes and print the ratios."""
    few = fill(stage, SMALL)
    small = measure(stage)
    many = fill(stage, large)
    big = measure(stage)
    print(f"List page of 50 over HTTP: p95 and CPU in ms, at {few:,} and at {many:,} cases (limit 1.5 on p95)")
    worst = 0.0
    for name, _ in PAGES:
        ratio = big[name][0] / small[name][0]
        worst = max(worst, ratio)
        before, after = small[name], big[name]
        print(f"  {name:<16} {before[0]:6.2f} ({before[1]:.2f})   {after[0]:6.2f} ({after[1]:.2f})   ratio {ratio:.2f}")
    print()
    return {"worst_ratio": worst, **{f"p95_{name}": big[name][0] for name, _ in PAGES}}
