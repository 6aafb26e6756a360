"""`wangge up` serves, says what is wrong, and takes everything with it however it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from wangge.runtime import postgres, processes

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]


class System:
    """A Wangge in a home of its own, started as a user would."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.cluster = postgres.Cluster(home)
        self.output = home.parent / "output"
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        ours = ("WANGGE", "DATABASE", "DJANGO")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return {**kept, "WANGGE_HOME": str(self.home), "WANGGE_ENV_FILE": os.devnull}

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([sys.executable, "-m", "wangge", *words], env=self.environment(), capture_output=True,
                              text=True, check=False)

    def up(self) -> None:
        """Start, and wait for the greeting."""
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "wangge", "up", "--port", str(self.port)], env=self.environment(),
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True,
            )
        process = self.process
        processes.wait(lambda: b"Ctrl-C" in self.output.read_bytes() or process.poll() is not None, 90, 0.1)
        assert b"Ctrl-C" in self.output.read_bytes(), self.output.read_text()

    def end(self, number: signal.Signals) -> int:
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=40)

    def get(self, path: str) -> tuple[int, bytes]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            return error.code, error.read()

    def left(self) -> list[str]:
        """The live processes that know this home."""
        found = []
        needle = f"WANGGE_HOME={self.home}".encode()
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit() or processes.state(int(entry.name)) in ("", "Z"):
                continue
            try:
                if needle in (entry / "environ").read_bytes():
                    found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        found += [f"postgres {pid}" for pid in processes.working_in(self.cluster.data.resolve(), "postgres")]
        return found


@pytest.fixture
def system(tmp_path: Path) -> Iterator[System]:
    made = System(tmp_path / "home")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.process.kill()
        made.process.wait()
    processes.wait(lambda: not made.left(), 20, 0.2)


def _ready(system: System) -> bool:
    return system.get("/readyz")[0] == 200


def test_it_serves_is_ready_and_ends_on_ctrl_c_without_a_trace(system: System) -> None:
    system.up()
    assert system.get("/healthz") == (200, b'{"status": "ok"}')
    assert processes.wait(lambda: _ready(system), 30, 0.5), system.get("/readyz")[1]
    assert f"http://127.0.0.1:{system.port}" in system.output.read_text()
    assert system.end(signal.SIGINT) == 0
    assert processes.wait(lambda: not system.left(), 10, 0.1), system.left()


SLOW = 120
"""Slow senders of each kind, ten times and more what all threads are."""


def test_bodies_that_trickle_hold_nobody_up(system: System) -> None:
    system.up()
    head = f"Host: 127.0.0.1:{system.port}\r\nContent-Length: %d\r\n"
    form = f"POST /report/ HTTP/1.1\r\n{head}Content-Type: application/x-www-form-urlencoded\r\n\r\nk"
    api = f"POST /api/v1/cases HTTP/1.1\r\n{head}Content-Type: application/json\r\n"
    with ExitStack() as stack:
        def begin(text: str) -> socket.socket:
            opened = stack.enter_context(socket.create_connection(("127.0.0.1", system.port), timeout=10))
            opened.sendall(text.encode())
            return opened

        slow = [begin(form % 5000) for _ in range(SLOW)]
        slow += [begin(form % 5_000_000) for _ in range(SLOW)]
        slow += [begin(f"{api}Authorization: Bearer wg_nobody\r\n\r\n{{" % 5000) for _ in range(SLOW)]
        assert begin(f"{api}\r\n{{" % 5000).recv(64).startswith(b"HTTP/1.1 401"), "who has no token is not waited for"
        for number in range(6):
            for one in slow:
                one.sendall(b"k")
            # what never comes would outlast the patience of `get`
            assert system.get("/healthz" if number % 2 else "/accounts/login/")[0] == 200
        slow[0].sendall(b"k" * 5000)
        assert slow[0].recv(12) == b"HTTP/1.1 403", "a form without its mark against forgery, read to the end"
    assert system.end(signal.SIGINT) == 0


def test_it_runs_in_a_folder_too_deep_for_a_socket(tmp_path: Path) -> None:
    deep = System(tmp_path.joinpath(*["a folder far down"] * 8, "home"))
    deep.home.parent.mkdir(parents=True)
    try:
        deep.up()
        assert processes.wait(lambda: _ready(deep), 30, 0.5), deep.get("/readyz")[1]
    finally:
        assert deep.end(signal.SIGINT) == 0
    assert processes.wait(lambda: not deep.left(), 10, 0.1), deep.left()


def test_it_takes_everything_with_it_when_killed_and_starts_again(system: System) -> None:
    system.up()
    assert len(system.left()) > 4
    system.end(signal.SIGKILL)
    assert processes.wait(lambda: not system.left(), 30, 0.2), system.left()
    system.up()
    assert system.get("/healthz")[0] == 200
    assert system.end(signal.SIGTERM) == 0
    assert processes.wait(lambda: not system.left(), 10, 0.1), system.left()


def test_a_killed_server_process_is_started_again(system: System) -> None:
    system.up()
    assert system.process is not None
    children = Path(f"/proc/{system.process.pid}/task/{system.process.pid}/children").read_text().split()
    web = next(int(pid) for pid in children if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.killpg(web, signal.SIGKILL)
    time.sleep(0.5)
    assert processes.wait(lambda: _answers(system), 30, 0.2)
    assert "starting it again" in system.output.read_text()
    system.end(signal.SIGINT)


def _answers(system: System) -> bool:
    try:
        return system.get("/healthz")[0] == 200
    except OSError:
        return False


def test_a_busy_port_is_named_with_what_to_do(system: System) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", system.port))
        taken.listen()
        done = system.command("up", "--port", str(system.port))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert str(system.port) in done.stderr
    assert "--port" in done.stderr
    assert system.left() == []


def test_older_code_refuses_a_newer_schema(system: System) -> None:
    assert system.command("migrate", "-v0").returncode == 0
    system.cluster.start()
    try:
        system.cluster.psql(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('journal', '9999_future', now())",
            role="owner", database="wangge",
        )
    finally:
        system.cluster.stop()
    done = system.command("up", "--port", str(system.port))
    assert done.returncode == 1
    assert "journal.9999_future" in done.stderr
    assert not (system.home / "backups").exists()


def test_pending_migrations_are_applied_after_a_backup(system: System) -> None:
    assert system.command("migrate", "-v0").returncode == 0
    assert system.command("migrate", "sessions", "zero", "-v0").returncode == 0
    system.up()
    system.end(signal.SIGINT)
    (backup,) = (system.home / "backups").iterdir()
    manifest = json.loads((backup / "manifest.json").read_text())
    assert not any(name.startswith("sessions.") for name in manifest["migrations"])
    assert "journal.0001_journal" in manifest["migrations"]


@pytest.mark.parametrize(("words", "code"), [
    (["no-such-command"], 2), (["backup"], 2), (["rotate-secret", "nothing"], 2), (["restore", "/nowhere"], 1),
])
def test_exit_codes_tell_wrong_use_from_failure(system: System, words: list[str], code: int) -> None:
    done = system.command(*words)
    assert done.returncode == code
    assert "Traceback" not in done.stderr
