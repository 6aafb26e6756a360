"""The list of cases: filters, keyset pages, one statement a page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import readable_sql
from wangge.kernel.cases.loading import SELECT, of_row
from wangge.kernel.cases.queries import narrow
from wangge.kernel.cases.queries.conditions import Filters, conditions_of, known_states, rest_of, standing
from wangge.kernel.cases.queries.cursors import read_cursor, write_cursor
from wangge.kernel.cases.queries.remembered import SHOWN, recall, remember
from wangge.kernel.cases.queries.tally import tally_of
from wangge.kernel.cases.queries.words import Words, words_of
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import COLUMNS, CaseState
from wangge.kernel.places.queries import Atlas

MOST = 200
"""The most cases on a page."""
COUNT_UP_TO = 1000
"""Counts are exact up to this; one more means "more than"."""


class QueueRow(NamedTuple):
    """One line of a list."""

    case: CaseState
    class_code: str | None
    class_name: str | None
    class_name_en: str | None
    organisation_name: str | None
    organisation_name_en: str | None
    handler_name: str | None
    description: str | None
    address: str | None


class Page(NamedTuple):
    """A page of rows and the cursor of the next one, None at the end. `shown` says what the database showed, '' for an
    empty page."""

    rows: list[QueueRow]
    next_cursor: str | None
    shown: str = ""


CLASS = "LEFT JOIN cases_class k ON k.id = c.case_class"
_FROM = f"FROM cases_case c {CLASS}"
EXTRA = """
SELECT page.*, o.name, nullif(o.name_en, ''), h.name, CASE WHEN page.readable THEN d.value END,
  CASE WHEN page.readable THEN a.value END FROM page
LEFT JOIN people_organisation o ON o.id = page.organisation
LEFT JOIN people_person h ON h.id = page.handler
LEFT JOIN journal_content d ON d.subject_id = page.id AND d.seq = 1 AND d.field = 'description'
LEFT JOIN journal_content a ON a.subject_id = page.id AND a.seq = 1 AND a.field = 'address'
"""
_EXTRA_SHOWN = EXTRA.replace(" FROM page", f", {SHOWN} FROM page", 1)


def queue(
    by: Mandate,
    filters: Filters,
    *,
    now: datetime,
    places: Atlas | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of the cases that match, by one statement. Raises `InvalidInput` for a cursor that is none.

    With `places` the newest of a small ground are read from its own paths (see `narrow`).
    """
    limit = max(1, min(limit, MOST))
    sql, values = page_sql(by, filters, now=now, places=places, cursor=cursor, limit=limit)
    column = _ORDERS[filters.order][0]
    prepared = True if sql.startswith(narrow.BEGINS) else False if "WITH hits" in sql or filters.bbox else None
    with hot_cursor() as found:  # a plan for any words or any box at all suits none
        rows = found.execute(sql, values, prepare=prepared).fetchall()
    width = len(COLUMNS)
    page = [QueueRow(of_row(row), *row[width : width + 3], *row[width + 4 : -1]) for row in rows]
    shown = rows[0][-1] if rows else ""
    if filters.order == "due":  # a clock that has stopped comes last, and is left out
        page = [row for row in page if row.case.stage_due_at is not None]
    if len(page) <= limit:
        return Page(page, None, shown)
    page = page[:limit]
    last = page[-1].case
    return Page(page, write_cursor(getattr(last, column), last.id), shown)


_ORDERS = {
    "newest": ("reported_at", "DESC", "<"),
    "due": ("stage_due_at", "ASC", ">"),
    "longest": ("stage_since", "ASC", ">"),
}


