"""A run: frozen inputs and a policy version make a statement. Pure; the same inputs and version give the same digest.

What was found and then merged, cut or voided is reckoned twice, as it was found and as it stands, and nobody is charged
more than as it was found: neither a merge nor an appeal raises anybody's charge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from wangge.assessment.core.allotting import Allotment, allot, held_below
from wangge.assessment.core.amounts import milli, points_text, units_text
from wangge.assessment.core.attributing import Attribution, lower_of
from wangge.assessment.core.clauses import (
    CityDeductions,
    DailyLimit,
    Exemption,
    HonoursEligibility,
    JointLiability,
    Ranking,
    Sentence,
)
from wangge.assessment.core.counting import (
    Ground,
    Standings,
    as_found,
    daily,
    determine,
    exemptions,
    in_order,
    moment,
    streak,
)
from wangge.assessment.core.inputs import Finding, Inputs
from wangge.assessment.core.judging import honours, rank, scores
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.pricing import charges, deposits, lowered
from wangge.assessment.core.results import Charge, Gap, Line, Part, Statement
from wangge.assessment.core.slips import slips
from wangge.assessment.core.telling import sealed


class _Reckoning(NamedTuple):
    """Units and who answers for them, from one view of the findings."""

    allotment: Allotment
    parts: list[Part]
    charges: list[Charge]


def run(policy: Policy, inputs: Inputs) -> Statement:
    """The provisional statement of a period."""
    ground = Ground(inputs)
    standings = Standings(policy, inputs)
    findings = standings.counting(inputs.findings)
    exempt = exemptions(policy.one(Exemption), inputs, findings)
    inside = [one for one in findings if one.key not in exempt]
    days = daily(policy, inputs, ground, inside)
    attribution = Attribution(policy, inputs, set(exempt))
    statement = Statement(
        policy, inputs, tuple(determine(policy, inputs, standings, ground, exempt)),
        daily=tuple(day for day, _ in days), slips=tuple(slips(policy, inputs, ground, attribution, inside)),
        scores=tuple(scores(policy, inputs)), streak=streak(policy, inputs),
    )
    limit = policy.one(DailyLimit)
    lines = [Line(limit.name, day.area, "points", day.points, f"{day.above} × {limit.points_each}",
                  limit.sentence(day.area, date, day.found)) for day, date in days] if limit else []
    clause = policy.one(CityDeductions)
    if clause:
        statement = _deductions(statement, policy, inputs, ground, findings, attribution, clause)
        lines += _points(policy, inputs, clause, findings) + _units(clause, statement)
    lines += [Line("joint_liability", charge.key, "fen", charge.fen, charge.arithmetic, charge.said[-1],
                   charge.findings) for charge in statement.charges]
    ranking = tuple(one for clause in policy.every(Ranking)
                    for one in rank(clause, inputs, ground, inside, statement.daily))
    statement = replace(
        statement, lines=tuple(lines), ranking=ranking,
        honours=tuple(honours(policy.one(HonoursEligibility), statement.charges, statement.by_area, ranking)),
    )
    return sealed(statement)


def _deductions(
    statement: Statement, policy: Policy, inputs: Inputs, ground: Ground, findings: Sequence[Finding],
    attribution: Attribution, clause: CityDeductions,
) -> Statement:
    """Units, parts and charges; where findings were relieved, none above what they were as found."""
    held = None
    found = Standings(policy, inputs).counting(as_found(inputs.findings))
    if found != list(findings):
        held = _reckon(policy, attribution, ground, clause, found, None)
    now = _reckon(policy, attribution, ground, clause, findings, held)
    allotment = now.allotment
    liable = policy.one(JointLiability)
    gaps = [Gap(one.post, one.area, one.ticks, liable.gap_sentence(one.post, one.area or "—", one.ticks))
            for one in now.parts if liable and not one.holder and one.ticks]
    return replace(
        statement, total=allotment.total, cap=milli(clause.cap, "cap"), excess=allotment.excess, ticks=allotment.ticks,
        unallotted=allotment.unallotted, parts=tuple(now.parts), charges=tuple(now.charges), gaps=tuple(gaps),
        by_area={code: (points, allotment.by_area[code]) for code, points in allotment.points.items()},
        deposits=tuple(deposits(policy, now.charges)),
    )


def _reckon(policy: Policy, attribution: Attribution, ground: Ground, clause: CityDeductions,
            findings: Sequence[Finding], held: _Reckoning | None) -> _Reckoning:
    allotment = allot(clause, ground, findings)
    if held:
        allotment = held_below(allotment, held.allotment)
    liable = policy.one(JointLiability)
    if liable is None:
        return _Reckoning(allotment, [], [])
    parts = attribution.parts(liable, clause, allotment, findings)
    if held:
        parts = lower_of(parts, held.parts)
    owed = charges(policy, liable, parts)
    return _Reckoning(allotment, parts, lowered(owed, held.charges) if held else owed)


def _points(policy: Policy, inputs: Inputs, clause: CityDeductions, findings: Sequence[Finding]) -> list[Line]:
    """One line a finding; they add up to the total."""
    found = []
    for one in in_order(policy, findings):
        if one.source in clause.sources:
            day, lost = inputs.period.day(moment(policy, one)).isoformat(), points_text(one.points)
            code = one.path.split("/")[-2]
            said = Sentence(f"{day} {code} {one.class_code}：扣 {lost} 分（{one.key}）。",
                            f"{day}, {code}, {one.class_code}: {lost} points ({one.key}).")
            found.append(Line(clause.name, code, "points", one.points, lost, said, (one.key,)))
    return found


def _units(clause: CityDeductions, statement: Statement) -> list[Line]:
    """One line an area, and one for what falls on nobody; they add up to the units."""
    total = statement.total
    of = clause.total_sentence(total, statement.ticks)
    found = [
        Line(clause.name, code, "units", ticks, f"{units_text(statement.ticks)} × {points_text(points)} ÷ "
             f"{points_text(total)} → {units_text(ticks)}", clause.area_sentence(code, points, total, ticks))
        for code, (points, ticks) in statement.by_area.items()
    ]
    if statement.unallotted:
        left = units_text(statement.unallotted)
        found.append(Line(clause.name, "", "units", statement.unallotted, left, Sentence(
            f"{left} 档不分摊：申诉、合并都不加重任何人。",
            f"{left} units fall on nobody: no appeal or merge raises a charge.",
        )))
    sums = f"({points_text(total)} − {points_text(statement.cap or 0)}) ÷ {clause.unit}"
    return [Line(clause.name, "", "units", 0, sums, of), *found]
