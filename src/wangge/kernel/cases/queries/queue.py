"""The list of cases: filters, keyset pages, one statement a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.base.masking import bigrams
from wangge.kernel.cases.access import after, readable_sql, visible_sql
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.loading import SELECT, of_row
from wangge.kernel.cases.queries import narrow
from wangge.kernel.cases.queries.cursors import read_cursor, write_cursor
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import COLUMNS, CaseState
from wangge.kernel.places.queries import Atlas

MOST = 200
"""The most cases on a page."""
WAITING: Mapping[str, str] = {
    "request": "c.request IS NOT NULL",  # an extension, a suspension or an appeal waits for its answer
    "order": "c.supervision_due_at IS NOT NULL",  # a supervision order waits for its answer
    "call": "c.called IS NOT NULL",  # a department was called and has not arrived
    "late": (  # a department that was called or an order's answer is overdue; %s is now
        "((c.called IS NOT NULL AND c.call_due_at < %s)"
        " OR (c.supervision_due_at IS NOT NULL AND c.supervision_due_at < %s))"
    ),
    "meeting": "c.meeting = 'called'",  # two units refused it
    "joined": "c.merged_into IS NOT NULL",  # it ends with the case that it joined
    "decision": "(c.request IS NOT NULL OR c.meeting = 'called' OR c.supervision_due_at IS NOT NULL)",  # a yes
}
"""What a case may wait for beside its stage; each has a partial index."""

KNOWN_STATES = frozenset(state.value for state in State)
COUNT_UP_TO = 1000
"""Counts are exact up to this; one more means "more than"."""


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. `area_path` is a path prefix, `bbox` west, south, east, north in degrees × 1e7.

    `class_prefix` matches a class code and all below it. `order` is newest (by report time) or due (by the
    end of the present stage, soonest first; cases whose clock has stopped are left out). `waiting` is a key of
    `WAITING`; `joined` false leaves out what was merged into another case. `due_after` keeps the present stages that
    end since then, `reopened_…` cases that were closed and are registered anew, `forced` those closed by force.
    `held_by` is a post with the path of its area: what was dispatched to it there.
    """

    states: tuple[str, ...] = ()
    class_prefix: str = ""
    area_path: str = ""
    tier: str = ""
    source: str = ""
    organisation: UUID | None = None
    bbox: tuple[int, int, int, int] | None = None
    overdue: bool | None = None
    reported_after: datetime | None = None
    reported_before: datetime | None = None
    q: str = ""
    order: str = "newest"
    waiting: str = ""
    joined: bool = True
    closed_after: datetime | None = None
    closed_before: datetime | None = None
    reopened_after: datetime | None = None
    reopened_before: datetime | None = None
    due_after: datetime | None = None
    forced: bool = False
    held_by: tuple[str, str] | None = None


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
    """A page of rows and the cursor of the next one, None at the end."""

    rows: list[QueueRow]
    next_cursor: str | None


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


_FOUND = (
    "EXISTS (SELECT 1 FROM cases_search s WHERE s.case_id = c.id AND s.terms @> %s)"
    " AND EXISTS (SELECT 1 FROM journal_content t WHERE t.subject_id = c.id AND t.seq = 1"
    " AND t.field IN ('description', 'address') AND t.value ILIKE %s)"
)


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
    with hot_cursor() as found:
        rows = found.execute(sql, values, prepare=sql.startswith(narrow.BEGINS) or None).fetchall()
    width = len(COLUMNS)
    page = [QueueRow(of_row(row), *row[width : width + 3], *row[width + 4 :]) for row in rows[:limit]]
    if len(rows) <= limit:
        return Page(page, None)
    last = page[-1].case
    return Page(page, write_cursor(getattr(last, column), last.id))


_ORDERS = {"newest": ("reported_at", "DESC", "<"), "due": ("stage_due_at", "ASC", ">")}


def page_sql(
    by: Mandate, filters: Filters, *, now: datetime, places: Atlas | None, cursor: str | None, limit: int
) -> tuple[str, list[Any]]:
    """The statement of a page with one row more than `limit`, and its values."""
    column, direction, compare = _ORDERS[filters.order]
    ground = None
    if places is not None and filters.order == "newest" and not filters.q.strip():
        ground = narrow.ground_of(by, filters.area_path, places)
    if ground is None:
        conditions, values = conditions_of(by, filters, now)
    else:
        _known_states(filters.states)
        conditions, values = _rest(filters, now)
    if filters.order == "due":
        conditions.append("c.stage_due_at IS NOT NULL")
    if cursor:
        conditions.append(f"(c.{column}, c.id) {compare} (%s, %s)")
        values += read_cursor(cursor)
    ordered = f"ORDER BY c.{column} {direction}, c.id {direction} LIMIT {limit + 1}"
    readable, seen = readable_sql(by)
    chosen, found = "", f"{_FROM} WHERE {' AND '.join(conditions)} {ordered}"
    if ground is not None:
        chosen, values = narrow.newest(ground, by, filters.states, conditions, values, limit=limit + 1)
        chosen, found = f"{chosen}, ", f"FROM newest JOIN cases_case c ON c.id = newest.id {CLASS}"
        values = [*values, *seen]
    else:
        values = [*seen, *values]
    named = f"k.code, k.name AS class_name, k.name_en, {readable} AS readable"
    page = f"{chosen or 'WITH '}page AS (SELECT {SELECT}, {named} {found})"
    return f"{page} {EXTRA} ORDER BY page.{column} {direction}, page.id {direction}", values


