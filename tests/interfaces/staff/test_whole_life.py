"""The desk's pages for what lies aside of the ordinary flow."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk, send
from tests.interfaces.world import INSIDE, World
from wangge.base.clock import now
from wangge.base.geometry import Point
from wangge.kernel.cases.models import Case

SIGNED = ("accept", "confirm", "register", "dispatch", "sign")


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_more_time_is_asked_for_and_stands_in_a_view_until_it_is_granted(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED)
    assert "申请延期" in page(desk("worker"), f"/desk/cases/{case.number}")
    send(desk("worker"), case.number, "ask_suspension", case.version, reason="待材料",
         until=timezone.localtime(now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M"))
    assert "申请待批" in page(desk("operator"), "/desk/")
    assert case.number in page(desk("operator"), "/desk/?state=any&waiting=request")
    assert "批准挂账" in page(desk("operator"), f"/desk/cases/{case.number}")
    case.refresh_from_db()
    answer = send(desk("operator"), case.number, "suspend", case.version).content.decode()
    assert "挂账至" in answer
    assert Case.objects.get(id=case.id).state == "suspended"
    assert case.number not in page(desk("operator"), "/desk/?state=any&waiting=request")
    assert case.number in page(desk("operator"), "/desk/?state=suspended")


def test_a_report_of_the_same_thing_is_offered_and_joined_by_one_press(world: World, desk: Desk) -> None:
    first, second = world.report("路灯不亮"), world.report("路灯又不亮")
    shown = page(desk("acceptor"), f"/desk/cases/{second.number}")
    assert "可能是同一件事" in shown
    assert first.number in shown
    answer = send(desk("acceptor"), second.number, "merge", 1, other=first.number).content.decode()
    assert "已并案" in answer
    assert "已并入另一件" in answer
    listed = page(desk("acceptor"), "/desk/")
    assert first.number in listed
    assert second.number not in listed


def test_a_report_that_uses_the_same_words_is_shown_and_joined_while_it_is_open(world: World, desk: Desk) -> None:
    away = Point(INSIDE.lon_e7 + 9_000, INSIDE.lat_e7)  # some 85 m: too far for a candidate by place alone
    first = world.report("小区东门口路灯整排不亮", point=away)
    second = world.report("东门口路灯整排不亮，很黑")
    shown = page(desk("acceptor"), f"/desk/cases/{second.number}")
    assert "东门口路灯整排不亮" in shown
    assert f'value="{first.number}"' in shown
    send(desk("acceptor"), first.number, "reject", 1, reason="不在本街道范围")
    assert f'name="other" value="{first.number}"' not in page(desk("acceptor"), f"/desk/cases/{second.number}")


def test_a_case_is_shared_between_units_each_with_its_task(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    assert "拆分交办" in page(desk("operator"), f"/desk/cases/{case.number}")
    rows = {"task": ["修复路灯", "", "补种行道树"], "part": [f"unit:{world.unit}", "", "post:grid_worker"]}
    refused = send(desk("operator"), case.number, "share", case.version, task=["修复路灯", "补种行道树"], part=["", ""])
    assert refused.status_code == 422
    assert "补种行道树" in refused.content.decode()
    answer = send(desk("operator"), case.number, "share", case.version, **rows).content.decode()
    assert "已拆分交办" in answer
    parts = Case.objects.filter(parent=case.id)
    assert {one.state for one in parts} == {"dispatched"}
    assert parts.count() == 2


def test_a_time_that_is_none_is_refused_with_the_words_kept(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED)
    answer = send(desk("worker"), case.number, "ask_suspension", case.version, reason="待材料", until="next week")
    assert answer.status_code == 422
    assert "待材料" in answer.content.decode()
