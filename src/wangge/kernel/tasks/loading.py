"""Tasks from their rows and back: by id or number, locked for an act."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from wangge.kernel.tasks.access import missing
from wangge.kernel.tasks.models import Task
from wangge.kernel.tasks.state import COLUMNS, TaskState

_ATTRIBUTES: Mapping[str, str] = {
    one.name: one.attname for one in Task._meta.concrete_fields if one.name in COLUMNS
}


def key_of(task: UUID | str) -> UUID | str:
    """An id, or a number such as T000012. Raises `NotFound` for what can be neither."""
    if isinstance(task, UUID):
        return task
    text = task.strip().upper()
    if text.startswith("T") and text[1:].isascii() and text[1:].isdigit() and len(text) <= 20:
        return text
    try:
        return UUID(task)
    except ValueError:
        raise missing(task) from None


def state_of(row: Task) -> TaskState:
    """The row as a value."""
    return TaskState(**{name: getattr(row, attribute) for name, attribute in _ATTRIBUTES.items()})


def lock(task: UUID | str) -> TaskState | None:
    """The task locked until the transaction ends. Who may see it is not asked."""
    key = key_of(task)
    found = Task.objects.select_for_update(of=("self",)).filter(
        **({"id": key} if isinstance(key, UUID) else {"number": key})
    ).first()
    return state_of(found) if found else None


def insert(task: TaskState) -> None:
    """The first row of a task."""
    row = Task(**{attribute: getattr(task, name) for name, attribute in _ATTRIBUTES.items()})
    row.save(force_insert=True)


def save(task: TaskState, updates: Mapping[str, Any]) -> TaskState:
    """Change a locked row, and the value with it."""
    Task.objects.filter(id=task.id).update(**{_ATTRIBUTES[name]: value for name, value in updates.items()})
    return msgspec.structs.replace(task, **updates)


def path_of(task_id: UUID) -> str:
    """Where a task lies."""
    return str(Task.objects.values_list("path", flat=True).get(id=task_id))
