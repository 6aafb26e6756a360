"""What the cases room tells upper rooms, inside the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wangge.base.events import Event


@dataclass(frozen=True, slots=True)
class CaseReported(Event):
    """A new case was made from a report."""

    case_id: UUID
    number: str
    path: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseMoved(Event):
    """An act changed a case; `version` is the one after it."""

    case_id: UUID
    act: str
    from_state: str
    to_state: str
    path: str
    version: int
    at: datetime


@dataclass(frozen=True, slots=True)
class CaseWarned(Event):
    """The due time of a case is near (`overdue` false) or has passed."""

    case_id: UUID
    number: str
    path: str
    due_at: datetime | None
    overdue: bool
    at: datetime
