"""The morning brief in words: first a sentence, then figures with what they are compared to, then who has what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import rows, standing, taskwords
from wangge.interfaces.web import words
from wangge.kernel.cases import queries
from wangge.kernel.cases.queries import QueueRow, night
from wangge.kernel.cases.queries.night import Night, Told
from wangge.kernel.cases.queries.queue import COUNT_UP_TO
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.spots.queries.returns import Return
from wangge.kernel.tasks.addressing import STAGES
from wangge.kernel.tasks.queries import TaskRow

OVERDUE = 5
"""So many overdue cases are named; the rest stand in the list."""
BRANCHES = frozenset({"community", "village"})
MOST_BRANCHES = 40


HEADINGS: dict[str, Promise] = {
    "reported": pgettext_lazy("figure", "Reported last night"),
    "closed": pgettext_lazy("figure", "Closed last night"),
    "forced": pgettext_lazy("figure", "Closed by force last night"),
    "reopened": pgettext_lazy("figure", "Opened again last night"),
    "overdue": pgettext_lazy("figure", "Overdue and open"),
    "fresh": pgettext_lazy("figure", "Overdue since the evening"),
}
"""The lists behind the figures."""


class Part(NamedTuple):
    """A piece of the first sentence; `late` is said in the colour of what is late."""

    words: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Stat:
    """A figure, what it is compared to, and where its list is. `tone` is good, bad or nothing."""

    value: str
    unit: str
    name: str
    compared: str
    tone: str
    address: str
    late: bool = False


class Beside(NamedTuple):
    """What else the night brought, with its list."""

    words: str
    address: str


@dataclass(frozen=True, slots=True)
class Overdue:
    """An overdue case: how long, in whose hands, and that a vacant post charges nobody."""

    number: str
    title: str
    due: words.Due
    held_by: str
    note: str


@dataclass(frozen=True, slots=True)
class Back:
    """A place where something came back."""

    number: str
    title: str
    nth: str
    note: str


@dataclass(frozen=True, slots=True)
class Doing:
    """A task in which the reader is a party."""

    number: str
    title: str
    due: words.Due
    note: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything that the page shows."""

    ground: str
    night: Night
    lede: list[Part]
    stats: list[Stat]
    overdue: list[Overdue]
    more_overdue: str
    back: list[Back]
    tasks: list[Doing]
    beside: list[Beside]


def branches(places: Atlas, by: Mandate, now: datetime) -> list[AreaInfo]:
    """The communities and villages of the ground, else its grids: by which overdue cases are told apart."""
    below = [area for area in places.below(by.scope_path, at=now) if area.layer == "administrative"]
    found = [area for area in below if area.kind in BRANCHES and area.path != by.scope_path]
    found = found or [area for area in below if area.kind == "grid"]
    return found if len(found) <= MOST_BRANCHES else []


def asked(last: Night, places: list[AreaInfo]) -> tuple[dict[str, queries.Filters], dict[str, queries.Filters]]:
    """The counts and the medians of a brief, by name."""
    now, before = night.filters_of(last), night.filters_of(last.week_before())
    counted = dict(now) | {f"{name}:before": before[name] for name in ("reported", "closed")}
    for area in places:
        counted[f"late:{area.code}"] = queries.Filters(
            states=now["overdue"].states, overdue=True, joined=False, area_path=area.path)
    return counted, {"now": now["reported"], "before": before["reported"]}


def build(
    by: Mandate, told: Told, *, places: Atlas, last: Night, late: list[QueueRow], back: list[Return],
    tasks: list[TaskRow], areas: list[AreaInfo], now: datetime,
) -> Brief:
    """The page from what was read."""
    counts = told.counts
    return Brief(
        ground=standing.area_name(places, by.scope_path), night=last,
        lede=_lede(counts, areas, back, places), stats=_stats(told, last),
        overdue=[_overdue(row, told, places, now) for row in late],
        more_overdue=ngettext("all {n} case", "all {n} cases", counts["overdue"]).format(n=_many(counts["overdue"]))
        if counts["overdue"] > len(late) else "",
        back=[_back(one, places, last.end) for one in back], tasks=[_doing(row, by, places, now) for row in tasks],
        beside=_beside(counts),
    )  # fmt: skip


def _lede(counts: Mapping[str, int], areas: list[AreaInfo], back: list[Return], places: Atlas) -> list[Part]:
    """What one must know if one reads nothing else."""
    parts = [Part(_("Last night {reported} were reported and {closed} closed. ").format(
        reported=_many(counts["reported"]), closed=_many(counts["closed"])))]
    late = counts["overdue"]
    if not late:
        parts.append(Part(_("Nothing is overdue.")))
    else:
        parts.append(Part(ngettext("{n} case is overdue", "{n} cases are overdue", late).format(n=_many(late))))
        worst = max(areas, key=lambda area: counts[f"late:{area.code}"], default=None)
        if worst is not None and (there := counts[f"late:{worst.code}"]) > 1:
            name = standing.area_name(places, worst.path)
            parts.append(Part(pgettext("sentence", ", ")))
            parts.append(Part(_("{n} of them in {place}").format(n=there, place=name), late=True))
        parts.append(Part(pgettext("sentence", ".")))
    if back:
        worst_spot = back[0]
        parts.append(Part(_(" {what} at {place} came back: {n} times in 90 days.").format(
            what=_class(worst_spot), place=standing.ground_name(places, worst_spot.path), n=worst_spot.cases)))
    return parts


