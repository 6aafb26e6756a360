"""Something to open for every address: one case, spot file, photo and tracking code, and everybody who may try.

A new address that holds something (`<number>`, `<code>` …) adds a line to `ARGUMENTS` if its name is not known yet;
one that holds nothing is walked by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from tests.interfaces import assessed
from tests.interfaces.world import INSIDE, SINCE, World, photo
from wangge.assessment.models import Run
from wangge.assessment.money.filing import file_document
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.clock import now
from wangge.base.ids import new_id
from wangge.base.units import Limit, LimitUnit
from wangge.inspections.contesting import contest_finding
from wangge.inspections.rectifying import NewRectification, order_rectification
from wangge.interfaces.web.access import DEMO_ROLES, Route, cell, routes
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.models import Case, Part
from wangge.kernel.cases.parts.rules import NewPart
from wangge.kernel.cases.parts.services import put_parts
from wangge.kernel.cases.setup import ClassRow, ConditionRow, load_class_set
from wangge.kernel.desk.shifts import close_shift
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas
from wangge.kernel.spots.models import Spot
from wangge.kernel.spots.sweeping import look_back
from wangge.kernel.tasks.services import issue
from wangge.kernel.tasks.state import NewTask
from wangge.patrols.draws import draw

DAY = timedelta(days=1)
HERE = {"secretary": "320499001001", "grid_worker": "320499001001001"}
OTHER = "320499002"
CLOSED = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")


@dataclass
class Samples:
    """What there is to open, and the browsers of the posts `here` and of the same posts on the `other` ground."""

    world: World
    case: Case
    spot: Spot
    photo: str
    code: str
    task: str = ""
    policy: str = ""
    shift: UUID | None = None
    document: str = ""
    finding: UUID | None = None
    draw: UUID | None = None
    run: Run | None = None
    persons: dict[str, UUID] = field(default_factory=dict)
    here: dict[str, Client] = field(default_factory=dict)
    other: dict[str, Client] = field(default_factory=dict)


ARGUMENTS: dict[str, Callable[[Samples], Any]] = {
    "number": lambda known: known.case.number,
    "file_id": lambda known: known.photo,
    "code": lambda known: known.code,
    "pk": lambda _: 1,
    "key": lambda _: 1,
    "clearance": lambda _: new_id(),
    "side": lambda _: "before",
    "staff:brief-list key": lambda _: "overdue",
    "staff:behind code": lambda _: "unclosed",
    "staff:part code": lambda _: a_part(),
    "staff:shift-record key": lambda known: known.shift,
    "staff:shift-take key": lambda known: known.shift,
    "staff:place code": lambda _: "320499001001001",
    "staff:grids code": lambda _: "320499001001",
    "staff:seat code": lambda _: "320499001001001",
    "staff:seat post": lambda _: "cleaner",
    "public:card code": lambda _: "320499001001001",
    "public:card-code code": lambda _: "320499001001001",
    "staff:import key": lambda _: new_id(),
    "staff:import-errors key": lambda _: new_id(),
    "staff:spot number": lambda known: known.spot.number,
    "staff:spot-act number": lambda known: known.spot.number,
    "staff:spot-pins number": lambda known: known.spot.number,
    **{f"staff:{name} number": lambda known: known.task for name in ("task", "task-seen", "task-act", "task-code")},
    "run_id": lambda known: known.run and known.run.id,
    "policy_id": lambda known: known.policy,
    "appeal_id": lambda _: new_id(),
    "finding_id": lambda known: known.finding,
    "staff:finding-number source": lambda _: "subdistrict",
    "staff:finding-number ref": lambda _: "sample-1",
    "draw_id": lambda known: known.draw,
    "document_id": lambda known: known.document,
    "holder": lambda known: known.world.persons["worker"],
    "staff:run-area code": lambda _: assessed.G1,
}
"""What an address holds: by the name of the address and of the parameter, else by that of the parameter alone."""
NOT_OF_A_GROUND = frozenset({"staff:behind", "staff:brief-list", "staff:appeal", "staff:review"})
"""Addresses whose parameter is no thing of some ground, or which tell what was refused on a page of one's own."""
NOTHING_THERE = frozenset({
    "screen:photo", "staff:refused", "staff:findings-refused", "staff:answer-proof", "staff:import",
    "staff:import-errors",
})
"""Addresses for which nothing is made here: whoever is let in is told that there is no such thing."""


