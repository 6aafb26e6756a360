"""The quarter of the worked examples, and short ways to write others."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from wangge.assessment.core.files import parse_policy
from wangge.assessment.core.inputs import Finding, Inputs, Place
from wangge.assessment.core.periods import parse_period
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Charge, Statement
from wangge.kernel.duties.roster import Holding

SHANGHAI = ZoneInfo("Asia/Shanghai")
SPACE = UUID(int=7)
SINCE = datetime(2018, 1, 1, tzinfo=SHANGHAI)
PLACES = (
    Place("S", "街道", "subdistrict", "S/"), Place("C1", "甲社区", "community", "S/C1/"),
    *(Place(f"G{n}", f"第{n}网格", "grid", f"S/C1/G{n}/") for n in (1, 2, 3)),
)
GRIDS = {"G1": "S/C1/G1/", "G2": "S/C1/G2/", "G3": "S/C1/G3/", "C1": "S/C1/", "S": "S/"}
POSTS = ("grid_leader", "grid_worker", "officer", "secretary", "leader", "contractor")


def at(text: str) -> datetime:
    """A local time such as `03-01 10:00` of 2019."""
    day, _, clock = text.partition(" ")
    return datetime.fromisoformat(f"2019-{day}T{clock or '09:00'}").replace(tzinfo=SHANGHAI)


def finding(ref: object, area: str, points: str, when: str | datetime, source: str = "city", **more: Any) -> Finding:
    """One finding; points as text."""
    moment = at(when) if isinstance(when, str) else when
    lost = int(Decimal(points) * 1000)
    given = {"class_code": "E0417", "found_points": lost, **more}
    return Finding(source=source, ref=str(ref), path=GRIDS[area], occurred=moment, discovered=moment, points=lost,
                   **given)


def person(name: str) -> UUID:
    """An id by a name."""
    return uuid5(SPACE, name)


def duty(post: str, name: str, area: str, begins: datetime = SINCE, ends: datetime | None = None,
         kind: str = "regular") -> Holding:
    """A duty of a person."""
    return Holding(person(name), name, None, post, uuid5(SPACE, area), GRIDS[area], kind,
                   uuid5(SPACE, f"{post}{name}{area}{begins}"), begins, ends)


FINDINGS = (
    finding(1, "G1", "0.50", "01-10"), finding(2, "G2", "0.80", "02-03"), finding(3, "G1", "0.90", "03-01 10:00"),
    finding(4, "G3", "0.15", "03-20"),
)
FIVE = (
    duty("grid_leader", "leader1", "G1"), duty("grid_worker", "worker1", "G1"), duty("officer", "officer", "G1"),
    duty("secretary", "secretary", "C1"), duty("leader", "chief", "S"), duty("contractor", "firm", "S"),
)

POLICY = """
policy: example
version: 1
title: {{zh: 算例, en: Worked example}}
valid_from: 2019-01-01
clauses:
  - kind: city_deductions
    cap: {cap}
    unit: {unit}
    rounding: {rounding}
    allotment: {allotment}
  - kind: joint_liability
    reach: {reach}
    once_a: {once_a}
    handover: {handover}
    roles: [{roles}]
{price}
"""
MONEY = """  - kind: money_per_unit
    yuan: {grid_leader: 500, grid_worker: 500, officer: 500, secretary: 500, leader: 500, contractor: 5000}
"""


def policy(**change: Any) -> Policy:
    """The policy of the examples; change what an example varies."""
    given = {
        "cap": "2.00", "unit": "0.1", "rounding": "floor", "allotment": "largest_remainder", "reach": "bound",
        "once_a": "person", "handover": "units", "price": MONEY, "more": "", "holders": {}, **change,
    }
    given["roles"] = ", ".join(
        f"{{post: {post}, holders: {given['holders'].get(post, 'each')}}}" for post in POSTS
    )
    return parse_policy(POLICY.format(**given) + given["more"])


def inputs(findings: tuple[Finding, ...] = FINDINGS, duties: tuple[Holding, ...] = FIVE, *, period: str = "2019Q1",
           **more: Any) -> Inputs:
    """Inputs over the places of the examples."""
    return Inputs(parse_period(period), "S/", PLACES, findings, duties, **more)


def charge(statement: Statement, name: str, post: str | None = None) -> Charge | None:
    """The charge of a person (and post); None without one."""
    found = [one for one in statement.charges if one.holder == str(person(name)) and post in (None, one.post)]
    assert len(found) <= 1
    return found[0] if found else None


def yuan(statement: Statement, name: str, post: str | None = None) -> str:
    """What a person owes, as text."""
    found = charge(statement, name, post)
    return str(Decimal(found.fen) / 100) if found else "0"


def units(statement: Statement) -> dict[str, str]:
    """Units by area."""
    return {code: f"{Decimal(ticks) / 10_000:f}" for code, (_, ticks) in statement.by_area.items()}
