"""Findings over the API: listed, read, contested and put right; who sees and may do what."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests.interfaces import assessed
from tests.interfaces import world as worlds
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import issue_token
from wangge.kernel.places import queries as places

Api = Callable[[str], Client]
ADDRESS = "/api/v1/findings"


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


@pytest.fixture
def found(town: worlds.World) -> str:
    new = NewFinding("subdistrict", "1", assessed.G1, now(), Decimal("0.50"), "E0401", point=worlds.INSIDE,
                     note="店外堆物")
    return str(record_findings([new], by=town.by("inspector"))[0].id)


def do(client: Client, key: str, action: str, version: int, **more: Any) -> Any:
    given = {"action": action, "expected_version": version} | more
    return client.post(f"{ADDRESS}/{key}/actions", given, content_type="application/json")


def test_it_is_listed_and_read(found: str, api: Api) -> None:
    [item] = api("inspector").get(ADDRESS).json()["items"]
    assert (item["ref"], item["points"], item["area"], item["rectification"], item["overdue"]) == (
        "1", "0.50", assessed.G1, None, False)
    assert (item["location"]["lon"], item["location"]["lat"]) == (119.905, 31.605)
    one = api("worker").get(f"{ADDRESS}/{found}").json()
    assert {row["post"]: row["holders"] for row in one["answered"]}["grid_worker"] == ["王示范"]
    assert (one["story"][0]["verb"], one["story"][0]["words"]) == ("record", {"note": "店外堆物"})
    for query, count in (("box=open", 0), ("source=city", 0), (f"area={assessed.G1}", 1), (f"area={assessed.G2}", 0),
                         ("discovered_after=2099-01-01T00:00:00Z", 0), ("limit=1", 1)):
        assert len(api("inspector").get(f"{ADDRESS}?{query}").json()["items"]) == count, query


def test_another_ground_has_none(found: str, api: Api) -> None:
    assert api("elsewhere").get(ADDRESS).json()["items"] == []
    assert api("elsewhere").get(f"{ADDRESS}/{found}").status_code == 404
    assert do(api("elsewhere"), found, "contest_finding", 1, words="x").status_code == 404
    assert api("admin").get(ADDRESS).status_code == 403


def test_it_is_contested_decided_and_put_right(found: str, api: Api) -> None:
    assert do(api("worker"), found, "contest_finding", 1, words="当时已清走").json()["state"] == "open"
    assert do(api("inspector"), found, "decide_contest", 1, words="x").status_code == 409
    assert do(api("auditor"), found, "decide_contest", 1, words="x", points="lots").status_code == 422
    decided = do(api("auditor"), found, "decide_contest", 1, words="属实", points="0.20")
    assert (decided.status_code, decided.json()["state"]) == (200, "granted")
    assert do(api("auditor"), found, "decide_contest", 2, words="x").status_code == 404
    assert do(api("leader"), found, "order_rectification", 2).status_code == 422
    assert do(api("leader"), found, "order_rectification", 2, post="grid_worker").json()["state"] == "ordered"
    assert do(api("inspector"), found, "rectify", 1, words="好了").status_code == 403
    assert do(api("worker"), found, "rectify", 1, words="好了").json()["state"] == "reported"
    assert do(api("inspector"), found, "recheck", 2).status_code == 422
    assert do(api("inspector"), found, "recheck", 2, passed=False, words="还有").json()["state"] == "failed"
    one = api("inspector").get(f"{ADDRESS}/{found}").json()
    assert [(row["round"], row["state"]) for row in one["rounds"]] == [(1, "failed"), (2, "ordered")]
    assert (one["points"], one["contests"][0]["points"]) == ("0.20", "0.20")
    assert do(api("leader"), found, "drop_rectification", 1, words="另行处理").json()["state"] == "dropped"
    assert verify().clean


@pytest.mark.parametrize("query", [
    "box=x", "source=x", "area=x", "cursor=x", "limit=0", "limit=x", "discovered_after=x", "moon=1", "cursor=%00",
])
def test_a_filter_that_is_none_is_named(found: str, api: Api, query: str) -> None:
    answer = api("inspector").get(f"{ADDRESS}?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert answer.json()["field"] == query.partition("=")[0]
