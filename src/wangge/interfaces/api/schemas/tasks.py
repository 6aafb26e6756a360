"""Tasks: what goes in and what comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from wangge.interfaces.api.schemas.cases import AreaRef, EntryOut, Named
from wangge.interfaces.api.schemas.incoming import Moment
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.tasks.lifecycle import ACTS, Kind, State
from wangge.kernel.tasks.queries import BOXES

TaskStateName = Literal[tuple(state.value for state in State)]  # type: ignore[valid-type]
TaskKindName = Literal[tuple(kind.value for kind in Kind)]  # type: ignore[valid-type]
TaskActName = Literal[ACTS]  # type: ignore[valid-type]
BoxName = Literal[BOXES]  # type: ignore[valid-type]


class TaskFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /tasks`. `in` are those addressed to you, `out` those that your post issued."""

    box: BoxName = "all"
    state: tuple[TaskStateName, ...] = ()  # type: ignore[valid-type]
    kind: Annotated[
        Literal["", "directive", "call"], Meta(description="Directives go down, calls go up; both, if empty")
    ] = ""
    case: Annotated[str, Meta(max_length=40, description="The id or number of a case that you may see")] = ""
    area: Annotated[str, Meta(max_length=32, description="An area's code; all below it is included")] = ""
    overdue: Annotated[bool, Meta(description="Only those whose deadline passed while the addressee has them")] = False
    cursor: Annotated[str, Meta(max_length=200, description="`next_cursor` of the page before")] = ""
    limit: Annotated[int, Meta(ge=1, le=200)] = 50


class NewTaskIn(Struct, forbid_unknown_fields=True):
    """A directive about a case or an area, or a call to who leads. Without an addressee it goes to who has the case or
    answers for the place; a call to the leader above it."""

    kind: TaskKindName  # type: ignore[valid-type]
    note: Annotated[str, Meta(min_length=1, max_length=LIMITS["note"], description="What is to be done, in words")]
    case: Annotated[str, Meta(max_length=40, description="The id or number of a case")] = ""
    area: Annotated[str, Meta(max_length=32, description="The code of an area")] = ""
    post: Annotated[str, Meta(max_length=64, description="A post that is held there")] | None = None
    organisation: UUID | None = None
    due_at: Annotated[Moment | None, Meta(description="By when; a call has two hours if not given")] = None
    key: Annotated[UUID | None, Meta(description="Your own id of the request: sent again, it is the same task")] = None


class TaskAction(Struct, forbid_unknown_fields=True):
    """An act upon a task, with what it needs. `expected_version` is the version that you saw."""

    action: TaskActName
    expected_version: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    note: Annotated[str, Meta(max_length=LIMITS["note"], description="What was done, or the answer")] = ""
    reason: Annotated[str, Meta(max_length=LIMITS["reason"], description="Why, in words")] = ""
    due_at: Annotated[Moment | None, Meta(description="A new deadline")] = None
    post: Annotated[str, Meta(max_length=64, description="Whom it goes to instead")] | None = None
    organisation: UUID | None = None


class Party(Struct):
    """Who issued or whom it is addressed to: an organisation, or a post on an area."""

    organisation: Named | None
    post: str | None
    area: str | None


class TaskItem(Struct):
    """A task in a list. `note` is null where it was erased or is not yours to read (`readable` says which)."""

    id: UUID
    number: str
    version: int
    kind: str
    state: str
    note: str | None
    readable: bool
    case: str | None
    area: AreaRef | None
    issuer: Party
    addressee: Party
    issued_at: datetime
    due_at: datetime
    overdue: bool
    read_at: datetime | None
    taken_at: datetime | None
    replied_at: datetime | None
    ended_at: datetime | None
    overdues: int
    reminders: int
    returns: int


class TaskPage(Struct):
    """A page of tasks."""

    items: list[TaskItem]
    next_cursor: str | None


class CardOut(Struct):
    """What may be posted in a chat group: a text without personal data, and the link that it ends with."""

    text: str
    link: str


class TaskOut(TaskItem):
    """One task with its journal, its card, and what you may do."""

    story: list[EntryOut]
    card: CardOut
    allowed_actions: list[str]


class TaskActed(Struct):
    """What became of a task."""

    id: UUID
    number: str
    version: int
    state: str
    due_at: datetime
    allowed_actions: list[str]
