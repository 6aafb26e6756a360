"""Spot files over the API: listed, read, acted upon; who sees and may do what."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import Api, World, problem
from wangge.base.clock import now
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.spots import lifecycle
from wangge.kernel.spots.sweeping import Done, look, look_back

pytestmark = pytest.mark.django_db
DAY = timedelta(days=400)


def again(world: World, worker: Api, *, close: bool = True) -> dict[str, Any]:
    """One more report of the place, found true and perhaps closed."""
    found: dict[str, Any] = worker.report(case_class="E02").json()
    operator = mandates.for_person(world.people["operator"], channel="api")
    leader = mandates.for_person(world.people["leader"], channel="api")
    act(case_id=Case.objects.get(id=found["id"]).id, command=Command(act="register", condition=1), expected_version=1,
        by=operator)
    if close:
        act(case_id=Case.objects.get(id=found["id"]).id, command=Command(act="force_close", reason="样例"),
            expected_version=2, by=leader)
    return found


@pytest.fixture
def spot(world: World, worker: Api, operator: Api) -> dict[str, Any]:
    """A file that three cases opened, as it is read."""
    for last in (False, False, True):
        again(world, worker, close=not last)
    assert look_back().opened == 1
    [item] = operator.get("/spots").json()["items"]
    found: dict[str, Any] = operator.get(f"/spots/{item['number']}").json()
    return found


def do(api: Api, spot: dict[str, Any], action: str, **needs: Any) -> Any:
    return api.post(f"/spots/{spot['id']}/actions", {"action": action, "expected_version": spot["version"]} | needs)


def test_a_file_is_listed_and_read_with_its_cases(spot: dict[str, Any], operator: Api) -> None:
    assert (spot["state"], spot["cases"], spot["metres"], spot["hold_days"]) == ("open", 3, 50, 30)
    assert (spot["area"]["code"], spot["case_class"]["code"], spot["hidden_cases"]) == ("A1", "E02", 0)
    assert [one["state"] for one in spot["members"]] == ["closed", "closed", "registered"]
    assert spot["members"][0]["description"] == "路边有垃圾"
    assert [one["verb"] for one in spot["story"]] == ["open_spot"]
    assert spot["allowed_actions"] == ["campaign", "set_remedy", "close_spot"]
    assert operator.get("/spots?state=resolved").json() == {"items": [], "next_cursor": None}
    assert len(operator.get("/spots?state=open,reopened&class=E&area=A").json()["items"]) == 1


def test_a_remedy_is_set_and_finished_and_what_comes_back_marks_it(
    world: World, spot: dict[str, Any], operator: Api, worker: Api
) -> None:
    done = do(operator, spot, "campaign", note="联合清理", organisation=str(world.unit)).json()
    assert (done["state"], done["version"]) == ("open", 2)
    planned = (now() + DAY).date().isoformat()
    remedy = {"kind": "relief_point", "organisation": str(world.unit), "planned_on": planned}
    done = do(operator, done, "set_remedy", **remedy).json()
    assert (done["state"], done["allowed_actions"]) == ("under_remedy", ["campaign", "finish_remedy", "drop_remedy"])
    done = do(operator, done, "finish_remedy", note="疏导点开了").json()
    assert done["state"] == "watching"
    again(world, worker, close=False)
    assert look() == Done(joined=1, rebounded=1, reopened=1)
    found = operator.get(f"/spots/{spot['id']}").json()
    [remedy] = found["remedies"]
    assert (found["state"], found["rebounds"], remedy["outcome"]) == ("reopened", 1, "rebounded")
    assert (remedy["owner"]["name"], remedy["planned_on"]) == ("环卫所", planned)
    assert remedy["change"]["after"]["cases"] == 1
    assert remedy["change"]["before"] == {"cases": 3, "days": 30, "per_30_days": 30}
    assert found["campaigns"][0]["organisation"]["name"] == "环卫所"
    assert found["story"][1]["content"] == {"note": "联合清理"}
    assert verify().clean


def test_who_does_not_see_the_place_finds_nothing(world: World, spot: dict[str, Any]) -> None:
    for who in ("stranger", "unit", "volunteer"):
        api = Api(world.tokens[who])
        assert api.get("/spots").json()["items"] == []
        problem(api.get(f"/spots/{spot['number']}"), 404)
    assert len(Api(world.tokens["worker"]).get("/spots").json()["items"]) == 1
    problem(Api(world.tokens["admin"]).get("/spots"), 403)


def test_who_owns_the_remedy_sees_the_file(world: World, spot: dict[str, Any], operator: Api) -> None:
    planned = (now() + DAY).date().isoformat()
    do(operator, spot, "set_remedy", kind="works", organisation=str(world.unit), planned_on=planned)
    found = Api(world.tokens["unit"]).get(f"/spots/{spot['number']}").json()
    assert (found["members"], found["hidden_cases"], found["allowed_actions"]) == ([], 3, [])


@pytest.mark.parametrize("action", lifecycle.ACTS)
def test_a_grid_worker_and_an_auditor_are_refused(world: World, spot: dict[str, Any], action: str) -> None:
    for who in ("worker", "auditor"):
        problem(do(Api(world.tokens[who]), spot, action, reason="x", note="x"), 403, "action")


@pytest.mark.parametrize(
    ("given", "status", "field"),
    [
        ({"action": "campaign"}, 422, "note"),
        ({"action": "set_remedy", "kind": "wall"}, 422, "kind"),
        ({"action": "set_remedy", "kind": "works"}, 422, "organisation"),
        ({"action": "rebound"}, 422, "action"),
        ({"action": "finish_remedy"}, 409, "action"),
        ({"action": "campaign", "note": "x", "expected_version": 9}, 409, "expected_version"),
        ({"action": "campaign", "note": "x", "expected_version": None}, 422, "expected_version"),
        ({"action": "campaign", "note": "x", "other": 1}, 422, "other"),
    ],
)
def test_refusals_name_the_field(
    spot: dict[str, Any], operator: Api, given: dict[str, Any], status: int, field: str
) -> None:
    body = {"expected_version": spot["version"]} | given
    found = problem(operator.post(f"/spots/{spot['id']}/actions", body), status, field)
    if field == "expected_version" and status == 409:
        assert found["present"]["state"] == "open"


@pytest.mark.parametrize("path", ["/spots?state=closed", "/spots?area=XX", "/spots?cursor=x", "/spots?limit=0"])
def test_bad_filters_are_refused(operator: Api, path: str) -> None:
    problem(operator.get(path), 422)


@pytest.mark.parametrize("name", ["S000000", "x", "01890000-0000-7000-8000-000000000000", "9" * 60])
def test_what_is_not_there_is_not_found(operator: Api, name: str) -> None:
    problem(operator.get(f"/spots/{name}"), 404)
    problem(operator.post(f"/spots/{name}/actions", {"action": "campaign", "expected_version": 1, "note": "x"}), 404)


def test_reading_takes_few_statements(spot: dict[str, Any], operator: Api, world: World) -> None:
    client = Client(headers={"authorization": f"Bearer {world.tokens['operator']}"})
    for path, most in (("/api/v1/spots", 4), (f"/api/v1/spots/{spot['number']}", 6)):
        client.get(path)
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= most, sent
