"""Public parts over the API, and the part of a case."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import POINT, Api, World, problem
from wangge.base.geometry import Point, e7
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.parts.rules import NewPart
from wangge.kernel.cases.parts.services import put_parts
from wangge.kernel.cases.setup import ClassRow, ConditionRow, load_class_set
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code


@pytest.fixture
def parts(world: World) -> World:
    """Ten lamps in a row from A1 to A2, five metres and a degree's thousandth apart, kept by the unit."""
    root, by = area_by_code("S"), mandates.console()
    one = ConditionRow(1, "不亮", "Dark", "亮了", "Lit", Limit(1, LimitUnit.WORKING_DAY))
    load_class_set(area_id=root.id, area_path=root.path, scheme="parts", by=by,
                   classes=[ClassRow("P01", "公用设施", "Utilities"),
                            ClassRow("P0137", "路灯", "Lamp", "P01", "grid", [one])])
    put_parts(
        parts=[
            NewPart(f"32041201370000{number:02d}", Point(e7(f"{120.002 + number / 1000:.3f}"), e7("31.705")),
                    keeper=world.unit)
            for number in range(8)
        ],
        by=by,
    )
    return world


def codes(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [one["code"][-2:] for one in answer.json()["items"]]


def test_parts_near_a_point_the_nearest_first(parts: World, operator: Api) -> None:
    answer = operator.get("/parts", {"near": "120.0021,31.705", "metres": "100"})
    assert codes(answer) == ["00", "01"]
    first = answer.json()["items"][0]
    assert (first["metres"], first["case_class"], first["area"], first["state"]) == (9, "P0137", "A1", "intact")
    assert first["keeper"]["name"] == "环卫所"
    assert (first["location"]["lon"], first["location"]["lat"]) == (120.002, 31.705)


def test_parts_of_an_area_and_of_a_box_page_by_page(parts: World, operator: Api) -> None:
    assert codes(operator.get("/parts", {"area": "A2"})) == ["04", "05", "06", "07"]
    first = operator.get("/parts", {"limit": "3"})
    assert codes(first) == ["00", "01", "02"]
    assert codes(operator.get("/parts", {"limit": "5", "cursor": first.json()["next_cursor"]})) == [
        "03", "04", "05", "06", "07"]
    assert codes(operator.get("/parts", {"bbox": "120.0025,31.7,120.0045,31.71"})) == ["01", "02"]
    assert codes(operator.get("/parts", {"class": "P02"})) == []


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"near": "120"}, "near"),
        ({"near": "north,31"}, "near.lon"),
        ({"near": "120,31.7", "bbox": "1,1,2,2"}, "bbox"),
        ({"near": "120,31.7", "metres": "1001"}, "metres"),
        ({"bbox": "1,2,3"}, "bbox"),
        ({"area": "nowhere"}, "area"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_cannot_be_answered_names_its_fault(
    parts: World, operator: Api, asked: dict[str, str], field: str
) -> None:
    problem(operator.get("/parts", asked), 422, field)


def test_a_list_of_parts_takes_few_statements(parts: World, operator: Api) -> None:
    operator.get("/parts")
    with statements() as asked:
        operator.get("/parts", {"area": "S"})
    assert len(asked) <= 6


def test_a_report_near_a_part_shows_it_and_its_keeper(parts: World, operator: Api) -> None:
    made = operator.report("k1", case_class="P0137").json()
    case = operator.get(f"/cases/{made['id']}").json()
    assert case["part"]["code"] == "3204120137000000"
    assert case["part"]["keeper"]["name"] == "环卫所"
    for action in ("accept", "register"):
        moved = operator.act(case, action)
        assert moved.status_code == 200, moved.content
        case = operator.get(f"/cases/{made['id']}").json()
    assert case["suggestion"]["reason"] == "keeper"
    assert case["suggestion"]["organisation"] == str(parts.unit)


def test_a_report_elsewhere_has_no_part(parts: World, operator: Api) -> None:
    made = operator.report("k2", location=POINT | {"lat": 31.706}, case_class="P0137").json()
    assert operator.get(f"/cases/{made['id']}").json()["part"] is None


def test_a_report_near_a_part_costs_no_statement_more(parts: World, operator: Api) -> None:
    operator.report("k3", case_class="P0137")
    with statements() as asked:
        assert operator.report("k4", case_class="P0137").status_code == 201
    assert len(asked) <= 3
