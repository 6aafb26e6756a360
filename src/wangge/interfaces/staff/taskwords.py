"""Tasks in words: states, kinds, acts, whom they go to, and how near their deadline is."""

from __future__ import annotations

from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.places.queries import Atlas
from wangge.kernel.tasks.lifecycle import HELD
from wangge.kernel.tasks.queries import TaskRow
from wangge.kernel.tasks.state import TaskState

STATES: dict[str, Promise] = {
    "issued": pgettext_lazy("task state", "To receive"),
    "taken": pgettext_lazy("task state", "Being done"),
    "replied": pgettext_lazy("task state", "Answered"),
    "declined": pgettext_lazy("task state", "Given back"),
    "done": pgettext_lazy("task state", "Done"),
    "withdrawn": pgettext_lazy("task state", "Withdrawn"),
}
PIES = {"issued": "reported", "taken": "handling", "replied": "handled", "declined": "registered", "done": "closed",
        "withdrawn": "void"}
"""Each state is drawn as the pie of a state of cases that is as far on."""

KINDS: dict[str, Promise] = {
    "directive": pgettext_lazy("task", "Directive"),
    "call": pgettext_lazy("task", "Call to the leader"),
}
BUTTONS: dict[str, Promise] = {
    "read_task": pgettext_lazy("button", "Mark as read"),
    "take_task": pgettext_lazy("button", "Receive it"),
    "progress": pgettext_lazy("button", "Say how it goes"),
    "reply_task": pgettext_lazy("button", "Send the answer"),
    "decline_task": pgettext_lazy("button", "Give it back"),
    "accept_reply": pgettext_lazy("button", "Accept the answer"),
    "send_back": pgettext_lazy("button", "Send back"),
    "redirect": pgettext_lazy("button", "Give it to somebody else"),
    "remind_task": pgettext_lazy("button", "Remind"),
    "postpone": pgettext_lazy("button", "Set a later deadline"),
    "withdraw_task": pgettext_lazy("button", "Withdraw it"),
}
DONE: dict[str, Promise] = {
    "direct": gettext_lazy("Directed"),
    "call_leader": gettext_lazy("Called the leader"),
    "read_task": gettext_lazy("Read"),
    "take_task": pgettext_lazy("task", "Received"),
    "progress": gettext_lazy("How it goes"),
    "reply_task": gettext_lazy("Task answered"),
    "decline_task": gettext_lazy("Given back"),
    "accept_reply": gettext_lazy("Answer accepted"),
    "send_back": gettext_lazy("Sent back"),
    "redirect": gettext_lazy("Given to somebody else"),
    "remind_task": gettext_lazy("Reminded"),
    "postpone": gettext_lazy("Later deadline"),
    "withdraw_task": gettext_lazy("Task withdrawn"),
    "fall_due": gettext_lazy("The deadline passed"),
    "move": gettext_lazy("The area ended; the task moved along"),
    "erase": gettext_lazy("Personal content erased"),
}
REASONS = frozenset({"decline_task", "send_back", "withdraw_task"})
DANGER = frozenset({"decline_task", "send_back", "withdraw_task"})
TIMES = frozenset({"send_back", "redirect", "postpone"})
"""Acts that may set a new deadline."""


def title(row: TaskRow) -> str:
    """The first line of what is to be done, else what kind of task it is."""
    lines = (row.words or "").strip().splitlines()
    if lines:
        return lines[0][:120]
    return str(KINDS[row.task.kind]) if row.readable else _("{kind}, its words are not for you to read").format(
        kind=KINDS[row.task.kind])


def addressee(row: TaskRow, places: Atlas) -> str:
    """“Grid leader · West Community, Grid 1”, or the organisation."""
    if row.task.post is None:
        return (row.organisation_name_en if english() else "") or row.organisation_name or ""
    return _of(row.task.post, row.task.post_path or "", places)


def issuer(row: TaskRow, places: Atlas) -> str:
    """The post that issued it, behind its organisation if it has one."""
    unit = (row.from_organisation_name_en if english() else "") or row.from_organisation_name or ""
    return f"{unit} {_of(row.task.from_post, row.task.from_path, places)}".strip()


def _of(post: str, path: str, places: Atlas) -> str:
    return " · ".join(part for part in (standing.post_name(post), standing.area_name(places, path)) if part)


def due(task: TaskState, now: datetime) -> words.Due:
    """The deadline while the addressee has it in hand; whether it was kept, once it is answered."""
    if task.state in HELD:
        return words.due(task.due_at, now=now)
    if task.replied_at is not None and task.state in ("replied", "done"):
        return words.due(task.due_at, now=now, ended=task.replied_at)
    return words.Due("", words.moment(task.ended_at or task.due_at, now=now))
