"""An external server known by one URL only: its tests need a second role, made for the run and dropped after it."""

from __future__ import annotations

import os
import secrets
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

#: The role of this run, '' where two URLs are given or the embedded server is used.
VARIABLE = "WANGGE_TEST_ROLE"


def make_role() -> None:
    """With DATABASE_URL but no DATABASE_OWNER_URL: that URL is the owner's, and a serving role is made beside it."""
    owner = os.environ.get("DATABASE_URL", "")
    if not owner or os.environ.get("DATABASE_OWNER_URL"):
        return
    name, password = f"wangge_test_{secrets.token_hex(4)}", secrets.token_urlsafe(16)
    with psycopg.connect(owner, autocommit=True) as connection:
        try:
            connection.execute(sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(name), password))
        except psycopg.errors.InsufficientPrivilege as error:
            raise SystemExit("tests need DATABASE_OWNER_URL too, or a DATABASE_URL that may create roles") from error
    os.environ.update({VARIABLE: name, "DATABASE_OWNER_URL": owner, "DATABASE_URL": _as(owner, name, password)})


def drop_role() -> None:
    """The role and the templates that know it."""
    name = os.environ.get(VARIABLE, "")
    if not name:
        return
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as connection:
        for (database,) in connection.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"%{name}%"]):
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(name)))


def _as(url: str, name: str, password: str) -> str:
    """The same server and database, as somebody else."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    query = [pair for pair in parts.query.split("&") if pair and not pair.startswith(("user=", "password="))]
    login = f"{quote(name)}:{quote(password)}"
    return urlunsplit((parts.scheme, f"{login}@{place}", parts.path, "&".join(query), ""))
