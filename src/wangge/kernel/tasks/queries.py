"""Reads of tasks, each scoped to what the mandate may see: lists, one task with its story, figures of a box."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.queries.cursors import read_cursor, write_cursor
from wangge.kernel.cases.queries.timeline import Moment, timeline
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.tasks.access import addressed_sql, issued_sql, may_read, may_see, missing, visible_sql
from wangge.kernel.tasks.lifecycle import HELD, OPEN, Kind, State
from wangge.kernel.tasks.loading import key_of
from wangge.kernel.tasks.rules import allowed_actions
from wangge.kernel.tasks.state import COLUMNS, TaskState

MOST = 200
"""The most tasks on a page."""
BOXES = ("in", "out", "all")
"""Those addressed to the reader, those that the reader issued, all that the reader sees."""
_STATES = frozenset(state.value for state in State)
_HELD = ", ".join(f"'{state.value}'" for state in HELD)
_OPEN = ", ".join(f"'{state.value}'" for state in OPEN)


class Filters(msgspec.Struct, frozen=True, kw_only=True):
    """What to list. `overdue` keeps those whose deadline passed, at `now`, while the addressee has them in hand."""

    box: str = "all"
    states: tuple[str, ...] = ()
    kind: str = ""
    case: UUID | None = None
    area_path: str = ""
    overdue: bool = False
    now: datetime | None = None


class TaskRow(NamedTuple):
    """A task with the names that a list shows. `words` is what is to be done: None where it was erased or is not the
    reader's to read (`readable` says which). `level` is that of the class of its case."""

    task: TaskState
    case_number: str | None
    level: str | None
    organisation_name: str | None
    organisation_name_en: str | None
    from_organisation_name: str | None
    from_organisation_name_en: str | None
    words: str | None
    readable: bool


class Page(NamedTuple):
    """A page of rows and the cursor of the next one, None at the end."""

    rows: list[TaskRow]
    next_cursor: str | None


class TaskDetail(NamedTuple):
    """One task with its journal and what the reader may do."""

    row: TaskRow
    story: list[Moment]
    allowed: tuple[str, ...]


class Counts(NamedTuple):
    """What waits: for the reader (to take, in hand, of those overdue), and of what the reader gave (answers to
    accept, given back, overdue)."""

    to_take: int
    in_hand: int
    late: int
    answers: int
    declined: int
    given_late: int

    @property
    def waiting(self) -> int:
        """Tasks in which the next step is the reader's."""
        return self.to_take + self.in_hand + self.answers + self.declined


_SELECT = ", ".join(f't."{name}"' for name in COLUMNS)
_ROW = (
    f"{_SELECT}, c.number, k.confidentiality, o.name, nullif(o.name_en, ''), f.name, nullif(f.name_en, ''), w.value"
)
_WITH = (
    ' LEFT JOIN cases_case c ON c.id = t."case" LEFT JOIN cases_class k ON k.id = c.case_class'
    " LEFT JOIN people_organisation o ON o.id = t.organisation"
    " LEFT JOIN people_organisation f ON f.id = t.from_organisation"
    " LEFT JOIN journal_content w ON w.subject_id = t.id AND w.seq = 1 AND w.field = 'note'"
)


def listing(by: Sequence[Mandate], filters: Filters, *, cursor: str | None = None, limit: int = 50) -> Page:
    """One page of the tasks that match and any of the mandates sees, newest first. One statement.

    Raises `InvalidInput`.
    """
    limit = max(1, min(limit, MOST))
    conditions, values = _conditions(by, filters)
    if cursor:
        conditions.append("(t.issued_at, t.id) < (%s, %s)")
        values += read_cursor(cursor)
    order = "ORDER BY t.issued_at DESC, t.id DESC"
    rows = _rows(f"(SELECT t.* FROM tasks_task t WHERE {' AND '.join(conditions)} {order} LIMIT {limit + 1}) t",
                 order, values, by)
    page = rows[:limit]
    last = page[-1].task if page else None
    return Page(page, write_cursor(last.issued_at, last.id) if last and len(rows) > limit else None)


def pressing(by: Mandate, *, now: datetime, limit: int = 20) -> list[TaskRow]:
    """Open tasks in which the reader is a party, the earliest deadline first. One statement."""
    mine, values = addressed_sql(by)
    given, more = issued_sql(by)
    order = "ORDER BY t.due_at, t.id"
    return _rows(f"(SELECT t.* FROM tasks_task t WHERE ({mine} OR {given}) AND t.state IN ({_OPEN}) {order}"
                 f" LIMIT {limit}) t", order, [*values, *more], [by])


