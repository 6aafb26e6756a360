"""Many reports by lines: each its own result, in order, once for each key."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.interfaces.api.world import POINT, Api, World, problem
from wangge.base.clock import now
from wangge.interfaces.api.views import reports
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import end_assignment
from wangge.kernel.people.models import ApiToken
from wangge.kernel.people.services import revoke_token

pytestmark = pytest.mark.django_db
KIND = "application/x-ndjson"


def lines(*values: Any) -> bytes:
    return b"\n".join(value if isinstance(value, bytes) else json.dumps(value).encode() for value in values)


def send(api: Api, body: bytes) -> list[dict[str, Any]]:
    answer = api.post("/cases/bulk", body, KIND)
    assert answer.status_code == 200
    assert answer["Content-Type"] == KIND
    return [json.loads(line) for line in b"".join(answer.streaming_content).splitlines()]


def one(key: str | None, **fields: Any) -> dict[str, Any]:
    return {"description": "垃圾", "location": POINT} | ({"key": key} if key else {}) | fields


def test_each_line_has_its_result_in_order(worker: Api) -> None:
    found = send(
        worker,
        lines(one("a"), b"", one("b", colour="red"), b"{", one("c", location=None), b"\xff\xfe", one("d")) + b"\n",
    )
    assert [(line["line"], line["status"], line.get("field")) for line in found] == [
        (1, 201, None), (3, 422, "colour"), (4, 400, "body"), (5, 422, "address"), (6, 400, "body"), (7, 201, None),
    ]  # fmt: skip
    assert [line["key"] for line in found if "key" in line] == ["a", "c", "d"]
    assert Case.objects.count() == 2


def test_a_line_sent_again_is_the_same_case(worker: Api) -> None:
    first = send(worker, lines(one("a"), one("b")))
    again = send(worker, lines(one("b"), one("a"), one("a", description="别的")))
    assert [line["status"] for line in again] == [200, 200, 422]
    assert [line["id"] for line in again[:2]] == [line["id"] for line in first[::-1]]
    assert again[2]["type"] == "urn:wangge:problem:idempotency-key-reused"
    assert Case.objects.count() == 2


def test_a_bulk_line_and_a_single_report_share_their_keys(worker: Api) -> None:
    case = worker.report("a", description="垃圾").json()
    [found] = send(worker, lines(one("a")))
    assert (found["status"], found["id"]) == (200, case["id"])


def test_a_line_that_is_too_long_does_not_stop_the_rest(worker: Api) -> None:
    found = send(worker, lines(one("a", description="x" * 300_000), one("b")))
    assert [(line["line"], line["status"]) for line in found] == [(1, 422), (2, 201)]


def test_nothing_in_is_refused(worker: Api) -> None:
    problem(worker.post("/cases/bulk", b"", KIND), 400, "body")
    assert send(worker, b"\n\n") == []


def test_who_may_not_report_is_refused_at_once(world: World) -> None:
    problem(Api(world.tokens["auditor"]).post("/cases/bulk", lines(one("a")), KIND), 403)
    problem(Api(world.tokens["worker"]).post("/cases/bulk", lines(one("a")), "text/csv"), 415, "Content-Type")


def test_each_line_counts_as_a_request_of_the_token(
    worker: Api, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "GROUP", 2)
    settings.API_RATE = 4  # the request itself, and three lines
    found = send(worker, lines(one("a"), b"", one("b"), one("c"), one("d"), one("e")))
    assert [line["status"] for line in found] == [201, 201, 201, 429, 429]
    assert [line["line"] for line in found] == [1, 3, 4, 5, 6]
    assert Case.objects.count() == 3
    problem(worker.get("/me"), 429)


def test_authority_that_ends_midway_ends_the_lines(
    world: World, worker: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reports, "GROUP", 2)
    answer = worker.post("/cases/bulk", lines(*(one(key) for key in "abcdef")), KIND)
    pieces = iter(answer.streaming_content)
    first = [json.loads(next(pieces)) for _ in range(2)]
    held = Assignment.objects.get(person=world.people["worker"])
    end_assignment(assignment=held.id, at=now(), by=mandates.console())
    second = [json.loads(next(pieces)) for _ in range(2)]
    revoke_token(token=ApiToken.objects.get(account__username="worker"), by=mandates.console())
    third = [json.loads(piece) for piece in pieces]
    assert [line["status"] for line in (*first, *second, *third)] == [201, 201, 403, 403, 401, 401]
    assert Case.objects.count() == 2
