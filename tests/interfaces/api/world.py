"""A small subdistrict with people in post and their tokens, and a client that speaks JSON.

S ⊃ A (grids A1 west, A2 east) and B; the other subdistrict is T. Class E01 has two conditions and goes to the
sanitation unit; class E02 to the grid worker.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import shapely
from django.test import Client

from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people.services import create_account, create_organisation, create_person, issue_token
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas

START = datetime(2024, 1, 1, tzinfo=UTC)
POINT = {"lon": 120.002, "lat": 31.705}  # in A1
OUTSIDE = {"lon": 121.5, "lat": 31.2}
ROLES = {
    "operator": ("operator", "S"),
    "worker": ("grid_worker", "A1"),
    "inspector": ("inspector", "S"),
    "leader": ("leader", "S"),
    "auditor": ("auditor", "S"),
    "admin": ("admin", "S"),
    "unit": ("unit_clerk", "S"),
    "stranger": ("operator", "T"),
    "volunteer": ("volunteer", "A1"),
}


@dataclass
class World:
    """Tokens by user name, and the ids that tests ask for."""

    tokens: dict[str, str] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)
    unit: UUID = field(default_factory=uuid4)


def box(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """A rectangle, in thousandths of a degree from 120.0, 31.7."""
    return shapely.box(120 + west / 1000, 31.7 + south / 1000, 120 + east / 1000, 31.7 + north / 1000)


def make_world() -> World:
    """Areas, posts, people, accounts, tokens, classes and rules, by calling the services."""
    by = mandates.console()
    areas = {
        area.code: area
        for area in create_areas(
            [
                NewArea("S", "样例街道", "subdistrict", START, boundary=box(0, 0, 20, 10), region="320412",
                        timezone="Asia/Shanghai"),
                NewArea("A", "甲社区", "community", START, "S", boundary=box(0, 0, 10, 10)),
                NewArea("B", "乙社区", "community", START, "S", boundary=box(10, 0, 20, 10)),
                NewArea("A1", "甲一网格", "grid", START, "A", boundary=box(0, 0, 5, 10)),
                NewArea("A2", "甲二网格", "grid", START, "A", boundary=box(5, 0, 10, 10)),
                NewArea("T", "别处街道", "subdistrict", START, boundary=box(100, 0, 120, 10), region="320413",
                        timezone="Asia/Shanghai"),
            ],
            by=by,
        )
    }  # fmt: skip
    world = World()
    world.unit = create_organisation(code="HW", name="环卫所", kind="department", by=by).id
    for username, (post, area) in ROLES.items():
        person = create_person(name=f"样例{username}", by=by)
        organisation = world.unit if username == "unit" else None
        assign(post=post, area=area, person=person.id, organisation=organisation, valid_from=START, by=by)
        account = create_account(username=username, password=None, person=person, by=by)
        world.people[username] = person.id
        world.tokens[username] = issue_token(account=account, label="test", days=7, by=by)[1]
    root = areas["S"]
    slow = ConditionRow(1, "有垃圾", "Rubbish", "已清除", "Gone", Limit(4, LimitUnit.WORKING_HOUR))
    quick = ConditionRow(2, "有危险", "Danger", "已排除", "Averted", Limit(1, LimitUnit.CALENDAR_HOUR))
    load_class_set(
        area_id=root.id, area_path=root.path, scheme="test", by=by,
        classes=[
            ClassRow("E", "事件", "Events"),
            ClassRow("E01", "暴露垃圾", "Exposed rubbish", "E", conditions=(slow, quick)),
            ClassRow("E02", "乱贴", "Stickers", "E", conditions=(slow,)),
        ],
    )  # fmt: skip
    set_routing(
        area_id=root.id, area_path=root.path, valid_from=START, by=by,
        rules=[RuleRow("E01", organisation=world.unit), RuleRow("E02", post="grid_worker")],
    )  # fmt: skip
    return world


class Api:
    """A client with a token; answers are checked for their kind."""

    def __init__(self, token: str | None) -> None:
        self.client = Client(raise_request_exception=False)
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, query: Any = None, **headers: str) -> Any:
        return self.client.get("/api/v1" + path, query or {}, headers={**self.headers, **headers})

    def post(self, path: str, body: Any, kind: str = "application/json", **headers: str) -> Any:
        """`body` is bytes as they go out, or a value for JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/api/v1" + path, data, content_type=kind, headers={**self.headers, **named})

    def put(self, path: str, data: bytes, kind: str = "image/jpeg") -> Any:
        return self.client.put("/api/v1" + path, data, content_type=kind, headers=self.headers)

    def report(self, key: str | None = None, **fields: Any) -> Any:
        """A report at `POINT` unless told otherwise."""
        body = {"description": "路边有垃圾", "location": POINT} | fields
        return self.post("/cases", body, **({"Idempotency_Key": key} if key else {}))

    def act(self, case: dict[str, Any], action: str, version: int | None = None, **needs: Any) -> Any:
        """An act on the case as it stands in `case`, or as it stood at `version`."""
        body = {"action": action, "expected_version": version or case["version"]} | needs
        return self.post(f"/cases/{case['id']}/actions", body)


def problem(answer: Any, status: int, field: str | None = None) -> dict[str, Any]:
    """The problem document of a refusal, checked for its form."""
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found: dict[str, Any] = answer.json()
    assert found["status"] == status
    assert {"type", "title", "detail"} <= set(found)
    if field is not None:
        assert found.get("field") == field, found
    return found
