"""The case page in words: facts, evidence, what happened, the clock as a sum, who held it how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import rows, standing
from wangge.interfaces.staff.actions import Action, offered
from wangge.interfaces.staff.chain import Item, Link, items, links
from wangge.interfaces.staff.choices import Choice, Group, conditions, targets
from wangge.interfaces.staff.clockwords import ClockWords, clock_words
from wangge.interfaces.staff.formerly import Place
from wangge.interfaces.staff.formerly import place as place_told
from wangge.interfaces.staff.hints import Hints, hints
from wangge.interfaces.staff.nearby import Near, nearby
from wangge.interfaces.staff.spotpage import SpotLink, link_of
from wangge.interfaces.staff.waits import Bound, Panel, Wait, bound, panel, waits
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import CaseDetail, Moment, Trace
from wangge.kernel.cases.queries.trace import Held
from wangge.kernel.cases.state import CaseState
from wangge.kernel.desk.queries import replies_by_act
from wangge.kernel.places.queries import Atlas
from wangge.kernel.spots.queries import seen_of_place


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo with its addresses; `what` is the act that it came with."""

    full: str
    small: str
    alt: str
    what: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Compare:
    """Before against after."""

    before: Photo
    after: Photo


@dataclass(frozen=True, slots=True)
class Answerable:
    """Who answers for the place now."""

    post: str
    area: str
    name: str
    start: datetime
    end: datetime | None


@dataclass(frozen=True, slots=True)
class CasePage:
    """Everything that the template shows."""

    case: CaseState
    title: str
    text: str | None
    class_name: str
    place: str
    simulated: bool
    counters: str
    stage_due: words.Due
    handling_due: words.Due | None
    contact: bool
    photos: list[Photo]
    compare: Compare | None
    sealed: bool
    point: str
    answerable: list[Answerable]
    moments: list[Item]
    talks: int
    clock: ClockWords | None
    chain: list[Link]
    panel: Panel
    waits: list[Wait]
    bound: list[Bound]
    next: Action | None
    others: list[Action]
    conditions: list[Group] = field(default_factory=list)
    targets: list[Choice] = field(default_factory=list)
    units: list[Choice] = field(default_factory=list)
    near: list[Near] = field(default_factory=list)
    hints: Hints | None = None
    part: str = ""
    withheld: bool = False
    spot: SpotLink | None = None
    before: Place | None = None


def build(detail: CaseDetail, story: Trace, *, by: Mandate, places: Atlas, now: datetime) -> CasePage:
    """The page of a case as this mandate sees it."""
    case = detail.case
    _spot, former, kept = detail.beside
    first, others = offered(case, _readable(detail), by, replies_by_act(kept))
    acts = {action.act for action in (first, *others) if action}
    choices, units = targets(detail, now=now) if acts & _ADDRESSED else ([], [])
    photos = photos_of(detail, story.moments)
    chain = [link for stage in story.stages for link in links(stage, places, now)]
    class_name = class_words(detail)
    told = items(story, chain, case, first, now=now)
    return CasePage(
        case=case,
        title=rows.title(detail.description, class_name),
        text=None if detail.erased else detail.description or "",
        class_name=class_name,
        place=place_words(detail, places),
        simulated=case.origin == "simulated",
        counters=rows.counters(case),
        stage_due=rows.deadline(case, now),
        handling_due=handling_due(case, now),
        contact=detail.has_contact and by.allows("read_contact", case.path),
        photos=photos,
        compare=compared(photos, detail),
        sealed=all(moment.sealed for moment in story.moments),
        point=point_words(case),
        answerable=grouped([answerable(one, places) for one in story.chain if one.to is None or one.to > now]),
        moments=told,
        talks=sum(item.talk for item in told),
        clock=clock_words(detail, now),
        chain=chain,
        panel=panel(detail, first, chain, now),
        waits=waits(detail, story, now),
        bound=bound(detail.kin),
        next=first,
        others=others,
        conditions=conditions(detail) if acts & {"register", "dispose"} else [],
        targets=choices,
        units=units,
        near=nearby(detail, by, now) if "merge" in acts else [],
        part=part_words(detail),
        withheld=detail.withheld,
        hints=hints(detail) if "register" in acts else None,
        spot=link_of(detail, by),
        before=place_told(seen_of_place(former, case), case, now),
    )


