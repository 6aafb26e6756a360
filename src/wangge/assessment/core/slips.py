"""Who answers for the problems above a day's limit: whoever held one of the clause's posts there when it was found.

The problems of a day stand in the order of their times; those beyond the limit are the further ones. What is taken away
leaves fewer of them, never others, so that nobody's part rises. The other problems of the day are named with them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from wangge.assessment.core.amounts import milli, points_text
from wangge.assessment.core.attributing import Attribution, holder_of
from wangge.assessment.core.clauses import DailyLimit
from wangge.assessment.core.counting import Ground, moment
from wangge.assessment.core.inputs import Finding, Inputs
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Slip


def slips(policy: Policy, inputs: Inputs, ground: Ground, attribution: Attribution,
          findings: Sequence[Finding]) -> list[Slip]:
    """The parts of all holders, by day, area, post and holder. `findings` are those that count, in order."""
    clause = policy.one(DailyLimit)
    if clause is None or not clause.posts:
        return []
    days: dict[tuple[date, str, str], list[Finding]] = defaultdict(list)
    for one in findings:
        if one.source in clause.sources:
            place = ground.at(one.path, clause.area_kind)
            days[inputs.period.day(moment(policy, one)), place.code, place.path].append(one)
    found = []
    for (day, area, path), rows in sorted(days.items()):
        if clause.above(len(rows)):
            found += _of_day(policy, clause, attribution, day, area, path, rows)
    return found


def _of_day(policy: Policy, clause: DailyLimit, attribution: Attribution, day: date, area: str, path: str,
            rows: Sequence[Finding]) -> list[Slip]:
    each = milli(clause.points_each, "points_each")
    found = []
    for post in clause.posts:
        held: dict[str, int] = defaultdict(int)
        for one in rows[clause.limit:]:
            for duty in attribution.roster.on(path, post, moment(policy, one)):
                held[holder_of(duty)] += 1
        for holder, extra in sorted(held.items()):
            lost = extra * each
            found.append(Slip(
                holder, post, area, area, day.isoformat(), extra, lost,
                f"{extra} × {clause.points_each} = {points_text(lost)}",
                clause.slip_sentence(post, area, day, len(rows), extra), tuple(one.key for one in rows),
            ))
    return found
