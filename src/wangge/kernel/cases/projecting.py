"""Whether the present state of cases is what their entries add up to.

The journal's own verification holds the entries; this holds the table that lists and deadlines are read from.
One merge of two ordered reads in one snapshot.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import psycopg
from psycopg.types.json import JsonbLoader

from wangge.kernel.cases.loading import SELECT, of_row
from wangge.kernel.cases.replaying import replay
from wangge.kernel.cases.rules import SUBJECT
from wangge.kernel.cases.state import COLUMNS, CaseState
from wangge.kernel.journal.reading import snapshot
from wangge.kernel.journal.verifying import Report

KIND = "state-differs"
MISSING = "state-missing"
_ENTRIES = (
    "SELECT subject_id, seq, data->'set' FROM journal_entry WHERE subject_type = %s AND (%s::uuid IS NULL"
    " OR subject_id = %s) ORDER BY subject_id, seq"
)
_CASES = f"SELECT {SELECT} FROM cases_case c WHERE %s::uuid IS NULL OR c.id = %s ORDER BY c.id"


def check_projection(report: Report, *, subject: UUID | None = None) -> int:
    """Compare every case (or one) with the replay of its entries; note each difference by column. Returns how many
    cases were compared. Never raises for what somebody wrote into the rows."""
    compared = 0
    with snapshot() as conn:
        stored = _stored(conn, subject)
        case = next(stored, None)
        for case_id, entries in groupby(_read(conn, "entries", _ENTRIES, [SUBJECT, subject, subject]), itemgetter(0)):
            while case is not None and case.id < case_id:
                report.fault(MISSING, f"case {case.number} has no entry", subject=str(case.id))
                case = next(stored, None)
            if case is None or case.id != case_id:
                report.fault(MISSING, "the journal tells of a case that is not there", subject=str(case_id))
                continue
            for detail in _differences(case, [(row[0], row[1], {"set": row[2] or {}}) for row in entries]):
                report.fault(KIND, detail, subject=str(case_id), seq=case.version)
            compared += 1
            case = next(stored, None)
    return compared


def _differences(case: CaseState, entries: list[tuple[UUID, int, dict[str, Any]]]) -> list[str]:
    try:
        told = replay(entries)
    except (TypeError, ValueError, AttributeError, OverflowError) as error:
        return [f"the entries of case {case.number} add up to nothing ({type(error).__name__})"]
    return [
        f"case {case.number}: the entries say {name} = {getattr(told, name)}, the table {getattr(case, name)}"
        for name in COLUMNS
        if getattr(told, name) != getattr(case, name)
    ]


def _stored(conn: psycopg.Connection[Any], subject: UUID | None) -> Iterator[CaseState]:
    return (of_row(row) for row in _read(conn, "cases", _CASES, [subject, subject]))


def _read(conn: psycopg.Connection[Any], name: str, sql: str, values: list[Any]) -> Iterator[tuple[Any, ...]]:
    with psycopg.ServerCursor(conn, name=f"projection_{name}") as cursor:
        cursor.adapters.register_loader("jsonb", JsonbLoader)
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(5000):
            yield from rows
