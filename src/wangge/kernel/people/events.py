"""What people tell the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from wangge.base.events import Event
from wangge.base.mandate import Mandate


@dataclass(frozen=True, slots=True)
class PersonErased(Event):
    """Name and contact of a person are gone; whoever keeps more about them erases it now."""

    person_id: UUID
    by: Mandate
