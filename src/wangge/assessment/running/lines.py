"""From a statement to the lines that a person reads. Pure: what they add up to is what is posted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wangge.assessment.core.amounts import points_text, units_text
from wangge.assessment.core.attributing import holder_of
from wangge.assessment.core.clauses import CityDeductions, DailyLimit, Exemption, Sentence
from wangge.assessment.core.results import Charge, Statement
from wangge.kernel.duties.roster import Roster


class OwnLine(NamedTuple):
    """A line of one holder; amounts as in `core.amounts`, never below zero."""

    key: str
    holder: str
    post: str
    place: str
    duty_area: str
    clause: str
    points: int
    ticks: int
    fen: int
    arithmetic: str
    said: Sentence
    findings: tuple[str, ...]


def own_lines(statement: Statement) -> list[OwnLine]:
    """All lines, by holder; what is exempt stands among them with nothing lost."""
    policy = statement.policy
    daily = policy.one(DailyLimit)
    found = [
        OwnLine(one.key, one.holder, one.post, one.area, one.duty_area, daily.name if daily else "", one.points, 0, 0,
                one.arithmetic, one.said, one.findings)
        for one in statement.slips
    ]
    clause = policy.one(CityDeductions)
    found += [_charged(one, clause) for one in statement.charges if clause]
    found += _exempt(statement)
    return sorted(found, key=lambda one: (one.holder, one.key))


def _charged(one: Charge, clause: CityDeductions) -> OwnLine:
    said = Sentence("".join(each.zh for each in one.said), " ".join(each.en for each in one.said))
    sums = f"{units_text(one.ticks)} × {clause.unit} = {points_text(one.points)}"
    return OwnLine(f"charge/{one.key}", one.holder, one.post, ", ".join(code for code, _ in one.areas), one.duty_area,
                   clause.name, one.points, one.ticks, one.fen, sums, said, one.findings)


def _exempt(statement: Statement) -> list[OwnLine]:
    """What somebody would have answered for, had it not been reported before: the grid's own holders see it."""
    policy, inputs = statement.policy, statement.inputs
    clause, daily = policy.one(Exemption), policy.one(DailyLimit)
    if clause is None or daily is None:
        return []
    roster = Roster(inputs.duties)
    by_key = {one.key: one for one in inputs.findings}
    code_of = {place.path: place.code for place in inputs.places}
    found = []
    for one in statement.determinations:
        if not one.exempt:
            continue
        finding = by_key[one.finding]
        at = finding.occurred if policy.moment == "occurred" else finding.discovered
        for post in daily.posts:
            for duty in roster.on(finding.path, post, at):
                area = code_of.get(finding.path, one.area)
                found.append(OwnLine(
                    f"exempt/{one.finding}/{post}/{holder_of(duty)}", holder_of(duty), post, area, area, clause.name, 0,
                    0, 0, f"{points_text(finding.points)} × 0 = 0.00", one.said, (one.finding,),
                ))
    return found


def points_of(lines: Sequence[OwnLine]) -> dict[str, int]:
    """What each holder lost, in thousandths."""
    sums: dict[str, int] = {}
    for one in lines:
        sums[one.holder] = sums.get(one.holder, 0) + one.points
    return sums
