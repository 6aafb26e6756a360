"""The present state against the heads of the chains: a state row without its entry betrays a cut tail."""

from __future__ import annotations

from typing import Any

import psycopg

from wangge.kernel.journal import subjects
from wangge.kernel.journal.reading import stream
from wangge.kernel.journal.verifying.report import Report


def check_heads(conn: psycopg.Connection[Any], report: Report, subject: str | None = None) -> None:
    """Compare every `Versioned` table with the journal: each row's version is the head of its chain."""
    only = "" if subject is None else "WHERE s.id = %s::uuid"
    for number, table in enumerate(subjects.state_tables()):
        rows = stream(
            conn,
            f"heads_{number}",
            f"SELECT s.id, s.version, h.seq FROM {table} s LEFT JOIN LATERAL (SELECT seq FROM journal_entry"
            " WHERE subject_id = s.id ORDER BY seq DESC LIMIT 1) h ON true"
            f" {only} {'AND' if only else 'WHERE'} h.seq IS DISTINCT FROM s.version",
            [] if subject is None else [subject],
        )
        for found, version, head in rows:
            if head is None or version > head:
                report.fault(
                    "head-cut",
                    f"{table} stands at version {version}, but the journal ends at {head or 0}",
                    subject=found,
                    seq=version,
                )
            else:
                report.fault(
                    "head-behind",
                    f"{table} stands at version {version}, but the journal goes on to {head}",
                    subject=found,
                    seq=head,
                )
