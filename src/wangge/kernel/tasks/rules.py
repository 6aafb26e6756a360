"""The rules of a task, pure: from a state, a command and a moment to what changes. Nothing here reads a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.tasks.lifecycle import Kind, State, Transition, Who, possible, transition
from wangge.kernel.tasks.state import Command, Target, TaskState

LONGEST = timedelta(days=366)
"""A directive's deadline lies at most so far ahead."""
ANSWER_WITHIN = timedelta(hours=2)
"""A call waits so long for its answer where it names no time. The field has no usual value; ours is two hours."""
CALL_LONGEST = timedelta(days=3)
"""A call that may wait longer is no call."""


def addressed(task: TaskState, by: Mandate) -> bool:
    """Whether the mandate is that of the post or organisation to which the task is addressed."""
    if task.organisation is not None:
        return by.organisation == task.organisation and task.path.startswith(by.scope_path)
    return by.post == task.post and by.scope_path == task.post_path and by.actor is not None


def issued(task: TaskState, by: Mandate) -> bool:
    """Whether the mandate is that of the post that issued the task, whoever holds it now."""
    return (by.actor is not None and by.post == task.from_post and by.scope_path == task.from_path
            and by.organisation == task.from_organisation)


def target_of(task: TaskState) -> Target:
    """The present addressee."""
    return Target(task.organisation, task.post, task.post_path)


def overdue(task: TaskState, moment: datetime) -> bool:
    """Whether its deadline passed while the addressee has it in hand."""
    return task.state in (State.ISSUED, State.TAKEN) and task.due_at <= moment


def check_due(kind: str, due_at: datetime | None, moment: datetime) -> datetime:
    """The deadline of a task that is issued or set anew at `moment`. Raises `InvalidInput`."""
    if due_at is None:
        if kind == Kind.CALL:
            return moment + ANSWER_WITHIN
        raise InvalidInput("Say by when.", field="due_at", expected="a time to come")
    longest = CALL_LONGEST if kind == Kind.CALL else LONGEST
    if not moment < due_at <= moment + longest:
        raise InvalidInput("This deadline does not fit.", field="due_at", value=due_at.isoformat(),
                           expected=f"after {moment.isoformat()}, at most {longest.days} days ahead")
    return due_at


_GUARDS: Mapping[str, tuple[Callable[[TaskState, Mandate, datetime], bool], str]] = {
    "unread": (lambda task, by, moment: task.read_at is None, "It has been read already."),
    "not_replier": (lambda task, by, moment: by.actor != task.replier, "Who answered does not accept the answer."),
    "due": (lambda task, by, moment: task.due_at <= moment and task.overdue_since is None, "It is not due."),
}
"""Conditions on a task, and what is said where one does not hold."""

_WHO: Mapping[Who, tuple[Callable[[TaskState, Mandate], bool], str]] = {
    Who.ADDRESSEE: (addressed, "This task is addressed to somebody else."),
    Who.ISSUER: (issued, "Only who issued the task does this."),
    Who.CLOCK: (lambda task, by: True, ""),
}


def refused(row: Transition, task: TaskState, by: Mandate, moment: datetime) -> Forbidden | Conflict | None:
    """Why this mandate may not do this act, or None. Missing inputs are not judged here."""
    if row.act not in by.may:
        return Forbidden(f"The post “{by.post}” may not {row.act}.", field="action", value=row.act)
    test, text = _WHO[row.who]
    if not test(task, by):
        return Forbidden(text, field="action", value=row.act)
    for name in row.guards:
        holds, text = _GUARDS[name]
        if not holds(task, by, moment):
            return Conflict(text, field="action", value=row.act, extra={"present": present(task)})
    return None


def allowed_actions(task: TaskState, by: Mandate, moment: datetime) -> tuple[str, ...]:
    """The acts that this mandate may do now, in the order of the table."""
    return tuple(row.act for row in possible(task.state) if refused(row, task, by, moment) is None)


