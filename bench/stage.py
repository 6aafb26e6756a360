"""A stage for measuring: a home of its own with a durable cluster, a small town, a token, and the web server."""

from __future__ import annotations

import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORT_POINTS = 500


@dataclass
class Stage:
    """Where to send and what to watch. Process ids head trees whose CPU is counted."""

    home: Path
    database_pid: int
    psql_arguments: list[str]
    psql_environment: dict[str, str]
    token: str = ""
    port: int = 0
    server_pid: int = 0
    town: Any = None
    points: list[tuple[float, float]] = field(default_factory=list)


@contextmanager
def stage(*, serve: bool = True) -> Iterator[Stage]:
    """Set everything up, and leave nothing behind. Django is configured for this home from here on."""
    home = Path(tempfile.mkdtemp(prefix="wangge-bench-"))
    home.chmod(0o711)
    os.environ |= {
        "WANGGE_HOME": str(home),
        "WANGGE_ENV_FILE": "/dev/null",
        "WANGGE_DB_ROLE": "app",
        "WANGGE_API_RATE": "100000000",
        "DJANGO_SETTINGS_MODULE": "wangge.settings",
    }
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
        os.environ.pop(name, None)
    from wangge.runtime import lease

    try:
        with lease.hold(home) as cluster:
            subprocess.run(
                [sys.executable, "-m", "wangge", "migrate"],
                check=True,
                stdout=subprocess.DEVNULL,
                env=os.environ | {"WANGGE_DB_ROLE": "owner"},
            )
            connection = cluster.settings("app")
            environment = os.environ | {"PGPASSWORD": str(connection["PASSWORD"])}
            made = Stage(
                home,
                cluster.pid() or 0,
                [
                    "-h",
                    str(connection["HOST"]),
                    "-p",
                    str(connection.get("PORT") or 5432),
                    "-U",
                    str(connection["USER"]),
                    str(connection["NAME"]),
                ],
                environment,
            )
            _furnish(made)
            if serve:
                with _server(made):
                    yield made
            else:
                yield made
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _furnish(made: Stage) -> None:
    import django

    django.setup()
    from tests import town as towns
    from wangge.kernel.duties import mandates
    from wangge.kernel.people.services import issue_token

    made.town = towns.build()
    account: Any = towns.account(made.town, "operator")
    made.token = issue_token(account=account, label="bench", days=1, by=mandates.console())[1]
    chance = random.Random(1)
    made.points = [(120 + chance.random() * 0.04, 31 + chance.random() * 0.04) for _ in range(REPORT_POINTS)]


@contextmanager
def _server(made: Stage) -> Iterator[None]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made.port = probe.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "granian",
            "--interface",
            "rsgi",
            "--http",
            "1",
            "--host",
            "127.0.0.1",
            "--port",
            str(made.port),
            "--workers",
            "2",
            "--no-ws",
            "--log-level",
            "warning",
            "wangge.rsgi:application",
        ],
    )
    try:
        for _ in range(200):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{made.port}/healthz", timeout=1):
                    break
            except OSError:
                time.sleep(0.1)
        made.server_pid = process.pid
        yield
    finally:
        process.terminate()
        process.wait(20)
