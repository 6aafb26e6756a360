"""Report intake over HTTP against the frozen statement `report.sql` under pgbench, side by side in one run.

Prints the CPU that the server and the database spend on one report by either way, and their ratio (limit: 9).
"""

from __future__ import annotations

import json
import subprocess
import threading
import time
from http.client import HTTPConnection
from pathlib import Path
from uuid import uuid4

from bench.cpu import Meter, Spent
from bench.stage import Stage
from wangge.runtime.binaries import tool

HERE = Path(__file__).parent
CLIENTS = 8
BODY = {
    "description": "菜场东门又摆烧烤，油烟大，六楼不敢开窗，请来人看看",
    "address": "青禾路菜场东门",
    "source": "resident",
}


def over_http(stage: Stage, count: int) -> Spent:
    """`count` reports by 8 keep-alive connections; every answer must be 201."""
    meter = Meter(server=stage.server_pid, database=stage.database_pid)
    failures: list[str] = []
    left = iter(range(count))
    lock = threading.Lock()

    def send() -> None:
        connection = HTTPConnection("127.0.0.1", stage.port, timeout=30)
        headers = {"Authorization": f"Bearer {stage.token}", "Content-Type": "application/json"}
        while True:
            with lock:
                number = next(left, None)
            if number is None:
                return
            lon, lat = stage.points[number % len(stage.points)]
            body = json.dumps(BODY | {"location": {"lon": lon, "lat": lat}})
            connection.request("POST", "/api/v1/cases", body, headers | {"Idempotency-Key": str(uuid4())})
            answer = connection.getresponse()
            text = answer.read()
            if answer.status != 201:
                failures.append(f"{answer.status} {text[:200]!r}")
                return

    threads = [threading.Thread(target=send) for _ in range(CLIENTS)]
    meter.start()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    time.sleep(0.1)
    spent = meter.stop()
    if failures:
        raise SystemExit(f"a report failed: {failures[0]}")
    return spent


def by_pgbench(stage: Stage, count: int) -> Spent:
    """The same number of reports by the frozen statement, prepared, 8 clients."""
    meter = Meter(server=None, database=stage.database_pid)
    each = count // CLIENTS
    command = [
        str(tool("pgbench")),
        "-n",
        "-M",
        "prepared",
        "-c",
        str(CLIENTS),
        "-j",
        "1",
        "-t",
        str(each),
        "-f",
        str(HERE / "report.sql"),
        *stage.psql_arguments,
    ]
    meter.start()
    done = subprocess.run(command, capture_output=True, text=True, env=stage.psql_environment, timeout=600, check=False)
    spent = meter.stop()
    if done.returncode != 0:
        raise SystemExit(f"pgbench failed: {done.stderr[-500:]}")
    return spent


def run(stage: Stage, count: int = 4000, rounds: int = 3) -> dict[str, float]:
    """Measure both ways in turn and print the medians."""
    over_http(stage, 400)
    by_pgbench(stage, 400)
    https, benches = [], []
    for _ in range(rounds):
        https.append(over_http(stage, count))
        benches.append(by_pgbench(stage, count))
    http = sorted(https, key=lambda spent: spent.total)[rounds // 2]
    bench = sorted(benches, key=lambda spent: spent.total)[rounds // 2]
    ratio = http.total / bench.total
    millis = 1000 / count
    print("Report intake, CPU per report (server + database), 8 clients")
    print(
        f"  over HTTP        {http.server * millis:.3f} + {http.database * millis:.3f} = {http.total * millis:.3f} ms"
        f"   {count / http.wall:.0f} reports/s"
    )
    print(f"  bare statement   {bench.database * millis:.3f} ms   {count / bench.wall:.0f} reports/s")
    print(f"  ratio            {ratio:.2f}   (limit 9)")
    return {"ratio": ratio, "http_ms": http.total * millis, "bare_ms": bench.total * millis}
