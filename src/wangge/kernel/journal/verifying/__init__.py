"""Verify: does the journal still say what was written?

Every digest is computed anew, by each entry's own form. One snapshot of the database is streamed: entries and
contents in order of (subject, seq) and beside them the state tables, then the seals, then the heads. A row that
cannot be read is a fault, never a crash. Finding nothing shows that nothing under a seal was changed, as long as
the digest of one later seal is also kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg

from wangge.kernel.journal.reading import ENTRY_COLUMNS, fetch, snapshot, stream
from wangge.kernel.journal.verifying.chains import Chains
from wangge.kernel.journal.verifying.heads import check_heads
from wangge.kernel.journal.verifying.report import Fault, Report
from wangge.kernel.journal.verifying.seals import check_seals, count_unsealed
from wangge.kernel.journal.verifying.states import States

__all__ = ["Fault", "Report", "verify", "verify_on"]

Progress = Callable[[int, int], None]


def verify(
    *, subject: UUID | None = None, anchors: Sequence[str] = (), progress: Progress | None = None
) -> Report:
    """Verify the whole journal, or one subject's chain and the seals over it.

    `anchors` are digests of seals (64 hexadecimal digits) that were printed or posted: each must still be
    there. `progress(done, total)` is called every few thousand entries.
    """
    with snapshot() as conn:
        return verify_on(conn, subject=subject, anchors=anchors, progress=progress)


def verify_on(
    conn: psycopg.Connection[Any],
    *,
    subject: UUID | None = None,
    anchors: Sequence[str] = (),
    progress: Progress | None = None,
) -> Report:
    """`verify` on a connection that is in a transaction."""
    report = Report()
    only, params = ("", []) if subject is None else ("WHERE subject_id = %s::uuid", [str(subject)])
    total = 0
    if progress:
        [(total,)] = fetch(conn, f"SELECT count(*) FROM journal_entry {only}", params)
    fetch(conn, "SELECT set_config('cursor_tuple_fraction', '1', true)")
    entries = stream(
        conn, "entries", f"SELECT {ENTRY_COLUMNS} FROM journal_entry {only} ORDER BY subject_id, seq", params
    )
    contents = stream(
        conn,
        "contents",
        f"SELECT subject_id, seq, field, value, salt FROM journal_content {only} ORDER BY subject_id, seq",
        params,
    )
    states = States(conn, report, params[0] if params else None)
    Chains(report, contents, states, lambda done: progress(done, total) if progress else None).walk(entries)
    check_seals(
        conn, report, anchors=[anchor.lower() for anchor in anchors], of_subject=params[0] if params else None
    )
    check_heads(conn, report, params[0] if params else None)
    report.unsealed = count_unsealed(conn)
    return report
