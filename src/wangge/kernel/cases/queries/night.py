"""A night's figures for the morning brief: each is a filter of the list of cases, so that it opens what it counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import readable_sql
from wangge.kernel.cases.lifecycle import LIVE, OPEN
from wangge.kernel.cases.queries.conditions import Filters, conditions_of
from wangge.kernel.cases.queries.queue import CLASS, COUNT_UP_TO
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties.mandates import DUTY_HELD

FROM, UNTIL = time(18), time(7, 30)
"""The night of a brief: from six in the evening to half past seven. The hours are ours; the field names none."""
WEEK = timedelta(days=7)
_LIVE = tuple(state.value for state in LIVE)
_OPEN = tuple(state.value for state in OPEN)


class Night(NamedTuple):
    """A half-open stretch of time."""

    start: datetime
    end: datetime

    def week_before(self) -> Night:
        """The same night a week earlier."""
        return Night(self.start - WEEK, self.end - WEEK)


def night_before(now: datetime, zone: tzinfo) -> Night:
    """The last night on the wall clock of a place; before half past seven it lasts until now."""
    local = now.astimezone(zone)
    morning = local.replace(hour=UNTIL.hour, minute=UNTIL.minute, second=0, microsecond=0)
    evening = (morning - timedelta(days=1)).replace(hour=FROM.hour, minute=FROM.minute)
    return Night(evening, min(local, morning))


def filters_of(night: Night) -> dict[str, Filters]:
    """The figures by name. `overdue` is as the list's own view; `fresh` are those of it that fell due since then."""
    closed = Filters(states=("closed",), closed_after=night.start, closed_before=night.end)
    return {
        "reported": Filters(reported_after=night.start, reported_before=night.end),
        "closed": closed,
        "forced": msgspec.structs.replace(closed, forced=True),
        "reopened": Filters(reopened_after=night.start, reopened_before=night.end),
        "overdue": Filters(states=_LIVE, overdue=True, joined=False, order="due"),
        "fresh": Filters(states=_LIVE, overdue=True, joined=False, order="due", due_after=night.start),
    }


class Told(NamedTuple):
    """Counts by name, exact up to `COUNT_UP_TO`; medians of the time to the first answer by name, None where there was
    none; and which (post, path) have overdue cases while nobody holds the post there."""

    counts: dict[str, int]
    answered: dict[str, timedelta | None]
    vacant: frozenset[tuple[str, str]]
    beside: tuple[Any, ...] = ()


def open_by_path(by: Mandate, now: datetime) -> tuple[str, list[Any]]:
    """[path, open cases] each as an SQL expression with its values, joined ones left out."""
    conditions, values = conditions_of(by, Filters(states=_OPEN, joined=False), now)
    sql = f"SELECT c.path, count(*) FROM cases_case c WHERE {' AND '.join(conditions)} GROUP BY c.path"
    return f"(SELECT json_agg(json_build_array(x.path, x.n)) FROM ({sql}) x(path, n))", values


def figures(
    by: Mandate, counted: Mapping[str, Filters], answered: Mapping[str, Filters], *, now: datetime,
    beside: Sequence[tuple[str, Sequence[Any]]] = (),
) -> Told:
    """All of it by one statement. `beside` are further SQL expressions with their values that come with it."""
    parts: list[str] = []
    values: list[object] = []
    for filters in counted.values():
        conditions, found = conditions_of(by, filters, now)
        join = CLASS if filters.class_prefix or filters.q else ""
        parts.append(f"(SELECT count(*) FROM (SELECT 1 FROM cases_case c {join} WHERE {' AND '.join(conditions)}"
                     f" LIMIT {COUNT_UP_TO + 1}) x)")
        values += found
    for filters in answered.values():
        conditions, found = conditions_of(by, filters, now)
        parts.append("(SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY c.first_answer_at - c.reported_at)"
                     f" FROM cases_case c WHERE {' AND '.join(conditions)} AND c.first_answer_at IS NOT NULL)")
        values += found
    conditions, found = conditions_of(by, Filters(states=_LIVE, overdue=True, joined=False), now)
    parts.append(
        f"(SELECT json_agg(DISTINCT jsonb_build_array(c.post, c.post_path)) FROM cases_case c"
        f" WHERE {' AND '.join(conditions)} AND c.post IS NOT NULL AND NOT EXISTS (SELECT 1 FROM duties_assignment d"
        f" WHERE d.post_id = c.post AND d.area_path = c.post_path AND {DUTY_HELD.format(at='%s')}))"
    )
    values += [*found, now, now]
    for sql, more in beside:
        parts.append(sql)
        values += more
    with hot_cursor() as cursor:
        row = cursor.execute(f"SELECT {', '.join(parts)}", values).fetchone()
    assert row is not None
    after = len(counted) + len(answered)
    return Told(
        dict(zip(counted, row, strict=False)), dict(zip(answered, row[len(counted):after], strict=True)),
        frozenset((post, path) for post, path in row[after] or ()), tuple(row[after + 1:]),
    )


class Plea(NamedTuple):
    """An entry that asked for something: who, when, and why (None where that was erased or is not for the reader)."""

    verb: str
    at: datetime
    name: str | None
    post: str | None
    reason: str | None


PLEAS = ("ask_extension", "ask_suspension", "appeal", "endorse", "review", "supervise", "return")
"""Acts that ask for a decision, or lead to one."""


def pleas(cases: list[UUID], by: Mandate) -> dict[UUID, list[Plea]]:
    """What was asked for in these cases, the newest first. The caller has checked who may see them. One statement."""
    if not cases:
        return {}
    readable, seen = readable_sql(by)
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT e.subject_id, e.verb, e.at, p.name, d.post_id,"
            f" CASE WHEN {readable} THEN t.value END FROM journal_entry e JOIN cases_case c ON c.id = e.subject_id"
            f" {CLASS} LEFT JOIN people_person p ON p.id = e.actor LEFT JOIN duties_assignment d ON d.id = e.duty"
            " LEFT JOIN journal_content t ON t.subject_id = e.subject_id AND t.seq = e.seq AND t.field = 'reason'"
            " WHERE e.subject_id = ANY(%s) AND e.verb = ANY(%s) ORDER BY e.seq DESC",
            [*seen, cases, list(PLEAS)],
        ).fetchall()
    found: dict[UUID, list[Plea]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Plea._make(row[1:]))
    return found


