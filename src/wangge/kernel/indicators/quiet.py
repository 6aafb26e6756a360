"""Where reports come from and where none come: cases by grid, and grids that are silent though somebody is on duty."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after, visible_sql
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.indicators.asking import Question, asked, named
from wangge.kernel.indicators.bases import BASES
from wangge.kernel.indicators.periods import Period
from wangge.kernel.places.paths import ancestors
from wangge.kernel.places.queries import AreaInfo

PRESENT = frozenset({"regular", "acting", "deputy"})
USUAL_DAYS = 7
"""So many days without a report are silence, where nobody says otherwise."""


class Reports(NamedTuple):
    """Of a grid: the cases that were reported in the period (as the indicators count them), and when the last report
    came at all, void and joined ones included."""

    cases: int = 0
    last: datetime | None = None


class Silent(NamedTuple):
    """A silent grid: its last report, since when it is silent, how many are on duty there.

    Where no report ever came, the silence began with the longest of their duties.
    """

    grid: AreaInfo
    last: datetime | None
    since: datetime
    people: int


def reports(
    question: Question, period: Period, *, cells: Container[str], by: Mandate, now: datetime
) -> dict[str, Reports]:
    """By the nearest of these paths at or above a case's, '' for none. One statement. Raises as `figures` does."""
    found = asked(question, period, by=by, now=now)
    visible = named(*visible_sql(by), "any", found.values)
    counted = " AND ".join((*found.conditions, "c.reported_at < %(end)s", f"({BASES['reported'].sql})"))
    sql = (
        f"SELECT c.path, count(*) FILTER (WHERE {counted}), max(c.reported_at) FROM cases_case c {found.joins}"
        f" WHERE {visible} AND c.path >= %(area)s AND c.path < %(after_area)s AND c.reported_at <= %(now)s"
        " GROUP BY c.path"
    )
    with hot_cursor() as cursor:
        rows = cursor.execute(sql, found.values, prepare=False).fetchall()
    return _by_cell(rows, cells)


def _by_cell(rows: Iterable[tuple[str, int, datetime | None]], cells: Container[str]) -> dict[str, Reports]:
    by_grid: dict[str, Reports] = {}
    for path, cases, last in rows:
        key = next((one for one in sorted(ancestors(path), key=len, reverse=True) if one in cells), "")
        before = by_grid.get(key, Reports())
        by_grid[key] = Reports(before.cases + cases, max(filter(None, (before.last, last)), default=None))
    return by_grid


class OnDuty(Protocol):
    """What a duty says about who could have reported."""

    @property
    def area_path(self) -> str: ...
    @property
    def post(self) -> str: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def valid_from(self) -> datetime: ...


class Held(NamedTuple):
    """A duty on a grid, as far as `silent` asks."""

    area_path: str
    post: str
    person_id: UUID
    kind: str
    valid_from: datetime


WINDOW = timedelta(days=30)
"""So far back `lately` looks for reports."""
_LATELY = """(SELECT json_build_array(
  (SELECT json_agg(json_build_array(x.path, x.n, x.last)) FROM (
    SELECT c.path, count(*), max(c.reported_at) FROM cases_case c WHERE {visible} AND c.path >= %s AND c.path < %s
      AND c.reported_at > %s AND c.reported_at <= %s GROUP BY c.path) x(path, n, last)),
  (SELECT json_agg(json_build_array(d.area_path, d.post_id, d.person_id, d.kind, lower(d.valid)))
   FROM duties_assignment d JOIN places_area a ON a.id = d.area_id WHERE a.kind = 'grid' AND d.area_path >= %s
     AND d.area_path < %s AND d.person_id IS NOT NULL AND d.valid @> %s::timestamptz AND upper_inf(d.recorded))))"""


def lately(by: Mandate, path: str, now: datetime) -> tuple[str, list[Any]]:
    """The reports of the last `WINDOW` by path and who holds duties on the grids below, as an SQL expression with its
    values, for a statement that is sent anyway (see `told`)."""
    visible, values = visible_sql(by)
    end = after(path)
    return _LATELY.format(visible=visible), [*values, path, end, now - WINDOW, now, path, end, now]


def told(value: Any, cells: Container[str]) -> tuple[dict[str, Reports], list[Held]]:
    """What `silent` takes, from the value of `lately`; a grid without a report in that time has no last one."""
    found, held = value or (None, None)
    rows = msgspec.convert(found or (), list[tuple[str, int, datetime]])
    return _by_cell(rows, cells), msgspec.convert(held or (), list[Held])


def silent(
    grids: Iterable[AreaInfo], known: Mapping[str, Reports], held: Sequence[OnDuty], *, now: datetime, days: int
) -> list[Silent]:
    """The grids without a report for so many days, though somebody who may report was on duty all that time.

    Who is on leave now is not on duty. The longest silence comes first. Pure.
    """
    limit = now - timedelta(days=days)
    away = {(row.area_path, row.post, row.person_id) for row in held if row.kind == "leave"}
    on_duty: dict[str, dict[object, datetime]] = {}
    for row in held:
        if (
            row.kind in PRESENT and row.person_id and row.valid_from <= limit and _reports(row.post)
            and (row.area_path, row.post, row.person_id) not in away
        ):
            people = on_duty.setdefault(row.area_path, {})
            people[row.person_id] = min(row.valid_from, people.get(row.person_id, row.valid_from))
    found = []
    for grid in grids:
        people, last = on_duty.get(grid.path, {}), known.get(grid.path, Reports()).last
        if people and (last is None or last <= limit):
            found.append(Silent(grid, last, last or min(people.values()), len(people)))
    return sorted(found, key=lambda one: (one.since, one.grid.path))


def _reports(post: str) -> bool:
    info = POSTS.get(post)
    return info is not None and "report" in info.verbs