def of_case(case: UUID, by: Mandate) -> list[TaskRow]:
    """The tasks about a case that the reader sees, newest first. One statement."""
    return listing([by], Filters(case=case)).rows


def _rows(source: str, order: str, values: list[Any], by: Sequence[Mandate]) -> list[TaskRow]:
    with hot_cursor() as cursor:
        found = cursor.execute(f"SELECT {_ROW} FROM {source}{_WITH} {order}", values).fetchall()
    return [_row(row, by) for row in found]


def _row(row: tuple[Any, ...], by: Sequence[Mandate]) -> TaskRow:
    task = TaskState(**dict(zip(COLUMNS, row, strict=False)))
    *beside, words = row[len(COLUMNS):]
    readable = any(may_see(task, one) and may_read(task, beside[1], one) for one in by)
    return TaskRow._make([task, *beside, words if readable else None, readable])


_BOXES: dict[str, Callable[[Mandate], tuple[str, list[Any]]]] = {
    "in": addressed_sql, "out": issued_sql, "all": visible_sql,
}


def _conditions(by: Sequence[Mandate], filters: Filters) -> tuple[list[str], list[Any]]:
    if filters.box not in BOXES:
        raise InvalidInput("There is no such box.", field="box", value=filters.box,
                           expected="one of " + ", ".join(BOXES))
    found = [_BOXES[filters.box](one) for one in by]
    conditions = [f"({' OR '.join(condition for condition, _ in found)})"]
    values = [value for _, given in found for value in given]
    for state in filters.states:
        if state not in _STATES:
            raise InvalidInput("There is no such state.", field="state", value=state,
                               expected="one of " + ", ".join(State))
    if filters.kind and filters.kind not in {kind.value for kind in Kind}:
        raise InvalidInput("There is no such kind of task.", field="kind", value=filters.kind,
                           expected="one of " + ", ".join(Kind))
    if filters.states:
        conditions.append("t.state = ANY(%s)")
        values.append(list(filters.states))
    if filters.kind:
        conditions.append("t.kind = %s")
        values.append(filters.kind)
    if filters.case is not None:
        conditions.append('t."case" = %s')
        values.append(filters.case)
    if filters.area_path:
        conditions.append("t.path >= %s AND t.path < %s")
        values += [filters.area_path, after(filters.area_path)]
    if filters.overdue:
        conditions.append(f"t.state IN ({_HELD}) AND t.due_at <= %s")
        values.append(filters.now)
    return conditions, values


def task_detail(task: UUID | str, by: Mandate, *, now: datetime) -> TaskDetail:
    """The task with this id or number, by two statements. Raises `NotFound` where the mandate sees none."""
    key = key_of(task)
    rows = _rows(f"(SELECT t.* FROM tasks_task t WHERE t.{'id' if isinstance(key, UUID) else 'number'} = %s) t",
                 "", [key], [by])
    if not rows or not may_see(rows[0].task, by):
        raise missing(task)
    row = rows[0]
    return TaskDetail(row, timeline(row.task.id, words=row.readable), allowed_actions(row.task, by, now))


def counts(by: Mandate, *, now: datetime) -> Counts:
    """What waits for the reader, and what the reader waits for. One statement."""
    mine, values = addressed_sql(by)
    given, more = issued_sql(by)
    late = f"state IN ({_HELD}) AND due_at <= %s"
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT count(*) FILTER (WHERE mine AND state = 'issued'),"
            " count(*) FILTER (WHERE mine AND state = 'taken'),"
            f" count(*) FILTER (WHERE mine AND {late}), count(*) FILTER (WHERE given AND state = 'replied'),"
            f" count(*) FILTER (WHERE given AND state = 'declined'), count(*) FILTER (WHERE given AND {late})"
            f" FROM (SELECT t.state, t.due_at, {mine} AS mine, {given} AS given FROM tasks_task t"
            f" WHERE t.state IN ({_OPEN}) AND ({mine} OR {given})) t",
            [now, now, *values, *more, *values, *more],
        ).fetchone()
    assert row is not None
    return Counts._make(row)


def subject_of(number: str) -> UUID:
    """The id of the task with this number, whoever asks (commands). Raises `NotFound`."""
    with hot_cursor() as cursor:
        row = cursor.execute("SELECT id FROM tasks_task WHERE number = %s", [str(key_of(number))]).fetchone()
    if row is None:
        raise missing(number)
    return UUID(str(row[0]))


