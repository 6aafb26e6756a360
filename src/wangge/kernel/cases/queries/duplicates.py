"""Which open cases may be about the same thing: near by, of the same class, reported about the same time.

The distances are the usual ones of the field (domain reference, 1.4): within 50 m and 24 hours. A case whose class
nobody has named yet may be the same as any.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import cos, radians
from typing import NamedTuple
from uuid import UUID

from wangge.base.geometry import Point, distance_m
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, readable_sql, visible_sql
from wangge.kernel.cases.lifecycle import OPEN
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.state import CaseState

NEAR_M = 50
WITHIN = timedelta(hours=24)
MOST = 20
_E7_PER_M = 10_000_000 / 111_320


class Candidate(NamedTuple):
    """A case that may be about the same thing, and how far off it stands, in whole metres."""

    id: UUID
    number: str
    state: str
    class_code: str | None
    class_name: str | None
    class_name_en: str | None
    description: str | None
    reported_at: datetime
    metres: int


_SQL = """
SELECT c.id, c.number, c.state, k.code, k.name, k.name_en, CASE WHEN {readable} THEN d.value END, c.reported_at,
  c.lon_e7, c.lat_e7
FROM cases_case c
LEFT JOIN cases_class k ON k.id = c.case_class
LEFT JOIN journal_content d ON d.subject_id = c.id AND d.seq = 1 AND d.field = 'description'
WHERE c.lon_e7 IS NOT NULL AND point(c.lon_e7, c.lat_e7) <@ box(point(%s, %s), point(%s, %s))
  AND c.reported_at BETWEEN %s AND %s AND c.state = ANY(%s) AND c.merged_into IS NULL AND c.parent IS NULL
  AND c.path >= %s AND c.path < %s AND (c.case_class IS NULL OR %s::uuid IS NULL OR c.case_class = %s)
  AND c.id IS DISTINCT FROM %s::uuid AND {visible}
LIMIT 200
"""


def candidates(
    *, point: Point, class_id: UUID | None, at: datetime, path: str, by: Mandate, but: UUID | None = None
) -> list[Candidate]:
    """Open cases near this point, the nearest first, by one statement. `but` is the case that asks."""
    high = round(NEAR_M * _E7_PER_M)
    wide = round(high / max(0.01, cos(radians(point.lat_e7 / 1e7))))
    visible, seen = visible_sql(by)
    root = root_of(path)
    readable, read = readable_sql(by)
    values = [
        *read, point.lon_e7 - wide, point.lat_e7 - high, point.lon_e7 + wide, point.lat_e7 + high,
        at - WITHIN, at + WITHIN, [state.value for state in OPEN], root, after(root), class_id, class_id, but, *seen,
    ]  # fmt: skip
    with hot_cursor() as cursor:
        rows = cursor.execute(_SQL.format(visible=visible, readable=readable), values).fetchall()
    found = [Candidate._make((*row[:8], round(distance_m(point, Point(*row[8:]))))) for row in rows]
    return sorted((one for one in found if one.metres <= NEAR_M), key=lambda one: (one.metres, one.number))[:MOST]


def candidates_for(case: CaseState, by: Mandate) -> list[Candidate]:
    """Cases that this one may be joined to; none where it has no point."""
    if case.lon_e7 is None or case.lat_e7 is None:
        return []
    return candidates(
        point=Point(case.lon_e7, case.lat_e7), class_id=case.case_class, at=case.reported_at, path=case.path, by=by,
        but=case.id,
    )  # fmt: skip
