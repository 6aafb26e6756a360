"""A real Wangge for tests that kill, fill and search it: `wangge up` in a home of its own, furnished by a script."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from wangge.runtime import postgres, processes

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "open-sesame-for-tests"


class System:
    """One Wangge: its home, its port, its output, and what the furnishing made."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.url = f"http://127.0.0.1:{probe.getsockname()[1]}"
        self.cluster = postgres.Cluster(home)
        self.output = home.with_name(f"{home.name}.output")
        self.process: subprocess.Popen[bytes] | None = None
        self.tokens: dict[str, str] = {}

    def environment(self, **more: str) -> dict[str, str]:
        """Nothing of the tests' own settings: as a user would have it."""
        ours = ("WANGGE", "DATABASE", "DJANGO")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "WANGGE_HOME": str(self.home), "WANGGE_ENV_FILE": os.devnull, "PYTHONPATH": str(ROOT), **more}

    def command(self, *words: str, code: int = 0) -> str:
        """Run `wangge WORDS…` and return what it prints."""
        done = subprocess.run([sys.executable, "-m", "wangge", *words], env=self.environment(), capture_output=True,
                              text=True, check=False, timeout=120)
        assert done.returncode == code, f"{words}: {done.returncode} {done.stdout} {done.stderr}"
        return done.stdout

    def facts(self, *words: str, code: int = 0) -> dict[str, Any]:
        """The JSON of a command."""
        found: dict[str, Any] = json.loads(self.command(*words, "--json", code=code).splitlines()[-1])
        return found

    def furnish(self, what: str = "world") -> dict[str, Any]:
        """Run a part of `furnish` on this home."""
        done = subprocess.run([sys.executable, "-m", "tests.faults.furnish", what], env=self.environment(), cwd=ROOT,
                              capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr
        found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        self.tokens |= found.get("tokens", {})
        return found

    def up(self, seconds: float = 90) -> None:
        """Start, and wait for the greeting."""
        begun = self.output.stat().st_size if self.output.exists() else 0
        with self.output.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wangge", "up", "--port", self.url.rpartition(":")[2]], env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )
        process = self.process
        processes.wait(lambda: b"Ctrl-C" in self.said(begun) or process.poll() is not None, seconds, 0.1)
        assert b"Ctrl-C" in self.said(begun), self.said(begun).decode()

    def said(self, since: int = 0) -> bytes:
        """What it wrote to its terminal."""
        return self.output.read_bytes()[since:]

    def end(self, number: signal.Signals = signal.SIGINT) -> None:
        """Signal `up` and wait until it and everything that it started is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)
            self.process.wait(timeout=40)
        assert processes.wait(lambda: not self.left(), 30, 0.1), self.left()

    def ready(self) -> bool:
        """Whether it says that all is in order."""
        try:
            return requests.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def left(self) -> list[int]:
        """The live processes of this home."""
        found = processes.working_in(self.cluster.data.resolve(), "postgres")
        needle = f"WANGGE_HOME={self.home}\0".encode()
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and processes.state(int(entry.name)) not in ("", "Z"):
                try:
                    if needle in (entry / "environ").read_bytes() + b"\0":
                        found.append(int(entry.name))
                except OSError:
                    continue
        return found

    # -- whom to kill ---------------------------------------------------------------------------------

    def child(self, word: str) -> int:
        """The process that `up` started with this word in its command."""
        assert self.process is not None
        return next(pid for pid in children(self.process.pid) if word in command_of(pid))

    def web_master(self) -> int:
        return self.child("granian")

    def web_worker(self) -> int:
        """One of the processes that serve."""
        return max(children(self.web_master()))

    def job_worker(self) -> int:
        return self.child("procrastinate")

    def postmaster(self) -> int:
        pid = self.cluster.pid()
        assert pid is not None
        return pid

    def query(self, sql: str, role: str = "owner") -> list[str]:
        """Lines of psql, unaligned, on the system's own database."""
        return self.cluster.psql(sql, role=role, database=postgres.DATABASE).splitlines()


def children(pid: int) -> list[int]:
    """The processes that any thread of `pid` started."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += map(int, (task / "children").read_text().split())
    return found


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """A furnished Wangge that serves, and is gone afterwards."""
    system = System(folder / "home")
    try:
        system.up()
        system.furnish()
        yield system
    finally:
        if system.process is not None and system.process.poll() is None:
            system.process.send_signal(signal.SIGTERM)
            try:
                system.process.wait(30)
            except subprocess.TimeoutExpired:
                system.process.kill()
                system.process.wait()
        processes.wait(lambda: not system.left(), 20, 0.1)


def until(condition: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait for it, or fail with `what`."""
    assert processes.wait(condition, seconds, 0.1), what
