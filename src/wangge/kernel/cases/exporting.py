"""Lists that leave the system: the cases of a filter, for a workbook or the printer.

The same rows as on the page, words withheld where the mandate does not read them. Where words of restricted or
confidential classes go out, that is an entry: who took which of them, by what filter, and for what.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import may_read
from wangge.kernel.cases.queries.conditions import Filters
from wangge.kernel.cases.queries.queue import MOST as PAGE
from wangge.kernel.cases.queries.queue import QueueRow, queue
from wangge.kernel.cases.reference import reference
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import Atlas

SUBJECT, VERB = "export", "export"
MOST = 5_000
"""A list of more cases than this is narrowed first."""


class Exported(NamedTuple):
    """The rows, whether there are more, and how many of them hold words that not everybody reads."""

    rows: list[QueueRow]
    cut: bool
    sensitive: int


def export(
    by: Mandate, filters: Filters, *, now: datetime, places: Atlas, kind: str, asked: Mapping[str, str],
    most: int = MOST,
) -> Exported:
    """Up to `most` cases; `kind` is xlsx or print, `asked` the conditions as codes, without words searched for."""
    rows: list[QueueRow] = []
    cursor: str | None = None
    while True:
        page = queue(by, filters, now=now, places=places, cursor=cursor, limit=min(PAGE, most - len(rows)))
        rows += page.rows
        cursor = page.next_cursor
        if cursor is None or len(rows) >= most:
            break
    sensitive = [row for row in rows if _sensitive(row, by)]
    if sensitive:
        place = places.by_path.get(by.scope_path)
        data = {
            "kind": kind, "cases": len(rows), "filter": dict(sorted(asked.items())),
            "sensitive": [str(row.case.id) for row in sensitive],
        }  # fmt: skip
        append([Act(new_id(), SUBJECT, VERB, place.id if place else None, data)], by=by)
    return Exported(rows, cursor is not None, len(sensitive))


def _sensitive(row: QueueRow, by: Mandate) -> bool:
    level = reference().level_of(row.case.case_class)
    return level != "public" and may_read(row.case, level, by)
