"""A statement as plain data: numbers as exact decimal strings, sentences in both languages; and its digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from wangge.assessment.core.amounts import decimal_text, points_text, units_text
from wangge.assessment.core.clauses import MoneyPerUnit, Ranking
from wangge.assessment.core.results import Charge, Line, Rank, Statement
from wangge.base.digests import canonical, digest

DIGEST_FORM = 1
_SHOWN: dict[str, Callable[[int], str]] = {"points": points_text, "units": units_text, "fen": str}


def sealed(statement: Statement) -> Statement:
    """The statement with its facts, and the hex SHA-256 over them: policy, inputs and all that was found, no names."""
    told = tell(statement, {})
    told.pop("digest", None)
    facts = canonical(told)
    return replace(statement, facts=facts.decode(), digest=digest(DIGEST_FORM, facts).hex())


def tell(statement: Statement, names: Mapping[str, str]) -> dict[str, Any]:
    """The facts of a statement; `names` gives people and organisations by id."""
    policy, inputs = statement.policy, statement.inputs
    money = policy.one(MoneyPerUnit)
    return {
        "period": inputs.period.code,
        "policy": {"policy": policy.policy, "version": str(policy.version), "digest": policy.digest,
                   "in_force": policy.holds(inputs.period)},
        "stage": "provisional",
        "inputs": inputs.digest,
        "total": points_text(statement.total),
        "cap": None if statement.cap is None else points_text(statement.cap),
        "excess": points_text(statement.excess),
        "units": units_text(statement.ticks),
        "unallotted": units_text(statement.unallotted),
        "by_area": {code: {"points": points_text(points), "units": units_text(ticks)}
                    for code, (points, ticks) in statement.by_area.items()},
        "daily": [{"area": one.area, "day": one.day, "found": str(one.found), "extra": str(one.above),
                   "points": points_text(one.points)} for one in statement.daily],
        "slips": [{"key": one.key, "person": names.get(one.holder, one.holder), "holder": one.holder, "post": one.post,
                   "area": one.area, "duty_area": one.duty_area, "day": one.day, "extra": str(one.extra),
                   "points": points_text(one.points), "arithmetic": one.arithmetic, **said(one.said),
                   "findings": list(one.findings)} for one in statement.slips],
        "streak": str(statement.streak),
        "money": {"mode": money.mode if money else "points", "payable": bool(money and money.mode != "points")},
        "charges": [_charge(one, names) for one in statement.charges],
        "gaps": [{"post": one.post, "area": one.area, "units": units_text(one.ticks), **said(one.said)}
                 for one in statement.gaps],
        "deposits": [{"person": names.get(one.holder, one.holder), "holder": one.holder, "balance": str(one.balance),
                      "taken": str(one.taken), "shortfall": str(one.shortfall)} for one in statement.deposits],
        "ranking": [{"clause": one.clause, "area": one.area, "points": points_text(one.points),
                     "checks": str(one.checks), "score": None if one.score is None else _score(statement, one),
                     "place": None if one.place is None else str(one.place), "flag": one.flag, **said(one.said)}
                    for one in statement.ranking],
        "scores": [{"clause": one.clause, "subject": one.subject, "score": one.shown, **said(one.said)}
                   for one in statement.scores],
        "honours": [{"subject": names.get(one.subject, one.subject), "id": one.subject, "kind": one.kind,
                     "eligible": one.eligible, "reasons": [each.zh for each in one.said],
                     "reasons_en": [each.en for each in one.said]} for one in statement.honours],
        "findings": [{"finding": one.finding, "area": one.area, "standing": one.standing,
                      "points": points_text(one.points), "clauses": list(one.clauses), "exempt": one.exempt,
                      **said(one.said)} for one in statement.determinations],
        "lines": [_line(one) for one in statement.lines],
        "digest": statement.digest,
    }


def said(sentence: tuple[str, str]) -> dict[str, str]:
    """A sentence as two fields."""
    return {"sentence": sentence[0], "sentence_en": sentence[1]}


def _charge(one: Charge, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "key": one.key,
        "person": names.get(one.holder, one.holder),
        "holder": one.holder,
        "post": one.post,
        "area": one.duty_area,
        "areas": {code: units_text(ticks) for code, ticks in one.areas},
        "units": units_text(one.ticks),
        "fen": str(one.fen),
        "points": points_text(one.points),
        "grounds": [{"post": each.post, "area": each.area, "units": units_text(each.ticks), "counted": each.counted}
                    for each in one.grounds],
        "arithmetic": one.arithmetic,
        "sentences": [each.zh for each in one.said],
        "sentences_en": [each.en for each in one.said],
        "findings": list(one.findings),
    }


def _line(one: Line) -> dict[str, Any]:
    shown = _SHOWN[one.unit](one.amount)
    return {"clause": one.clause, "about": one.about, "unit": one.unit, "amount": shown, "arithmetic": one.arithmetic,
            **said(one.said), "findings": list(one.findings)}


def _score(statement: Statement, one: Rank) -> str:
    places = next(clause.places for clause in statement.policy.every(Ranking) if clause.name == one.clause)
    return decimal_text(one.score or Fraction(0), places)
