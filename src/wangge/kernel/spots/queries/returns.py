"""Places where something came back: the files that a case of a period joined, with how often it came before."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.spots.access import visible_sql
from wangge.kernel.spots.sighting import counted_sql


class Return(NamedTuple):
    """A file, its class and place, how many cases count there within the days before, and its newest remedy, if any."""

    number: str
    state: str
    path: str
    class_name: str
    class_name_en: str
    cases: int
    last_at: datetime
    first_at: datetime
    remedy: str | None
    outcome: str | None
    lon_e7: int
    lat_e7: int


_SQL = """
SELECT s.number, s.state, s.path, k.name, k.name_en, n.cases, n.last_at, n.first_at, r.kind, r.outcome, s.lon_e7,
  s.lat_e7
FROM spots_spot s JOIN cases_class k ON k.id = s.case_class
CROSS JOIN LATERAL (
  SELECT count(*) AS cases, max(c.reported_at) AS last_at, min(c.reported_at) AS first_at
  FROM spots_member m JOIN cases_case c ON c.id = m.case_id
  WHERE m.spot_id = s.id AND c.case_class = s.case_class AND {counted} AND c.reported_at < %s
    AND c.reported_at >= %s - interval '90 days'
) n
LEFT JOIN LATERAL (SELECT * FROM spots_remedy x WHERE x.spot_id = s.id ORDER BY x.seq DESC LIMIT 1) r ON TRUE
WHERE n.last_at >= %s AND n.cases > 1 AND s.id IN (
  SELECT m.spot_id FROM cases_case c JOIN spots_member m ON m.case_id = c.id
  WHERE c.reported_at >= %s AND c.reported_at < %s
) AND {visible}
ORDER BY n.cases DESC, n.last_at DESC LIMIT %s
"""


def came_back(by: Mandate, start: datetime, end: datetime, *, limit: int = 5) -> list[Return]:
    """The files in which a case of this half-open period counts and is not the first within 90 days; most cases first.

    One statement.
    """
    sql, values = value_of(by, start, end, limit=limit)
    with hot_cursor() as cursor:
        row = cursor.execute(f"SELECT {sql}", values).fetchone()
    return told(row[0] if row else None)


def value_of(by: Mandate, start: datetime, end: datetime, *, limit: int = 5) -> tuple[str, list[Any]]:
    """The same as an SQL expression with its values, for a statement that is sent anyway (see `told`)."""
    visible, values = visible_sql(by)
    sql = _SQL.format(counted=counted_sql("c"), visible=visible)
    columns = ", ".join(f"f{number}" for number in range(len(Return._fields)))
    rows = f"SELECT json_agg(json_build_array({columns})) FROM ({sql}) z({columns})"
    return f"({rows})", [end, end, start, start, end, *values, limit]


def told(value: Any) -> list[Return]:
    """The files from the value of `value_of`."""
    return msgspec.convert(value or (), list[Return])
