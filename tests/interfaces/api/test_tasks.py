"""Tasks over the API: given, listed, read, acted upon; who sees and may do what; the card tells nothing personal."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import Api, World, problem
from wangge.base.clock import now
from wangge.kernel.journal.verifying import verify
from wangge.kernel.tasks import lifecycle

pytestmark = pytest.mark.django_db
WORDS = "请张家弄口今天清走，电话 13900000000"


@pytest.fixture
def leader(world: World) -> Api:
    return Api(world.tokens["leader"])


@pytest.fixture
def unit(world: World) -> Api:
    return Api(world.tokens["unit"])


def due(hours: float = 4) -> str:
    return (now() + timedelta(hours=hours)).isoformat()


def give(api: Api, **more: Any) -> Any:
    return api.post("/tasks", {"kind": "directive", "note": WORDS, "area": "A1", "post": "grid_worker", "due_at": due()}
                    | more)


def do(api: Api, task: dict[str, Any], action: str, **needs: Any) -> Any:
    return api.post(f"/tasks/{task['number']}/actions", {"action": action, "expected_version": task["version"]} | needs)


def test_a_directive_goes_its_way(leader: Api, worker: Api) -> None:
    made = give(leader)
    assert made.status_code == 201
    task = made.json()
    assert task["state"] == "issued"
    assert task["allowed_actions"] == ["redirect", "remind_task", "postpone", "withdraw_task"]
    [item] = worker.get("/tasks", {"box": "in"}).json()["items"]
    assert (item["note"], item["addressee"], item["overdue"]) == (
        WORDS, {"organisation": None, "post": "grid_worker", "area": "A1"}, False)
    assert do(worker, task, "read_task").json()["version"] == 2
    task = do(worker, task, "take_task").json()
    task = do(worker, task, "reply_task", note="已清走").json()
    assert (task["state"], task["allowed_actions"]) == ("replied", [])
    found = leader.get(f"/tasks/{task['id']}").json()
    assert found["allowed_actions"] == ["accept_reply", "send_back", "withdraw_task"]
    assert [one["verb"] for one in found["story"]] == ["direct", "read_task", "take_task", "reply_task"]
    assert do(leader, task, "accept_reply").json()["state"] == "done"
    assert worker.get("/tasks", {"box": "in", "state": "issued,taken"}).json()["items"] == []
    assert verify().clean


def test_a_card_says_number_place_post_and_deadline_and_nothing_personal(leader: Api) -> None:
    task = give(leader).json()
    card = leader.get(f"/tasks/{task['number']}").json()["card"]
    assert task["number"] in card["text"]
    assert card["text"].endswith(card["link"])
    assert card["link"].endswith(f"/desk/tasks/{task['number']}")
    for word in ("张家", "13900000000", "清走", "样例leader", "样例worker"):
        assert word not in card["text"]
    assert "甲社区" in card["text"]
    assert "专职网格员" in card["text"]


def test_a_call_and_its_answer(leader: Api, worker: Api) -> None:
    task = worker.post("/tasks", {"kind": "call", "note": "塌方，请派人"}).json()
    [item] = leader.get("/tasks", {"box": "in", "kind": "call"}).json()["items"]
    assert item["issuer"] == {"organisation": None, "post": "grid_worker", "area": "A1"}
    assert do(leader, task, "reply_task", note="消防十分钟到").json()["state"] == "replied"
    unit = worker.get("/tasks", {"box": "out"}).json()["items"]
    assert [one["number"] for one in unit] == [task["number"]]


def test_a_unit_is_directed_and_answers(world: World, leader: Api, unit: Api) -> None:
    task = give(leader, post=None, organisation=str(world.unit), area="S").json()
    assert do(unit, task, "take_task").json()["state"] == "taken"
    [item] = unit.get("/tasks").json()["items"]
    assert item["addressee"]["organisation"]["name"] == "环卫所"


def test_the_same_key_is_one_task(leader: Api, worker: Api) -> None:
    key = str(uuid4())
    assert give(leader, key=key).json()["id"] == give(leader, key=key).json()["id"]
    problem(worker.post("/tasks", {"kind": "call", "note": "x", "key": key}), 422, "key")


@pytest.mark.parametrize(("body", "status", "field"), [
    ({"kind": "wish"}, 422, "kind"), ({"note": ""}, 422, "note"), ({"note": "   "}, 422, "note"),
    ({"area": "nowhere"}, 404, "area"), ({"area": ""}, 422, "area"), ({"post": "admin"}, 422, "post"),
    ({"post": "mayor"}, 422, "post"), ({"due_at": "2020-01-01T00:00:00Z"}, 422, "due_at"),
    ({"due_at": None}, 422, "due_at"), ({"due_at": "2026-01-01T00:00:00"}, 422, "due_at"),
    ({"organisation": "x"}, 422, "organisation"), ({"case": "x", "area": ""}, 404, "id"),
    ({"case": "x"}, 422, "area"), ({"more": 1}, 422, "more"), ({"area": "T"}, 403, "area"),
])  # fmt: skip
def test_what_is_refused_names_its_field(leader: Api, body: dict[str, Any], status: int, field: str) -> None:
    problem(give(leader, **body), status, field)


def test_acts_that_are_refused(leader: Api, worker: Api, operator: Api) -> None:
    task = give(leader).json()
    problem(do(worker, task, "reply_task"), 422, "note")
    problem(do(worker, task, "fall_due"), 422, "action")
    problem(do(leader, task, "take_task"), 403, "action")
    problem(do(operator, task, "remind_task"), 403, "action")
    problem(do(worker, task, "accept_reply"), 409, "action")
    do(worker, task, "take_task")
    lost = problem(do(worker, task, "reply_task", note="好"), 409, "expected_version")
    assert lost["present"]["state"] == "taken"
    problem(give(worker), 403)


@pytest.mark.parametrize("query", [{"box": "x"}, {"kind": "x"}, {"area": "nowhere"}, {"cursor": "x"},
                                   {"limit": 0}, {"overdue": "maybe"}])  # fmt: skip
def test_filters_that_are_refused(leader: Api, query: dict[str, Any]) -> None:
    problem(leader.get("/tasks", query), 422, next(iter(query)))


def test_a_state_that_is_none(leader: Api) -> None:
    problem(leader.get("/tasks", {"state": "x"}), 422, "state[0]")


def test_who_sees_which(world: World, leader: Api) -> None:
    number = give(leader).json()["number"]
    seen = {name: Api(token).get(f"/tasks/{number}").status_code for name, token in world.tokens.items()}
    assert seen == {"operator": 200, "worker": 200, "leader": 200, "auditor": 200, "inspector": 404, "unit": 404,
                    "stranger": 404, "volunteer": 404, "admin": 403}
    assert Api(world.tokens["admin"]).get("/tasks").status_code == 403
    for name in ("stranger", "volunteer", "unit"):
        assert Api(world.tokens[name]).get("/tasks").json()["items"] == []


def test_tasks_of_a_case(leader: Api, worker: Api) -> None:
    case = worker.report(case_class="E02").json()
    task = give(leader, case=case["number"], area="").json()
    [item] = leader.get("/tasks", {"case": case["number"]}).json()["items"]
    assert (item["number"], item["case"]) == (task["number"], case["number"])
    problem(leader.get("/tasks", {"case": "nowhere"}), 404, "id")


def test_a_list_costs_few_statements(leader: Api) -> None:
    for _ in range(3):
        give(leader)
    leader.get("/tasks")
    with statements() as sent:
        assert len(leader.get("/tasks").json()["items"]) == 3
    assert len(sent) <= 4, sent


def test_the_schema_knows_the_acts(leader: Api) -> None:
    described = leader.get("/openapi.json").json()["components"]["schemas"]
    assert set(described["TaskAction"]["properties"]["action"]["enum"]) == set(lifecycle.ACTS)
