"""Starts everything: database, schema, demo, web server, worker; and ends everything on Ctrl-C."""

from __future__ import annotations

import socket
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from django.conf import settings
from django.core.management import CommandParser, call_command, get_commands
from django.db import connection, connections

from wangge.base.errors import Unavailable
from wangge.interfaces.commands import schema, welcome
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.processes import wangge
from wangge.runtime import lease, postgres, processes, translations
from wangge.runtime.supervisor import Child, Supervisor
from wangge.settings import environment


class Command(WanggeCommand):
    """`wangge up`."""

    help = "Start the database, bring its schema up to date (after a backup), and serve until Ctrl-C."
    example = "wangge up --demo"
    facts: ClassVar[bool] = False

    def arguments(self, parser: CommandParser) -> None:
        """Where to serve, and whether to load the demo."""
        parser.add_argument("--demo", action="store_true", help="load the Nanxiashu demo into an empty database")
        parser.add_argument("--host", default="127.0.0.1", help="address to serve on (default 127.0.0.1)")
        parser.add_argument("--port", type=int, default=8311, help="port to serve on (default 8311)")
        parser.add_argument("--workers", type=int, default=2, help="web server processes (default 2)")

    def run(self, **options: Any) -> Facts | None:
        """Prepare, serve, end."""
        host, port = options["host"], options["port"]
        _require_free(host, port)
        supervisor = Supervisor(_children(host, port, options["workers"]), self.say, tend=self.revive)
        with supervisor.signals():
            for step in (self.close_files, self.migrate, self.collect, *([self.demo] if options["demo"] else [])):
                if supervisor.stopping.is_set():
                    return None
                step()
            connections.close_all()
            try:
                supervisor.start()
                if processes.wait(lambda: supervisor.stopping.is_set() or _answers(host, port), 60, 0.1):
                    if not supervisor.stopping.is_set():
                        self.stdout.write(welcome.text(f"http://{host}:{port}", demo=_demo_mark().is_file()))
                        self.stdout.flush()
                else:
                    raise Unavailable("The web server does not answer.", expected="see the log in WANGGE_HOME/logs")
                supervisor.watch()
            finally:
                self.say("Stopping …")
                supervisor.stop()
        return None

    def revive(self) -> None:
        """Start the embedded database again if it died: killed for memory, say. What was committed is recovered."""
        if environment.text("DATABASE_URL"):
            return
        cluster = postgres.Cluster(Path(settings.HOME))
        if not cluster.alive():
            self.say("The database ended; starting it again")
            lease.revive(cluster)

    def close_files(self) -> None:
        """The folder of what people sent is the owner's alone, also where an older version made it open."""
        if settings.FILES_ROOT.is_dir():
            settings.FILES_ROOT.chmod(0o700)

    def migrate(self) -> None:
        """Back up if there is something to lose, then migrate; never run older code on a newer schema."""
        now = schema.state()
        if now.unknown:
            raise Unavailable(
                f"The database was made by a newer Wangge: it knows {', '.join(now.unknown[:3])}.",
                expected="start that version, or restore the backup that was made before its migration",
            )
        if not now.pending:
            return
        if not now.empty:
            folder = Path(settings.HOME, "backups", f"before-migration-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
            self.say(f"Backing up to {folder} before {len(now.pending)} migrations …")
            call_command("backup", str(folder), stdout=self.stderr)
        self.say(f"Preparing the database ({len(now.pending)} migrations) …")
        connection.close()
        wangge("migrate", "--noinput", "-v", "0", role="owner")

    def collect(self) -> None:
        """Put the static files in place, compressed, and compile translations; only what changed."""
        with suppress(PermissionError):  # an installed package has its translations compiled
            translations.compile_all(settings.LOCALE_PATHS[0])
        call_command("collectstatic", interactive=False, verbosity=0)

    def demo(self) -> None:
        """Load the demo once, into a database without a record."""
        mark = _demo_mark()
        if mark.is_file():
            return
        if "load_scenario" not in get_commands() and "load-scenario" not in get_commands():
            self.say("There is no demo to load yet.")
            return
        begun = mark.with_name("demo.begun")
        if not begun.is_file() and _has_record():
            self.say("The database holds a record already; the demo is not loaded into it.")
            return
        begun.touch()
        self.say("Loading the demo …")
        connection.close()
        wangge("load-scenario", "nanxiashu", role="app")
        begun.rename(mark)


def _demo_mark() -> Path:
    return Path(settings.HOME, "demo.loaded")


def _has_record() -> bool:
    with connection.cursor() as cursor:
        if "journal_entry" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT EXISTS (SELECT FROM journal_entry)")
        row = cursor.fetchone()
        return bool(row and row[0])


def _children(host: str, port: int, workers: int) -> list[Child]:
    environment = {"WANGGE_SUPERVISED": "1", "WANGGE_DB_ROLE": "app"}
    web = [
        sys.executable, "-m", "granian", "--interface", "rsgi", "--http", "1", "--host", host, "--port", str(port),
        "--workers", str(workers), "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "wangge.rsgi:application",
    ]
    jobs = [
        sys.executable, "-m", "wangge", "procrastinate", "worker", "--concurrency", "2",
        "--shutdown-graceful-timeout", "10",
    ]
    return [Child("the web server", web, environment), Child("the worker", jobs, environment)]


def _require_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except OSError as error:
            raise Unavailable(
                f"Port {port} on {host} cannot be used: {error.strerror}.", field="port", value=port,
                expected="stop what serves there (another wangge?) or choose another with --port",
            ) from error


def _answers(host: str, port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
