"""A followed case in plain words: a headline, six steps, who answers by when, what was done. Posts, never names."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.interfaces.web import words
from wangge.interfaces.web.refusals import english
from wangge.kernel.cases.following import OUTCOMES, Followed
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import Moment
from wangge.kernel.cases.reference import ControlInfo
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.tracking import spaced
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.places.queries import AreaInfo, Atlas

STEPS: tuple[tuple[Promise, frozenset[str]], ...] = (
    (pgettext_lazy("progress", "Received"), frozenset({"reported"})),
    (pgettext_lazy("progress", "Checked"), frozenset({"verifying"})),
    (pgettext_lazy("progress", "Assigned"), frozenset({"registered", "dispatched"})),
    (pgettext_lazy("progress", "Worked on"), frozenset({"handling", "suspended"})),
    (pgettext_lazy("progress", "Inspected"), frozenset({"handled"})),
    (pgettext_lazy("progress", "Closed"), frozenset({"closed"})),
)

SAID: dict[str, Promise] = {
    "report": gettext_lazy("Report received"),
    "accept": gettext_lazy("Taken in, being checked"),
    "reject": gettext_lazy("Not taken in"),
    "confirm": gettext_lazy("Seen on the spot: it is so"),
    "dispose": gettext_lazy("Put right on the spot"),
    "merge": gettext_lazy("Joined with another report of the same thing; both end together"),
    "separate": gettext_lazy("Looked after on its own again"),
    "rule": gettext_lazy("Assigned by a joint meeting"),
    "suspend": gettext_lazy("Put off; the clock stands until then"),
    "resume": gettext_lazy("Taken up again"),
    "force_close": gettext_lazy("Ended by the subdistrict"),
    "dissent": gettext_lazy("You were not content; opened again"),
    "rate": gettext_lazy("You said how content you are"),
    "follow_close": gettext_lazy("Closed"),
    "follow_void": gettext_lazy("Ended without work"),
    "follow_reopen": gettext_lazy("Opened again"),
    "register": gettext_lazy("Taken on; the time limit runs"),
    "dispatch": gettext_lazy("Assigned"),
    "share": gettext_lazy("Shared between several units, each with its part"),
    "gather": gettext_lazy("All units have done their part, to be inspected"),
    "part_back": gettext_lazy("One part was not good enough and is worked on again"),
    "recall": gettext_lazy("Being assigned anew"),
    "sign": gettext_lazy("Work has begun"),
    "handle": gettext_lazy("Work is done, to be inspected"),
    "inspect": gettext_lazy("Inspected and found good"),
    "rework": gettext_lazy("Inspected and sent back: not good enough yet"),
    "return": gettext_lazy("Goes to another unit"),
    "close": gettext_lazy("Closed"),
    "void": gettext_lazy("Ended without work"),
    "reopen": gettext_lazy("Opened again"),
    "tell": gettext_lazy("Answer to you"),
    "comment": gettext_lazy("You added"),
    "attach": gettext_lazy("You added photos"),
}

READ = ("description", "address", "note", "reason")
"""What the reporter reads of a moment, in this order; what was erased is left out."""


class Step(NamedTuple):
    """One of the six; `kind` is past, now or empty."""

    name: str
    kind: str


class Fact(NamedTuple):
    """A question with its answer."""

    name: str
    value: str
    note: str = ""


class News(NamedTuple):
    """What was done; `who` is a post or a unit."""

    at: datetime
    what: str
    who: str
    words: str


class Picture(NamedTuple):
    """A photo of the report or of the finished work."""

    full: str
    small: str
    alt: str


@dataclass(frozen=True, slots=True)
class Story:
    """The page."""

    headline: str
    tail: str
    code: str
    plain_code: str
    reported_at: datetime
    ended_unsolved: bool
    steps: list[Step]
    facts: list[Fact]
    photos: list[Picture]
    news: list[News]
    joined: bool
    level: str
    may_rate: bool
    may_dissent: bool
    notices: list[str]


def tell(followed: Followed, places: Atlas, *, now: datetime) -> Story:
    """The case for the person who reported it."""
    case = followed.case
    return Story(
        headline=_headline(followed, places),
        tail=case.number[-6:],
        code=spaced(followed.code),
        plain_code=followed.code,
        reported_at=case.reported_at,
        ended_unsolved=case.state == "void",
        steps=steps(case),
        facts=_facts(followed, places, now) if followed.level != "confidential" else [],
        photos=[_picture(followed, file_id, role) for file_id, role in followed.files],
        news=[
            News(
                moment.at,
                str(SAID.get(moment.verb, moment.verb)),
                _actor(followed, moment),
                " · ".join(text for name in READ if (text := moment.content.get(name))),
            )
            for moment in reversed(followed.moments)
        ],
        joined=followed.joined,
        level=followed.level,
        may_rate=followed.may_rate,
        may_dissent=followed.may_dissent,
        notices=[_notice(one, now) for one in followed.controls],
    )


def _notice(one: ControlInfo, now: datetime) -> str:
    """Why such a thing is not handled there for a time."""
    text = (one.text_en if english() else one.text) or one.text
    return _("Not handled there until {moment}: {text}").format(moment=words.moment(one.valid_to, now=now), text=text)


def steps(case: CaseState) -> list[Step]:
    """The six steps with what is past and what is now; of a closed case those that it really took."""
    at = next((index for index, (_name, states) in enumerate(STEPS) if case.state in states), -1)
    if case.state == "closed":
        return [Step(str(name), kind) for (name, _states), kind in zip(STEPS, _taken(case), strict=True)]
    return [
        Step(str(name), "past" if index < at else "now" if index == at else "")
        for index, (name, _states) in enumerate(STEPS)
    ]


def _taken(case: CaseState) -> list[str]:
    """What a closed case has behind it: one that was ended by force was not worked on, one not drawn not inspected."""
    if case.origin == "imported":
        return ["past"] * len(STEPS)
    took = (
        True, case.registered_at, case.dispatched_at or case.self_disposed, case.handled_at, case.inspected_at, True,
    )  # fmt: skip
    return ["past" if one else "" for one in took]


def _headline(followed: Followed, places: Atlas) -> str:
    state, area = followed.case.state, _community(followed.case.path, places)
    name = _name(area) if area else ""
    if state == "void":
        return _("Your report ended without work")
    if state == "closed":
        return _ended(followed.case)
    if state == "suspended":
        return _("Put off for a time")
    if state in ("handling", "handled"):
        return _("Being worked on in {place}").format(place=name) if name else _("Being worked on")
    return _("Received; {place} looks after it").format(place=name) if name else _("Received")


def _ended(case: CaseState) -> str:
    """How a closed case ended; only what was inspected is said to be."""
    if case.forced:
        return _("Ended by the subdistrict")
    if case.inspected_at:
        return _("Done and inspected")
    return _("Put right on the spot, not drawn for inspection") if case.self_disposed else _("Closed")


def _facts(followed: Followed, places: Atlas, now: datetime) -> list[Fact]:
    case = followed.case
    if case.state == "suspended" and case.suspended_until:
        return [Fact(_("Put off until"), words.moment(case.suspended_until, now=now), _("Then it goes on by itself."))]
    if case.state not in LIVE:
        ended = case.closed_at or case.stage_since
        reason = next(
            (
                text
                for moment in reversed(followed.moments)
                if moment.verb in OUTCOMES
                for text in moment.content.values()
                if text
            ),
            "",
        )
        return [Fact(_("When it ended"), words.moment(ended, now=now), reason)]
    found = [Fact(_("Who answers for it now"), _who(followed, places), _("To reach them, leave a word on this page."))]
    if case.stage_due_at:
        found.append(
            Fact(
                _("Until when the next step is due"),
                words.due(case.stage_due_at, now=now).words,
                _("If it is late, the post above is charged with it."),
            )
        )
    if case.due_at:
        found.append(
            Fact(
                _("Until when the work is due"),
                words.due(case.due_at, now=now, ended=case.handled_at).words,
                words.limit(case.limit_amount, case.limit_unit),
            )
        )
    return found


def _who(followed: Followed, places: Atlas) -> str:
    case = followed.case
    if case.state == "handling" and followed.sharing:
        names = ((english() and name_en) or name or _by(post) for name, name_en, post in followed.sharing)
        return _(", ").join(dict.fromkeys(names))
    if case.state in ("dispatched", "handling") and followed.organisation:
        return followed.organisation
    if case.state in ("dispatched", "handling") and case.post:
        area = places.by_path.get(case.post_path or "")
        return " ".join(part for part in (_name(area) if area else "", _by(case.post)) if part)
    desk = {"handled": _by("inspector"), "registered": _by("operator")}
    return _("Command centre, {post}").format(post=desk.get(case.state, _by("acceptor")))


def _actor(followed: Followed, moment: Moment) -> str:
    """The post that acted, behind its unit's name where it acts for one."""
    name, name_en = followed.units.get(moment.duty, ("", "")) if moment.duty else ("", "")
    return f"{(name_en if english() else name) or name} {_by(moment.post)}".strip()


def _by(post: str | None) -> str:
    info = POSTS.get(post or "")
    return (info.name_en if english() else info.name) if info else ""


def _community(path: str, places: Atlas) -> AreaInfo | None:
    above = places.above(path)
    return next((area for area in above if area.kind in ("community", "village")), above[-1] if above else None)


def _name(area: AreaInfo) -> str:
    return (area.name_en if english() else area.name) or area.name


def _picture(followed: Followed, file_id: object, role: str) -> Picture:
    address = reverse("public:photo", args=[followed.code, file_id])
    return Picture(
        address,
        address + "?size=small",
        _("Photo of the finished work") if role == "after" else _("Photo of the report"),
    )
