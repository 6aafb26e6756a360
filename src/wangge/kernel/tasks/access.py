"""Who may see a task: who issued it, whom it is addressed to, and who oversees the tasks of a place (`see_tasks`).

Its words are read by all of these, unless it is about a case of a class that is not public: then by the issuer, the
addressee, and who reads the words of such cases there (`cases.access.READS`).
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import READS, after
from wangge.kernel.tasks.rules import addressed, issued
from wangge.kernel.tasks.state import TaskState

OVERSEE = "see_tasks"


def may_see(task: TaskState, by: Mandate) -> bool:
    """Whether this mandate may read the task."""
    return by.allows(OVERSEE, task.path) or addressed(task, by) or issued(task, by)


def may_read(task: TaskState, level: str | None, by: Mandate) -> bool:
    """Whether this mandate reads the words of a task that it may see; `level` is that of its case's class."""
    verb = READS.get(level or "")
    return verb is None or by.allows(verb, task.path) or addressed(task, by) or issued(task, by)


def addressed_sql(by: Mandate, alias: str = "t") -> tuple[str, list[Any]]:
    """`rules.addressed` as a condition on `tasks_task` and its values. A test compares the two."""
    if by.actor is None:
        return "FALSE", []
    parts = [f"({alias}.post = %s AND {alias}.post_path = %s)"]
    values: list[Any] = [by.post, by.scope_path]
    if by.organisation is not None:
        parts.append(f"({alias}.organisation = %s AND {alias}.path >= %s AND {alias}.path < %s)")
        values += [by.organisation, by.scope_path, after(by.scope_path)]
    return f"({' OR '.join(parts)})", values


def issued_sql(by: Mandate, alias: str = "t") -> tuple[str, list[Any]]:
    """`rules.issued` as a condition on `tasks_task` and its values."""
    if by.actor is None:
        return "FALSE", []
    return (
        f"({alias}.from_post = %s AND {alias}.from_path = %s AND {alias}.from_organisation IS NOT DISTINCT FROM %s)",
        [by.post, by.scope_path, by.organisation],
    )


def visible_sql(by: Mandate, alias: str = "t") -> tuple[str, list[Any]]:
    """`may_see` as a condition and its values."""
    mine, values = addressed_sql(by, alias)
    given, more = issued_sql(by, alias)
    parts = [mine, given]
    values += more
    if OVERSEE in by.may:
        if not by.scope_path:
            return "TRUE", []
        parts.append(f"({alias}.path >= %s AND {alias}.path < %s)")
        values += [by.scope_path, after(by.scope_path)]
    return f"({' OR '.join(parts)})", values


def missing(task: UUID | str) -> NotFound:
    """The error for a task that is not there, or not for this reader."""
    return NotFound("There is no such task that you may see.", field="task", value=task)
