"""What cases let go of by themselves, with the period and the legal basis of each kind.

The table is rendered in the guide of operations. A reporter's contact serves to tell them the result: it goes
180 days after the case ended (Personal Information Protection Law, art. 19: no longer than the purpose needs).
A photo that was never tied to a case goes after 7 days.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases.contacts import FIELDS
from wangge.kernel.cases.files import purge_loose, sweep
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.journal.services import erase

CONTACT_KEPT = timedelta(days=180)
LOOSE_KEPT = timedelta(days=7)
ENDED = [State.CLOSED.value, State.VOID.value]
REASON = "retention"
MOST = 1000
"""The most cases whose contacts one run erases; the next run goes on."""


def let_go(*, now: datetime, by: Mandate) -> dict[str, int]:
    """Erase contacts whose time is over, and files that belong to nothing. Repeatable; says how many of each."""
    contacts = 0
    for case_id in _over(now - CONTACT_KEPT):
        contacts += len(erase(subject_id=case_id, fields=FIELDS, reason_code=REASON, by=by).fields)
    return {"contacts": contacts, "loose_files": purge_loose(LOOSE_KEPT, now=now), "orphans": sweep()}


def _over(moment: datetime) -> list[UUID]:
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT c.id FROM cases_case c WHERE c.state = ANY(%s) AND c.stage_since < %s AND EXISTS ("
            " SELECT 1 FROM journal_content t WHERE t.subject_id = c.id AND t.field = ANY(%s)"
            " AND t.value IS NOT NULL) ORDER BY c.stage_since LIMIT %s",
            [ENDED, moment, list(FIELDS), MOST],
        ).fetchall()
    return [row[0] for row in rows]
