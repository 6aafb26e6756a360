"""Standings: ranking and flags, scores from figures, who may be honoured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from wangge.assessment.core.amounts import UNIT, decimal_text, points_text, units_text
from wangge.assessment.core.clauses import HonoursEligibility, IndicatorScore, Ranking, Sentence
from wangge.assessment.core.counting import Ground
from wangge.assessment.core.inputs import Finding, Inputs
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Charge, Day, Honour, Rank, Score


def rank(clause: Ranking, inputs: Inputs, ground: Ground, findings: Sequence[Finding],
         days: Sequence[Day]) -> list[Rank]:
    """The areas of a clause, the best first; equal scores share a place; not rated ones last."""
    areas = [one for one in inputs.places if one.kind in clause.of and one.path.startswith(inputs.scope)]
    points: dict[str, int] = defaultdict(int)
    checks: dict[str, int] = defaultdict(int)
    for one in findings:
        if one.source in clause.sources and (area := ground.of(one.path, clause.of)):
            points[area.code] += one.points
    paths = {place.code: place.path for place in inputs.places}
    for day in days if clause.daily else ():
        if area := ground.of(paths.get(day.area, ""), clause.of):
            points[area.code] += day.points
    for row in inputs.checks:
        if row.source in clause.sources and inputs.period.holds(row.at) and (area := ground.of(row.path, clause.of)):
            checks[area.code] += row.times
    scored = {one.code: clause.score(points[one.code], checks[one.code]) for one in areas}
    rated = sorted((score for score in scored.values() if score is not None), reverse=True)
    found = []
    for code, score in scored.items():
        place = None if score is None else rated.index(score) + 1
        flag, why = _flag(clause, score, place, rated, checks[code])
        said = _said(clause, code, points[code], checks[code], score, place, flag, why)
        found.append(Rank(clause.name, code, points[code], checks[code], score, place, flag, said))
    return sorted(found, key=lambda row: (row.place is None, row.place or 0, row.area))


_NONE = Sentence("", "")


def _flag(clause: Ranking, score: Fraction | None, place: int | None, rated: Sequence[Fraction],
          checks: int) -> tuple[str, Sentence]:
    """The flag of a place, or why Snail was withheld."""
    if score is None or place is None:
        return "", _NONE
    if place <= clause.steed:
        return "steed", _NONE
    worse = sum(other < score for other in rated)
    if worse >= clause.snail:
        return "", _NONE
    if min(rated) >= Fraction(clause.excellent):
        return "", Sentence("全部优秀，不授蜗牛旗。", " All are excellent: no Snail flag.")
    if checks < clause.fewest_checks:
        return "", Sentence(f"检查不足 {clause.fewest_checks} 次，不足以判断，不授蜗牛旗。",
                            f" Fewer than {clause.fewest_checks} inspections are too few to tell: no Snail flag.")
    return "snail", _NONE


def _said(clause: Ranking, area: str, points: int, checks: int, score: Fraction | None, place: int | None, flag: str,
          why: Sentence) -> Sentence:
    if score is None:
        return Sentence(f"{area} 本期未检查，不参加排名。", f"{area} was not inspected in the period: not rated.")
    lost, got = points_text(points), decimal_text(score, clause.places)
    sums = f"{clause.full} − {clause.per_point} × {lost} ÷ {checks} = {got}"
    flag_zh = {"steed": "授骏马旗。", "snail": "授蜗牛旗。"}.get(flag, "")
    flag_en = {"steed": " Steed flag.", "snail": " Snail flag."}.get(flag, "")
    return Sentence(f"{area} 检查 {checks} 次，失 {lost} 分：{sums}，第 {place} 名。{flag_zh}{why.zh}",
                    f"{area}: {checks} inspections, {lost} points lost: {sums}, place {place}.{flag_en}{why.en}")


def scores(policy: Policy, inputs: Inputs) -> list[Score]:
    """Each clause's score of each subject that has a figure of it; one that has some must have all."""
    found = []
    for clause in policy.every(IndicatorScore):
        for one in inputs.figures:
            if clause.figures.isdisjoint(one.counts):
                continue
            score, arithmetic = clause.score(one.counts)
            shown = "—" if score is None else decimal_text(score, clause.places)
            found.append(Score(clause.name, one.subject, score, shown, clause.sentence(one.subject, arithmetic)))
    return found


def honours(clause: HonoursEligibility | None, charges: Sequence[Charge], by_area: dict[str, tuple[int, int]],
            ranking: Sequence[Rank]) -> list[Honour]:
    """Everybody who was charged and every area with points or a rank, with the reason where one may not be honoured."""
    if clause is None:
        return []
    ticks: dict[str, int] = defaultdict(int)
    for charge in charges:
        ticks[charge.holder] += charge.ticks
    found = []
    for holder, got in sorted(ticks.items()):
        barred = Fraction(got, UNIT) > Fraction(clause.most_units)
        why = Sentence(f"本期承担 {units_text(got)} 档，超过 {clause.most_units} 档，不参加评先选优。",
                       f"Answered for {units_text(got)} units, more than {clause.most_units}: not to be honoured.")
        found.append(Honour(holder, "person", not barred, (why,) if barred else ()))
    flags = {one.area: one.flag for one in ranking if one.flag}
    lost = {one.area: one.points for one in ranking} | {area: points for area, (points, _) in by_area.items()}
    for area in sorted({*lost, *flags}):
        reasons = []
        if clause.most_points >= 0 and Fraction(lost.get(area, 0), 1000) > Fraction(clause.most_points):
            reasons.append(Sentence(f"失 {points_text(lost[area])} 分，超过 {clause.most_points} 分，不参加评先选优。",
                                    f"Lost {points_text(lost[area])} points, more than {clause.most_points}."))
        if flags.get(area) in clause.barred_flags:
            flag_zh = {"snail": "蜗牛旗", "steed": "骏马旗"}[flags[area]]
            reasons.append(Sentence(f"本期得{flag_zh}，依政策不参加评先选优。",
                                    f"Took the {flags[area].capitalize()} flag in the period."))
        found.append(Honour(area, "area", not reasons, tuple(reasons)))
    return found
