"""Acting over the API: the whole life of a case, and who loses a race."""

from __future__ import annotations

from typing import Any

import pytest

from tests.interfaces.api.world import Api, World, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(worker: Api) -> dict[str, Any]:
    """A fresh report in A1."""
    found: dict[str, Any] = worker.report("case").json()
    return found


def done(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def test_a_case_is_worked_to_its_end(world: World, operator: Api, inspector: Api, case: dict[str, Any]) -> None:
    unit = Api(world.tokens["unit"])
    now = done(operator.act(case, "accept"))
    assert (now["state"], now["version"]) == ("verifying", 2)
    now = done(operator.act(now, "register", case_class="E01", condition=1))
    assert now["due_at"]
    now = done(operator.act(now, "dispatch"))
    assert "sign" not in now["allowed_actions"]
    assert "sign" in done(unit.get(f"/cases/{case['id']}"))["allowed_actions"]
    now = done(unit.act(now, "sign"))
    now = done(unit.act(now, "handle", note="清走了"))
    now = done(inspector.act(now, "inspect"))
    now = done(operator.act(now, "close"))
    assert now["state"] == "closed"
    found = done(operator.get(f"/cases/{case['number']}"))
    assert found["organisation"]["name"] == "环卫所"
    assert found["clock"]["running"] is False
    assert sum(step["seconds"] for step in found["clock"]["steps"]) == 4 * 3600
    assert found["clock"]["on_time"] is True


def test_a_closing_by_force_before_the_due_time_is_not_in_time(
    world: World, operator: Api, case: dict[str, Any]
) -> None:
    now = done(operator.act(case, "accept"))
    now = done(operator.act(now, "register", case_class="E01", condition=1))
    done(Api(world.tokens["leader"]).act(now, "force_close", reason="整体拆除"))
    found = done(operator.get(f"/cases/{case['number']}"))
    assert (found["forced"], found["clock"]["left_seconds"] > 0, found["clock"]["on_time"]) == (True, True, None)


def test_who_saw_an_older_version_is_told_the_present_state(operator: Api, case: dict[str, Any]) -> None:
    done(operator.act(case, "accept"))
    found = problem(operator.act(case, "reject", reason="重复"), 409, "expected_version")
    assert found["present"]["state"] == "verifying"
    assert found["present"]["version"] == 2
    assert found["present"]["number"] == case["number"]


def test_an_act_that_the_state_does_not_allow_is_a_conflict(operator: Api, case: dict[str, Any]) -> None:
    found = problem(operator.act(case, "close"), 409, "action")
    assert "accept" in found["expected"]


@pytest.mark.parametrize(
    ("fields", "status", "field"),
    [
        ({"action": "explode"}, 422, "action"),
        ({"action": "reject"}, 422, "reason"),
        ({"action": "comment"}, 422, "note"),
        ({"action": "attach"}, 422, "files"),
        ({"action": "accept", "expected_version": None}, 422, "expected_version"),
        ({"action": "accept", "expected_version": "1"}, 422, "expected_version"),
        ({"action": "accept", "expected_version": 2**70}, 422, "expected_version"),
        ({"action": "accept", "expected_version": 0}, 422, "expected_version"),
        ({"action": "comment", "note": "x" * 4001}, 422, "note"),
        ({"action": "comment", "note": "a\u0000"}, 422, "note"),
        ({"action": "comment", "note": "x", "mood": "good"}, 422, "mood"),
        ({}, 422, "action"),
    ],
    ids=str,
)
def test_each_bad_value_is_named(
    operator: Api, case: dict[str, Any], fields: dict[str, Any], status: int, field: str
) -> None:
    body = {"expected_version": 1} | fields if fields else {}
    problem(operator.post(f"/cases/{case['id']}/actions", body), status, field)
    assert done(operator.get(f"/cases/{case['id']}"))["version"] == 1


def test_a_condition_must_be_one_of_the_class(operator: Api, case: dict[str, Any]) -> None:
    now = done(operator.act(case, "accept"))
    problem(operator.act(now, "register", case_class="E01", condition=9), 422, "condition")
    problem(operator.act(now, "register", case_class="E77", condition=1), 422, "case_class")


def test_duties_decide_who_may(world: World, worker: Api, case: dict[str, Any]) -> None:
    problem(worker.act(case, "accept"), 403, "action")
    problem(Api(world.tokens["auditor"]).act(case, "comment", note="?"), 403, "action")


def test_another_subdistricts_case_is_not_there(world: World, case: dict[str, Any]) -> None:
    stranger = Api(world.tokens["stranger"])
    for path in ("", "/timeline", "/trace", "/proof"):
        problem(stranger.get(f"/cases/{case['id']}{path}"), 404)
        problem(stranger.get(f"/cases/{case['number']}{path}"), 404)
    problem(stranger.act(case, "accept"), 404)
    assert stranger.get("/cases").json()["items"] == []


def test_comments_need_no_version(operator: Api, case: dict[str, Any]) -> None:
    body = {"action": "comment", "note": "看过"}
    assert done(operator.post(f"/cases/{case['number']}/actions", body))["version"] == 2
