"""A quarter of the test town that costs points: an assessor, findings of the city and the subdistrict."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from tests.town import ROOT, SINCE, Town, build
from wangge.assessment.core.files import parse_policy
from wangge.assessment.models import FindingRow, PolicyVersion
from wangge.assessment.policies import services as policies
from wangge.assessment.services import NewFinding, record_findings
from wangge.assessment.trying import SHIPPED
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people.services import create_person

PERIOD = "2023Q4"
AFTER = datetime(2024, 1, 8, 2, tzinfo=UTC)
"""A Monday after the quarter."""
LATER = datetime(2024, 1, 18, 2, tzinfo=UTC)
"""When the time for appeals is over."""
TEXT = SHIPPED.read_text(encoding="utf-8")
CITY = (("1", "T-G11", "0.50", 10), ("2", "T-G11", "0.40", 20), ("3", "T-G21", "0.45", 25))


def town() -> Town:
    """The town with an assessor and a spare reviewer."""
    made = build()
    for name, post in (("assessor", "assessor"), ("reviewer", "inspector")):
        person = create_person(name=f"样例{name}", by=mandates.console())
        assign(post=post, area=ROOT, valid_from=SINCE, person=person, by=mandates.console())
        made.people[name] = person.id
    return made


def by(made: Town, name: str, at: datetime = AFTER) -> Mandate:
    """One of the people, acting at a time of the played-through past."""
    return mandates.simulated(made.people[name], at=at)


def lost(made: Town) -> list[FindingRow]:
    """The city takes 1.35 points; five problems on one day in one grid."""
    rows = [
        NewFinding("city", ref, area, datetime(2023, 10, day, 2, tzinfo=UTC), Decimal(points), "E0417")
        for ref, area, points, day in CITY
    ]
    rows += [
        NewFinding("subdistrict", str(number), "T-G12" if number > 5 else "T-G11",
                   datetime(2023, 11, 6, 1 + number, tzinfo=UTC), Decimal(0), "E0417")
        for number in range(1, 6)
    ]
    return record_findings(rows, by=by(made, "assessor", datetime(2023, 12, 1, tzinfo=UTC)))


def money_policy(mode: str = "points", **more: Any) -> str:
    """The shipped clauses for another mode."""
    text = TEXT.replace("2018-07-01", "2023-10-01")
    for old, new in more.items():
        text = text.replace(old, new)
    return text if mode == "points" else text.replace("mode: points", f"mode: {mode}\n    basis: 文-1")


def in_force(made: Town, text: str) -> PolicyVersion:
    """Drafted and approved in the quarter."""
    when = datetime(2023, 10, 9, 2, tzinfo=UTC)
    one = policies.draft_policy(area=ROOT, policy=parse_policy(text), by=by(made, "assessor", when))
    return policies.approve_policy(version=one.id, expected_version=1, by=by(made, "leader", when))
