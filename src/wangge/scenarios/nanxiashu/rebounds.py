"""Three places where the same comes back, and what was done there: vendors who stayed away once there was a relief
point, bicycles that came back after works, rubbish that nobody has seen to. Played by the services, in order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from wangge.base.geometry import Point
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.models import Spot
from wangge.kernel.spots.services import Command, act
from wangge.kernel.spots.sweeping import look_back
from wangge.scenarios.nanxiashu import spots
from wangge.scenarios.nanxiashu.plan import Plan, Text
from wangge.scenarios.nanxiashu.play import Stage, play
from wangge.scenarios.nanxiashu.stories import Story

_ACTS = ("accept", "register", "dispatch", "sign", "handle", "inspect", "close")
_MINUTES = (8, 25, 12, 20, 70, 45, 6)
"""How long each of these takes, in minutes."""
_APART = 900
"""Cases of a place lie at most so many units of 1e-7 degree from its middle: some ten metres."""
FIRST = 10_000
"""The number of the first of these cases, for what is drawn by it."""


class Deed(NamedTuple):
    """What somebody does about a place, so many days ago; `planned` is in days from then, `unit` a short code."""

    days: int
    act: str
    by: str
    words: str = ""
    kind: str = ""
    unit: str = ""
    planned: int = 0


class Told(NamedTuple):
    """A place: its class and words, its grid, how many days ago each case was reported, and what was done."""

    text: Text
    words: tuple[str, ...]
    grid: spots.Grid
    address: str
    cases: tuple[int, ...]
    deeds: tuple[Deed, ...] = ()


PLACES: tuple[Told, ...] = (
    Told(
        Text("E0401", 1, "street", ""),
        ("早上又有推车在路口卖水果，人行道走不通。", "流动摊贩占了半个路口，叫卖声很大。", "游商又回来了。"),
        ("NXS-02", 1), "农贸市场东门路口", (84, 79, 73, 66, 61, 55),
        (
            Deed(71, "campaign", "operator", "城管、市场和社区联合清理，劝离摊贩十一户。", unit="urban_enforcement"),
            Deed(59, "campaign", "operator", "早晚两个时段各派两人值守一周。", unit="urban_enforcement"),
            Deed(52, "set_remedy", "secretary", "市场北侧空地设二十个摊位，早六点到九点半。", "relief_point",
                 "urban_enforcement", 7),
            Deed(46, "finish_remedy", "secretary", "疏导点开放，原路口摊贩十五户全部进点。"),
        ),
    ),
    Told(
        Text("E0410", 1, "street", ""),
        ("共享单车堆在盲道上，轮椅过不去。", "电动车停到店门口，出不来人。", "非机动车又停满了人行道。"),
        ("NXS-04", 1), "公交首末站出口", (50, 44, 38, 12),
        (
            Deed(36, "campaign", "operator", "集中清运乱停车辆六十余辆。", unit="urban_enforcement"),
            Deed(34, "set_remedy", "leader", "人行道口加装挡车桩。", "works", "urban_enforcement", 12),
            Deed(24, "finish_remedy", "leader", "挡车桩安装完毕。"),
            Deed(6, "set_remedy", "leader", "出口西侧划非机动车位一百二十个。", "parking", "urban_enforcement", 20),
        ),
    ),
    Told(
        Text("E0110", 1, "street", ""),
        ("墙角又堆了一堆生活垃圾。", "清走三天又有人倒垃圾。", "垃圾堆到路边，气味很大。"),
        ("NXS-07", 2), "老粮站围墙外", (20, 13, 5),
    ),
)


def tell(stage: Stage, seed: int, now: datetime) -> None:
    """Play it all, in the order of time."""
    zone = ZoneInfo(atlas().timezone(stage.root_path))
    rng = Random(f"nanxiashu {seed} rebounds")  # noqa: S311 - a demo, not a secret
    numbers = iter(range(FIRST, FIRST + 1000))
    events = [event for told in PLACES for event in _events(told, stage, rng, now, zone, numbers)]
    for moment, happens in sorted(events, key=lambda event: event[0]):
        happens()
        look_back(by=mandates.job("spots", at=moment, clock_from_at=True))
    look_back(by=mandates.job("spots", at=now, clock_from_at=True))


Event = tuple[datetime, Callable[[], Any]]


def _events(
    told: Told, stage: Stage, rng: Random, now: datetime, zone: ZoneInfo, numbers: Iterator[int]
) -> Iterator[Event]:
    """Each case with its moment of closing, each deed with its own."""
    middle = spots.somewhere("street", rng, told.grid).point
    assert middle is not None
    for at, days in enumerate(told.cases):
        start = _day(now, days, zone, hour=8, minute=rng.randrange(60))
        times = [start]
        for minutes in _MINUTES:
            times.append(times[-1] + timedelta(minutes=minutes))
        east, north = rng.randrange(-_APART, _APART), rng.randrange(-_APART, _APART)
        point = Point(middle.lon_e7 + east, middle.lat_e7 + north)
        text = told.text._replace(text=told.words[at % len(told.words)])
        story = Story("came back", 1, _ACTS)
        plan = Plan(story, text, spots.Place(point, told.address, told.grid), "patrol", tuple(times))
        yield times[-1], _playing(plan, next(numbers), stage)
    for deed in told.deeds:
        moment = _day(now, deed.days, zone, hour=17)
        yield moment, _doing(deed, told, stage, moment)


def _day(now: datetime, days: int, zone: ZoneInfo, *, hour: int, minute: int = 0) -> datetime:
    day = now.astimezone(zone).date() - timedelta(days=days)
    return datetime.combine(day, time(hour, minute), zone).astimezone(now.tzinfo)


def _playing(plan: Plan, number: int, stage: Stage) -> Callable[[], Any]:
    return lambda: play(plan, number, stage)


def _doing(deed: Deed, told: Told, stage: Stage, moment: datetime) -> Callable[[], Any]:
    return lambda: _do(deed, told, stage, moment)


def _do(deed: Deed, told: Told, stage: Stage, moment: datetime) -> None:
    path = stage.grids[told.grid]
    spot = Spot.objects.get(path=path, case_class__code=told.text.code)
    held = min(stage.roster.holders(path, deed.by, moment), key=lambda one: (one.valid_from, one.name))
    assert held.person_id is not None
    by = mandates.simulated(held.person_id, at=moment, verb=deed.act, path=path, duty=held.assignment_id)
    command = Command(
        act=deed.act, note=deed.words, kind=deed.kind or None, organisation=_unit(deed, stage.units),
        planned_on=moment.date() + timedelta(days=deed.planned) if deed.planned else None,
    )  # fmt: skip
    act(spot_id=spot.id, command=command, expected_version=spot.version, by=by)


def _unit(deed: Deed, units: Mapping[str, Any]) -> Any:
    return units[deed.unit] if deed.unit else None
