"""The page of a task: who has it, receipts, its story, what to do next, and the card that may be shared."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from wangge.interfaces.staff import standing, taskwords
from wangge.interfaces.staff.choices import Choice
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.interfaces.web.sharing import Card
from wangge.kernel.cases.queries.timeline import Moment
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import holders, roster_at
from wangge.kernel.places.queries import Atlas
from wangge.kernel.tasks.addressing import LEADERS
from wangge.kernel.tasks.lifecycle import State
from wangge.kernel.tasks.queries import TaskDetail, TaskRow

FORWARD = ("take_task", "accept_reply", "reply_task", "redirect")
"""Acts that bring a task on; the first that is allowed is the one big button. Giving it to somebody else is one only
where it was given back."""
TAKERS = frozenset(code for code, post in POSTS.items() if "take_task" in post.verbs)


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the story."""

    at: datetime
    what: str
    who: str
    said: tuple[str, ...] = ()
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """An act that is offered; `field` is the name of its words, `time` whether it may or must have a deadline."""

    act: str
    label: str
    field: str
    field_label: str
    required: bool
    danger: bool
    time: str
    most: int


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Everything that the template shows."""

    row: TaskRow
    title: str
    kind: str
    state: str
    pie: str
    due: words.Due
    addressee: str
    held_by: str
    issuer: str
    place: str
    unread: bool
    items: list[Item]
    next: Action | None
    others: list[Action]
    card: Card
    choices: list[Choice] = field(default_factory=list)


def build(detail: TaskDetail, card: Card, *, places: Atlas, now: datetime) -> TaskPage:
    """The page of a task as it was read."""
    row, task = detail.row, detail.row.task
    late = now >= task.due_at
    offered = [_action(act, late) for act in detail.allowed if act != "read_task"]
    forward = [act for act in FORWARD if act != "redirect" or task.state == State.DECLINED]
    first = next((one for act in forward for one in offered if one.act == act), None)
    return TaskPage(
        row=row, title=taskwords.title(row), kind=str(taskwords.KINDS[task.kind]),
        state=str(taskwords.STATES[task.state]), pie=taskwords.PIES[task.state], due=taskwords.due(task, now),
        addressee=taskwords.addressee(row, places), held_by=_held_by(row, now), issuer=taskwords.issuer(row, places),
        place=standing.ground_name(places, task.path), unread="read_task" in detail.allowed,
        items=[_item(one, now) for one in reversed(detail.story)],
        next=first, others=[one for one in offered if one is not first], card=card,
        choices=addressees(task.path, task.kind, now) if "redirect" in detail.allowed else [],
    )  # fmt: skip


def _held_by(row: TaskRow, now: datetime) -> str:
    """Who holds the addressed post now; that nobody does is said."""
    if row.task.post is None or row.task.post_path is None:
        return ""
    held = [one for one in holders(row.task.post_path, row.task.post, now) if one.area_path == row.task.post_path]
    return ", ".join(one.name for one in held if one.name) or _("vacant now")


def _action(act: str, late: bool) -> Action:
    reason = act in taskwords.REASONS
    time = ("must" if act == "postpone" or late else "may") if act in taskwords.TIMES else ""
    label = {"progress": _("How it goes"), "reply_task": _("The answer")}.get(act)
    return Action(
        act=act, label=str(taskwords.BUTTONS[act]), field="reason" if reason else "note",
        field_label=label or (_("Why") if reason else _("A few words (optional)")),
        required=reason or act in ("progress", "reply_task"), danger=act in taskwords.DANGER, time=time,
        most=LIMITS["reason" if reason else "note"],
    )  # fmt: skip


def _item(moment: Moment, now: datetime) -> Item:
    post = standing.post_name(moment.post) if moment.post else ""
    due = moment.data.get("set", {}).get("due_at") if moment.verb in taskwords.TIMES else None
    return Item(
        at=moment.at,
        what=str(taskwords.DONE.get(moment.verb, moment.verb)),
        who=" ".join(part for part in (post, moment.actor_name or "") if part),
        said=tuple(text if text is not None else _("(erased)") for text in moment.content.values()),
        note=_("answer by {moment}").format(moment=words.moment_of_us(due, now=now)) if due else "",
        kind={"fall_due": "late", "reply_task": "now", "accept_reply": "now", "declined": "late"}.get(moment.verb, ""),
    )


def addressees(path: str, kind: str, now: datetime, *, units: bool = True) -> list[Choice]:
    """Whom a task about this place may go to: posts held there and above, and units of the subdistrict."""
    held = roster_at(path, now).chain(path, now)
    posts: dict[str, list[str]] = {}
    for one in held:
        if one.post in (LEADERS if kind == "call" else TAKERS):
            posts.setdefault(one.post, []).append(one.name)
    found = [Choice(f"post:{post}", standing.post_name(post), ", ".join(filter(None, names)))
             for post, names in posts.items()]
    if kind == "call" or not units:
        return found
    return found + [Choice(f"unit:{one.id}", (one.name_en if english() else one.name) or one.name)
                    for one in units_at(path)]
