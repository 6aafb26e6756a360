"""Other cases of the place of one case: the same class within the metres of the area's rule, seen by the mandate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import msgspec

from wangge.base.geometry import Point, distance_m
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import visible_sql
from wangge.kernel.cases.state import CaseState
from wangge.kernel.spots.near import E7_PER_M, FLATTEST
from wangge.kernel.spots.rules import HISTORY
from wangge.kernel.spots.ruling import DEFAULT
from wangge.kernel.spots.sighting import counted_sql

MOST = 50
"""So many are read, the newest first."""


class Former(NamedTuple):
    """A case of the same place. `metres` off, rounded; `ended`: how it ended (forced, disposed, inspected, closed), or
    empty while it is open; `before`: whether it was reported before the case that is asked about."""

    number: str
    state: str
    reported_at: datetime
    closed_at: datetime | None
    ended: str
    metres: int
    before: bool


class _Row(NamedTuple):
    number: str
    state: str
    reported_at: datetime
    closed_at: datetime | None
    ended: str
    lon_e7: int
    lat_e7: int


_WIDE = f"r.high / greatest({FLATTEST}, cos(radians(c.lat_e7 / 1e7)))"
_SQL = f"""(
SELECT json_build_array(r.metres, (SELECT json_agg(json_build_array(n.number, n.state, n.reported_at, n.closed_at,
    CASE WHEN n.state <> 'closed' THEN '' WHEN n.forced THEN 'forced' WHEN n.self_disposed THEN 'disposed'
      WHEN n.inspected_at IS NOT NULL THEN 'inspected' ELSE 'closed' END, n.lon_e7, n.lat_e7)
    ORDER BY n.reported_at DESC, n.id DESC)
  FROM (SELECT * FROM cases_case n WHERE n.lon_e7 IS NOT NULL AND n.case_class = c.case_class AND n.id <> c.id
      AND point(n.lon_e7, n.lat_e7) <@ box(point(c.lon_e7 - {_WIDE}, c.lat_e7 - r.high),
        point(c.lon_e7 + {_WIDE}, c.lat_e7 + r.high))
      AND n.reported_at > c.reported_at - make_interval(days => {HISTORY.days}) AND {counted_sql("n")} AND {{visible}}
    ORDER BY n.reported_at DESC, n.id DESC LIMIT {MOST}) n))
FROM (SELECT x.metres, x.metres * {E7_PER_M}::float8 AS high FROM (SELECT coalesce((
  SELECT u.metres FROM spots_rule u JOIN places_area a ON a.id = u.area_id
  WHERE u.active AND starts_with(c.path, a.path) ORDER BY length(a.path) DESC LIMIT 1),
  {DEFAULT.metres}) AS metres) x) r
WHERE c.lon_e7 IS NOT NULL AND c.case_class IS NOT NULL)"""


def of_place(by: Mandate) -> tuple[str, list[Any]]:
    """The other cases of the place of the case `c`, as an SQL expression and its values, for a statement that reads
    the case anyway (see `seen_of_place`): those of the year before it, and those that came since."""
    visible, values = visible_sql(by, "n")
    return _SQL.format(visible=visible), values


def seen_of_place(value: Any, case: CaseState) -> list[Former]:
    """The cases from the value of `of_place`, the newest first; those beyond the metres are left out."""
    if value is None or case.lon_e7 is None or case.lat_e7 is None:
        return []
    metres, found = value
    here = Point(case.lon_e7, case.lat_e7)
    rows = msgspec.convert(found or (), list[_Row])
    off = [(one, distance_m(here, Point(one.lon_e7, one.lat_e7))) for one in rows]
    return [
        Former(*one[:5], round(far), one.reported_at < case.reported_at) for one, far in off if far <= metres
    ]


def nth_within(former: Sequence[Former], case: CaseState, span: timedelta) -> int:
    """The how manieth case of its place this one is within the time before its report, itself included."""
    return 1 + sum(one.before and one.reported_at >= case.reported_at - span for one in former)
