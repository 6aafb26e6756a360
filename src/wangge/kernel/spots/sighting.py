"""Which cases and files lie near some cases: two statements for a batch, by the indexes on position."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wangge.base.geometry import Point
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.spots.near import E7_PER_M, FLATTEST, Near
from wangge.kernel.spots.rules import COUNTED, HISTORY, LOOK_BACK, Centre, Sighting
from wangge.kernel.spots.ruling import Rules


def counted_sql(alias: str) -> str:
    """The condition that a case counts (see `rules.COUNTED`)."""
    states = ", ".join(f"'{state}'" for state in COUNTED)
    return f"{alias}.state IN ({states}) AND {alias}.merged_into IS NULL AND {alias}.parent IS NULL"


_WIDE = f"%(high)s / greatest({FLATTEST}, cos(radians(t.lat_e7 / 1e7)))"
_BOX = (
    f"box(point(t.lon_e7 - {_WIDE}, t.lat_e7 - %(high)s::float8),"
    f" point(t.lon_e7 + {_WIDE}, t.lat_e7 + %(high)s::float8))"
)
_FREE = "NOT EXISTS (SELECT 1 FROM spots_member m WHERE m.case_id = c.id)"

SIGHTINGS = f"""
WITH t AS MATERIALIZED (
  SELECT c.id, c.case_class, c.lon_e7, c.lat_e7, c.reported_at FROM cases_case c
  WHERE c.id = ANY(%(cases)s) AND c.lon_e7 IS NOT NULL AND c.case_class IS NOT NULL AND c.reported_at <= %(now)s
    AND {counted_sql("c")} AND {_FREE}
)
SELECT DISTINCT n.id, n.case_class, n.lon_e7, n.lat_e7, n.reported_at, n.closed_at, n.path, n.area,
  n.id IN (SELECT id FROM t)
FROM t CROSS JOIN LATERAL (
  SELECT c.id, c.case_class, c.lon_e7, c.lat_e7, c.reported_at, c.closed_at, c.path, c.area FROM cases_case c
  WHERE c.lon_e7 IS NOT NULL AND point(c.lon_e7, c.lat_e7) <@ {_BOX} AND c.case_class = t.case_class
    AND c.reported_at <= %(now)s AND c.reported_at > t.reported_at - %(back)s AND {counted_sql("c")} AND {_FREE}
) n
"""


def sightings_near(cases: Sequence[UUID], now: datetime, reach: int) -> tuple[list[Sighting], list[Sighting]]:
    """Those of the cases that count and are in no file yet; and with them all others of their class within twice the
    reach, so that whichever of them is near enough to open a file is seen with everything around it.
    """
    back = HISTORY + LOOK_BACK
    values = {"cases": list(cases), "now": now, "back": back, "high": 2 * reach * E7_PER_M}
    with hot_cursor() as cursor:
        rows = cursor.execute(SIGHTINGS, values).fetchall()
    found = [(Sighting(row[0], row[1], Point(row[2], row[3]), *row[4:8]), row[8]) for row in rows]
    return [one for one, acted_on in found if acted_on], [one for one, _ in found]


def openers_of(acted_on: Sequence[Sighting], sightings: Sequence[Sighting], reach: int) -> set[UUID]:
    """The cases that may open a file by what was acted on: those within reach of it."""
    near: Near[Sighting] = Near(reach, max((abs(one.point.lat) for one in sightings), default=0.0))
    for one in acted_on:
        near.add(one.case_class, one.point, one)
    return {one.id for one in sightings if any(True for _ in near.around(one.case_class, one.point, reach))}


CENTRES = f"""
SELECT DISTINCT s.number, s.id, s.case_class, s.lon_e7, s.lat_e7, s.metres
FROM unnest(%(classes)s::uuid[], %(lons)s::int[], %(lats)s::int[]) t(case_class, lon_e7, lat_e7)
JOIN spots_spot s ON s.case_class = t.case_class AND point(s.lon_e7, s.lat_e7) <@ {_BOX}
ORDER BY s.number
"""


def centres_near(acted_on: Sequence[Sighting], reach: int) -> list[Centre]:
    """The files that may reach any of the sightings around these cases, the oldest first."""
    values = {
        "classes": [one.case_class for one in acted_on], "lons": [one.point.lon_e7 for one in acted_on],
        "lats": [one.point.lat_e7 for one in acted_on], "high": 3 * reach * E7_PER_M,
    }
    with hot_cursor() as cursor:
        rows = cursor.execute(CENTRES, values).fetchall()
    return [Centre(row[1], row[2], Point(row[3], row[4]), row[5]) for row in rows]


def reach_of(known: Rules) -> int:
    """The most metres that a rule in force or an existing file reaches."""
    with hot_cursor() as cursor:
        row = cursor.execute("SELECT max(metres) FROM spots_spot").fetchone()
    return max(known.farthest, row[0] if row and row[0] else 0)
