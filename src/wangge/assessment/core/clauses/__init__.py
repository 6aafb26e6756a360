"""The closed set of clause kinds. A policy is a list of these with values; there is no other language of rules."""

from __future__ import annotations

from wangge.assessment.core.clauses.base import COUNTED, SOURCE_ZH, SOURCES, Clause, Sentence, Source, Words
from wangge.assessment.core.clauses.charging import Brackets, JointLiability, MoneyPerUnit, Role, Step
from wangge.assessment.core.clauses.counting import CityDeductions, DailyLimit, Exemption
from wangge.assessment.core.clauses.judging import Component, HonoursEligibility, IndicatorScore, Ranking, Term

AnyClause = (
    DailyLimit | CityDeductions | Exemption | JointLiability | MoneyPerUnit | Brackets | Ranking | IndicatorScore
    | HonoursEligibility
)
KINDS: dict[str, type[Clause]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (DailyLimit, CityDeductions, Exemption, JointLiability, MoneyPerUnit, Brackets, Ranking, IndicatorScore,
                 HonoursEligibility)
}

__all__ = [
    "COUNTED", "KINDS", "SOURCES", "SOURCE_ZH", "AnyClause", "Brackets", "CityDeductions", "Clause", "Component",
    "DailyLimit", "Exemption", "HonoursEligibility", "IndicatorScore", "JointLiability", "MoneyPerUnit", "Ranking",
    "Role", "Sentence", "Source", "Step", "Term", "Words",
]
