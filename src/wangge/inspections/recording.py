"""Rows of this room: locked at the version that was seen, in a state that allows the act."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from wangge.base.errors import Conflict, InvalidInput, Moved, NotFound
from wangge.inspections.lifecycle import acts_in
from wangge.inspections.models import Contest, Rectification

R = TypeVar("R", Contest, Rectification)


def locked(model: type[R], subject: str, row_id: UUID, expected_version: int | None, act: str) -> R:
    """The row with its finding, locked. Raises `NotFound`, `Moved`, `Conflict`; `InvalidInput` without a version."""
    row = model.objects.select_for_update(of=("self",)).select_related("finding").filter(id=row_id).first()
    if row is None:
        raise missing(subject, row_id)
    if expected_version is None:
        raise InvalidInput("Say which version you saw.", field="expected_version", expected="its version")
    shown = {"present": {"id": str(row.id), "state": row.state, "version": row.version}}
    if row.version != expected_version:
        raise Moved("It has moved on.", field="expected_version", value=expected_version, expected=str(row.version),
                    extra=shown)
    if act not in acts_in(subject, row.state):
        possible = ", ".join(acts_in(subject, row.state))
        raise Conflict(f"It is “{row.state}”; {act} is not possible now.", field="action", value=act,
                       expected=f"one of {possible}" if possible else "nothing: it has ended", extra=shown)
    return row


def missing(subject: str, row_id: object) -> NotFound:
    """What is said of what is not there, or not for this reader."""
    return NotFound(f"There is no such {subject} that you may see.", field=subject, value=row_id)
