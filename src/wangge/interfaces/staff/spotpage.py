"""The page of a spot file in words: cases as a timeline with campaigns and remedies between, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import rows, spotwords, standing
from wangge.interfaces.staff.choices import HANDLERS, Choice
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import CaseDetail
from wangge.kernel.cases.queries.timeline import Moment
from wangge.kernel.cases.reporting import LIMITS
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties.queries import roster_at
from wangge.kernel.places.queries import Atlas
from wangge.kernel.spots.queries import MemberRow, RemedyRow, SpotDetail, SpotRow, seen_of_case

FORWARD = ("set_remedy", "finish_remedy", "reopen_spot", "campaign")
"""Acts that bring a file on; the first that is allowed stands open."""
REASONS = frozenset({"drop_remedy", "close_spot", "reopen_spot"})
DANGER = frozenset({"drop_remedy", "close_spot"})


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the timeline."""

    at: datetime
    what: str
    who: str = ""
    said: tuple[str, ...] = ()
    note: str = ""
    kind: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """An act that is offered; `field` is the name of its words."""

    act: str
    label: str
    hint: str
    field: str
    field_label: str
    required: bool
    danger: bool
    most: int


@dataclass(frozen=True, slots=True)
class Told:
    """A remedy or campaign with what came before and after it."""

    name: str
    sub: str
    words: str
    kind: str


@dataclass(frozen=True, slots=True)
class SpotPage:
    """Everything that the template shows."""

    row: SpotRow
    title: str
    place: str
    state: str
    pie: str
    point: str
    counters: str
    told: list[Told]
    items: list[Item]
    hidden: str
    next: Action | None
    others: list[Action]
    kinds: list[tuple[str, str]] = field(default_factory=list)
    units: list[Choice] = field(default_factory=list)
    posts: list[Choice] = field(default_factory=list)


def build(detail: SpotDetail, *, by: Mandate, places: Atlas, now: datetime) -> SpotPage:
    """The page of a file as this mandate sees it."""
    row = detail.spot
    actions = sorted(map(_action, detail.allowed), key=lambda one: _place(one.act))
    first = actions[0] if actions and actions[0].act in FORWARD else None
    acts = set(detail.allowed)
    return SpotPage(
        row=row,
        title=spotwords.title(row),
        place=standing.ground_name(places, row.path),
        state=str(spotwords.STATES[row.state]),
        pie=spotwords.PIES[row.state],
        point=f"{row.lon_e7 / 1e7},{row.lat_e7 / 1e7}",
        counters=_counters(row),
        told=_told(detail, now),
        items=_items(detail, now),
        hidden=ngettext(
            "{n} more case that your duty does not let you see", "{n} more cases that your duty does not let you see",
            detail.hidden,
        ).format(n=detail.hidden) if detail.hidden else "",
        next=first,
        others=[one for one in actions if one is not first],
        kinds=[(code, str(name)) for code, name in spotwords.KINDS.items()],
        units=[_unit(one.id, one.name, one.name_en) for one in units_at(row.path)]
        if acts & {"campaign", "set_remedy"} else [],
        posts=_posts(row.path, now) if "set_remedy" in acts else [],
    )  # fmt: skip


def _place(act: str) -> int:
    return FORWARD.index(act) if act in FORWARD else len(FORWARD)


def _action(act: str) -> Action:
    reason = act in REASONS
    return Action(
        act=act,
        label=str(spotwords.BUTTONS[act]),
        hint=str(spotwords.HINTS.get(act, "")),
        field="reason" if reason else "note",
        field_label=_("Why") if reason else _("What is to be done") if act == "set_remedy" else _("What was done"),
        required=reason or act == "campaign",
        danger=act in DANGER,
        most=LIMITS["reason" if reason else "note"],
    )


def _unit(key: object, name: str, name_en: str) -> Choice:
    return Choice(f"unit:{key}", (name_en if rows.english() else name) or name)