def page_sql(
    by: Mandate, filters: Filters, *, now: datetime, places: Atlas | None, cursor: str | None, limit: int
) -> tuple[str, list[Any]]:
    """The statement of a page with one row more than `limit`, and its values."""
    column, direction, compare = _ORDERS[filters.order]
    ground = None
    if places is not None and filters.order == "newest" and not filters.q.strip():
        ground = narrow.ground_of(by, filters.area_path, places)
    words = words_of(filters.q, "hits")
    if ground is None:
        conditions, values = conditions_of(by, filters, now, words=False)
    else:
        known_states(filters.states)
        conditions, values = rest_of(by, filters, now)
    if filters.order != "newest" and not filters.overdue and filters.due_before is None:
        conditions += standing(filters.states)
    if cursor:
        conditions.append(f"(c.{column}, c.id) {compare} (%s, %s)")
        values += read_cursor(cursor)
    ordered = f"ORDER BY c.{column} {direction}, c.id {direction} LIMIT {limit + 1}"
    readable, seen = readable_sql(by)
    named = f"SELECT {SELECT}, k.code, k.name AS class_name, k.name_en, {readable} AS readable"
    if ground is not None:
        chosen, values = narrow.newest(ground, by, filters.states, conditions, values, limit=limit + 1)
        page = f"{chosen}, page AS ({named} FROM newest JOIN cases_case c ON c.id = newest.id {CLASS})"
        values = [*values, *seen]
    elif words is not None:
        few = " AND ".join((words.few, words.among, *conditions))
        many = " AND ".join((f"NOT {words.few}", *conditions, words.scan[0]))
        turned = f"ORDER BY o.at {direction}, o.id {direction} LIMIT {limit + 1}"
        sorted_ = f"SELECT c.id, c.{column} AS at {_FROM} WHERE {few} ORDER BY c.{column} {direction}, c.id {direction}"
        found = f"(SELECT o.id FROM ({sorted_} OFFSET 0) o WHERE {words.says('o')} {turned})"
        found += f" UNION ALL (SELECT c.id {_FROM} WHERE {many} {ordered})"
        page = f"WITH hits AS MATERIALIZED ({words.hits}), found AS ({found})"
        page += f", page AS ({named} FROM found JOIN cases_case c ON c.id = found.id {CLASS})"
        values = [*words.hit_values, *values, words.like, *values, *words.scan[1], *seen]
    else:
        page = f"WITH page AS ({named} {_FROM} WHERE {' AND '.join(conditions)} {ordered})"
        values = [*seen, *values]
    return f"{page} {_EXTRA_SHOWN} ORDER BY page.{column} {direction}, page.id {direction}", values


def counts(by: Mandate, views: Mapping[str, Filters], *, now: datetime, shown: str = "") -> dict[str, int]:
    """How many cases each view holds, exact up to `COUNT_UP_TO`, by one statement; by none where the database still
    shows what it did when they were counted last (`shown`, of a page that was just read)."""
    told = tally_of(by, views, now=now)
    parts: list[str] = []
    values: list[Any] = []
    hits: dict[str, tuple[str, Words]] = {}
    for name, filters in views.items():
        if name in told.counts:
            parts.append(f"least({told.counts[name]}, {COUNT_UP_TO + 1})")
            continue
        conditions, found = conditions_of(by, filters, now, words=False)
        table, words = hits.get(filters.q) or (f"hits{len(hits)}", words_of(filters.q, f"hits{len(hits)}"))
        if words is not None:
            hits[filters.q] = table, words
        join = _FROM if any("k." in one for one in conditions) else "FROM cases_case c"
        ways: tuple[tuple[str, list[Any]], ...] = (("TRUE", []),)
        if words is not None:
            ways = ((f"{words.among} AND {words.says('c')}", [words.like]), words.scan)
        numbers = [
            f"(SELECT count(*) AS n FROM (SELECT 1 {join} WHERE {' AND '.join((*conditions, way))}"
            f" LIMIT {COUNT_UP_TO + 1}) x)"
            for way, _ in ways
        ]
        if words is not None:  # what was sampled may be enough to say that there are more
            enough = f"{words.few} OR s.n > {COUNT_UP_TO}"
            parts.append(f"(SELECT CASE WHEN {enough} THEN s.n ELSE {numbers[1]} END FROM {numbers[0]} s)")
            ways = (ways[1], ways[0])
        else:
            parts.append(numbers[0])
        values += [one for _, given in ways for one in (*found, *given)]
    tables = [*told.tables, *(f"{table} AS MATERIALIZED ({words.hits})" for table, words in hits.values())]
    values = [*told.values, *(one for _, words in hits.values() for one in words.hit_values), *values]
    begin = f"WITH {', '.join(tables)} " if tables else ""
    sql = f"{begin}SELECT {', '.join(parts)}, {SHOWN}"
    if (known := None if hits else recall(shown, sql, values)) is not None:
        return dict(zip(views, known, strict=False))
    with hot_cursor() as cursor:
        row = cursor.execute(sql, values, prepare=False if hits else None).fetchone()
    assert row is not None
    if not hits:
        remember(row[-1], sql, values, row)
    return dict(zip(views, row, strict=False))
