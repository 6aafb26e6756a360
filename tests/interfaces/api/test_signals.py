"""Signals over the API: worklists with rules and rows, for who checks only."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import Api, World, problem
from wangge.base.clock import now
from wangge.kernel.indicators.periods import containing
from wangge.kernel.signals.kinds import KINDS

pytestmark = pytest.mark.django_db


def quarter() -> str:
    return containing("quarter", now(), "Asia/Shanghai").text


@pytest.fixture
def solved(world: World, worker: Api, operator: Api) -> dict[str, Any]:
    """A case that was reported and handled one act after the other."""
    case: dict[str, Any] = worker.report("one", case_class="E02", source="resident").json()
    steps = (
        (operator, "accept", {}), (operator, "confirm", {}),
        (operator, "register", {"case_class": "E02", "condition": 1}), (operator, "dispatch", {}), (worker, "sign", {}),
        (worker, "handle", {"note": "清了"}),
    )  # fmt: skip
    version = 1
    for who, action, needs in steps:
        answer = who.act(case, action, version=version, **needs)
        assert answer.status_code == 200, answer.content
        version = answer.json()["version"]
    return case


def test_worklists_tell_their_rules_and_rows(world: World, solved: dict[str, Any]) -> None:
    answer = Api(world.tokens["auditor"]).get("/signals", {"period": quarter()})
    assert answer.status_code == 200, answer.content
    found = {one["signal"]: one for one in answer.json()["lists"]}
    assert list(found) == list(KINDS)
    fast = found["fast"]
    assert (fast["open"], fast["settled"], fast["more"]) == (1, 0, False)
    assert fast["rows"][0]["data"]["number"] == solved["number"]
    assert fast["rows"][0]["post"] == "grid_worker"
    assert fast["thresholds"] == [
        {"code": "seconds", "name": "几秒内", "name_en": "Seconds", "value": 120, "least": 10, "most": 3600,
         "set": False}
    ]
    assert str(world.people["worker"]) not in answer.content.decode()


def test_some_signals_of_a_place_are_asked_alone(world: World, solved: dict[str, Any]) -> None:
    leader = Api(world.tokens["leader"])
    found = leader.get("/signals", {"period": quarter(), "area": "B", "signal": "fast"}).json()
    assert [(one["signal"], one["open"]) for one in found["lists"]] == [("fast", 0)]
    assert found["area"]["code"] == "B"


@pytest.mark.parametrize(
    ("query", "field"), [({"period": "2026"}, "period"), ({"period": "x"}, "period"), ({}, "period"),
                         ({"period": "2026-06", "area": "Z"}, "area"), ({"period": "2026-06", "signal": "x"}, "signal")]
)
def test_what_cannot_be_asked_names_its_field(world: World, query: dict[str, str], field: str) -> None:
    told = problem(Api(world.tokens["auditor"]).get("/signals", query), 422)
    assert told["field"].startswith(field)


@pytest.mark.parametrize("username", ["worker", "operator", "unit", "admin"])
def test_who_does_not_check_reads_none(world: World, username: str) -> None:
    assert Api(world.tokens[username]).get("/signals", {"period": "2026-06"}).status_code == 403


def test_ground_elsewhere_is_not_read(world: World) -> None:
    assert Api(world.tokens["auditor"]).get("/signals", {"period": "2026-06", "area": "T"}).status_code == 403


def test_a_table_costs_seven_statements(world: World, solved: dict[str, Any]) -> None:
    auditor = Api(world.tokens["auditor"])
    auditor.get("/signals", {"period": quarter()})
    with statements() as sent:
        auditor.get("/signals", {"period": quarter()})
    assert len(sent) <= 7, sent
