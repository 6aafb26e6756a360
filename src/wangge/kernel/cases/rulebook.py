"""Routing rules as an administrator states them: checked against classes, posts and units, and explained."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases import routing
from wangge.kernel.cases.reference import Reference, Rule, reference
from wangge.kernel.cases.settling import VERB, RuleRow, set_routing
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.roster import Roster
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

ADDRESSEES = tuple(code for code, post in POSTS.items() if "handle" in post.verbs)
"""The posts that a rule may name: those that handle cases."""


class Considered(NamedTuple):
    """A rule that fits, and what became of it: holds; keeper (the part's keeper comes first); farther (a nearer area
    has one); shorter (the same area has a longer prefix)."""

    rule: Rule
    why: str


class Answer(NamedTuple):
    """Who would get a case, and every rule that was weighed, in the order of precedence."""

    suggestion: routing.Suggestion
    considered: tuple[Considered, ...]


def area_of(places: Atlas, code: str, *, field: str = "area") -> AreaInfo:
    """The area with this code. Raises `NotFound` naming the field."""
    area = places.by_code(code)
    if area is None:
        raise NotFound("There is no area with this code.", field=field, value=code)
    return area


@transaction.atomic
def add_rule(*, area_code: str, rule: RuleRow, by: Mandate, valid_from: datetime | None = None) -> None:
    """Set a routing rule of an area from now or a moment to come; what its prefix had then ends there.

    Raises `InvalidInput` for a prefix that no class there has, an addressee that does not handle cases or serve the
    place, and a moment that has passed. Needs `manage_classes` there.
    """
    area = area_of(atlas(), area_code)
    by.require(VERB, area.path)
    begins = valid_from or by.at
    if begins < by.at:
        raise InvalidInput("This moment has passed.", field="from", value=begins, expected="now or later")
    held = [one.code for one in reference().classes.values() if _touches(one.area_path, area.path) and not one.retired]
    if not any(code.startswith(rule.class_prefix) for code in held):
        raise InvalidInput(
            "No class has this code or begins so.", field="class", value=rule.class_prefix,
            expected="the code of a class, its beginning, or nothing for every class",
        )  # fmt: skip
    if (rule.post is None) == (rule.organisation is None):
        raise InvalidInput("A rule names a post or an organisation.", field="target", expected="one of them")
    if rule.fallback_post is not None and rule.fallback_organisation is not None:
        raise InvalidInput("A fallback is a post or an organisation.", field="fallback", expected="one of them")
    for field, post in (("target", rule.post), ("fallback", rule.fallback_post)):
        if post is not None and post not in ADDRESSEES:
            raise InvalidInput("This post handles no cases.", field=field, value=post, expected="a post that handles")
    for field, unit in (("target", rule.organisation), ("fallback", rule.fallback_organisation)):
        if unit is not None and not serves(unit, area.path):
            raise InvalidInput(
                "No such organisation serves this place.", field=field, value=unit,
                expected="an organisation of the same subdistrict",
            )  # fmt: skip
    set_routing(area_id=area.id, area_path=area.path, rules=[rule], valid_from=begins, by=by)


def who_gets(
    known: Reference, roster: Roster, *, path: str, code: str, at: datetime, keeper: UUID | None = None
) -> Answer:
    """Who would get a case of this class at this place, as `routing.suggest` decides it, and why not the others."""
    suggestion = routing.suggest(
        known, lambda area, post: roster.holders(area, post, at), path=path, code=code, at=at, keeper=keeper
    )
    rules = tuple(known.rules_for(path, code, at))
    return Answer(suggestion, tuple(Considered(one, _why(one, rules[0], suggestion.reason)) for one in rules))


def _why(rule: Rule, first: Rule, reason: str) -> str:
    if reason == "keeper":
        return "keeper"
    if rule.id == first.id:
        return "holds"
    return "farther" if rule.area_path != first.area_path else "shorter"


def _touches(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
