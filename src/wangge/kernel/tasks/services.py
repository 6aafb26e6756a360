"""Issuing a task and acting upon it. Each is one transaction: look up, decide, write the entry and the row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.base import events
from wangge.base.errors import InvalidInput, KeyReused, Moved
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.loading import named, read_many
from wangge.kernel.cases.replaying import plain
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import Act, append
from wangge.kernel.tasks.access import may_see, missing
from wangge.kernel.tasks.addressing import Ground, ground_of, target_for
from wangge.kernel.tasks.events import TaskMoved
from wangge.kernel.tasks.lifecycle import ACTS, QUIET, UNVERSIONED, Kind, State
from wangge.kernel.tasks.loading import insert, lock, save, state_of
from wangge.kernel.tasks.models import SUBJECT, Task
from wangge.kernel.tasks.rules import check_due, decide, present
from wangge.kernel.tasks.state import COLUMNS, Command, NewTask, Target, TaskState

VERBS: Mapping[str, str] = {Kind.DIRECTIVE: "direct", Kind.CALL: "call_leader"}
"""The verb under which a task of each kind is issued."""


def issue(*, new: NewTask, by: Mandate) -> TaskState:
    """Give a directive, or call who leads, and return the task.

    The same key from the same sender gives the task that it made before. Raises `NotFound`, `Forbidden`,
    `InvalidInput`, `KeyReused`.
    """
    if new.kind not in VERBS:
        raise InvalidInput("There is no such kind of task.", field="kind", value=new.kind,
                           expected="one of " + ", ".join(VERBS))
    words = check_text("note", new.note)
    if not words:
        raise InvalidInput("Write a few words.", field="note", expected="some words")
    if new.key is not None and (known := _sent_before(new, by)):
        return known
    ground = ground_of(new, by)
    verb = VERBS[new.kind]
    by.require(verb, ground.path)
    moment = moment_of(by)
    due_at = check_due(new.kind, new.due_at, moment)
    target = target_for(new.kind, ground, by, moment, post=new.post or None, organisation=new.organisation)
    task = TaskState(
        id=new_id(), version=1, number=f"T{draw('tasks_number_seq', 1)[0]:06d}", kind=new.kind,
        state=State.ISSUED.value, case=ground.case.id if ground.case else None, area=ground.area, path=ground.path,
        **target._asdict(), from_person=by.actor, from_post=by.post, from_path=by.scope_path,
        from_organisation=by.organisation, key=new.key, issued_at=moment, due_at=due_at,
    )  # fmt: skip
    columns = {name: getattr(task, name) for name in COLUMNS if name not in ("id", "version")}
    try:
        with transaction.atomic():
            append([Act(task.id, SUBJECT, verb, ground.area, {"set": plain(columns)}, {"note": words})], by=by)
            insert(task)
            _tell(task, verb, "", by)
    except IntegrityError as error:
        if "tasks_task_key_once" not in str(error):
            raise
        if known := _sent_before(new, by):
            return known
        raise
    return task


def _sent_before(new: NewTask, by: Mandate) -> TaskState | None:
    row = Task.objects.filter(key=new.key).first()
    if row is None:
        return None
    if by.actor is None or row.from_person_id != by.actor or row.kind != new.kind:
        raise KeyReused("This key belongs to another task.", field="key", value=new.key, expected="a fresh UUID")
    return state_of(row)


def act(*, task_id: UUID | str, command: Command, expected_version: int | None, by: Mandate) -> TaskState:
    """Do one act on a task (id or number) and return it as it then stands.

    `expected_version` is the version that the actor saw; having been read, progress, reminders and a passed deadline do
    not make it out of date. Raises `NotFound`, `Conflict` (with the present state), `Forbidden` or `InvalidInput`.
    """
    if command.act not in ACTS:
        raise InvalidInput("There is no such action.", field="action", value=command.act,
                           expected="one of " + ", ".join(ACTS))
    words = {name: text for name in ("note", "reason") if (text := check_text(name, getattr(command, name)))}
    versioned = command.act not in UNVERSIONED
    if versioned and expected_version is None:
        raise InvalidInput("Say which version of the task you saw.", field="expected_version",
                           expected="the task's version")
    with transaction.atomic():
        task = lock(task_id)
        if task is None or not may_see(task, by):
            raise missing(task_id)
        if versioned and expected_version is not None and not _still_as_seen(task, expected_version):
            raise Moved(f"Task {task.number} has moved on: it is at version {task.version} now.",
                        field="expected_version", value=expected_version, expected=str(task.version),
                        extra={"present": present(task)})
        moment = moment_of(by)
        updates = decide(task, command, by=by, moment=moment, target=_target(task, command, by))
        return advance(task, command.act, updates, by=by, content=words)


def _target(task: TaskState, command: Command, by: Mandate) -> Target | None:
    """The addressee that the command names."""
    if command.act != "redirect" or not (command.post or command.organisation):
        return None
    case = next(iter(read_many(*named(task.case))), None) if task.case else None
    ground = Ground(task.area, task.path, case)
    return target_for(task.kind, ground, by, moment_of(by), post=command.post or None,
                      organisation=command.organisation)


def advance(
    task: TaskState, verb: str, updates: Mapping[str, Any], *, by: Mandate, content: Mapping[str, str] | None = None
) -> TaskState:
    """Write the entry of a decided act upon a locked task, save what it changed, and tell of it."""
    data = {"set": plain(updates)} if updates else {}
    [written] = append([Act(task.id, SUBJECT, verb, task.area, data, content or {}, task.version)], by=by)
    after = save(task, {**updates, "version": written.seq})
    _tell(after, verb, task.state, by)
    return after


def _tell(task: TaskState, verb: str, before: str, by: Mandate) -> None:
    events.publish(TaskMoved(
        task_id=task.id, number=task.number, kind=task.kind, act=verb, from_state=before, to_state=task.state,
        path=task.path, organisation=task.organisation, post=task.post, post_path=task.post_path,
        from_post=task.from_post, from_path=task.from_path, version=task.version, due_at=task.due_at,
        at=moment_of(by),
    ))  # fmt: skip


def _still_as_seen(task: TaskState, version: int) -> bool:
    if version == task.version:
        return True
    if not 0 < version < task.version:
        return False
    return not Entry.objects.filter(subject_id=task.id, seq__gt=version).exclude(verb__in=QUIET).exists()
