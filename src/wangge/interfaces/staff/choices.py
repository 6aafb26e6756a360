"""What a form offers: the conditions to register under, and those to dispatch to."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.cases.queries import CaseDetail
from wangge.kernel.cases.reference import ClassInfo, Condition, reference
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import Holding
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import atlas

HANDLERS = tuple(code for code, post in POSTS.items() if "handle" in post.verbs)


class Choice(NamedTuple):
    """One option: the value that the form sends, its name, a note beneath, whether the rules suggest it."""

    value: str
    name: str
    note: str = ""
    suggested: bool = False


class Option(NamedTuple):
    """A condition to register under: `value` is class code and number; `only` marks the reported class's only one."""

    value: str
    words: str
    only: bool = False


class Group(NamedTuple):
    """The conditions of one class."""

    name: str
    choices: list[Option]


def conditions(detail: CaseDetail) -> list[Group]:
    """Every condition that holds at the case's place, by class; the class that was reported comes first."""
    known = reference()
    path = detail.case.path
    held = (info for info in known.classes.values() if path.startswith(info.area_path))
    classes = [info for info in held if info.reportable and not info.retired]
    own = detail.class_info.code if detail.class_info else ""
    classes.sort(key=lambda info: (info.code != own, info.code))
    return [
        Group(
            _name(info),
            [_option(info, one, info.code == own and len(info.conditions) == 1) for one in info.conditions.values()],
        )
        for info in classes
    ]


def targets(detail: CaseDetail, *, now: datetime) -> tuple[list[Choice], list[Choice]]:
    """Whom the rules name and which posts are held at the place; and all units, for another choice."""
    found: list[Choice] = []
    serving = {unit.id: (unit.name, unit.name_en) for unit in units_at(detail.case.path)}
    target = detail.suggestion.target if detail.suggestion else None
    holders = detail.suggestion.holders if detail.suggestion else ()
    if target and target.organisation:
        known_units = serving if target.organisation in serving else organisation_names({target.organisation})
        name = _called(*known_units.get(target.organisation, ("", "")))
        found.append(Choice(f"unit:{target.organisation}", name, _noted(detail), True))
    if target and target.post:
        found.append(Choice(f"post:{target.post}", standing.post_name(target.post), _held_by(list(holders)), True))
    by_post: dict[str, list[Holding]] = {}
    for holding in detail.roster.chain(detail.case.path, now) if detail.roster else ():
        if holding.post in HANDLERS:
            by_post.setdefault(holding.post, []).append(holding)
    known = {choice.value for choice in found}
    for post, held in by_post.items():
        if f"post:{post}" not in known:
            found.append(Choice(f"post:{post}", standing.post_name(post), _held_by(held)))
    return found[:6], [Choice(f"unit:{one}", _called(*names)) for one, names in serving.items()]


def _noted(detail: CaseDetail) -> str:
    reason = detail.suggestion.reason if detail.suggestion else ""
    if reason == "keeper":
        return _("keeps the part that this is about")
    return _("a joint meeting ruled so before") if reason == "precedent" else _("organisation")


def _called(name: str, name_en: str) -> str:
    return (name_en if english() else name) or name


def _held_by(holders: list[Holding]) -> str:
    places = atlas()
    return _(", ").join(
        _("{name} ({area})").format(name=holder.name, area=standing.area_name(places, holder.area_path))
        for holder in holders[:2]
        if holder.name
    )


def _name(info: ClassInfo) -> str:
    return _called(info.name, info.name_en)


def _option(info: ClassInfo, condition: Condition, only: bool) -> Option:
    text = (condition.text_en if english() else condition.text) or condition.text
    limit = words.limit(condition.limit.amount, str(condition.limit.unit))
    return Option(f"{info.code}:{condition.number}", _("{text} ({limit})").format(text=text[:90], limit=limit), only)
