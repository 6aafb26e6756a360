"""The daily limit on the very day: which areas have more problems than allowed, told to them while it can be put right.

Nothing is written: the findings are the record, and the period's run reckons the same days by the same rule.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.assessment.core.amounts import points_text
from wangge.assessment.core.attributing import holder_of
from wangge.assessment.core.clauses import DailyLimit, Exemption
from wangge.assessment.core.counting import Ground, Standings, exemptions
from wangge.assessment.core.inputs import Finding
from wangge.assessment.core.policy import Policy
from wangge.assessment.gathering import gather_day
from wangge.assessment.policies import queries as policies
from wangge.assessment.trying import shipped
from wangge.kernel.duties.roster import Roster
from wangge.kernel.places.queries import Atlas


class AreaDay(NamedTuple):
    """An area's day so far: how many problems, how many above the limit, what they cost, and who answers."""

    path: str
    found: int
    above: int
    points: str
    findings: tuple[Finding, ...]
    who: tuple[str, ...]


class DayTold(NamedTuple):
    """The areas at or above the limit of a day, the most above first; `limit` is None without such a clause."""

    day: date
    limit: int | None
    title: tuple[str, str]
    rows: tuple[AreaDay, ...]


def of_day(scope: str, at: datetime, places: Atlas) -> DayTold:
    """The day of a moment at the place, below a scope, by the policy in force."""
    zone = places.timezone(scope)
    day = at.astimezone(ZoneInfo(zone)).date()
    row = policies.holding(scope, day)
    policy = policies.stated(row.body) if row else shipped()
    title = (policy.title.zh, policy.title.english)
    clause = policy.one(DailyLimit)
    if clause is None:
        return DayTold(day, None, title, ())
    return DayTold(day, clause.limit, title, tuple(_rows(policy, clause, day, zone, scope)))


def last_quarter(at: datetime, timezone: str) -> str:
    """The code of the quarter that ended last at a place."""
    day = at.astimezone(ZoneInfo(timezone)).date().replace(day=1)
    day = (day.replace(month=(day.month - 1) // 3 * 3 + 1) - timedelta(days=1))
    return f"{day.year:04d}Q{(day.month + 2) // 3}"


def _rows(policy: Policy, clause: DailyLimit, day: date, zone: str, scope: str) -> list[AreaDay]:
    inputs, names = gather_day(policy, day, zone, scope)
    ground = Ground(inputs)
    counting = Standings(policy, inputs).counting(inputs.findings)
    exempt = exemptions(policy.one(Exemption), inputs, counting)
    found: dict[str, list[Finding]] = defaultdict(list)
    for one in counting:
        if one.source in clause.sources and one.key not in exempt:
            found[ground.at(one.path, clause.area_kind).path].append(one)
    roster = Roster(inputs.duties)
    rows = []
    for path, findings in found.items():
        count = len(findings)
        if count >= clause.limit:
            held = [names.get(holder_of(duty), "") for post in clause.posts
                    for duty in roster.on(path, post, findings[-1].discovered)]
            rows.append(AreaDay(path, count, clause.above(count), points_text(clause.points(count)), tuple(findings),
                                tuple(dict.fromkeys(filter(None, held)))))
    return sorted(rows, key=lambda row: (-row.found, row.path))
