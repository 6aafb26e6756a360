"""Many at once, each on a connection of its own, in a database that commits."""

from __future__ import annotations

import threading
from typing import Any

import psycopg
import pytest
from django.db import connections

from tests import databases
from tests.interfaces.api.world import Api, make_world, problem
from wangge.kernel.cases.models import Case


def test_fifty_at_once_with_one_key_are_one_case(committed_db: str) -> None:
    token = make_world().tokens["worker"]
    answers: list[tuple[int, str]] = []
    start = threading.Barrier(50)

    def send() -> None:
        try:
            start.wait()
            answer = Api(token).report("the-same")
            answers.append((answer.status_code, answer.json()["id"]))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 50
    assert len({case for _, case in answers}) == 1
    assert sorted(status for status, _ in answers) == [200] * 49 + [201]
    assert Case.objects.count() == 1


def test_two_operators_at_once_one_wins(committed_db: str) -> None:
    world = make_world()
    case = Api(world.tokens["worker"]).report("race").json()
    answers: list[Any] = []
    start = threading.Barrier(2)

    def send(action: str, **needs: str) -> None:
        try:
            start.wait()
            answers.append(Api(world.tokens["operator"]).act(case, action, **needs))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send, args=("accept",)),
               threading.Thread(target=send, args=("reject",), kwargs={"reason": "重复"})]  # fmt: skip
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    won, lost = sorted(answers, key=lambda answer: answer.status_code)
    assert won.status_code == 200
    assert problem(lost, 409)["present"]["state"] == won.json()["state"]
    assert len(Api(world.tokens["operator"]).get(f"/cases/{case['id']}/timeline").json()["items"]) == 2


def test_a_restart_of_the_database_is_not_noticed(committed_db: str) -> None:
    operator = Api(make_world().tokens["operator"])
    operator.report("before")
    with databases.connect("app", committed_db) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    assert operator.report("after").status_code == 201


def test_a_database_that_does_not_answer_is_said_to_be_so(committed_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = Api(make_world().tokens["operator"])

    def down(*args: Any, **kwargs: Any) -> None:
        raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr("wangge.interfaces.api.auth.hot_cursor", down)
    answer = operator.get("/me")
    assert answer["Retry-After"] == "5"
    problem(answer, 503)
