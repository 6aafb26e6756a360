"""The same outcome, counted from the tables: what was stored is what was simulated."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db import connection

from wangge.base.clock import to_us
from wangge.kernel.cases.access import after
from wangge.scenarios.nanxiashu.past.books import Counted, Tally
from wangge.scenarios.nanxiashu.past.names import ROOT

_ROWS = (
    "SELECT c.number, k.code, c.state, c.tier, c.due_at < c.handled_at, e.verb, e.at FROM cases_case c"
    " JOIN cases_class k ON k.id = c.case_class JOIN journal_entry e ON e.subject_id = c.id"
    " WHERE c.path >= %s AND c.path < %s ORDER BY c.reported_at, c.number, e.seq"
)


def recounted(root: str = f"{ROOT}/") -> dict[str, Any]:
    """What `Tally.facts` says, of the cases below a root."""
    tally = Tally()
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, [root, after(root)])
        for number, (_, found) in enumerate(groupby(cursor.fetchall(), key=lambda row: row[0])):
            rows = list(found)
            _, code, state, tier, late, _, _ = rows[0]
            tally.count(Counted(number, code[:3], state, tier, bool(late), [(row[5], to_us(row[6])) for row in rows]))
    return tally.facts()
