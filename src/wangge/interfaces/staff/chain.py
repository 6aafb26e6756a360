"""Who held the case how long against what limit, and what happened, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.actions import OF_THE_STAGE, Action
from wangge.interfaces.staff.noting import noted
from wangge.interfaces.web import words
from wangge.kernel.cases.following import ANSWERS
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import Moment, Stage, Trace
from wangge.kernel.cases.queries.trace import Held
from wangge.kernel.cases.state import CaseState
from wangge.kernel.places.queries import Atlas


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the timeline. `kind` is now, late or empty; `talk` where the reporter said it, or it
    was written for the reporter."""

    what: str
    at: datetime | None = None
    who: str = ""
    said: tuple[str, ...] = ()
    kind: str = ""
    note: str = ""
    talk: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """One link of the responsibility chain: who held it, how long, against what limit."""

    step: str
    post: str
    person: str
    area: str
    start: datetime
    end: datetime | None
    held: timedelta
    limit: timedelta | None
    over: timedelta | None
    kind: str
    percent: int
    now: bool
    vacant: bool


MOST_LINES = 3
"""So many holders of one stage stand in a line of their own; the trace page shows the same."""


def links(stage: Stage, places: Atlas, now: datetime) -> list[Link]:
    """A stage as links: one for each holder, or one for the post or organisation where nobody held it."""
    if stage.state not in LIVE:
        return []
    kind = "late" if stage.late else "soon" if _presses(stage, now) else "done"
    percent = min(100, round(100 * stage.used / stage.limit)) if stage.limit else 0

    def link(post: str, person: str, area: str, start: datetime, end: datetime | None, vacant: bool) -> Link:
        return Link(
            str(words.STAGES[stage.state]),
            post,
            person,
            area,
            start,
            end,
            stage.used,
            stage.limit,
            stage.late,
            kind,
            percent,
            stage.to is None,
            vacant,
        )

    if stage.ended_by and stage.ended_by.actor and stage.ended_by.post:
        by = stage.ended_by
        own = next((held for held in stage.answerable if held.person == by.actor), None)
        return [
            link(
                holder(by.post or "", own),
                by.actor_name or "",
                standing.area_name(places, by.post_area or ""),
                stage.from_,
                stage.to,
                False,
            )
        ]
    if stage.answerable:
        return [
            link(
                holder(held[0].post, held[0]),
                _and(sorted({one.person_name for one in held if one.person_name})),
                standing.area_name(places, held[0].area_path),
                held[0].from_,
                held[0].to,
                False,
            )
            for held in _together(stage.answerable)
        ]
    posts = ", ".join(standing.post_name(post) for post in stage.posts)
    return [
        link(
            posts or _("not dispatched to anybody"),
            _("vacant") if posts else "",
            "",
            stage.from_,
            stage.to,
            bool(posts),
        )
    ]


def _together(answerable: Sequence[Held]) -> list[list[Held]]:
    """Holders of the same post on the same ground for the same stretch stand in one line."""
    lines: dict[tuple[object, ...], list[Held]] = {}
    for held in answerable:
        lines.setdefault((held.post, held.organisation, held.area_path, held.kind, held.from_, held.to), []).append(
            held
        )
    return list(lines.values())[:MOST_LINES]


def _and(names: Sequence[str]) -> str:
    """The first three names, and how many more."""
    more = len(names) - 3
    return _(", ").join(names[:3]) + (_(" and {n} more").format(n=more) if more > 0 else "")


def holder(post: str, held: Held | None) -> str:
    """A post in words, behind its organisation, with the kind of holding where that is not the regular one."""
    name = standing.post_name(post)
    if held and held.organisation_name:
        name = f"{held.organisation_name} {name}"
    if held and held.kind in ("acting", "deputy"):
        name += _(" (acting)") if held.kind == "acting" else _(" (deputy)")
    return name


def _presses(stage: Stage, now: datetime) -> bool:
    return stage.to is None and stage.due_at is not None and stage.due_at - now < words.SOON


def items(story: Trace, chain: Sequence[Link], case: CaseState, first: Action | None, *, now: datetime) -> list[Item]:
    """What happened, the newest first; on top what is waited for."""
    over = {stage.ended_by.seq: stage.late for stage in story.stages if stage.late and stage.ended_by}
    told = [_item(moment, over, case, now) for moment in reversed(story.moments)]
    if first and first.act not in OF_THE_STAGE and first.act != "dispose":
        return [Item(_("Waits for you: {stage}").format(stage=first.stage), kind="now"), *told]
    if first and first.act in OF_THE_STAGE:
        waiting = _("Waits for you: {stage}").format(stage=first.stage)
    elif case.state in LIVE and case.merged_into is None:
        stage = words.STAGES["closed" if case.state == "handled" and case.inspected_at else case.state]
        waiting = _("Waits: {stage}").format(stage=stage)
    else:
        return told
    holders = _(", ").join(dict.fromkeys(f"{link.post} {link.person}".strip() for link in chain if link.now))
    return [Item(waiting, None, holders, kind="now"), *told]


def _item(moment: Moment, over: dict[int, timedelta], case: CaseState, now: datetime) -> Item:
    who = " ".join(
        part for part in (standing.post_name(moment.post) if moment.post else "", moment.actor_name or "") if part
    )
    if not who:
        who = {"public": _("a resident"), "import": _("imported")}.get(moment.channel, "")
    said = tuple(
        text if text is not None else _("(erased)")
        for name, text in moment.content.items()
        if name in ("description", "reason", "note")
    )
    notes = noted(moment, now)
    if overrun := over.get(moment.seq):
        notes.append(_("{span} over the limit").format(span=words.span(overrun)))
    if files := moment.data.get("files"):
        notes.append(_("photos: {n}").format(n=len(files)))
    return Item(
        str(words.DONE.get(moment.verb, moment.verb)),
        moment.at if case.origin != "live" else moment.recorded_at,
        who,
        said,
        "late" if moment.seq in over else "",
        ", ".join(notes),
        moment.channel == "public" or moment.verb in ANSWERS,
    )