def address(route: Route, known: Samples) -> str:
    """The address filled in."""
    arguments = {}
    for name in route.parameters:
        value = ARGUMENTS.get(f"{route.name} {name}") or ARGUMENTS.get(name)
        if value is None:
            pytest.fail(f"tests/interfaces/samples.py: say what {route.pattern} is to be opened with (`{name}`)")
        arguments[name] = value(known)
    return reverse(route.name, kwargs=arguments) if route.name else route.pattern


def pages_of_the_desk() -> list[Route]:
    """The addresses below /desk/ that one can look at."""
    return [route for route in routes() if route.pattern.startswith("/desk/") and "GET" in route.methods]


def who_may(route: Route, method: str = "GET") -> str:
    """The first post of the demo that sees every such thing, else the first that may."""
    cells = {role: cell(route, method, role) for role in DEMO_ROLES}
    return next(role for wanted in ("yes", "own") for role in DEMO_ROLES if cells[role] == wanted)


def make(world: World) -> Samples:
    """Everything, in the small subdistrict, which is closed to those of the other."""
    for words in ("摊贩占道", "又摆出来了"):
        world.bring(world.report(words), *CLOSED)
    stored = store_file(file_id=new_id(), content=photo(), by=mandates.public("320499001/"))
    report = world.report("还在摆", contact_phone="13800000000", files=(stored.id,))
    last = world.bring(report, *CLOSED[:3])
    assert look_back().opened == 1
    known = Samples(world, last, Spot.objects.get(), str(stored.id), report.tracking_code)
    create_areas(_other_ground(), by=mandates.console())
    for role in DEMO_ROLES:
        known.here[role] = _client(role, HERE.get(role, "320499001"), "here", known)
        known.other[role] = _client(role, OTHER, "other", known)
    known.run = assessed.notified(assessed.staff(world))
    known.policy = str(known.run.policy_id)
    known.shift = close_shift(note="等回电", by=mandates.for_person(known.persons["operator"], channel="desk")).id
    leader = mandates.for_person(known.persons["leader"], channel="desk")
    filed = file_document(area="320499001", kind="publication", number="1", content=b"%PDF-", by=leader)
    known.document = str(filed.id)
    known.finding = _a_finding(known)
    known.draw = draw(kind="cross", area="320499001", label="2026Q4", of="community", by=leader).id
    task = NewTask(kind="directive", note="清走", area=HERE["grid_worker"], post="grid_worker", due_at=now() + DAY)
    known.task = issue(new=task, by=leader).number
    return known


def _a_finding(known: Samples) -> UUID:
    """With a point and a report before it, contested, and being put right."""
    new = NewFinding("subdistrict", "sample-1", HERE["grid_worker"], now(), Decimal("0.10"), "E0401", point=INSIDE,
                     note="店外堆物")
    [one] = record_findings([new], by=known.world.by("inspector"))
    contest_finding(finding=one.id, reason="当时已清走", expected_version=1, by=known.world.by("worker"))
    order = NewRectification(one.id, "grid_worker")
    order_rectification(new=order, expected_version=1, by=known.world.by("inspector"))
    return one.id


def _client(role: str, area: str, name: str, known: Samples) -> Client:
    by = mandates.console()
    person = people.create_person(name=f"{role}甲", by=by)
    known.persons.setdefault(role, person.id)
    unit = known.world.unit if role == "unit_clerk" else None
    seat = {"kind": "deputy"} if role in HERE and area == HERE[role] else {}
    assign(post=role, area=area, valid_from=SINCE, person=person, organisation=unit, by=by, **seat)  # type: ignore[arg-type]
    account = people.create_account(
        username=f"{role}-{name}", password="open-sesame-for-tests", person=person, by=by, check_strength=False,
    )  # fmt: skip
    client = Client(headers={"accept-language": "zh-CN"})
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _other_ground() -> list[NewArea]:
    from shapely.geometry import box

    ground = box(120.0, 31.7, 120.01, 31.71)
    return [NewArea(OTHER, "别处街道", "subdistrict", SINCE, name_en="Elsewhere Subdistrict", boundary=ground)]


def a_part() -> str:
    """The code of a public part on the ground, which is made by the first who asks."""
    code, area = "3204990101000001", area_by_code("320499001")
    if not Part.objects.filter(code=code).exists():
        day = ConditionRow(1, "破损", "Broken", "修复", "Mended", Limit(1, LimitUnit.WORKING_DAY))
        cover = ClassRow("P0101", "上水井盖", "Cover", "P01", "grid", [day])
        classes = [ClassRow("P01", "公用设施", "Utilities"), cover]
        load_class_set(
            area_id=area.id, area_path=area.path, scheme="parts", classes=classes, by=mandates.console()
        )
        put_parts(parts=[NewPart(code, INSIDE)], by=mandates.console())
    return code
