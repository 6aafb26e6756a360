"""Patrols and spot checks over the API: planned once, walked, tracked in batches, contested, decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import POINT, START, Api, World, problem
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_account, create_person, issue_token
from wangge.patrols.models import Observation, Patrol

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOTE = "岗亭无人"


@pytest.fixture
def officer(world: World) -> Api:
    """An officer of the first community, and its secretary."""
    by = mandates.console()
    for name, post in (("officer", "officer"), ("secretary", "secretary")):
        person = create_person(name=f"样例{name}", by=by)
        assign(post=post, area="A", person=person.id, valid_from=START, by=by)
        account = create_account(username=name, password=None, person=person, by=by)
        world.people[name] = person.id
        world.tokens[name] = issue_token(account=account, label="test", days=7, by=by)[1]
    return Api(world.tokens["officer"])


def plan(officer: Api, **given: Any) -> Any:
    moment = now()
    body = {"area": "A", "planned_from": moment.isoformat(), "planned_to": (moment + 2 * HOUR).isoformat()} | given
    return officer.post("/patrols", body)


def started(officer: Api, **given: Any) -> dict[str, Any]:
    """A patrol of the officer that is under way with a track."""
    made = plan(officer, **given).json()
    answer = act(officer, made, "start_patrol", tracked=True)
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def act(who: Api, patrol: dict[str, Any], action: str, **given: Any) -> Any:
    told = {"action": action, "expected_version": patrol["version"], **given}
    return who.post(f"/patrols/{patrol['id']}/actions", told)


def look(officer: Api, world: World, walked: dict[str, Any], **given: Any) -> Any:
    told = {"worker": str(world.people["worker"]), "area": "A1", "outcome": "not_seen", "patrol": walked["id"],
            "note": NOTE} | given
    return officer.post("/observations", told)


def test_a_patrol_is_planned_once_however_often_it_is_sent(officer: Api, world: World) -> None:
    key, moment = str(uuid4()), now()
    times = {"planned_from": moment.isoformat(), "planned_to": (moment + HOUR).isoformat()}
    first = plan(officer, key=key, stops=["A2", "A1"], **times)
    assert first.status_code == 201, first.content
    assert first.json()["id"] == key
    assert [one["stop"] for one in first.json()["stops"]] == ["A2", "A1"]
    assert plan(officer, key=key, **times).json() == first.json()
    assert Patrol.objects.count() == 1
    assert problem(plan(Api(world.tokens["secretary"]), key=key, **times), 422)["field"] == "key"


def test_stops_are_visited_by_tick_check_and_track(officer: Api, world: World) -> None:
    patrol = started(officer, stops=["A2", "A1", f"{POINT['lon']},{POINT['lat']}", "120.004,31.708"])
    ticked = act(officer, patrol, "visit_stop", stop=0).json()
    assert [one["visited"] for one in ticked["stops"]] == ["ticked", None, None, None]
    assert look(officer, world, patrol).status_code == 201
    at = Patrol.objects.get().started_at
    assert at
    points = [{"at": at.isoformat(), "location": POINT}]
    assert officer.post(f"/patrols/{patrol['id']}/track", {"points": points}).json() == {"added": 1}
    assert officer.post(f"/patrols/{patrol['id']}/track", {"points": points}).json() == {"added": 0}
    ended = act(officer, ticked, "end_patrol")
    assert [one["visited"] for one in ended.json()["stops"]] == ["ticked", "check", "track", None]
    assert officer.get(f"/patrols/{patrol['id']}").json() == ended.json()
    assert verify().clean


@pytest.mark.parametrize(("stops", "field"), [
    (["nowhere"], "stops"), (["B"], "stops"), (["121.5,31.2"], "stops"), (["x,y"], "stops"), (["1,2,3"], "stops"),
    (["A1"] * 41, "stops"), (["999,999"], "stops"),
])
def test_a_stop_that_is_none_is_refused(officer: Api, stops: list[str], field: str) -> None:
    assert problem(plan(officer, stops=stops), 422)["field"].startswith(field)
    assert not Patrol.objects.exists()


@pytest.mark.parametrize("given", [{"stop": 7}, {}, {"stop": -1}, {"expected_version": 1, "stop": 0}])
def test_a_tick_that_means_nothing_is_refused(officer: Api, given: dict[str, Any]) -> None:
    patrol = started(officer, stops=["A1"])
    answer = act(officer, patrol, "visit_stop", **given)
    assert answer.status_code in (409, 422), answer.content
    assert Patrol.objects.get().visited == {}


def test_a_track_needs_a_patrol_that_was_started_with_one(officer: Api, world: World) -> None:
    patrol = plan(officer).json()
    points = {"points": [{"at": now().isoformat(), "location": POINT}]}
    assert officer.post(f"/patrols/{patrol['id']}/track", points).status_code == 409
    act(officer, patrol, "start_patrol")
    assert officer.post(f"/patrols/{patrol['id']}/track", points).status_code == 409
    assert officer.post(f"/patrols/{patrol['id']}/track", {"points": []}).status_code == 422
    assert Api(world.tokens["worker"]).post(f"/patrols/{patrol['id']}/track", points).status_code in (403, 404)


def test_a_spot_check_is_recorded_once_read_contested_and_decided(officer: Api, world: World) -> None:
    patrol, key = started(officer), str(uuid4())
    first = look(officer, world, patrol, key=key)
    assert first.status_code == 201, first.content
    assert (first.json()["id"], first.json()["stands"]) == (key, False)
    assert look(officer, world, patrol, key=key).json() == first.json()
    worker, secretary = Api(world.tokens["worker"]), Api(world.tokens["secretary"])
    [mine] = worker.get("/observations", {"box": "of_me"}).json()["items"]
    assert (mine["note"], mine["outcome"]) == (NOTE, "not_seen")
    address = f"/observations/{key}/actions"
    said = {"action": "contest_observation", "expected_version": 1, "reason": "在处置井盖"}
    assert officer.post(address, said).status_code in (403, 404)
    assert worker.post(address, said).json()["state"] == "contested"
    assert worker.post(address, said).status_code == 409
    decided = {"action": "decide_observation", "expected_version": 2, "reason": "有记录"}
    assert problem(secretary.post(address, decided), 422)["field"] == "upheld"
    assert officer.post(address, {**decided, "upheld": True}).status_code == 403
    assert secretary.post(address, {**decided, "upheld": False}).json()["state"] == "struck"
    assert Observation.objects.count() == 1
    assert verify().clean


def test_nobody_observes_themselves_or_outside_a_patrol(officer: Api, world: World) -> None:
    patrol = started(officer)
    assert look(officer, world, patrol, worker=str(world.people["officer"])).status_code == 403
    assert look(officer, world, patrol, patrol=None).status_code in (403, 409)
    assert look(officer, world, patrol, patrol=str(uuid4())).status_code == 404
    assert look(officer, world, patrol, outcome="absent").status_code == 422
    assert not Observation.objects.exists()


def test_who_has_no_part_sees_none_of_it(officer: Api, world: World) -> None:
    patrol = started(officer)
    look(officer, world, patrol)
    stranger, auditor = Api(world.tokens["stranger"]), Api(world.tokens["auditor"])
    assert stranger.get("/patrols").json()["items"] == []
    assert stranger.get("/observations").json()["items"] == []
    assert stranger.get(f"/patrols/{patrol['id']}").status_code == 404
    assert [one["id"] for one in auditor.get("/patrols", {"state": "started"}).json()["items"]] == [patrol["id"]]
    assert len(auditor.get("/observations").json()["items"]) == 1
    assert auditor.get("/patrols", {"state": "lost"}).status_code == 422


def test_lists_cost_few_statements(officer: Api, world: World) -> None:
    look(officer, world, started(officer, stops=["A1"]))
    for address, most in (("/patrols", 3), ("/observations", 4)):
        officer.get(address)
        with statements() as sent:
            assert len(officer.get(address).json()["items"]) == 1
        assert len(sent) <= most, sent


def test_the_time_of_a_patrol_is_checked(officer: Api) -> None:
    late = datetime(2025, 6, 2, 9, tzinfo=UTC)
    answer = plan(officer, planned_from=late.isoformat(), planned_to=(late + HOUR).isoformat())
    assert problem(answer, 422)["field"] == "planned_to"
