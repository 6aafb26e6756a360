"""A task as a value: the columns of `tasks_task`, frozen. `decide` takes one and says what an act changes of it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec


class TaskState(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `tasks_task`. Times are UTC.

    `path` is the place that the task is about: of its `case`, of the area, or where the post is held. The addressee is
    an `organisation`, or a `post` on the area at `post_path`; the issuer a post at `from_path`, for an organisation
    where `from_organisation` says so, and `from_person` who held it. `read_at` is when somebody addressed opened it,
    `taken_at` when it was received, `replied_at` and `replier` when and by whom it was answered last. `overdue_since`
    is the deadline that passed while the addressee had it in hand, `overdues` how often one did.
    """

    id: UUID
    version: int
    number: str
    kind: str
    state: str
    case: UUID | None
    area: UUID | None
    path: str
    organisation: UUID | None
    post: str | None
    post_path: str | None
    from_person: UUID | None
    from_post: str
    from_path: str
    from_organisation: UUID | None
    key: UUID | None
    issued_at: datetime
    due_at: datetime
    read_at: datetime | None = None
    taken_at: datetime | None = None
    replied_at: datetime | None = None
    replier: UUID | None = None
    ended_at: datetime | None = None
    overdue_since: datetime | None = None
    overdues: int = 0
    reminders: int = 0
    returns: int = 0


COLUMNS = tuple(one.name for one in msgspec.structs.fields(TaskState))
TIMES = frozenset(name for name in COLUMNS if name.endswith("_at") or name == "overdue_since")


class Target(NamedTuple):
    """Whom a task is addressed to: an organisation, or a post on the area at `post_path`."""

    organisation: UUID | None = None
    post: str | None = None
    post_path: str | None = None


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants done to a task. `due_at` is a new deadline; `post` or `organisation` another addressee."""

    act: str
    note: str = ""
    reason: str = ""
    due_at: datetime | None = None
    post: str | None = None
    organisation: UUID | None = None


class NewTask(msgspec.Struct, frozen=True, kw_only=True):
    """A task to be issued: what is to be done (`note`), about a case (id or number) or an area (code), by when.

    Without `post` and `organisation` it goes to who has the case in hand, else to who answers for the place; a call
    goes to the leader who answers for it. `key` is the sender's own: the same again gives the same task.
    """

    kind: str
    note: str
    case: str = ""
    area: str = ""
    post: str | None = None
    organisation: UUID | None = None
    due_at: datetime | None = None
    key: UUID | None = None