def counts(by: Mandate, views: Mapping[str, Filters], *, now: datetime) -> dict[str, int]:
    """How many cases each view holds, exact up to `COUNT_UP_TO`, by one statement."""
    parts, values = [], []
    for filters in views.values():
        conditions, found = conditions_of(by, filters, now)
        join = _FROM if filters.class_prefix or filters.q else "FROM cases_case c"
        parts.append(
            f"(SELECT count(*) FROM (SELECT 1 {join} WHERE {' AND '.join(conditions)} LIMIT {COUNT_UP_TO + 1}) x)"
        )
        values += found
    with hot_cursor() as cursor:
        row = cursor.execute(f"SELECT {', '.join(parts)}", values).fetchone()
    assert row is not None
    return dict(zip(views, row, strict=True))


def conditions_of(by: Mandate, filters: Filters, now: datetime) -> tuple[list[str], list[Any]]:
    """The filters and the mandate's view as SQL conditions on `cases_case c` (and `cases_class k`)."""
    visible, values = visible_sql(by)
    conditions = [visible]
    if filters.states:
        _known_states(filters.states)
        several = len(filters.states) > 1
        conditions.append("c.state = ANY(%s)" if several else "c.state = %s")
        values.append(list(filters.states) if several else filters.states[0])
    if filters.area_path:
        conditions.append("c.path >= %s AND c.path < %s")
        values += [filters.area_path, after(filters.area_path)]
    rest, given = _rest(filters, now)
    if filters.q.strip() and not _is_number(filters.q.strip()):  # words that one does not read are not searched
        readable, seen = readable_sql(by)
        conditions.append(readable)
        values += seen
    return [*conditions, *rest], [*values, *given]


def _known_states(states: Sequence[str]) -> None:
    for state in states:
        if state not in KNOWN_STATES:
            raise InvalidInput(
                "There is no such state.", field="state", value=state, expected="one of " + ", ".join(State)
            )


def _rest(filters: Filters, now: datetime) -> tuple[list[str], list[Any]]:
    """The conditions beside state and ground."""
    conditions: list[str] = []
    values: list[Any] = []

    def add(sql: str, *given: Any) -> None:
        conditions.append(sql)
        values.extend(given)

    if filters.class_prefix:
        add("k.code >= %s AND k.code < %s", filters.class_prefix, after(filters.class_prefix))
    for column in ("tier", "source", "organisation"):
        if value := getattr(filters, column):
            add(f"c.{column} = %s", value)
    if filters.bbox:
        west, south, east, north = filters.bbox
        add("c.lon_e7 BETWEEN %s AND %s AND c.lat_e7 BETWEEN %s AND %s", west, east, south, north)
    if filters.overdue is not None:
        add(
            "c.stage_due_at < %s" if filters.overdue else "(c.stage_due_at >= %s OR c.stage_due_at IS NULL)",
            now,
        )
    if filters.waiting:
        if filters.waiting not in WAITING:
            raise InvalidInput(
                "Nothing of this kind is waited for.",
                field="waiting",
                value=filters.waiting,
                expected="one of " + ", ".join(WAITING),
            )
        sql = WAITING[filters.waiting]
        add(sql, *[now] * sql.count("%s"))
    if filters.held_by is not None:
        add("c.post = %s AND c.post_path = %s", *filters.held_by)
    if not filters.joined:
        add("c.merged_into IS NULL")
    if filters.reported_after:
        add("c.reported_at >= %s", filters.reported_after)
    if filters.reported_before:
        add("c.reported_at < %s", filters.reported_before)
    for name, sql in _MOMENTS.items():
        if moment := getattr(filters, name):
            add(sql, moment)
    if filters.forced:
        add("c.forced")
    if filters.q.strip():
        sql, given = _words(filters.q.strip())
        add(sql, *given)
    return conditions, values


_MOMENTS: Mapping[str, str] = {
    "closed_after": "c.closed_at >= %s",
    "closed_before": "c.closed_at < %s",
    "reopened_after": "c.reopens > 0 AND c.registered_at >= %s",
    "reopened_before": "c.reopens > 0 AND c.registered_at < %s",
    "due_after": "c.stage_due_at >= %s",
}


def _is_number(text: str) -> bool:
    return text.isdigit() and len(text) >= 6


def _words(text: str) -> tuple[str, Sequence[Any]]:
    """Search: the index of bigrams finds candidates, the text itself decides."""
    like = "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    if _is_number(text):
        return "c.number LIKE %s", [like]
    terms = bigrams(text)
    if not terms:
        raise InvalidInput(
            "Search for at least two characters.", field="q", value=text, expected="two characters or more"
        )
    return _FOUND, [terms, like]