def decide(
    task: TaskState, command: Command, *, by: Mandate, moment: datetime, target: Target | None = None
) -> dict[str, Any]:
    """The columns that this act changes. `target` is the addressee that the command names, looked up.

    Raises `Conflict` where the state does not allow it, `Forbidden` where the mandate does not, and `InvalidInput`
    naming the missing input.
    """
    row = transition(command.act, task.state)
    if row is None:
        acts = ", ".join(one.act for one in possible(task.state))
        raise Conflict(f"Task {task.number} is “{task.state}”; it cannot {command.act} now.", field="action",
                       value=command.act, expected=f"one of {acts}" if acts else "nothing: it has ended",
                       extra={"present": present(task)})
    if refusal := refused(row, task, by, moment):
        raise refusal
    _check_needs(row, task, command, moment, target)
    updates = {"state": row.target.value} if row.target and row.target != task.state else {}
    return updates | _EFFECTS.get(row.act, _nothing)(task, command, by, moment, target)


def _check_needs(row: Transition, task: TaskState, command: Command, moment: datetime, target: Target | None) -> None:
    for need in row.needs:
        if need in ("note", "reason"):
            if not getattr(command, need).strip():
                raise InvalidInput("Write a few words.", field=need, expected="some words")
        elif need == "target":
            if target is None or target == target_of(task):
                raise InvalidInput("Say who is to do it instead.", field="post",
                                   expected="another post that is held there, or an organisation")
        elif need == "due_at" and command.due_at is None:
            raise InvalidInput("Say by when.", field="due_at", expected="a time to come")
        elif need == "time_ahead" and command.due_at is None and task.due_at <= moment:
            raise InvalidInput("The deadline has passed; say by when it is now.", field="due_at",
                               expected="a time to come")
    if command.due_at is not None:
        check_due(task.kind, command.due_at, moment)


Effect = Callable[[TaskState, Command, Mandate, datetime, Target | None], dict[str, Any]]


def _nothing(task: TaskState, command: Command, by: Mandate, moment: datetime, target: Target | None) -> dict[str, Any]:
    return {}


def _receipt(task: TaskState, command: Command, by: Mandate, moment: datetime, target: Target | None) -> dict[str, Any]:
    """What has been received has been read."""
    return {name: moment for name in ("read_at", "taken_at") if getattr(task, name) is None}


def _replied(task: TaskState, command: Command, by: Mandate, moment: datetime, target: Target | None) -> dict[str, Any]:
    return _receipt(task, command, by, moment, target) | {"replied_at": moment, "replier": by.actor}


def _sent_back(
    task: TaskState, command: Command, by: Mandate, moment: datetime, target: Target | None
) -> dict[str, Any]:
    return {"returns": task.returns + 1} | _due(task, command)


def _redirected(
    task: TaskState, command: Command, by: Mandate, moment: datetime, target: Target | None
) -> dict[str, Any]:
    assert target is not None
    anew = {name: None for name in ("read_at", "taken_at") if getattr(task, name) is not None}
    return target._asdict() | anew | _due(task, command)


def _due(task: TaskState, command: Command) -> dict[str, Any]:
    if command.due_at is None:
        return {}
    return {"due_at": command.due_at} | ({"overdue_since": None} if task.overdue_since else {})


_EFFECTS: Mapping[str, Effect] = {
    "read_task": lambda task, command, by, moment, target: {"read_at": moment},
    "take_task": _receipt,
    "reply_task": _replied,
    "accept_reply": lambda task, command, by, moment, target: {"ended_at": moment},
    "withdraw_task": lambda task, command, by, moment, target: {"ended_at": moment},
    "send_back": _sent_back,
    "redirect": _redirected,
    "remind_task": lambda task, command, by, moment, target: {"reminders": task.reminders + 1},
    "postpone": lambda task, command, by, moment, target: _due(task, command),
    "fall_due": lambda task, command, by, moment, target: {
        "overdue_since": task.due_at, "overdues": task.overdues + 1},
}


def present(task: TaskState) -> dict[str, Any]:
    """What a caller who lost a race is shown."""
    return {"id": str(task.id), "number": task.number, "state": task.state, "version": task.version}