def _stats(told: Told, last: Night) -> list[Stat]:
    counts = told.counts
    reported, closed = counts["reported"], counts["closed"]
    fresh = counts["fresh"]
    return [
        Stat(_many(reported), "", _("reported at night"), _compared(reported - counts["reported:before"]), "",
             reverse("staff:brief-list", args=["reported"])),
        Stat(_many(closed), "", _("closed at night"), _compared(closed - counts["closed:before"]),
             _tone(closed - counts["closed:before"]), reverse("staff:brief-list", args=["closed"])),
        Stat(_many(counts["overdue"]), "", _("overdue and open"),
             ngettext("{n} since the evening", "{n} since the evening", fresh).format(n=_many(fresh)) if fresh
             else _("none since the evening"),
             "bad" if fresh else "good", reverse("staff:brief-list", args=["overdue"]), late=counts["overdue"] > 0),
        _answered(told.answered["now"], told.answered["before"]),
    ]


def _answered(now: timedelta | None, before: timedelta | None) -> Stat:
    minutes = None if now is None else int(now.total_seconds()) // 60
    compared, tone = _("nothing to compare with"), ""
    if now is not None and before is not None:
        change = now - before
        tone = _tone(-int(change.total_seconds()) // 60)
        text = _("{span} slower than a week before") if now > before else _("{span} faster than a week before")
        compared = text.format(span=words.span(abs(change))) if tone else _("as a week before")
    return Stat("–" if minutes is None else str(minutes), "" if minutes is None else _("min"),
                _("to the first answer (median)"), compared, tone, reverse("staff:brief-list", args=["reported"]))


def _compared(change: int) -> str:
    if not change:
        return _("as a week before")
    text = _("{n} more than a week before") if change > 0 else _("{n} fewer than a week before")
    return text.format(n=abs(change))


def _tone(change: int) -> str:
    return "good" if change > 0 else "bad" if change < 0 else ""


def _beside(counts: Mapping[str, int]) -> list[Beside]:
    """What is told only where there is any."""
    reopened, forced = counts["reopened"], counts["forced"]
    named = {
        "reopened": ngettext("{n} closed case was opened again", "{n} closed cases were opened again", reopened),
        "forced": ngettext("{n} case was closed by force", "{n} cases were closed by force", forced),
    }
    return [Beside(name.format(n=_many(counts[key])), reverse("staff:brief-list", args=[key]))
            for key, name in named.items() if counts[key]]


def _overdue(row: QueueRow, told: Told, places: Atlas, now: datetime) -> Overdue:
    line = rows.row(row, now=now, say=standing.speaker(places))
    vacant = (row.case.post, row.case.post_path) in told.vacant
    who = " · ".join(part for part in (line.who, line.who_sub) if part)
    if desk := STAGES.get(row.case.state):
        who = standing.post_name(desk)
    note = _("The post is vacant: nobody is charged.") if vacant else f"{line.place}"
    return Overdue(line.number, line.title, line.due, _("with {who}").format(who=who), note)


def _back(one: Return, places: Atlas, now: datetime) -> Back:
    remedy = {None: _("Nothing lasting has been tried."), "rebounded": _("Its remedy rebounded.")}
    note = remedy[None] if one.remedy is None else remedy.get(one.outcome, _("A remedy is under way."))
    return Back(
        one.number, f"{_class(one)}, {standing.ground_name(places, one.path)}",
        _("{n} times in 90 days").format(n=one.cases), note,
    )  # fmt: skip


def _class(one: Return) -> str:
    return (one.class_name_en if rows.english() else one.class_name) or one.class_name


def _doing(row: TaskRow, by: Mandate, places: Atlas, now: datetime) -> Doing:
    mine = row.task.from_post == by.post and row.task.from_path == by.scope_path
    who = taskwords.addressee(row, places) if mine else _("from {who}").format(who=taskwords.issuer(row, places))
    return Doing(row.task.number, taskwords.title(row), taskwords.due(row.task, now),
                 f"{taskwords.STATES[row.task.state]} · {who}")


def _many(number: int) -> str:
    return f"{COUNT_UP_TO:,}+" if number > COUNT_UP_TO else str(number)


def zone_of(by: Mandate, places: Atlas) -> ZoneInfo:
    """The wall clock of the reader's ground."""
    return ZoneInfo(places.timezone(by.scope_path))