def _readable(detail: CaseDetail) -> tuple[str, ...]:
    """What may be done; no answer to the reporter is offered where the page of the code would not show its words."""
    level = detail.class_info.confidentiality if detail.class_info else "public"
    return detail.allowed if level == "public" else tuple(act for act in detail.allowed if act != "tell")


_ADDRESSED = {"dispatch", "rule", "whistle", "share"}


def class_words(detail: CaseDetail) -> str:
    """The class's name in the page's language."""
    info = detail.class_info
    return ((info.name_en if rows.english() else info.name) or info.name) if info else ""


def place_words(detail: CaseDetail, places: Atlas) -> str:
    """The address, if one was given, and the ground that it lies on."""
    return " · ".join(part for part in (detail.address, standing.ground_name(places, detail.case.path)) if part)


def part_words(detail: CaseDetail) -> str:
    """The public part that it is about and who keeps it, or empty."""
    part = detail.part
    if part is None:
        return ""
    name = class_words(detail) if rows.english() else part.name
    keeper = (part.keeper.name_en if rows.english() else part.keeper.name) or part.keeper.name if part.keeper else ""
    if not keeper:
        return _("{name} {code}, nobody keeps it").format(name=name, code=part.code)
    return _("{name} {code}, kept by {keeper}").format(name=name, code=part.code, keeper=keeper)


def handling_due(case: CaseState, now: datetime) -> words.Due | None:
    """The whole limit of handling, where it differs from the present stage's."""
    if case.due_at is None or case.merged_into or case.state in ("handling", "suspended", "closed", "void"):
        return None
    said = words.due(case.due_at, now=now, ended=case.handled_at)
    return words.Due(said.kind, _("handling: {words}").format(words=said.words))


def point_words(case: CaseState) -> str:
    """“lon,lat” in degrees for the map, or empty."""
    return "" if case.lon_e7 is None or case.lat_e7 is None else f"{case.lon_e7 / 1e7},{case.lat_e7 / 1e7}"


def photos_of(detail: CaseDetail, moments: Sequence[Moment]) -> list[Photo]:
    """All photos, oldest first, each with the act that brought it."""
    verbs = {moment.seq: moment.verb for moment in moments}
    live = detail.case.origin == "live"
    times = {moment.seq: moment.recorded_at if live else moment.at for moment in moments}
    times.setdefault(1, detail.case.reported_at)
    return [
        Photo(
            full=reverse("staff:photo", args=[file.id]),
            small=reverse("staff:photo", args=[file.id]) + "?size=small",
            alt=_("Photo: {act}").format(act=words.DONE.get(verbs.get(file.seq, ""), _("report"))),
            what=str(words.DONE.get(verbs.get(file.seq, ""), "")),
            at=times.get(file.seq, file.stored_at),
        )
        for file in detail.files
    ]


def compared(photos: Sequence[Photo], detail: CaseDetail) -> Compare | None:
    """The first photo from before and the last of the work, else the last that came later, once it was handed back."""
    shown = list(zip(photos, detail.files, strict=True))
    before = next((photo for photo, file in shown if file.seq == 1 or file.role == "before"), None)
    later = [pair for pair in shown if pair[1].seq > 1 and pair[1].role != "before"]
    worked = [photo for photo, file in later if file.role == "after"]
    after = next(reversed(worked or [photo for photo, _file in later]), None)
    return Compare(before, after) if before and after and detail.case.handled_at else None


def grouped(found: Sequence[Answerable]) -> list[Answerable]:
    """One line for each post and place."""
    lines: dict[tuple[str, str], Answerable] = {}
    for one in found:
        known = lines.get((one.post, one.area))
        lines[one.post, one.area] = replace(known, name=f"{known.name}{_(', ')}{one.name}") if known else one
    return list(lines.values())


def answerable(one: Held, places: Atlas) -> Answerable:
    """A holder as a line."""
    area = standing.area_name(places, one.area_path)
    return Answerable(standing.post_name(one.post), area, one.person_name or "", one.from_, one.to)
