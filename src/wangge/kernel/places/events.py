"""What places tell the rooms above."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.base.events import Event
from wangge.base.mandate import Mandate


class Move(NamedTuple):
    """An area and what stands in its place, if anything does."""

    old_id: UUID
    old_path: str
    new_id: UUID | None
    new_path: str | None


@dataclass(frozen=True, slots=True)
class AreasEnding(Event):
    """Areas will end at `at`: what is dated (duties) ends and goes on then; what is open moves with `AreasEnded`."""

    moves: tuple[Move, ...]
    at: datetime
    by: Mandate


@dataclass(frozen=True, slots=True)
class GroundRedrawn(Event):
    """From `at` on these areas of a community have another ground: what stands on them is where its point lies."""

    community_path: str
    areas: tuple[UUID, ...]
    at: datetime
    by: Mandate


@dataclass(frozen=True, slots=True)
class AreasEnded(Event):
    """Areas ended at `at`, by this mandate; the deepest first. A re-parented area has a successor."""

    moves: tuple[Move, ...]
    at: datetime
    by: Mandate
