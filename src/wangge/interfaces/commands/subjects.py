"""Whom a command means: a case by its number, or any subject of the journal by its id."""

from __future__ import annotations

from uuid import UUID


def resolve(text: str) -> UUID:
    """The id itself, or the id of the case with this number. Raises `NotFound`."""
    try:
        return UUID(text.strip())
    except ValueError:
        from wangge.kernel.cases.queries import subject_of  # only here: the other commands need no cases

        return subject_of(text)
