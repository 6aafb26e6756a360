"""Real PostgreSQL for the tests: one template, built once by migrating, and cheap clones of it.

Without DATABASE_URL a cluster is started that lives as long as the run. With it (and DATABASE_OWNER_URL, whose
role may create databases) the same is done on that server; its template, named by the digest of the migration
files, stays there for the next run.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connections
from psycopg import sql

from tests import external
from wangge.interfaces.commands import grants
from wangge.settings import databases

ROOT = Path(__file__).resolve().parent.parent
ATTEMPTS = 10


def digest() -> str:
    """Names a schema: the digest of everything that makes it."""
    total = hashlib.sha256()
    for path in sorted([*ROOT.glob("src/wangge/**/migrations/*.py"), *ROOT.glob("src/wangge/kernel/**/catalogue.py"),
                        ROOT / "src/wangge/interfaces/commands/grants.py", ROOT / "requirements.lock"]):
        if path.is_file():
            total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()[:12]


def connect(role: str, database: str) -> psycopg.Connection[Any]:
    """A connection in autocommit as `owner` or `app`."""
    known = databases.of_role(role)
    return psycopg.connect(
        dbname=database, user=known["USER"], password=known["PASSWORD"], host=known["HOST"], port=known["PORT"],
        autocommit=True, **known["OPTIONS"],
    )


def point_at(name: str, role: str = "app") -> None:
    """Make Django's default connection mean this database; new threads follow, since the settings are shared."""
    connections["default"].close()
    known = databases.of_role(role)
    settings = connections.settings["default"]
    settings.update({key: known[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}, NAME=name)


def template() -> str:
    """The template's name; built if it is not there. One process builds, the others wait."""
    name = "_".join(filter(None, ["wangge_template", digest(), os.environ.get(external.VARIABLE, "")]))
    with (Path(os.environ["WANGGE_TEST_HOME"]) / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with connect("owner", maintenance()) as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                return name
            building = f"{name}_{secrets.token_hex(3)}"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(building)))
            try:
                point_at(building, "owner")
                call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
                grants.apply()
                leave_to_tests()
                connections["default"].close()
                connection.execute(
                    sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(building), sql.Identifier(name))
                )
            except BaseException:
                connections["default"].close()
                drop(building)
                raise
    return name


def leave_to_tests() -> None:
    """No vacuum by itself: it counts tables as empty whose rows a test has not committed, and plans change under it."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE "{name}" SET (autovacuum_enabled = off)')


def maintenance() -> str:
    """The database to connect to for creating others."""
    return str(databases.of_role("owner")["NAME"])


@contextmanager
def clone(of: str) -> Iterator[str]:
    """A fresh copy of the template for the block; 0.1 s."""
    name = f"wangge_test_{secrets.token_hex(6)}"
    with connect("owner", maintenance()) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY wal_log").format(sql.Identifier(name), sql.Identifier(of))
        )
    try:
        yield name
    finally:
        drop(name)


def drop(name: str) -> None:
    """Drop the database and whoever is still connected to it."""
    for attempt in range(ATTEMPTS):
        _end_connections(name)
        try:
            with connect("owner", maintenance()) as connection:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        except psycopg.errors.InsufficientPrivilege:  # somebody connected in between: a page that still asks
            if attempt == ATTEMPTS - 1:
                raise
            time.sleep(0.2)
        else:
            return


def _end_connections(name: str) -> None:
    with connect("app", maintenance()) as connection:
        # A server that has just been stopped may leave a connection; only its own role may end it.
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = current_user",
            [name],
        )
