"""Whatever is refused below /api leaves as a problem document, and never as a page or a stack trace."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from tests.interfaces.api.world import Api, problem

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "path",
    [
        "/api/",
        "/api/v1",
        "/api/v1/",
        "/api/v2/cases",
        "/api/v1/nothing",
        "/api/v1/cases/1/x",
        "/api/%00",
        "/api/v1/cases/",
    ],
)
def test_a_path_that_is_not_there(db: None, path: str) -> None:
    problem(Api(None).client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("delete", "/api/v1/cases", {"GET", "POST"}),
        ("put", "/api/v1/cases/1", {"GET"}),
        ("get", "/api/v1/cases/1/actions", {"POST"}),
        ("post", "/api/v1/files/x", {"PUT", "GET"}),
        ("patch", "/api/v1/me", {"GET"}),
        ("options", "/api/v1/areas", {"GET"}),
        ("trace", "/api/v1/classes", {"GET"}),
    ],
)
def test_a_method_that_the_path_does_not_take(db: None, method: str, path: str, allowed: set[str]) -> None:
    answer = getattr(Api(None).client, method)(path)
    problem(answer, 405, "method")
    assert set(answer["Allow"].replace(" ", "").split(",")) == allowed


def test_a_host_that_is_not_ours(worker: Api, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["wangge.example"]
    problem(worker.get("/me", Host="evil.example"), 400)


def test_our_own_fault_is_logged_and_says_nothing_of_itself(
    worker: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret 13900000000")

    monkeypatch.setattr("wangge.interfaces.api.views.places.reference", broken)
    with caplog.at_level(logging.ERROR):
        answer = worker.get("/classes")
    found = problem(answer, 500)
    assert "13900000000" not in str(found)
    assert found["request"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == ["unhandled"]


def test_no_cookie_is_read_or_set(worker: Api) -> None:
    answer = worker.get("/me")
    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"


def test_a_problem_carries_the_id_of_its_request(worker: Api) -> None:
    found = problem(worker.get("/cases/nothing", **{"X-Request-ID": "a-request-of-mine"}), 404)
    assert found["request"] == "a-request-of-mine"


@pytest.mark.parametrize(
    "text", ["'; DROP TABLE x; --", "<script>alert(1)</script>", "..%2f..%2fetc%2fpasswd", "%00", "𝕏" * 40]
)
def test_hostile_words_in_a_path_are_just_not_found(worker: Api, text: str) -> None:
    problem(Api(None).client.get(f"/api/v1/cases/{text}", headers=worker.headers), 404)
    for path in ("timeline", "trace", "proof"):
        problem(Api(None).client.get(f"/api/v1/cases/{text}/{path}", headers=worker.headers), 404)
