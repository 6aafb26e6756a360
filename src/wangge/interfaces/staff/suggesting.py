"""To whom a case that waits to be dispatched should go, and why: on its row and in the bar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from wangge.interfaces.staff import standing
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.queries import suggestions
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.routing import Suggestion
from wangge.kernel.cases.state import CaseState
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import atlas

REASONS: dict[str, Promise] = {
    "keeper": _("keeps the part that it is about"),
    "rule": _("by the rule of {area}"),
    "fallback": _("stands in by the rule of {area}: its own addressee is vacant"),
    "risen": _("answers for the tier that it went up to"),
    "vacant": _("the rule of {area} names a post that is vacant"),
    "no_rule": _("no rule for this class here"),
    "no_class": _("it has no class yet"),
}


class Suggested(NamedTuple):
    """Whom the rules name, empty where they name nobody, and the reason in words."""

    who: str
    reason: str


def suggested(cases: Sequence[CaseState], now: datetime) -> Mapping[UUID, Suggested]:
    """For each of these cases that waits to be dispatched."""
    found = suggestions(cases, now)
    units = {one.target.organisation for one in found.values() if one.target and one.target.organisation}
    names = organisation_names(units) if units else {}
    areas = {rule.id: rule.area_path for rules in reference().rules.values() for rule in rules} if found else {}
    return {key: _said(one, names, areas) for key, one in found.items()}


def _said(one: Suggestion, names: Mapping[UUID, tuple[str, str]], areas: Mapping[UUID, str]) -> Suggested:
    path = areas.get(one.rule, "") if one.rule else ""
    reason = str(REASONS[one.reason]).format(area=standing.area_name(atlas(), path))
    if one.target is None:
        return Suggested("", reason)
    if one.target.organisation is not None:
        name, name_en = names.get(one.target.organisation, ("", ""))
        return Suggested((name_en if english() else "") or name, reason)
    holder = next((holding.name for holding in one.holders if holding.name), "")
    return Suggested(f"{standing.post_name(one.target.post or '')} {holder}".strip(), reason)
