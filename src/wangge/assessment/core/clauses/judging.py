"""Clauses that judge: ranking and flags, scores from indicators, who may be honoured."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Literal

import msgspec

from wangge.assessment.core.amounts import MILLI, decimal_text, milli, ratio
from wangge.assessment.core.clauses.base import Clause, Sentence, Source, Words, check_some
from wangge.assessment.core.clauses.counting import AreaKind, check_positive
from wangge.base.errors import InvalidInput

Flag = Literal["steed", "snail"]


class Ranking(Clause, frozen=True, kw_only=True, tag="ranking"):
    """Areas by `full` less `per_point` for each point lost in an inspection; the first take Steed, the last Snail.

    Points are divided by inspections, so being inspected twice as often costs nothing. An area without inspections is
    not rated. Snail is withheld where all rated are `excellent`, where all share one place, and from an area with fewer
    than `fewest_checks`.
    """

    of: tuple[AreaKind, ...] = ("community", "village")
    sources: tuple[Source, ...] = ("subdistrict", "district", "city")
    daily: bool = True
    full: Decimal = Decimal(100)
    per_point: Decimal = Decimal(10)
    excellent: Decimal = Decimal(90)
    fewest_checks: int = 5
    steed: int = 1
    snail: int = 1
    places: int = 2

    def check(self, at: str) -> None:
        """Known kinds and sources, numbers not below zero."""
        check_some(self.of, f"{at}.of", "kinds of areas, each once")
        check_some(self.sources, f"{at}.sources", "sources, each once")
        for name in ("full", "per_point", "excellent"):
            ratio(getattr(self, name), f"{at}.{name}", most=10_000)
        for name, most in (("fewest_checks", 10_000), ("steed", 100), ("snail", 100), ("places", 6)):
            if not 0 <= getattr(self, name) <= most:
                raise InvalidInput("This number is out of range.", field=f"{at}.{name}", value=getattr(self, name),
                                   expected=f"0 to {most}")

    def score(self, points: int, checks: int) -> Fraction | None:
        """The score, never below zero, to `places`; None without inspections."""
        if not checks:
            return None
        exact = Fraction(self.full) - Fraction(self.per_point) * Fraction(points, MILLI * checks)
        return Fraction(decimal_text(max(Fraction(0), exact), self.places))


class Term(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`factor` × figure ÷ the figure `of`."""

    figure: str
    of: str
    factor: Decimal = Decimal(1)


class Component(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A rate, the sum of its terms, with a weight; `complement` takes 1 less the rate."""

    weight: Decimal
    terms: tuple[Term, ...]
    complement: bool = False
    name: Words = Words("")


class IndicatorScore(Clause, frozen=True, kw_only=True, tag="indicator_score"):
    """A score from counted figures: weighted rates, times `scale`. A rate over zero gives no score, shown as —."""

    components: tuple[Component, ...]
    scale: int = 100
    places: int = 2

    def check(self, at: str) -> None:
        """Weights that add up to 1."""
        check_some(self.components, f"{at}.components", "components")
        weights = [ratio(one.weight, f"{at}.components[{n}].weight", most=1) for n, one in enumerate(self.components)]
        if sum(weights) != 1:
            given = " + ".join(str(one.weight) for one in self.components)
            raise InvalidInput("The weights do not add up to 1.", field=f"{at}.components", value=given,
                               expected="weights that add up to 1, such as 0.8, 0.1 and 0.1")
        for number, one in enumerate(self.components):
            check_some(one.terms, f"{at}.components[{number}].terms", "terms")
            for term in one.terms:
                ratio(term.factor, f"{at}.components[{number}].terms")
        check_positive(self.scale, f"{at}.scale", self.scale, "such as 100")
        if not 0 <= self.places <= 6:
            raise InvalidInput("This number is out of range.", field=f"{at}.places", value=self.places,
                               expected="0 to 6")

    @property
    def figures(self) -> frozenset[str]:
        """The names of the figures that it reads."""
        return frozenset(name for one in self.components for term in one.terms for name in (term.figure, term.of))

    def score(self, figures: dict[str, int]) -> tuple[Fraction | None, str]:
        """The exact score and its arithmetic; None and "—" where a rate has a zero denominator.

        Raises `InvalidInput` for a figure that is missing.
        """
        total, said = Fraction(0), []
        for one in self.components:
            rate = Fraction(0)
            for term in one.terms:
                above, below = (self._figure(figures, name) for name in (term.figure, term.of))
                if not below:
                    return None, "—"
                rate += Fraction(term.factor) * Fraction(above, below)
            terms = " + ".join(_said(term, figures) for term in one.terms)
            total += Fraction(one.weight) * (1 - rate if one.complement else rate)
            said.append(f"{one.weight} × ({'1 − ' if one.complement else ''}{terms})")
        score = total * self.scale
        return score, f"({' + '.join(said)}) × {self.scale} = {decimal_text(score, self.places)}"

    def sentence(self, subject: str, arithmetic: str) -> Sentence:
        """One subject's score, by the clause's id where it has one."""
        return Sentence(f"{subject} {self.id or '系统评分'}：{arithmetic}。",
                        f"{subject}, {self.id or 'system score'}: {arithmetic}.")

    @staticmethod
    def _figure(figures: dict[str, int], name: str) -> int:
        if name not in figures:
            raise InvalidInput("A figure is missing.", field="figures", value=name,
                               expected=f"a figure {name} beside {', '.join(sorted(figures)) or 'none'}")
        return figures[name]


def _said(term: Term, figures: dict[str, int]) -> str:
    part = f"{figures[term.figure]}/{figures[term.of]}"
    return part if term.factor == 1 else f"{term.factor} × {part}"


class HonoursEligibility(Clause, frozen=True, kw_only=True, tag="honours_eligibility"):
    """Who may be honoured (评先选优): a person charged more than `most_units` not, an area above `most_points`
    (−1: no bound) or with one of `barred_flags` not."""

    most_units: Decimal = Decimal(0)
    most_points: Decimal = Decimal(-1)
    barred_flags: tuple[Flag, ...] = ("snail",)

    def check(self, at: str) -> None:
        """Bounds not below zero."""
        ratio(self.most_units, f"{at}.most_units", most=1_000_000)
        if self.most_points != -1:
            milli(self.most_points, f"{at}.most_points")
