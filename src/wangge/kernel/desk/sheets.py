"""What the sheet of a shift says: what came in, what is open by whom, what is late, what waits. Three statements."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases import queries
from wangge.kernel.cases.access import visible_sql
from wangge.kernel.cases.lifecycle import LIVE, OPEN
from wangge.kernel.cases.queries import Filters, QueueRow
from wangge.kernel.cases.recording import hot_cursor

MOST_LATE = 60
"""So many late cases stand on a sheet by number; of more it says how many there are."""
WAITS = ("request", "order", "call", "meeting")


class Held(NamedTuple):
    """Open cases that one organisation or post has, or (with neither) that stand at one stage of the desk's own."""

    organisation: UUID | None
    name: str | None
    name_en: str | None
    post: str | None
    state: str | None
    cases: int
    late: int


class Sheet(NamedTuple):
    """A sheet as it stands at `ends`. `late` has at most `MOST_LATE` rows; `counts` has `late` and the `WAITS`."""

    begins: datetime
    ends: datetime
    came: Mapping[str, int]
    open: tuple[Held, ...]
    late: tuple[QueueRow, ...]
    counts: Mapping[str, int]

    def facts(self) -> dict[str, Any]:
        """As they are written down: codes, ids and numbers."""
        return {
            "came": dict(self.came),
            "open": [
                [str(one.organisation) if one.organisation else None, one.post, one.state, one.cases, one.late]
                for one in self.open
            ],
            "late": [row.case.number for row in self.late],
            "waits": {name: self.counts[name] for name in WAITS},
            "late_in_all": self.counts["late"],
        }


_CAME = (
    "SELECT c.source, count(*) FROM cases_case c WHERE {visible} AND c.reported_at >= %s AND c.reported_at < %s"
    " AND c.parent IS NULL GROUP BY c.source ORDER BY count(*) DESC, c.source"
)
_OPEN = (
    "SELECT x.organisation, o.name, nullif(o.name_en, ''), x.post, x.state, x.n, x.late FROM ("
    "SELECT c.organisation, c.post, CASE WHEN c.organisation IS NULL AND c.post IS NULL THEN c.state END AS state,"
    " count(*) AS n, count(*) FILTER (WHERE c.stage_due_at < %s AND c.state = ANY(%s)) AS late"
    " FROM cases_case c WHERE {visible} AND c.state = ANY(%s) AND c.merged_into IS NULL GROUP BY 1, 2, 3"
    ") x LEFT JOIN people_organisation o ON o.id = x.organisation ORDER BY x.late DESC, x.n DESC, x.post, x.state"
)


def sheet(by: Mandate, *, begins: datetime, ends: datetime) -> Sheet:
    """The sheet of the mandate's ground for a shift that ends now."""
    visible, values = visible_sql(by)
    with hot_cursor() as cursor:
        came = cursor.execute(_CAME.format(visible=visible), [*values, begins, ends]).fetchall()
        live, held = list(LIVE), list(OPEN)
        rows = cursor.execute(_OPEN.format(visible=visible), [ends, live, *values, held]).fetchall()
    late = Filters(states=tuple(LIVE), overdue=True, order="due", joined=False)
    found = queries.queue(by, late, now=ends, limit=MOST_LATE)
    asked = {"late": late} | {name: Filters(waiting=name) for name in WAITS}
    counted = queries.counts(by, asked, now=ends)
    return Sheet(begins, ends, dict(came), tuple(Held(*row) for row in rows), tuple(found.rows), counted)
