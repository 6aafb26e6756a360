"""A small subdistrict for tests of pages: two communities of two grids each, people in post, classes, a rule.

Everything is made by the services. Names are obviously made up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

from PIL import Image
from shapely.geometry import box

from wangge.base.clock import now
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.intake import Receipt, report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people
from wangge.kernel.people.models import Account
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

PASSWORD = "open-sesame-for-tests"
SINCE = datetime(2020, 1, 1, tzinfo=UTC)
WEST, SOUTH, STEP = 119.90, 31.60, 0.01
INSIDE = Point(1199050000, 316050000)
"""In the first grid of the first community."""

PEOPLE = {
    "operator": ("operator", "赵模拟", "320499001"),
    "acceptor": ("acceptor", "周试样", "320499001"),
    "worker": ("grid_worker", "王示范", "320499001001001"),
    "inspector": ("inspector", "李样例", "320499001"),
    "admin": ("admin", "孙范例", "320499001"),
    "secretary": ("secretary", "吴虚构", "320499001001"),
    "elsewhere": ("grid_worker", "郑举例", "320499001002001"),
}


@dataclass
class World:
    """The made subdistrict: its accounts by user name and the persons behind them."""

    accounts: dict[str, Account] = field(default_factory=dict)
    persons: dict[str, UUID] = field(default_factory=dict)
    unit: UUID | None = None

    def by(self, username: str) -> Mandate:
        """The mandate of an account's person, now."""
        return mandates.for_person(self.persons[username], channel="desk")

    def report(self, words: str = "路灯不亮", *, point: Point | None = INSIDE, **more: object) -> Receipt:
        """A resident's report."""
        report = NewReport(description=words, point=point, address="" if point else "青禾路 1 号", **more)  # type: ignore[arg-type]
        return report_case(report=report, by=mandates.public("320499001/"))

    def bring(self, receipt: Receipt, *acts: str) -> Case:
        """Bring a case on by these acts, each by who may do it."""
        return self.bring_row(Case.objects.get(id=receipt.case_id), *acts)

    def bring_row(self, of: Case, *acts: str) -> Case:
        """The same for a case that is there already."""
        steps: dict[str, tuple[str, Callable[[], dict[str, object]]]] = {
            "accept": ("acceptor", dict),
            "reject": ("acceptor", lambda: {"reason": "不在本街道范围"}),
            "confirm": ("acceptor", dict),
            "register": ("acceptor", lambda: {"case_class": "E0401", "condition": 1}),
            "dispatch": ("operator", dict),
            "sign": ("worker", dict),
            "handle": ("worker", lambda: {"note": "现场已清"}),
            "inspect": ("inspector", dict),
            "return": ("operator", lambda: {"reason": "缺少门牌号"}),
            "rework": ("inspector", lambda: {"reason": "现场未清"}),
            "close": ("inspector", dict),
        }
        for name in acts:
            who, inputs = steps[name]
            case = Case.objects.get(id=of.id)
            act(case_id=case.id, command=Command(act=name, **inputs()), expected_version=case.version, by=self.by(who))  # type: ignore[arg-type]
        return Case.objects.get(id=of.id)


def photo(colour: str = "teal", size: tuple[int, int] = (320, 240)) -> bytes:
    """A small JPEG."""
    out = BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def build() -> World:
    """Make it all."""
    by = mandates.console()
    create_areas(_areas(), by=by)
    root = "320499001/"
    area = _root_id()
    load_class_set(area_id=area, area_path=root, scheme="test", classes=_classes(), by=by)
    set_routing(area_id=area, area_path=root, rules=[RuleRow("E04", post="grid_worker")], valid_from=SINCE, by=by)
    world = World()
    for username, (post, name, code) in PEOPLE.items():
        person = people.create_person(name=name, by=by)
        assign(post=post, area=code, valid_from=SINCE, person=person, by=by)
        world.persons[username] = person.id
        world.accounts[username] = people.create_account(
            username=username, password=PASSWORD, person=person, by=by, check_strength=False
        )
    world.unit = people.create_organisation(
        code="light", name="示例路灯养护单位", name_en="Sample lamp keepers", kind="contractor", by=by
    ).id
    return world


def _root_id() -> UUID:
    from wangge.kernel.places.queries import area_by_code

    return area_by_code("320499001").id


def _areas() -> list[NewArea]:
    def ground(column: int, row: int, width: int = 1, height: int = 1):  # type: ignore[no-untyped-def]
        west, south = WEST + column * STEP, SOUTH + row * STEP
        return box(west, south, west + width * STEP, south + height * STEP)

    rows = [
        NewArea("320499001", "栀里街道", "subdistrict", SINCE, name_en="Zhili Subdistrict", boundary=ground(0, 0, 2, 2))
    ]
    for community, (name, english) in enumerate((("青禾社区", "Qinghe Community"), ("望湖社区", "Wanghu Community"))):
        code = f"32049900100{community + 1}"
        rows.append(
            NewArea(code, name, "community", SINCE, "320499001", name_en=english, boundary=ground(0, community, 2, 1))
        )
        for grid in range(2):
            rows.append(
                NewArea(
                    f"{code}00{grid + 1}",
                    f"{name[:2]}第{'一二'[grid]}网格",
                    "grid",
                    SINCE,
                    code,
                    name_en=f"{english.split()[0]} Grid {grid + 1}",
                    boundary=ground(grid, community),
                )
            )
    return rows


def _classes() -> list[ClassRow]:
    limit = Limit(2, LimitUnit.WORKING_DAY)
    condition = ConditionRow(1, "影响通行", "blocks the way", "恢复通行", "the way is free", limit)
    return [
        ClassRow("E04", "街面秩序", "Street order"),
        ClassRow("E0401", "占道经营", "Street vending", "E04", conditions=[condition]),
        ClassRow("E01", "市容环境", "Appearance"),
        ClassRow(
            "E0101",
            "暴露垃圾",
            "Exposed rubbish",
            "E01",
            conditions=[condition._replace(limit=Limit(4, LimitUnit.CALENDAR_HOUR))],
        ),
    ]


def ago(**parts: float) -> datetime:
    """So long before now."""
    return now() - timedelta(**parts)
