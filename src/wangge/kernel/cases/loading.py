"""Cases from their rows: by id or number, alone or locked for an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import COLUMNS, CaseState
from wangge.kernel.journal.services import heads
from wangge.kernel.journal.writing import Head

SELECT = ", ".join(f"c.{name}" for name in COLUMNS)


class Loaded(NamedTuple):
    """A case with the head of its chain, a fresh ordinal, and the versions of reference data and places."""

    state: CaseState
    head: Head
    ordinal: int
    reference_version: int
    places_version: int


def of_row(row: Sequence[Any]) -> CaseState:
    """A case from a row that begins with the columns of `SELECT`."""
    return CaseState(**dict(zip(COLUMNS, row, strict=False)))


def load(case: UUID | str, by: Mandate) -> CaseState:
    """The case with this id or number. Raises `NotFound` where there is none that the mandate may see."""
    return load_with(case, by, ())[0]


def load_with(
    case: UUID | str, by: Mandate, beside: Sequence[str], values: Sequence[Any] = ()
) -> tuple[CaseState, Sequence[Any]]:
    """The same with what SQL expressions over the case `c` (with their `values`) give, by the one statement."""
    wanted = ", ".join((SELECT, *beside))
    with hot_cursor() as cursor:
        row = cursor.execute(
            f"SELECT {wanted} FROM cases_case c WHERE c.{_key(case)} = %s", [*values, case], prepare=True
        ).fetchone()
    if row is None or not may_see(state := of_row(row), by):
        raise missing(case)
    return state, row[len(COLUMNS) :]


def named(*names: str | UUID) -> tuple[str, list[Any]]:
    """The condition under which a case bears one of these ids or numbers, for `read_many` and `lock_many`."""
    ids, numbers = [], []
    for name in names:
        text = str(name).strip().replace(" ", "")
        try:
            ids.append(UUID(text))
        except ValueError:
            numbers.append(text)
    return "(c.id = ANY(%s) OR c.number = ANY(%s))", [ids, numbers]


def read_many(condition: str, values: Sequence[Any]) -> list[CaseState]:
    """Cases under an SQL condition on `c`, not locked, in the order of their ids. Who may see them is not asked."""
    with hot_cursor() as cursor:
        rows = cursor.execute(f"SELECT {SELECT} FROM cases_case c WHERE {condition} ORDER BY c.id", values).fetchall()
    return [of_row(row) for row in rows]


def lock(case: UUID | str, by: Mandate) -> Loaded:
    """The case locked until the transaction ends, with what an act needs, by one statement.

    Where somebody else held the lock meanwhile, the row is the one that he left, but the statement still sees
    the journal as before his commit: then the head is read by a second statement.
    """
    with hot_cursor() as cursor:
        row = cursor.execute(_LOCK.format(key=_key(case)), [case], prepare=True).fetchone()
        if row is None or not may_see(state := of_row(row), by):
            raise missing(case)
        seq, digest, recorded_at, ordinal, reference, places = row[len(COLUMNS) :]
        if seq is None:
            head = cursor.execute(_HEAD, [state.id, state.version]).fetchone()
            assert head is not None, "a deferrable key ties every version to its entry"
            seq, digest, recorded_at = head
    return Loaded(state, Head(seq, bytes(digest), recorded_at), ordinal, reference, places)


def lock_many(condition: str, values: Sequence[Any]) -> list[tuple[CaseState, Head]]:
    """Cases under an SQL condition on `c`, locked in the order of their ids, with the heads of their chains.

    The heads are read after the locks are held: nobody can move them any more.
    """
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT {SELECT} FROM cases_case c WHERE {condition} ORDER BY c.id FOR UPDATE", values
        ).fetchall()
    states = [of_row(row) for row in rows]
    known = heads([state.id for state in states])
    return [(state, known[state.id]) for state in states]


def due_sql(column: str, condition: str, most: int) -> str:
    """The statement of `lock_due`; its one value is the moment. The index on `column` gives the rows in order."""
    return (
        f"SELECT {SELECT} FROM cases_case c WHERE c.{column} <= %s AND {condition}"
        f" ORDER BY c.{column} LIMIT {most} FOR UPDATE SKIP LOCKED"
    )


def lock_due(column: str, condition: str, at: datetime, most: int) -> list[tuple[CaseState, Head]]:
    """The longest due of the cases whose `column` lies at or before `at`, locked, with the heads of their chains.

    Rows that somebody else holds are left to them.
    """
    with hot_cursor() as cursor:
        rows = cursor.execute(due_sql(column, condition, most), [at]).fetchall()
    states = [of_row(row) for row in rows]
    known = heads([state.id for state in states])
    return [(state, known[state.id]) for state in states]


_LOCK = (
    f"SELECT {SELECT}, e.seq, e.digest, e.recorded_at, nextval('journal_entry_ordinal'),"
    " (SELECT n FROM cases_reference_version), (SELECT n FROM places_version)"
    " FROM cases_case c LEFT JOIN journal_entry e ON e.subject_id = c.id AND e.seq = c.version"
    " WHERE c.{key} = %s FOR UPDATE OF c"
)
_HEAD = "SELECT seq, digest, recorded_at FROM journal_entry WHERE subject_id = %s AND seq = %s"


def missing(case: UUID | str) -> NotFound:
    """The error for a case that is not there, or not for this reader."""
    return NotFound("There is no such case that you may see.", field="id", value=case)


def _key(case: UUID | str) -> str:
    return "id" if isinstance(case, UUID) else "number"
