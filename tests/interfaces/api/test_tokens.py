"""Who asks: tokens, the duties behind them, and how often they may ask."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.api.world import Api, World, problem
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import end_assignment
from wangge.kernel.people.models import Account, ApiToken
from wangge.kernel.people.services import close_account, revoke_token

pytestmark = pytest.mark.django_db
PATHS = ("/cases", "/cases/1", "/cases/1/timeline", "/areas", "/classes", "/duties?area=S", "/me", "/files/x")


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_read_without_a_token(db: None, path: str) -> None:
    answer = Api(None).get(path)
    problem(answer, 401, "Authorization")
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer wg_wrong", "Basic eDp5", "wg_x", "Bearer é", "Bearer \x7f"]
)
def test_a_wrong_token_is_refused(db: None, header: str) -> None:
    problem(Api(None).get("/me", Authorization=header), 401, "Authorization")


def test_an_expired_token_is_refused(world: World, worker: Api) -> None:
    ApiToken.objects.filter(account__username="worker").update(
        created_at=now() - timedelta(days=9), expires_at=now() - timedelta(seconds=1)
    )
    problem(worker.get("/me"), 401, "Authorization")


def test_a_revoked_token_is_refused(worker: Api) -> None:
    revoke_token(token=ApiToken.objects.get(account__username="worker"), by=mandates.console())
    problem(worker.report(), 401, "Authorization")


def test_the_token_of_a_closed_account_is_refused(worker: Api) -> None:
    close_account(account=Account.objects.get(username="worker"), by=mandates.console())
    problem(worker.get("/me"), 401, "Authorization")


def test_authority_ends_with_the_duty(world: World, worker: Api) -> None:
    held = Assignment.objects.get(person=world.people["worker"])
    end_assignment(assignment=held.id, at=now(), by=mandates.console())
    assert worker.get("/me").json()["duties"] == []
    problem(worker.report(), 403)
    problem(worker.get("/cases"), 403)


def test_me_names_the_person_and_the_duties(world: World, worker: Api) -> None:
    found = worker.get("/me").json()
    assert (found["username"], found["person"]["name"]) == ("worker", "样例worker")
    [duty] = found["duties"]
    assert (duty["post"], duty["area"]) == ("grid_worker", "A1")
    assert "report" in duty["verbs"]
    assert "accept" not in duty["verbs"]


def test_a_token_is_checked_and_counted_by_one_statement(worker: Api) -> None:
    with statements() as sent:
        worker.get("/cases/nothing")
    assert len(sent) == 1


def test_too_many_requests_are_refused_until_the_minute_ends(world: World, worker: Api, settings: Any) -> None:
    settings.API_RATE = 3
    for left in (2, 1, 0):
        answer = worker.get("/me")
        assert (answer["RateLimit-Limit"], answer["RateLimit-Remaining"]) == ("3", str(left))
        assert 1 <= int(answer["RateLimit-Reset"]) <= 60
    answer = worker.get("/me")
    problem(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert Api(world.tokens["operator"]).get("/me").status_code == 200  # each token has its own


def test_a_new_minute_counts_anew(world: World, worker: Api, settings: Any, time_machine: Any) -> None:
    settings.API_RATE = 1
    time_machine.move_to(now().replace(second=30))
    assert worker.get("/me").status_code == 200
    problem(worker.get("/me"), 429)
    time_machine.shift(31)
    assert worker.get("/me").status_code == 200
