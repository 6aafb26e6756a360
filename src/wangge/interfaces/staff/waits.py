"""What a case waits for beside its stage, and what it is bound to: requests, orders, calls, meetings, other cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.actions import Action
from wangge.interfaces.staff.chain import Link
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import CaseDetail, Moment, Trace
from wangge.kernel.cases.queries.detail import Kin
from wangge.kernel.duties.catalogue import POSTS


class Wait(NamedTuple):
    """A line: what is waited for, beneath it who asked and why, and how near its end is (as in `words.Due`)."""

    words: str
    note: str = ""
    kind: str = ""


class Bound(NamedTuple):
    """Another case that this one belongs with. `number` leads to its page where `seen`."""

    how: str
    number: str
    state: str
    note: str
    seen: bool


class Panel(NamedTuple):
    """The heading of the panel of the next step, and its words where nothing is to be done."""

    heading: str
    words: str


def waits(detail: CaseDetail, story: Trace, now: datetime) -> list[Wait]:
    """What is waited for beside the stage, the most pressing first."""
    found = (
        _call(detail, now), _order(detail, story, now), _warned(detail, story, now), _request(detail, story, now),
        _meeting(detail),
    )  # fmt: skip
    return [one for one in found if one]


def _call(detail: CaseDetail, now: datetime) -> Wait | None:
    case = detail.case
    if case.called is None:
        return None
    due = words.due(case.call_due_at, now=now)
    said = _("{unit} is called to the spot: {due}").format(unit=_unit(detail, case.called), due=due.words)
    return Wait(said, _("Half an hour from the call, day and night."), due.kind)


def _order(detail: CaseDetail, story: Trace, now: datetime) -> Wait | None:
    case = detail.case
    if case.supervision_due_at is None:
        return None
    due = words.due(case.supervision_due_at, now=now)
    return Wait(
        _("An order waits for its answer: {due}").format(due=due.words), _asked(story, "supervise"), due.kind
    )


def _warned(detail: CaseDetail, story: Trace, now: datetime) -> Wait | None:
    """The warning that the sweep wrote, once before the time limit ends and once when it is over."""
    case = detail.case
    told = next((one.at for one in reversed(story.moments) if one.verb == "warn"), None)
    if not case.warned or told is None or case.handled_at or case.state not in LIVE:
        return None
    due = words.due(case.due_at, now=now)
    return Wait(
        _("Warned that its time limit ends: {due}").format(due=due.words),
        _("Warned by the system {moment}.").format(moment=words.moment(told, now=now)),
        due.kind,
    )


def _request(detail: CaseDetail, story: Trace, now: datetime) -> Wait | None:
    case = detail.case
    if case.request is None:
        return None
    who = posts_with(case.request_step or "")
    if case.request == "suspension":
        until = words.moment(case.request_until, now=now) if case.request_until else ""
        said = _("A suspension until {until} is asked for; it waits for: {who}").format(until=until, who=who)
    elif case.request == "appeal":
        said = _("The appeal against the overdue mark waits for: {who}").format(who=who)
    else:
        said = _("The extension that was asked for waits for: {who}").format(who=who)
    act = "appeal" if case.request == "appeal" else f"ask_{case.request}"
    return Wait(said, _asked(story, act))


def _meeting(detail: CaseDetail) -> Wait | None:
    if detail.case.meeting != "called":
        return None
    return Wait(_("It was refused twice: a joint meeting rules. It waits for: {who}").format(who=posts_with("rule")))


def posts_with(verb: str) -> str:
    """The posts that may do this act, in words."""
    return " / ".join(standing.post_name(code) for code, post in POSTS.items() if verb in post.verbs)


def _asked(story: Trace, act: str) -> str:
    """Who asked last, and why."""
    moment: Moment | None = next((one for one in reversed(story.moments) if one.verb == act), None)
    if moment is None:
        return ""
    who = " ".join(part for part in (standing.post_name(moment.post or ""), moment.actor_name) if part)
    return _(": ").join(part for part in (who, moment.content.get("reason")) if part)


def _unit(detail: CaseDetail, unit: UUID) -> str:
    return (detail.names_en.get(unit) if english() else None) or detail.names.get(unit, "")


_HOW = {
    "into": lambda: _("Joined to"),
    "joined": lambda: _("Joined to this one"),
    "whole": lambda: _("A part of"),
    "part": lambda: _("Part"),
}


def bound(kin: Sequence[Kin]) -> list[Bound]:
    """The other cases that this one belongs with."""
    return [
        Bound(_HOW[one.how](), one.number, one.state, " · ".join(filter(None, (_who(one), one.task))), one.seen)
        for one in kin
    ]


def _who(one: Kin) -> str:
    unit = (one.unit_en if english() else None) or one.unit
    return unit or (standing.post_name(one.post) if one.post else "")


def panel(detail: CaseDetail, first: Action | None, chain: Sequence[Link], now: datetime) -> Panel:
    """The panel of the next step."""
    case = detail.case
    if first:
        return Panel(_("Next: {stage}").format(stage=first.stage), "")
    if case.merged_into is not None and case.state in LIVE:
        other = next((one.number for one in detail.kin if one.how == "into"), "")
        return Panel(_("Joined to another case"), _("It ends with {number}.").format(number=other))
    if case.state == "suspended":
        until = words.moment(case.suspended_until, now=now) if case.suspended_until else ""
        return Panel(_("Suspended until {moment}").format(moment=until), _("Then it goes on by itself."))
    if case.state not in LIVE:
        return Panel(_("Finished"), _("What happened stays on record."))
    if case.parts and case.state == "handling":
        return Panel(_("Nothing for you to do now"), _("It ends when all its parts have ended."))
    who = " / ".join(dict.fromkeys(link.post for link in chain if link.now)) or _("the command centre")
    return Panel(_("Nothing for you to do now"), _("It waits for {who}.").format(who=who))
