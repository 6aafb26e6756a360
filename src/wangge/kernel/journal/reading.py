"""Reading the journal's rows as they lie there: fast, in one snapshot, and without choking on garbage.

Values come back raw (times as UTC microseconds, UUIDs as text, JSON as bytes, text with unreadable bytes
escaped), so that a row somebody tampered with reaches the verifier instead of raising in the driver.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

BATCH = 5_000
_Y2000_US = 946_684_800_000_000

ENTRY_COLUMNS = (
    "subject_id, seq, subject_type, verb, actor, duty, area, channel, at, recorded_at, form, data, "
    "previous_digest, digest, ordinal"
)
SEAL_COLUMNS = "number, sealed_at, form, covers::text, count, root, marks, previous_digest, digest"


class _Text(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return str(data, "utf-8", "surrogateescape")


class _Uuid(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        text = bytes(data).hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class _Microseconds(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> int:
        return int.from_bytes(data, "big", signed=True) + _Y2000_US


class _Json(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        return bytes(data)[1:]  # the first byte is the version of the wire format


@contextmanager
def snapshot() -> Iterator[psycopg.Connection[Any]]:
    """One unchanging view of the database for all that is read inside.

    Within a caller's transaction that transaction is used as it is.
    """
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        assert connection.connection is not None
        yield connection.connection


def stream(
    conn: psycopg.Connection[Any], name: str, sql: str, params: Sequence[Any] = (), batch: int = BATCH
) -> Iterator[tuple[Any, ...]]:
    """Raw rows of a query through a server-side cursor, `batch` at a time."""
    with psycopg.ServerCursor(conn, name=f"journal_{name}") as cursor:
        raw(cursor)
        cursor.execute(sql, list(params), binary=True)
        while rows := cursor.fetchmany(batch):
            yield from rows


def fetch(conn: psycopg.Connection[Any], sql: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """All raw rows of a query at once."""
    with psycopg.Cursor(conn) as cursor:  # not the connection's own kind, which cannot fetch binary
        raw(cursor)
        cursor.execute(sql, list(params), binary=True)
        return cursor.fetchall()


def raw(cursor: psycopg.Cursor[Any]) -> None:
    """Let this cursor return raw values (see the module)."""
    for kind, loader in (("text", _Text), ("uuid", _Uuid), ("timestamptz", _Microseconds), ("jsonb", _Json)):
        cursor.adapters.register_loader(kind, loader)


LEAVES = """
SELECT e.ordinal, e.digest FROM unnest({ranges}) AS part(r)
JOIN journal_entry e ON e.ordinal >= coalesce(lower(part.r), -9223372036854775808)
  AND e.ordinal < coalesce(upper(part.r), 9223372036854775807)
ORDER BY e.ordinal
"""
"""Ordinal and digest of the entries within `{ranges}` (an int8multirange), by the index on ordinal."""
