"""What a part of the map holds: how many cases in each small box, by one statement, so that a map is never sent more
than it can draw and read.

Boxes are as many as fit on a screen whatever the zoom. At most `MOST_READ` cases are looked at; beyond that the newest
count, and the answer says so.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from wangge.base.mandate import Mandate
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries.conditions import Filters, conditions_of, near
from wangge.kernel.cases.queries.queue import CLASS
from wangge.kernel.cases.recording import hot_cursor

ACROSS, DOWN = 48, 32
MOST_BOXES = 2_000
MOST_READ = 20_000
assert (ACROSS + 1) * (DOWN + 1) <= MOST_BOXES


class Box(NamedTuple):
    """A small box with cases: their middle in 1e-7 degree, how many, how many of them late."""

    lon_e7: int
    lat_e7: int
    cases: int
    late: int


class Boxes(NamedTuple):
    """The boxes of a part of the map, the fullest first; `cut` says that not all cases were looked at."""

    boxes: list[Box]
    cases: int
    late: int
    cut: bool


_SQL = """
WITH found AS (
  SELECT c.lon_e7 AS lon, c.lat_e7 AS lat, coalesce(c.stage_due_at < %s AND c.state = ANY(%s), FALSE) AS late
  FROM cases_case c {join} WHERE {where} AND c.lon_e7 IS NOT NULL {order} LIMIT {most}
)
SELECT avg(lon)::int, avg(lat)::int, count(*), count(*) FILTER (WHERE late) FROM found
GROUP BY (lon - %s) / %s, (lat - %s) / %s ORDER BY count(*) DESC
"""


def boxes(by: Mandate, filters: Filters, *, now: datetime) -> Boxes:
    """The boxes of `filters.bbox` for what the filter holds there, by one statement."""
    assert filters.bbox is not None
    west, south, east, north = filters.bbox
    conditions, values = conditions_of(by, filters, now)
    where = " AND ".join(conditions)
    sql = _SQL.format(
        join=CLASS if "k." in where else "", where=where, most=MOST_READ + 1,
        order="" if near(filters.bbox) else "ORDER BY c.reported_at DESC",
    )  # fmt: skip
    wide, high = max(1, (east - west) // ACROSS), max(1, (north - south) // DOWN)
    with hot_cursor() as cursor:
        # a plan for any box at all suits none
        rows = cursor.execute(sql, [now, list(LIVE), *values, west, wide, south, high], prepare=False).fetchall()
    found = [Box(*row) for row in rows[:MOST_BOXES]]
    cases = sum(row[2] for row in rows)
    return Boxes(found, min(cases, MOST_READ), sum(row[3] for row in rows), cases > MOST_READ)
