"""The page of a shift: the sheet, closing it, taking it over, and what is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from django.test import Client

from tests.interfaces.world import PASSWORD, World
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people

Desk = Callable[[str], Client]


def test_a_shift_is_handed_over_read_and_taken(world: World, desk: Desk) -> None:
    by = mandates.console()
    person = people.create_person(name="钱替班", by=by)
    assign(post="operator", area="320499001", valid_from=now() - timedelta(days=1), person=person, by=by)
    world.accounts["second"] = people.create_account(
        username="second", password=PASSWORD, person=person, by=by, check_strength=False
    )
    world.bring(world.report("路灯不亮"), "accept", "confirm", "register", "dispatch")
    first, second = desk("operator"), desk("second")
    page = first.get("/desk/shift").content.decode()
    assert "本班新增 1 件，在办 1 件，其中超期 0 件。" in page
    assert "专职网格员" in page
    answer = first.post("/desk/shift/close", {"note": "两件等回电"})
    assert answer.status_code == 302
    record = answer["Location"]
    assert "还没有人接班" in second.get("/desk/shift").content.decode()
    assert "还没有人接班" not in first.get("/desk/shift").content.decode()
    second.post(record + "/take")
    page = second.get(record).content.decode()
    assert "两件等回电" in page
    assert "接班人 钱替班" in page
    assert "本班新增 1 件，在办 1 件，其中超期 0 件。" in page


def test_who_hands_no_shift_over_finds_none(world: World, desk: Desk) -> None:
    assert desk("worker").get("/desk/shift").status_code == 403
    assert desk("worker").post("/desk/shift/close", {"note": ""}).status_code == 403
    assert desk("operator").get("/desk/shift/00000000-0000-0000-0000-000000000001").status_code == 404


def test_a_note_that_is_too_long_comes_back(world: World, desk: Desk) -> None:
    answer = desk("operator").post("/desk/shift/close", {"note": "长" * 4001})
    assert answer.status_code == 422
    assert "长" * 100 in answer.content.decode()
