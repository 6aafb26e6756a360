"""Whom a command means: a case or a task by its number, or any subject of the journal by its id."""

from __future__ import annotations

from uuid import UUID


def resolve(text: str) -> UUID:
    """The id itself, or the id of the case or of the task (T000012) with this number. Raises `NotFound`."""
    try:
        return UUID(text.strip())
    except ValueError:
        if text.strip()[:1].upper() == "T":
            from wangge.kernel.tasks.queries import subject_of as task_of  # only here, as below

            return task_of(text)
        from wangge.kernel.cases.queries import subject_of  # only here: the other commands need no cases

        return subject_of(text)
