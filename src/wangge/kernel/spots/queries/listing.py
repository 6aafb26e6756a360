"""The list of files: filters, keyset pages, one statement a page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.queries.cursors import read_cursor, write_cursor
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.spots.access import Owner, may_see, visible_sql
from wangge.kernel.spots.lifecycle import State
from wangge.kernel.spots.sighting import counted_sql

MOST = 200
"""The most files on a page."""
KNOWN = frozenset(state.value for state in State)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. `class_prefix` matches a class code and all below it, `area_path` a path and all below it."""

    states: tuple[str, ...] = ()
    class_prefix: str = ""
    area_path: str = ""


class SpotRow(NamedTuple):
    """A file with its class, how many cases count in it, when the last came, and its newest remedy, if there is one."""

    id: UUID
    version: int
    number: str
    state: str
    path: str
    lon_e7: int
    lat_e7: int
    metres: int
    hold_days: int
    opened_at: datetime
    resolved_at: datetime | None
    reopens: int
    rebounds: int
    class_code: str
    class_name: str
    class_name_en: str
    cases: int
    last_at: datetime | None
    remedy: str | None
    planned_on: date | None
    finished_at: datetime | None
    outcome: str | None
    organisation: UUID | None
    organisation_name: str | None
    organisation_name_en: str | None
    post: str | None


class Page(NamedTuple):
    """A page of rows and the cursor of the next one, None at the end."""

    rows: list[SpotRow]
    next_cursor: str | None


ROW = (
    "s.id, s.version, s.number, s.state, s.path, s.lon_e7, s.lat_e7, s.metres, s.hold_days, s.opened_at, s.resolved_at,"
    " s.reopens, s.rebounds, k.code, k.name, k.name_en, n.cases, n.last_at, r.kind, r.planned_on, r.finished_at,"
    " r.outcome, r.organisation_id, o.name, nullif(o.name_en, ''), r.post_id"
)
WITH = f"""
JOIN cases_class k ON k.id = s.case_class
LEFT JOIN LATERAL (
  SELECT count(*) AS cases, max(c.reported_at) AS last_at FROM spots_member m JOIN cases_case c ON c.id = m.case_id
  WHERE m.spot_id = s.id AND c.case_class = s.case_class AND {counted_sql("c")}
) n ON TRUE
LEFT JOIN LATERAL (SELECT * FROM spots_remedy r WHERE r.spot_id = s.id ORDER BY r.seq DESC LIMIT 1) r ON TRUE
LEFT JOIN people_organisation o ON o.id = r.organisation_id
"""
"""What a `SpotRow` joins to the file `s`."""


def listing(by: Mandate, filters: Filters, *, cursor: str | None = None, limit: int = 50) -> Page:
    """One page of the files that match and the mandate sees, newest first. Raises `InvalidInput`."""
    limit = max(1, min(limit, MOST))
    conditions, values = _conditions(by, filters)
    if cursor:
        conditions.append("(s.opened_at, s.id) < (%s, %s)")
        values += read_cursor(cursor)
    order = "ORDER BY s.opened_at DESC, s.id DESC"
    with hot_cursor() as found:
        rows = found.execute(
            f"SELECT {ROW} FROM (SELECT s.* FROM spots_spot s WHERE {' AND '.join(conditions)} {order}"
            f" LIMIT {limit + 1}) s {WITH} {order}",
            values,
        ).fetchall()
    page = [SpotRow._make(row) for row in rows[:limit]]
    return Page(page, write_cursor(page[-1].opened_at, page[-1].id) if len(rows) > limit else None)


def by_state(by: Mandate, filters: Filters) -> dict[str, int]:
    """How many of the files are in each state, whatever states the filter names. One statement."""
    conditions, values = _conditions(by, msgspec.structs.replace(filters, states=()))
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT s.state, count(*) FROM spots_spot s WHERE {' AND '.join(conditions)} GROUP BY s.state", values
        ).fetchall()
    return dict.fromkeys(KNOWN, 0) | dict(rows)


def _conditions(by: Mandate, filters: Filters) -> tuple[list[str], list[Any]]:
    visible, values = visible_sql(by)
    conditions = [visible]
    if filters.states:
        for state in filters.states:
            if state not in KNOWN:
                raise InvalidInput("There is no such state.", field="state", value=state,
                                   expected="one of " + ", ".join(State))
        conditions.append("s.state = ANY(%s)")
        values.append(list(filters.states))
    if filters.area_path:
        conditions.append("s.path >= %s AND s.path < %s")
        values += [filters.area_path, after(filters.area_path)]
    if filters.class_prefix:
        conditions.append("s.case_class IN (SELECT id FROM cases_class WHERE code >= %s AND code < %s)")
        values += [filters.class_prefix, after(filters.class_prefix)]
    return conditions, values


class CaseSpot(NamedTuple):
    """The file that a case is in: the case is the `nth` of `cases` that count there, in the order of their reports."""

    number: str
    state: str
    nth: int
    cases: int


OF_CASE = f"""(
SELECT json_build_array(s.path, (SELECT json_agg(json_build_array(r.organisation_id, r.post_id)) FROM spots_remedy r
  WHERE r.spot_id = s.id), s.number, s.state, n.nth, n.cases)
FROM spots_member m JOIN spots_spot s ON s.id = m.spot_id CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE (x.reported_at, x.id) <= (c.reported_at, c.id)) AS nth, count(*) AS cases
  FROM spots_member o JOIN cases_case x ON x.id = o.case_id
  WHERE o.spot_id = s.id AND x.case_class = s.case_class AND {counted_sql("x")}
) n WHERE m.case_id = c.id)"""
"""The file of the case `c` as an SQL expression, for a statement that reads the case anyway (see `seen_of_case`)."""


def seen_of_case(value: Any, by: Mandate) -> CaseSpot | None:
    """The file of a case from the value of `OF_CASE`, where there is one that the mandate sees."""
    if value is None:
        return None
    path, owners, *told = value
    seen = may_see(path, msgspec.convert(owners or (), list[Owner]), by)
    return CaseSpot._make(told) if seen else None


def spot_of_case(case_id: UUID, by: Mandate) -> CaseSpot | None:
    """The file of a case, where it is in one that the mandate sees. One statement."""
    with hot_cursor() as cursor:
        row = cursor.execute(f"SELECT {OF_CASE} FROM cases_case c WHERE c.id = %s", [case_id], prepare=True).fetchone()
    return seen_of_case(row[0], by) if row else None
