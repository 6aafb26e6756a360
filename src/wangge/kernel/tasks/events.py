"""What the room of tasks tells upper rooms, inside the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wangge.base.events import Event


@dataclass(frozen=True, slots=True)
class TaskMoved(Event):
    """A task was issued (`from_state` empty) or an act was done to it; `version` is the one after it.

    The addressee is an organisation, or a post on the area at `post_path`; so is the issuer.
    """

    task_id: UUID
    number: str
    kind: str
    act: str
    from_state: str
    to_state: str
    path: str
    organisation: UUID | None
    post: str | None
    post_path: str | None
    from_post: str
    from_path: str
    version: int
    due_at: datetime
    at: datetime
