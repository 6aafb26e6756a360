"""Routing rules in words: the list, who would get a case and why, and whom a rule may name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.base.mandate import Mandate
from wangge.interfaces.staff import ruleswords, standing
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases import rulebook
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.loading import read_many
from wangge.kernel.cases.reference import Reference, Rule
from wangge.kernel.cases.settling import VERB
from wangge.kernel.cases.units import units_at
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import Atlas

WHY: dict[str, Promise] = {
    "holds": gettext_lazy("this rule decides"),
    "keeper": gettext_lazy("the part's keeper comes first"),
    "farther": gettext_lazy("a nearer area has a rule"),
    "shorter": gettext_lazy("the same area has a rule for a narrower class"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the list. `state` is now, later or ended; `precedent` the number of its case, where that is seen."""

    id: UUID
    classes: str
    area: str
    target: str
    fallback: str
    valid_from: datetime
    valid_to: datetime | None
    state: str
    ruled: bool
    precedent: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """Who would get a case: the answer, why, who holds the post, and the rules that were weighed."""

    who: str
    why: str
    kind: str
    holders: str
    considered: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Named:
    """What organisations are called, read once for a page."""

    units: Mapping[UUID, tuple[str, str]]

    @classmethod
    def of(cls, rules: Sequence[Rule], *more: UUID | None) -> Named:
        """The names of all organisations that these rules name."""
        wanted = {one for rule in rules for one in (rule.organisation, rule.fallback_organisation) if one}
        return cls(organisation_names(wanted | {one for one in more if one}))

    def who(self, post: str | None, unit: UUID | None) -> str:
        """A post or an organisation in the page's language, '' for neither."""
        if unit is not None:
            name, name_en = self.units.get(unit, ("", ""))
            return (name_en if english() else name) or name
        return standing.post_name(post) if post else ""


def touching(known: Reference, by: Mandate, *, area_path: str, prefix: str, ended: bool, now: datetime) -> list[Rule]:
    """The rules on this ground, above and below, that concern a class, by class and then from the top down."""
    found = [
        rule
        for rules in known.rules.values()
        for rule in rules
        if ruleswords.touches(rule.area_path, by.scope_path)
        and (not area_path or ruleswords.touches(rule.area_path, area_path))
        and (rule.class_prefix.startswith(prefix) or prefix.startswith(rule.class_prefix))
        and (ended or rule.valid_to is None or (rule.valid_to > now and rule.valid_to > rule.valid_from))
    ]
    return sorted(found, key=lambda rule: (rule.class_prefix, rule.area_path, rule.valid_from, rule.id))


def lines(
    rules: Sequence[Rule], named: Named, known: Reference, places: Atlas, by: Mandate, now: datetime
) -> list[Line]:
    """These rules as lines; the cases of precedents by one statement, as far as one sees them."""
    wanted = [rule.precedent for rule in rules if rule.precedent]
    cases = {one.id: one.number for one in read_many("c.id = ANY(%s)", [wanted]) if may_see(one, by)} if wanted else {}
    names = class_names(known)
    return [
        Line(
            id=rule.id,
            classes=classes_of(rule.class_prefix, names),
            area=standing.area_name(places, rule.area_path),
            target=named.who(rule.post, rule.organisation),
            fallback=named.who(rule.fallback_post, rule.fallback_organisation),
            valid_from=rule.valid_from,
            valid_to=rule.valid_to,
            state="later" if rule.valid_from > now else "ended" if rule.valid_to and rule.valid_to <= now else "now",
            ruled=rule.precedent is not None,
            precedent=cases.get(rule.precedent, "") if rule.precedent else "",
            mine=by.allows(VERB, rule.area_path) and (rule.valid_to is None or rule.valid_to > now),
        )
        for rule in rules
    ]


def class_names(known: Reference) -> dict[str, str]:
    """Class codes → their names in the page's language."""
    return {one.code: (one.name_en if english() else one.name) or one.name for one in known.classes.values()}


def classes_of(prefix: str, names: Mapping[str, str]) -> str:
    """What a prefix covers, in words."""
    if not prefix:
        return _("every class")
    return f"{names[prefix]} {prefix}" if prefix in names else _("classes {code}…").format(code=prefix)


def tried(answer: rulebook.Answer, named: Named, known: Reference, places: Atlas) -> Tried:
    """Who would get a case, in words."""
    found = answer.suggestion
    target = found.target
    names = class_names(known)
    rule = next((one.rule for one in answer.considered if one.why == "holds"), None)
    said = {"classes": classes_of(rule.class_prefix, names) if rule else "",
            "area": standing.area_name(places, rule.area_path) if rule else ""}  # fmt: skip
    return Tried(
        who=named.who(target.post, target.organisation) if target else _("Nobody: it stays with the operator"),
        why=str(_REASONS.get(found.reason, found.reason)).format(**said),
        kind="" if target else "late",
        holders=_(", ").join(one.name for one in found.holders[:3] if one.name),
        considered=[
            (
                _("{classes} on {area} → {who}").format(
                    classes=classes_of(one.rule.class_prefix, names),
                    area=standing.area_name(places, one.rule.area_path),
                    who=named.who(one.rule.post, one.rule.organisation),
                ),
                str(WHY[one.why]),
                one.why == "holds",
            )
            for one in answer.considered
        ],
    )


_REASONS: dict[str, Promise] = {
    "rule": gettext_lazy("The rule of {area} for {classes} says so."),
    "precedent": gettext_lazy("A joint meeting ruled so for {classes} on {area}."),
    "fallback": gettext_lazy("Nobody holds the post of the rule of {area} for {classes}; this is its fallback."),
    "keeper": gettext_lazy("It keeps the public part that the case is about."),
    "vacant": gettext_lazy("The rule of {area} for {classes} names a post that nobody holds, and no fallback."),
    "no_rule": gettext_lazy("No rule fits this class at this place."),
}


def addressees(path: str) -> list[tuple[str, str]]:
    """(value, name) of whom a rule may name: posts that handle cases, then the units of the subdistrict."""
    posts = [(f"post:{code}", standing.post_name(code)) for code in rulebook.ADDRESSEES]
    units = [(f"unit:{one.id}", (one.name_en if english() else one.name) or one.name) for one in units_at(path)]
    return [*posts, *units]
