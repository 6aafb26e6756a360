"""A small subdistrict for tests: one root, two communities, four grids, people in post, a unit, two classes.

root 320499-T (square of 0.04° at 120 E 31 N)
  C1 west: G11 south, G12 north      C2 east: G21 south, G22 north
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from shapely.geometry import box

from wangge.base.geometry import Point, e7
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import NewDuty, assign_many
from wangge.kernel.people.services import create_account, create_organisation, create_person
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
ROOT = "320499-T"


@dataclass
class Town:
    """What was made: paths and ids by short names."""

    root: str = ""
    paths: dict[str, str] = field(default_factory=dict)
    areas: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    unit: UUID | None = None

    def by(self, name: str, *, at: datetime | None = None, verb: str | None = None, path: str | None = None) -> Mandate:
        """The mandate of one of the people."""
        return mandates.for_person(self.people[name], channel="desk", at=at, verb=verb, path=path)

    def public(self) -> Mandate:
        """Anybody."""
        return mandates.public(self.root)


POINTS = {
    "G11": Point(e7("120.010"), e7("31.010")),
    "G12": Point(e7("120.010"), e7("31.030")),
    "G21": Point(e7("120.030"), e7("31.010")),
    "G22": Point(e7("120.030"), e7("31.030")),
    "outside": Point(e7("121.5"), e7("31.5")),
}

PEOPLE = (
    ("operator", "operator", ROOT),
    ("second", "operator", ROOT),
    ("acceptor", "acceptor", ROOT),
    ("inspector", "inspector", ROOT),
    ("leader", "leader", ROOT),
    ("auditor", "auditor", ROOT),
    ("admin", "admin", ROOT),
    ("secretary", "secretary", "T-C1"),
    ("secretary2", "secretary", "T-C2"),
    ("grid_leader", "grid_leader", "T-G11"),
    ("worker", "grid_worker", "T-G11"),
    ("worker2", "grid_worker", "T-G21"),
    ("officer", "officer", "T-C1"),
)


def build() -> Town:
    """Make the town by the services, as the console."""
    by = mandates.console()
    areas = create_areas(
        [
            NewArea(
                ROOT,
                "测试街道",
                "subdistrict",
                SINCE,
                None,
                "administrative",
                "Test subdistrict",
                box(120.0, 31.0, 120.04, 31.04),
                "Asia/Shanghai",
                "320499",
            ),
            NewArea("T-C1", "西社区", "community", SINCE, ROOT, boundary=box(120.0, 31.0, 120.02, 31.04)),
            NewArea("T-C2", "东社区", "community", SINCE, ROOT, boundary=box(120.02, 31.0, 120.04, 31.04)),
            NewArea("T-G11", "西社区第一网格", "grid", SINCE, "T-C1", boundary=box(120.0, 31.0, 120.02, 31.02)),
            NewArea("T-G12", "西社区第二网格", "grid", SINCE, "T-C1", boundary=box(120.0, 31.02, 120.02, 31.04)),
            NewArea("T-G21", "东社区第一网格", "grid", SINCE, "T-C2", boundary=box(120.02, 31.0, 120.04, 31.02)),
            NewArea("T-G22", "东社区第二网格", "grid", SINCE, "T-C2", boundary=box(120.02, 31.02, 120.04, 31.04)),
        ],
        by=by,
    )
    town = Town(root=areas[0].path)
    for area in areas:
        short = area.code.removeprefix("T-")
        town.paths[short], town.areas[short] = area.path, area.id
    unit = create_organisation(code="T-UNIT", name="市政养护", kind="department", by=by)
    town.unit = unit.id
    duties = []
    for name, post, area in PEOPLE:
        person = create_person(name=f"样例{name}", by=by)
        town.people[name] = person.id
        duties.append(NewDuty(post, area, SINCE, person.id))
    clerk = create_person(name="样例clerk", by=by)
    town.people["clerk"] = clerk.id
    duties.append(NewDuty("unit_clerk", ROOT, SINCE, clerk.id, unit.id))
    assign_many(duties, by=by)
    set_up_classes(town, by)
    return town


def set_up_classes(town: Town, by: Mandate) -> None:
    """Street vending (two conditions) to the grid worker, manhole covers to the unit."""
    hours, urgent = Limit(4, LimitUnit.WORKING_HOUR), Limit(2, LimitUnit.CALENDAR_HOUR)
    one = ConditionRow(1, "占道", "On the road", "清走", "Gone", hours)
    two = ConditionRow(2, "堵路", "Blocks the road", "疏通", "Free", urgent)
    root = town.areas[ROOT]
    load_class_set(
        area_id=root,
        area_path=town.root,
        scheme="test",
        by=by,
        classes=[
            ClassRow("E04", "街面秩序", "Street order"),
            ClassRow("E0417", "占道经营", "Street vending", "E04", "grid", [one, two]),
            ClassRow("P01", "公用设施", "Utilities"),
            ClassRow("P0101", "上水井盖", "Manhole cover", "P01", "community", [one]),
        ],
    )
    set_routing(
        area_id=root,
        area_path=town.root,
        valid_from=SINCE,
        by=by,
        rules=[RuleRow("E", post="grid_worker", fallback_post="officer"), RuleRow("P01", organisation=town.unit)],
    )


def account(town: Town, name: str, *, password: str | None = None) -> object:
    """An account for one of the people, with the same user name."""
    return create_account(username=name, person=town.people[name], password=password, by=mandates.console())
