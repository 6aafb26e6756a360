"""Runs over the API: one's own lines, another's with the look on record, an appeal, bringing a run on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.interfaces import assessed
from tests.interfaces import world as worlds
from wangge.assessment.models import Run
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.people.services import issue_token
from wangge.kernel.places import queries as places

Api = Callable[[str], Client]


@pytest.fixture
def town(db: None) -> worlds.World:
    places._atlases.clear()
    return assessed.staff(worlds.build())


@pytest.fixture
def api(town: worlds.World) -> Api:
    def client(name: str) -> Client:
        plain = issue_token(account=town.accounts[name], label="test", days=1, by=mandates.console())[1]
        return Client(headers={"authorization": f"Bearer {plain}"})

    return client


def test_a_worker_reads_their_own_lines_and_appeals(town: worlds.World, api: Api) -> None:
    run = assessed.notified(town)
    client = api("worker")
    [item] = client.get("/api/v1/runs").json()["items"]
    assert (item["period"], item["stage"], item["policy"]) == (run.period, "notified", "default/1")
    told = client.get(f"/api/v1/runs/{run.id}/lines").json()
    assert told["points"] == "0.40"
    line = next(one for one in told["lines"] if one["key"].startswith("charge/"))
    assert (line["units"], line["fen"], line["arithmetic"]) == ("2", 100_000, "2 × 0.1 = 0.20")
    given = {"line": line["key"], "finding": "city/1", "words": "当天已清走"}
    made = client.post(f"/api/v1/runs/{run.id}/appeals", given, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "open")
    again = client.post(f"/api/v1/runs/{run.id}/appeals", given, content_type="application/json")
    assert again.status_code == 409
    wrong = client.post(
        f"/api/v1/runs/{run.id}/appeals", {**given, "finding": "city/3"}, content_type="application/json"
    )
    assert (wrong.status_code, wrong.json()["field"]) == (422, "finding")


def test_anothers_lines_are_a_look_on_record_or_not_there(town: worlds.World, api: Api) -> None:
    run = assessed.notified(town)
    address = f"/api/v1/runs/{run.id}/lines?holder={town.persons['worker']}"
    assert api("elsewhere").get(address).status_code == 404
    assert api("secretary2").get(address).status_code == 404
    assert not Entry.objects.filter(verb="read_statement").exists()
    assert api("secretary").get(address).json()["points"] == "0.40"
    assert Entry.objects.filter(verb="read_statement").count() == 1


def test_a_run_is_brought_on_by_who_may(town: worlds.World, api: Api) -> None:
    run = assessed.run(town)
    address = f"/api/v1/runs/{run.id}/actions"
    body = {"action": "notify", "expected_version": 1}
    assert api("worker").post(address, body, content_type="application/json").status_code in (403, 404)
    moved = api("leader").post(address, {**body, "expected_version": 7}, content_type="application/json")
    assert moved.status_code == 409
    done = api("leader").post(address, body, content_type="application/json")
    assert (done.status_code, done.json()["stage"]) == (200, "notified")
    early = api("leader").post(address, {"action": "finish", "expected_version": 2}, content_type="application/json")
    assert early.status_code == 409
    assert Run.objects.get().stage == "notified"
    bad = api("leader").post(address, {"action": "jump", "expected_version": 2}, content_type="application/json")
    assert bad.status_code == 422
