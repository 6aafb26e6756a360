"""The two quarters before today: inspections, what was found, and the review; the last one is told and can be appealed.

What inspectors found is invented and drawn from the seed; whom it charges, ranks and flags is what the engine says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.assessment.core.periods import Period, parse_period
from wangge.assessment.inspecting import NewInspection, record_inspections
from wangge.assessment.models import Run
from wangge.assessment.running import services as runs
from wangge.assessment.running.appeals import file_appeal
from wangge.assessment.running.posting import post_run
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.duties.queries import holders
from wangge.scenarios.nanxiashu.areas import grid_code
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, ROOT
from wangge.scenarios.nanxiashu.people import midnight
from wangge.scenarios.nanxiashu.spots import Grid

LOST = ((("NXS-02", 2), 20, "0.50"), (("NXS-01", 1), 41, "0.45"), (("NXS-04", 1), 66, "0.40"))
"""What the city took off in the last quarter: grid, day, points. The quarter before nothing."""
APPEALED = 1
"""Against which of these somebody appeals."""
TODAY = (("NXS-02", 2), 4)
"""So many problems in one grid today: one above the limit."""
ZONE = ZoneInfo("Asia/Shanghai")
CODES = ("E0110", "E0405", "E0101")


class Quarter(NamedTuple):
    """A quarter, and its place before today (1: the last one)."""

    period: Period
    back: int


def last_quarters(now: datetime) -> list[Quarter]:
    """The two quarters that ended last at a moment, the older first."""
    day = (now + timedelta(hours=8)).date()
    number = day.year * 4 + (day.month - 1) // 3
    return [Quarter(parse_period(f"{one // 4}Q{one % 4 + 1}"), number - one) for one in (number - 2, number - 1)]


def tell(root_path: str, seed: int, now: datetime, since: datetime) -> None:
    """Put them on record, assess both quarters, post the older one. In the caller's transaction."""
    rng = Random(f"nanxiashu {seed} reviews")  # noqa: S311 - a demo, not a secret
    console = mandates.console()
    quarters = [one for one in last_quarters(now) if one.period.starts >= since]
    for quarter in quarters:
        looks = list(_looks(quarter.period))
        record_inspections(looks, by=console)
        record_findings([*_found(quarter, looks, rng)], by=console)
    record_findings(list(_today(now)), by=console)
    leader = holders(root_path, "leader", now)[0].person_id
    assert leader is not None
    for quarter in quarters:
        early = quarter.period.ends + timedelta(days=4, hours=2)
        by = mandates.simulated(leader, at=early if quarter.back > 1 else now, verb="give_notice")
        run = runs.assess_period(area=ROOT, period=quarter.period.code, by=by).run
        run = runs.give_notice(run=run.id, expected_version=run.version, by=by)
        if quarter.back > 1:
            _settle(run, mandates.simulated(leader, at=early + timedelta(days=20), verb="settle_run"))
        else:
            _appeal(run, root_path, quarter, now)


def _settle(run: Run, by: Mandate) -> None:
    done = runs.finish_run(run=run.id, expected_version=run.version, by=by)
    post_run(run=done.id, expected_version=done.version, by=by)


def _appeal(run: Run, root_path: str, quarter: Quarter, now: datetime) -> None:
    """The grid leader of a place says that a finding is wrong; two reviewers are to look at it."""
    grid, _, _ = LOST[APPEALED]
    code = grid_code(*grid)
    [held, *_] = holders(f"{root_path}{grid[0]}/{code}/", "grid_leader", now)
    finding = f"city/{_ref(quarter.period, 'C', APPEALED)}"
    assert held.person_id is not None
    line = run.lines.filter(holder=held.person_id, findings__contains=[finding]).first()
    if line is not None:
        file_appeal(run=run.id, line=line.key, finding=finding, words="检查前一天已清理，照片时间不对。",
                    by=mandates.simulated(held.person_id, at=now))


def _ref(period: Period, letter: str, number: int) -> str:
    return f"{period.code}-{letter}{number:03d}"


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZONE)


def _looks(period: Period) -> Iterator[NewInspection]:
    """The subdistrict every second Tuesday, the district and the city once a month in each community."""
    days = [period.first_day + timedelta(days=n) for n in range((period.ends - period.starts).days)]
    number = 0
    for day in days:
        plans = [("subdistrict", day.weekday() == 1 and day.isocalendar().week % 2 == 0), ("district", day.day == 9),
                 ("city", day.day == 18)]
        for source in (source for source, comes in plans if comes):
            for community in COMMUNITIES:
                number += 1
                yield NewInspection(source, _ref(period, "L", number), community.code, _at(day, 9))


def _found(quarter: Quarter, looks: list[NewInspection], rng: Random) -> Iterator[NewFinding]:
    period, grids = quarter.period, {one.code: one.grids for one in COMMUNITIES}
    for number, look in enumerate(looks):
        worse = look.area_code == "NXS-13" and quarter.back == 1
        if look.source != "city" and (worse or rng.random() < 0.35):
            grid: Grid = (look.area_code, rng.randint(1, grids[look.area_code]))
            at = look.at + timedelta(minutes=rng.randrange(5, 170))
            points = Decimal("1.40" if worse else "0.10")
            yield NewFinding(look.source, _ref(period, "F", number), grid_code(*grid), at, points, rng.choice(CODES))
    for number, (grid, day, lost) in enumerate(LOST if quarter.back == 1 else ()):
        yield NewFinding("city", _ref(period, "C", number), grid_code(*grid),
                         _at(period.first_day + timedelta(days=day), 10), Decimal(lost), CODES[0])


def _today(now: datetime) -> Iterator[NewFinding]:
    """Found since midnight, each some minutes before now where the day is young."""
    grid, count = TODAY
    began = midnight(now, 0).astimezone(ZONE)
    step = (now - began) / (count + 1)
    for number in range(count):
        yield NewFinding("subdistrict", f"{began:%Y%m%d}-T{number}", grid_code(*grid), began + step * (number + 1),
                         Decimal("0.10"), CODES[number % len(CODES)])
