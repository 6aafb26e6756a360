"""What duties tell the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wangge.base.events import Event


@dataclass(frozen=True, slots=True)
class DutiesChanged(Event):
    """These assignments began, ended or were corrected."""

    assignments: tuple[UUID, ...]
    at: datetime
