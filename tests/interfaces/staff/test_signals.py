"""Signals at the desk: worklists with their rules, a row settled with words or passed on, thresholds of who leads."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import PASSWORD, SINCE, World, photo
from wangge.base.clock import now
from wangge.base.ids import new_id
from wangge.kernel.cases.files import store_file
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.indicators.periods import containing
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people import services as people
from wangge.kernel.signals.kinds import KINDS
from wangge.kernel.signals.models import SetThreshold, Settled
from wangge.kernel.tasks.models import Task

ROOT, GRID = "320499001", "320499001001001"
ADDRESS = "/desk/signals"
AT_ONCE = ("accept", "confirm", "register", "dispatch", "sign", "handle")
QUARTER = containing("quarter", now(), "Asia/Shanghai").text
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def others(world: World) -> None:
    """A leader, an auditor, and an assessor who also works in the first grid."""
    by = mandates.console()
    for name, posts in (("leader", {"leader": ROOT}), ("auditor", {"auditor": ROOT}),
                        ("assessor", {"assessor": ROOT, "grid_liaison": GRID})):
        person = people.create_person(name=f"示意{name}", by=by)
        for post, area in posts.items():
            assign(post=post, area=area, valid_from=SINCE, person=person, by=by)
        world.persons[name] = person.id
        world.accounts[name] = people.create_account(username=name, password=PASSWORD, person=person, by=by,
                                                     check_strength=False)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def fields(client: Client, signal: str) -> dict[str, str]:
    """The hidden fields of the first row that can be settled."""
    page = client.get(ADDRESS, {"signal": signal, "period": QUARTER}).content.decode()
    found = re.search(r'name="do" value="settle">(.*?)</form>', page, re.DOTALL)
    assert found, page
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found.group(1)))


def press(client: Client, signal: str, how: str, **given: str) -> Any:
    told = {"do": "settle", **fields(client, signal), "outcome": how, **given}
    return client.post(f"{ADDRESS}?signal={signal}&period={QUARTER}", told, follow=True)


def solved(world: World) -> str:
    return str(world.bring(world.report(), *AT_ONCE).number)


def test_the_page_tells_each_rule_and_what_it_does_not_say(desk: Desk, world: World) -> None:
    number = solved(world)
    for code, kind in KINDS.items():
        page = text(desk("auditor").get(ADDRESS, {"signal": code, "period": QUARTER}))
        assert kind.name in page
        assert kind.not_meant in page
    shown = desk("auditor").get(ADDRESS, {"signal": "fast", "period": QUARTER})
    assert f"/desk/cases/{number}" in shown.content.decode()
    assert "秒处置完毕" in text(shown)


def test_a_row_that_was_explained_goes_below_with_its_words(desk: Desk, world: World) -> None:
    solved(world)
    answer = press(desk("auditor"), "fast", "explained", note="巡查时当场处置")
    assert answer.status_code == 200
    page = text(answer)
    assert "已记录" in page
    assert "巡查时当场处置" in page
    assert "待看 0 条" in page
    assert Settled.objects.get().outcome == "explained"
    assert verify().clean


def test_the_leader_passes_it_on_as_a_directive(desk: Desk, world: World) -> None:
    solved(world)
    answer = press(desk("leader"), "fast", "passed", note="请到现场核实", days="1")
    task = Task.objects.get()
    assert f"/desk/tasks/{task.number}" in answer.content.decode()
    assert task.kind == "directive"


def test_what_is_refused_is_said_and_nothing_is_written(desk: Desk, world: World) -> None:
    solved(world)
    assert "请写几个字" in text(press(desk("auditor"), "fast", "explained"))
    kept = press(desk("auditor"), "fast", "passed", note="请去看看").content.decode()
    assert ">请去看看</textarea>" in kept
    mine = desk("assessor")
    assert "自己负责" in text(press(mine, "fast", "looked"))
    for field, value in (("version", "x"), ("version", "5"), ("latest", "gestern"), ("latest", "2026-01-01"),
                         ("kind", "lazy"), ("key", "nobody"), ("outcome", "punish"), ("days", "-1"), ("do", "delete")):
        answer = press(desk("auditor"), "fast", "looked", **{field: value})
        assert 400 <= answer.status_code < 500, (field, value)
    assert not Settled.objects.exists()


@pytest.mark.parametrize("query", [{"period": "2026"}, {"period": "soon"}, {"signal": "x"}, {"area": "320499002"},
                                   {"area": "\0"}])
def test_a_condition_that_means_nothing_is_said_and_the_page_shown(desk: Desk, query: dict[str, str]) -> None:
    answer = desk("auditor").get(ADDRESS, query)
    assert answer.status_code in (200, 422)
    assert "同一张照片" in text(answer)


def test_thresholds_are_set_by_who_leads_only(desk: Desk, world: World) -> None:
    solved(world)
    auditor, leader = desk("auditor"), desk("leader")
    assert "fast.seconds" not in auditor.get(ADDRESS, {"signal": "fast"}).content.decode()
    assert "fast.seconds" in leader.get(ADDRESS, {"signal": "fast"}).content.decode()
    given = {"do": "tune", "fast.seconds": "60", "was.fast.seconds": "120"}
    assert auditor.post(f"{ADDRESS}?signal=fast", given).status_code == 403
    assert "上报后 60 秒内" in text(leader.post(f"{ADDRESS}?signal=fast", given, follow=True))
    assert leader.post(f"{ADDRESS}?signal=fast", given).status_code == 409
    for wrong in ("9", "4000", "", "-1"):
        told = {**given, "fast.seconds": wrong, "was.fast.seconds": "60"}
        assert leader.post(f"{ADDRESS}?signal=fast", told).status_code == 422
    assert SetThreshold.objects.get().value == 60


@pytest.mark.parametrize("username", ["worker", "operator", "secretary", "admin"])
def test_who_checks_nothing_does_not_open_it(desk: Desk, username: str) -> None:
    assert desk(username).get(ADDRESS).status_code == 403
    assert ADDRESS not in desk(username).get("/desk/me").content.decode()


def test_the_page_costs_eight_statements(desk: Desk, world: World) -> None:
    solved(world)
    for _ in range(2):
        kept = store_file(file_id=new_id(), content=photo(), by=mandates.public("320499001/"))
        world.report(files=(kept.id,))
    client = desk("auditor")
    client.get(ADDRESS, {"period": QUARTER})
    with statements() as sent:
        assert "共用于 2 处" in text(client.get(ADDRESS, {"period": QUARTER}))
    assert len(sent) <= 8, sent
