"""Who handles a case: class × area → a post that is held there, or an organisation, by the nearest rule.

Precedence: a case about a public part goes to the part's keeper; else the rule of the nearest area on the way up wins;
on one area the longest class prefix. A joint meeting's ruling (a precedent) is such a rule, and comes before a keeper
whom that meeting heard and passed over: it was held over this very matter and after the register was written. It does
not touch other keepers of such parts there, whom nobody heard, nor a keeper whom the register names later. Where the
rule's post is vacant its stated fallback serves. A case that no rule catches, or whose rule and fallback are both
vacant, stays in the operator's queue with the reason in words; it goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.kernel.cases.guards import TIERS
from wangge.kernel.cases.reference import Reference, Rule
from wangge.kernel.cases.rules import Target
from wangge.kernel.duties.queries import Holding

RISEN_POSTS = {"community": "secretary"}
"""Who handles what the grid could not end. What rose to the subdistrict goes to the rule's organisation."""

Holders = Callable[[str, str], Sequence[Holding]]
"""(area path, post) → who holds it, nearest area first; empty where it is vacant."""


class Suggestion(NamedTuple):
    """Where a case should go. `target` is None when it stays with the operator; `reason` says why:
    keeper, precedent, rule, fallback, risen, vacant, no_rule or no_class."""

    target: Target | None
    reason: str
    rule: UUID | None = None
    holders: tuple[Holding, ...] = ()


def risen(tier: str, starts: str | None) -> str | None:
    """The tier, where it lies above the one at which the case's class starts."""
    return tier if starts is not None and TIERS.index(tier) > TIERS.index(starts) else None


def suggest(
    reference: Reference, holders: Holders, *, path: str, code: str | None, at: datetime, risen: str | None = None,
    keeper: UUID | None = None,
) -> Suggestion:
    """The addressee that the rules name for a case of class `code` at `path`.

    `risen` is the tier of a case that went above where its class starts: it goes to that tier's post. `keeper` keeps
    the public part that the case is about: it comes before the rules of areas, but for a ruling that passed it over.
    """
    if code is None:
        return Suggestion(None, "no_class")
    post = RISEN_POSTS.get(risen or "")
    held = tuple(holders(path, post)) if post else ()
    if post and held:
        return Suggestion(Target(post=post, post_path=held[0].area_path), "risen", None, held)
    rule = next(iter(reference.rules_for(path, code, at)), None)
    if keeper is not None and (rule is None or keeper not in rule.passed_over):
        return Suggestion(Target(organisation=keeper), "keeper")
    if rule is None:
        return Suggestion(None, "no_rule")
    for reason, post, organisation in (
        ("precedent" if rule.precedent else "rule", None if risen else rule.post, rule.organisation),
        ("fallback", None if risen else rule.fallback_post, rule.fallback_organisation),
    ):
        found = _filled(rule, holders, path, post, organisation)
        if found is not None:
            return Suggestion(found[0], reason, rule.id, found[1])
    return Suggestion(None, "vacant", rule.id)


def _filled(
    rule: Rule, holders: Holders, path: str, post: str | None, organisation: UUID | None
) -> tuple[Target, tuple[Holding, ...]] | None:
    if organisation is not None:
        return Target(organisation=organisation, rule=rule.id), ()
    if post is None:
        return None
    held = tuple(holders(path, post))
    if not held:
        return None
    return Target(post=post, post_path=held[0].area_path, rule=rule.id), held
