"""From decided changes to rows: `record` writes any number of them, each with its journal entries, at once.

A few changes go in by one statement; many new cases by COPY, while the next batch is being decided (see
`overlapping`). Both write the same rows, which a test compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

import msgspec
import psycopg
from django.db import connection

from wangge.base.errors import Moved, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.cases.state import COLUMNS, DEFAULTS, CaseState, Change
from wangge.kernel.journal.writing import INSERT_CONTENTS, INSERT_ENTRIES, ContentRow, EntryRow, encode, write


class ReportRow(msgspec.Struct, gc=False):
    """A row of `cases_report`; the digest stands as PostgreSQL hex."""

    id: UUID
    case_id: UUID
    key: str | None
    request_digest: str | None
    tracking_code: str | None
    channel: str
    reported_at: datetime


class TermsRow(msgspec.Struct, gc=False):
    """A row of `cases_search`."""

    case_id: UUID
    terms: list[str]


class Rows(NamedTuple):
    """Everything that one `record` writes, in the order of the tables' dependence."""

    entries: list[EntryRow]
    contents: list[ContentRow]
    new: list[CaseState]
    moved: list[CaseState]
    reports: list[ReportRow]
    terms: list[TermsRow]


_SET = ", ".join(f"{name} = x.{name}" for name in COLUMNS if name != "id")
_BASE = "json_populate_record(NULL::cases_case, '" + msgspec.json.encode(DEFAULTS).decode() + "')"
"""A case with nothing but defaults: what the rows leave out takes its value from here."""
_PARTS = {
    "entries": INSERT_ENTRIES,
    "contents": INSERT_CONTENTS,
    "new": f"INSERT INTO cases_case SELECT * FROM json_populate_recordset({_BASE}, %s::json)",
    "moved": f"UPDATE cases_case c SET {_SET} FROM json_populate_recordset({_BASE}, %s::json) x WHERE c.id = x.id",
    "reports": "INSERT INTO cases_report SELECT * FROM json_populate_recordset(NULL::cases_report, %s::json)",
    "terms": "INSERT INTO cases_search SELECT * FROM json_populate_recordset(NULL::cases_search, %s::json)",
}


def rows_of(
    changes: Iterable[Change],
    ordinals: Iterable[int],
    *,
    by: Mandate,
    reports: Sequence[ReportRow] = (),
    terms: Sequence[TermsRow] = (),
) -> Rows:
    """The rows of these changes: entries with their digests, contents, and the cases as they now stand.

    The entry's columns say who acted under which duty: `by`, where a change does not name who did each of its acts.
    `ordinals` are fresh numbers, one an act.
    """
    rows = Rows([], [], [], [], list(reports), list(terms))
    numbers = iter(ordinals)
    for change in changes:
        head = change.head
        for place, act in enumerate(change.acts):
            at = None if change.times is None else change.times[place]
            who = by if change.by is None else change.by[place]
            entry, head = write(act, by=who, ordinal=next(numbers), head=head, contents=rows.contents, at=at)
            rows.entries.append(entry)
        (rows.new if change.before is None else rows.moved).append(change.after)
    return rows


def record(
    changes: Sequence[Change],
    ordinals: Sequence[int],
    *,
    by: Mandate,
    reports: Sequence[ReportRow] = (),
    terms: Sequence[TermsRow] = (),
    guard: str = "",
    guard_values: Sequence[Any] = (),
) -> bool:
    """Write the changes by one statement. True if it did.

    `guard` is a condition in SQL under which alone anything is written (the versions that the decision was
    based on still hold); False means that it did not hold and nothing was written.
    """
    return insert(rows_of(changes, ordinals, by=by, reports=reports, terms=terms), guard, guard_values)


def insert(rows: Rows, guard: str = "", guard_values: Sequence[Any] = ()) -> bool:
    """One statement for all rows. Raises `Moved` when another act came first."""
    parts = [(name, getattr(rows, name)) for name in Rows._fields if getattr(rows, name)]
    where = f" WHERE {guard}" if guard else ""
    clauses = []
    values: list[Any] = []
    for name, part in parts:
        text = _PARTS[name]
        if guard:
            text += (" AND " if " WHERE " in text else " WHERE ") + "EXISTS (SELECT 1 FROM ok)"
        clauses.append(f"{name} AS ({text} RETURNING 1)")
        values.append(encode(part))
    if guard:
        clauses.insert(0, f"ok AS MATERIALIZED (SELECT 1{where})")
        values = [*guard_values, *values]
    sql = f"WITH {', '.join(clauses)} SELECT count(*) FROM {parts[0][0]}"
    with hot_cursor() as cursor:
        try:
            written = cursor.execute(sql, values, prepare=True).fetchone()
        except psycopg.errors.IntegrityError as error:
            raise _explained(error) from error
    return bool(written and written[0])


def hot_cursor() -> psycopg.Cursor[Any]:
    """psycopg's own cursor on Django's connection, which binds on the server, so statements stay prepared.

    The connection's own factory gives cursors that bind on the client and prepare nothing. A connection that
    the server broke is opened anew, which Django does only for cursors of its own.
    """
    if connection.connection is not None and connection.connection.closed and not connection.in_atomic_block:
        connection.close()
    connection.ensure_connection()
    return psycopg.Cursor(cast("psycopg.Connection[Any]", connection.connection))


def _explained(error: psycopg.errors.IntegrityError) -> WanggeError | psycopg.errors.IntegrityError:
    name = error.diag.constraint_name or ""
    if name == "journal_entry_pkey":
        return Moved("Somebody else acted on this case first; look again and repeat.")
    return error
