"""What the page of rules shows: working calendars with what they lack, and where classes are not to be reported."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.utils import formats
from django.utils.translation import gettext as _

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.controls import holds
from wangge.kernel.cases.reference import ClassInfo, ControlInfo, reference
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.duties.calendars import calendar_rows, gaps_in
from wangge.kernel.places.queries import atlas

COMING = 8
"""How many of the coming special days a calendar shows."""


@dataclass(frozen=True, slots=True)
class Day:
    """A day that is not as its weekday says."""

    day: date
    words: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What a year lacks, in words. `confirms` where somebody may say that it lacks nothing."""

    year: int
    words: str
    confirms: bool


@dataclass(frozen=True, slots=True)
class CalendarWords:
    """A calendar in words; `gaps` say which years' deadlines may come out wrong."""

    id: UUID
    area: str
    hours: str
    days: list[Day]
    gaps: list[Gap]
    mine: bool


@dataclass(frozen=True, slots=True)
class ControlWords:
    """A control in words."""

    id: UUID
    area: str
    classes: str
    valid_from: datetime
    valid_to: datetime
    text: str
    running: bool
    mine: bool


def calendars(by: Mandate, now: datetime) -> list[CalendarWords]:
    """The calendars in force on the ground of this mandate: those above it, and those below."""
    places, today = atlas(), now.date()
    return [
        CalendarWords(
            id=one.id,
            area=standing.area_name(places, one.path),
            hours=_(", ").join(f"{_clock(start)}–{_clock(end)}" for start, end in one.windows),
            days=[_day(day, kind, name) for day, kind, name in one.days if day >= today][:COMING],
            gaps=[Gap(gap.year, _gap(gap.year, gap.reason), gap.reason != "empty") for gap in gaps_in(one, today)],
            mine=by.allows("manage_duties", one.path),
        )
        for one in calendar_rows(today)
        if touches(one.path, by.scope_path)
    ]


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _day(day: date, kind: str, name: str) -> Day:
    said = _("workday (make-up)") if kind == "workday" else _("day off")
    return Day(day, f"{formats.date_format(day, 'Y-m-d l')} · {said}" + (f" · {name}" if name else ""))


def _gap(year: int, reason: str) -> str:
    if reason == "empty":
        said = _("No holidays are known for {year} yet: deadlines that reach into it may come out wrong.")
    elif reason == "unconfirmed":
        said = _("Some make-up workdays of {year} are set. Are these all? Say so once the whole plan stands here.")
    else:
        said = _("The make-up workdays of {year} are not known yet: enter them as soon as they are announced.")
    return said.format(year=year)


def controls(by: Mandate, now: datetime) -> list[ControlWords]:
    """What is under control on this ground now or later, the next to end first."""
    places, known = atlas(), reference()
    codes: dict[str, ClassInfo] = {info.code: info for info in known.classes.values()}
    held = [one for one in known.controls if holds(one, now) and touches(one.area_path, by.scope_path)]
    return [
        ControlWords(
            id=one.id,
            area=standing.area_name(places, one.area_path),
            classes=_classes(one, codes),
            valid_from=one.valid_from,
            valid_to=one.valid_to,
            text=(one.text_en if english() else one.text) or one.text,
            running=one.valid_from <= now,
            mine=by.allows("manage_classes", one.area_path),
        )
        for one in sorted(held, key=lambda one: (one.valid_to, one.id))
    ]


def _classes(one: ControlInfo, codes: dict[str, ClassInfo]) -> str:
    if not one.class_prefix:
        return _("every class")
    info = codes.get(one.class_prefix)
    if info is None:
        return _("classes {code}…").format(code=one.class_prefix)
    return f"{_called(info)} {info.code}"


def class_choices(by: Mandate) -> list[tuple[str, list[tuple[str, str]]]]:
    """(major class, [(code, name)]) of what holds on this ground, for a control: a major stands for all below it."""
    known = [info for info in reference().classes.values() if touches(info.area_path, by.scope_path)]
    majors = {info.id: info for info in known if info.parent is None}
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for info in sorted(known, key=lambda info: info.code):
        major = majors.get(info.parent) if info.parent else info
        groups[_called(major) if major else ""].append((info.code, f"{_called(info)} {info.code}"))
    return list(groups.items())


def reportable_choices(by: Mandate) -> list[tuple[str, list[tuple[str, str]]]]:
    """(major class, [(code, name)]) of the classes that a report from this ground may name."""
    known = reference()
    root = root_of(by.scope_path)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for info in known.classes_at(root):
        if info.reportable:
            major = known.classes.get(info.parent) if info.parent else None
            groups[_called(major) if major else ""].append((info.code, _called(info)))
    return list(groups.items())


def _called(info: ClassInfo) -> str:
    return (info.name_en if english() else info.name) or info.name


def area_choices(by: Mandate, now: datetime) -> list[tuple[str, str]]:
    """(code, name) of this ground and the communities, grids and streets below it, in the order of the tree."""
    places = atlas()
    top = by.scope_path.count("/")
    return [
        (one.code, "\u3000" * (one.depth - top) + standing.area_name(places, one.path))
        for one in places.below(by.scope_path, at=now)
        if one.path == by.scope_path or one.kind in _KINDS
    ]


_KINDS = frozenset({"subdistrict", "community", "village", "grid", "line"})


def touches(one: str, other: str) -> bool:
    """Whether one of two paths lies below the other."""
    return one.startswith(other) or other.startswith(one)