def _posts(path: str, now: datetime) -> list[Choice]:
    held = roster_at(path, now).chain(path, now)
    posts = dict.fromkeys(one.post for one in held if one.post in HANDLERS)
    return [Choice(f"post:{post}", standing.post_name(post)) for post in posts]


def _counters(row: SpotRow) -> str:
    named = ((row.rebounds, _("rebounded {n}×")), (row.reopens, _("reopened {n}×")))
    return ", ".join(text.format(n=n) for n, text in named if n)


def _told(detail: SpotDetail, now: datetime) -> list[Told]:
    """Remedies, then campaigns, the newest first, each with what came before and after."""
    found = [_remedy(one, now) for one in reversed(detail.remedies)]
    for row in reversed(detail.campaigns):
        led = spotwords.owner(row.it.organisation_name, row.it.organisation_name_en, None)
        name = _("Campaign of {moment}").format(moment=words.moment(row.it.at, now=now))
        back = row.change.back_after is not None
        found.append(Told(name, led, spotwords.change(row.change, row.it.at, now=now), "soon" if back else ""))
    return found


def _remedy(row: RemedyRow, now: datetime) -> Told:
    one = row.it
    owner = spotwords.owner(one.organisation_name, one.organisation_name_en, one.post)
    name = _("{kind}, {owner}").format(kind=spotwords.KINDS[one.kind], owner=owner)
    sub = spotwords.outcome(one.outcome, one.finished_at is not None, f"{one.planned_on:%Y-%m-%d}")
    said = spotwords.change(row.change, one.finished_at, now=now) if row.change and one.finished_at else ""
    return Told(name, sub, said, {"rebounded": "late", "held": "done"}.get(one.outcome or "", ""))


def _items(detail: SpotDetail, now: datetime) -> list[Item]:
    """Cases, campaigns and remedies, the newest first."""
    campaigns = {one.it.seq: one.it.at for one in detail.campaigns}
    kinds = {one.it.seq: str(spotwords.KINDS[one.it.kind]) for one in detail.remedies}
    items = [_entry(one, campaigns, kinds) for one in detail.story if one.verb != "join_spot"]
    items += [_case(one, spotwords.title(detail.spot), now) for one in detail.cases]
    return sorted(items, key=lambda one: one.at, reverse=True)


def _entry(moment: Moment, campaigns: dict[int, datetime], kinds: dict[int, str]) -> Item:
    post = standing.post_name(moment.post) if moment.post else ""
    what = str(spotwords.DONE.get(moment.verb, moment.verb))
    if moment.seq in kinds:
        what = _("{act}: {kind}").format(act=what, kind=kinds[moment.seq])
    return Item(
        at=campaigns.get(moment.seq, moment.at),
        what=what,
        who=" ".join(part for part in (post, moment.actor_name or "") if part),
        said=tuple(text if text is not None else _("(erased)") for text in moment.content.values()),
        kind={"rebound": "late", "recur": "late", "campaign": "now", "finish_remedy": "now"}.get(moment.verb, ""),
    )


def _case(one: MemberRow, name: str, now: datetime) -> Item:
    notes = [str(words.STATES[one.state])]
    if one.closed_at:
        notes.append(_("closed {moment}").format(moment=words.moment(one.closed_at, now=now)))
    if not one.counts:
        notes.append(_("does not count"))
    return Item(
        at=one.reported_at,
        what=_("Case: {title}").format(title=rows.title(one.description, name)),
        who=one.address or "",
        note=" · ".join(notes),
        link=reverse("staff:case", args=[one.number]),
    )


@dataclass(frozen=True, slots=True)
class SpotLink:
    """From the page of a case to the file that it is in."""

    number: str
    words: str
    state: str


def link_of(detail: CaseDetail, by: Mandate) -> SpotLink | None:
    """The file of a case that was read with `OF_CASE` beside it, if it is in one that the mandate sees."""
    found = seen_of_case(detail.beside[0], by) if detail.beside else None
    if found is None:
        return None
    return SpotLink(found.number, spotwords.nth(found.nth, found.cases), str(spotwords.STATES[found.state]))
