"""Figures over the API: tables with their formulas, the cases behind, publishing, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import Api, World, make_world, problem
from wangge.kernel.indicators.table import INDICATORS

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def world(db: None, time_machine: Any) -> World:
    """The small subdistrict on a Monday of November; its tokens are valid for a week."""
    time_machine.move_to(MONDAY, tick=False)
    return make_world()


@pytest.fixture
def closed_one(world: World, time_machine: Any) -> dict[str, Any]:
    """One case of November that the grid worker reported and handled, closed in time; another that is only reported."""
    worker, operator = Api(world.tokens["worker"]), Api(world.tokens["operator"])
    case = worker.report("one", case_class="E02", source="grid_worker").json()
    steps = (
        (operator, "register", {"case_class": "E02", "condition": 1}), (operator, "dispatch", {}), (worker, "sign", {}),
        (worker, "handle", {"note": "清了"}), (Api(world.tokens["inspector"]), "inspect", {}), (operator, "close", {}),
    )  # fmt: skip
    for number, (who, action, needs) in enumerate(steps, start=1):
        answer = who.act(case, action, version=number, **needs)
        assert answer.status_code == 200, answer.content
    worker.report("two")
    time_machine.move_to(MONDAY + timedelta(days=2), tick=False)
    return dict(answer.json())


def of(figures: list[dict[str, Any]], code: str) -> dict[str, Any]:
    return next(one for one in figures if one["code"] == code)


def test_a_table_has_rows_a_total_and_every_formula(world: World, closed_one: dict[str, Any]) -> None:
    answer = Api(world.tokens["leader"]).get("/indicators", {"period": "2026-11"})
    assert answer.status_code == 200, answer.content
    found = answer.json()
    assert found["period"] | {"start": "", "end": ""} == {
        "text": "2026-11", "kind": "month", "first": "2026-11-01", "last": "2026-11-30", "start": "", "end": "",
        "timezone": "Asia/Shanghai",
    }  # fmt: skip
    assert found["period"]["start"] == "2026-10-31T16:00:00Z"
    assert (found["area"]["code"], found["by"], found["frozen"], found["published"]) == ("S", "area", False, None)
    assert [one["code"] for one in found["indicators"]] == list(INDICATORS)
    assert of(found["indicators"], "closing")["formula"].startswith("结案数（不含强制结案） ÷ 应结案数")
    [row] = found["rows"]
    assert (row["key"], row["name"]) == ("A", "甲社区")
    assert of(row["figures"], "closing_on_time") == {
        "code": "closing_on_time", "numerator": 1, "denominator": 1, "value": "1.0000", "seconds": None,
    }  # fmt: skip
    assert of(found["total"], "unclosed")["value"] == "0.5000"
    nothing = of(found["total"], "satisfaction")
    assert (nothing["value"], nothing["numerator"], nothing["denominator"]) == (None, 0, 0)


@pytest.mark.parametrize(
    ("by", "key", "name_en"),
    [
        ("post", "grid_worker", "Full-time grid worker"), ("class", "E02", "Stickers"), ("major", "E", "Events"),
        ("source", "grid_worker", ""), ("tier", "grid", ""),
    ],
)  # fmt: skip
def test_rows_are_named(world: World, closed_one: dict[str, Any], by: str, key: str, name_en: str) -> None:
    asked = {"period": "2026-11", "by": by, "indicator": "closing"}
    found = Api(world.tokens["leader"]).get("/indicators", asked).json()
    [row] = [row for row in found["rows"] if row["figures"][0]["denominator"]]
    assert (row["key"], row["name_en"], len(row["figures"])) == (key, name_en, 1)


def test_the_cases_behind_a_figure(world: World, closed_one: dict[str, Any]) -> None:
    leader = Api(world.tokens["leader"])
    asked = {"period": "2026-11", "by": "area", "row": "A", "part": "denominator"}
    found = leader.get("/indicators/unclosed/cases", asked).json()
    assert (found["count"], len(found["items"]), found["next_cursor"]) == (2, 2, None)
    first = leader.get("/indicators/unclosed/cases", asked | {"limit": 1}).json()
    rest = leader.get("/indicators/unclosed/cases", asked | {"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in first["items"] + rest["items"]] == [one["id"] for one in found["items"]]
    [case] = leader.get("/indicators/closing/cases", asked | {"part": "numerator"}).json()["items"]
    assert case["id"] == closed_one["id"]


def test_who_asks_sees_their_own_ground_and_their_own_work(world: World, closed_one: dict[str, Any]) -> None:
    worker = Api(world.tokens["worker"])
    found = worker.get("/indicators", {"period": "2026-11", "by": "person", "indicator": "closing"}).json()
    assert found["area"]["code"] == "A1"
    rows = [(row["key"], row["figures"][0]["denominator"]) for row in found["rows"]]
    assert rows == [(str(world.people["worker"]), 1)]
    problem(worker.get("/indicators", {"period": "2026-11", "area": "S"}), 403, "area")
    problem(worker.get("/indicators/closing/cases", {"period": "2026-11", "area": "B"}), 403, "area")
    problem(Api(world.tokens["admin"]).get("/indicators", {"period": "2026-11"}), 403)
    stranger = Api(world.tokens["stranger"]).get("/indicators", {"period": "2026-11"}).json()
    assert {one["denominator"] for one in stranger["total"]} == {0}
    unit = Api(world.tokens["unit"]).get("/indicators", {"period": "2026-11"}).json()
    assert {one["denominator"] for one in unit["total"]} == {0}


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"period": "2026-13"}, "period"), ({}, "period"), ({"period": "2026", "by": "colour"}, "by"),
        ({"period": "2026", "area": "nowhere"}, "area"), ({"period": "2026", "indicator": "happiness"}, "indicator[0]"),
        ({"period": "2026", "tier": "moon"}, "tier"), ({"period": "2026", "unknown": "1"}, "unknown"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(world: World, query: dict[str, str], field: str) -> None:
    found = problem(Api(world.tokens["leader"]).get("/indicators", query), 422)
    assert found["field"] == field


def test_a_figure_that_there_is_not(world: World) -> None:
    leader = Api(world.tokens["leader"])
    problem(leader.get("/indicators/happiness/cases", {"period": "2026"}), 404, "indicator")
    problem(leader.get("/indicators/first_answer_time/cases", {"period": "2026"}), 422, "part")
    problem(leader.get("/indicators/closing/cases", {"period": "2026", "cursor": "x"}), 422, "cursor")


def test_a_published_period_answers_with_what_was_published(world: World, closed_one: dict[str, Any]) -> None:
    leader = Api(world.tokens["leader"])
    problem(Api(world.tokens["operator"]).post("/publications", {"period": "2026-11-23", "area": "S"}), 403)
    problem(leader.post("/publications", {"period": "2026-11", "area": "S"}), 422, "period")
    problem(leader.post("/publications", {"period": "2026-11-23", "area": "T"}), 403)
    made = leader.post("/publications", {"period": "2026-11-23", "area": "S"})
    assert made.status_code == 201, made.content
    problem(leader.post("/publications", {"period": "2026-11-23", "area": "S"}), 409, "period")
    answer = Api(world.tokens["operator"]).act(closed_one, "reopen", reason="又贴上了")
    assert answer.status_code == 200, answer.content
    frozen = leader.get("/indicators", {"period": "2026-11-23"}).json()
    assert (frozen["frozen"], frozen["published"]["area"], frozen["published_total"]) == (True, "S", None)
    assert of(frozen["total"], "closing_on_time")["value"] == "1.0000"
    live = leader.get("/indicators", {"period": "2026-11-23", "live": "true"}).json()
    assert (live["frozen"], live["published"]["id"]) == (False, made.json()["id"])
    assert of(live["total"], "closing_on_time")["denominator"] == 0
    assert of(live["published_total"], "closing_on_time")["value"] == "1.0000"


@pytest.mark.parametrize("by", ["area", "organisation", "class"])
def test_a_table_and_a_list_take_few_statements(world: World, closed_one: dict[str, Any], by: str) -> None:
    leader = Api(world.tokens["leader"])
    for path in ("/indicators", "/indicators/closing/cases"):
        leader.get(path, {"period": "2026-11", "by": by})
        with statements() as sent:
            assert leader.get(path, {"period": "2026-11", "by": by}).status_code == 200
        assert len(sent) <= 6, sent
