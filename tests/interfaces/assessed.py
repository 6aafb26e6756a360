"""A quarter of the pages' small subdistrict that was assessed: findings, who decides and reviews, a run on notice."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from tests.interfaces.world import PASSWORD, SINCE, World
from wangge.assessment.core.inputs import Checks
from wangge.assessment.models import Run
from wangge.assessment.running.daily import last_quarter
from wangge.assessment.running.services import assess_period, give_notice
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people

ROOT, G1, G2 = "320499001", "320499001001001", "320499001002001"
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORE = {"leader": ("leader", "钱拟定"), "assessor": ("assessor", "冯测算"), "auditor": ("auditor", "褚核对")}


def staff(world: World) -> World:
    """Who assesses, decides and reviews; a second secretary."""
    by = mandates.console()
    rows = [(name, post, title, ROOT) for name, (post, title) in MORE.items()]
    rows.append(("secretary2", "secretary", "卫示例", "320499001002"))
    for username, post, name, area in rows:
        person = people.create_person(name=name, by=by)
        assign(post=post, area=area, valid_from=SINCE, person=person, by=by)
        world.persons[username] = person.id
        world.accounts[username] = people.create_account(
            username=username, password=PASSWORD, person=person, by=by, check_strength=False
        )
    return world


def period() -> str:
    """The quarter that ended last."""
    return last_quarter(now(), "Asia/Shanghai")


def first_day(code: str) -> datetime:
    """Ten o'clock on the first day of a quarter."""
    return datetime(int(code[:4]), int(code[5]) * 3 - 2, 1, 10, tzinfo=SHANGHAI)


def findings(world: World) -> None:
    """The city takes 1.35 points; the grid of the worker has five problems on one day."""
    begin = first_day(period())
    rows = [NewFinding("city", str(number), area, begin + timedelta(days=number), Decimal(points), "E0401")
            for number, (area, points) in enumerate(((G1, "0.50"), (G1, "0.40"), (G2, "0.45")), start=1)]
    rows += [NewFinding("subdistrict", str(number), G1, begin + timedelta(days=40, hours=number), Decimal(0), "E0101")
             for number in range(5)]
    record_findings(rows, by=mandates.console())


def run(world: World) -> Run:
    """Assessed by the policy that ships, with inspections, as provisional."""
    findings(world)
    begin = first_day(period())
    path = "320499001/"
    checks = [Checks("city", f"{path}{ROOT}{number}/", begin, 6) for number in ("001", "002")]
    return assess_period(area=ROOT, period=period(), by=world.by("assessor"), checks=checks).run


def notified(world: World) -> Run:
    """On notice."""
    one = run(world)
    return give_notice(run=one.id, expected_version=one.version, by=world.by("leader"))
