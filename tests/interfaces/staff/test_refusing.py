"""Refusals at the desk: in their own words, and never as a lost race that was none."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone, translation

from tests.interfaces.staff.test_case import Desk, send
from tests.interfaces.world import SINCE, World, photo
from wangge.base.clock import now
from wangge.interfaces.web import refusals
from wangge.kernel.cases.controls import set_control
from wangge.kernel.cases.guards import GUARDS
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign

SIGNED = ("accept", "confirm", "register", "dispatch", "sign")
FASTER = "别人先办了"


def clerk(world: World) -> None:
    """The account `elsewhere` keeps lamps for the unit, and nothing else."""
    assign(post="unit_clerk", area="320499001", valid_from=SINCE, person=world.persons["elsewhere"],
           organisation=world.unit, by=mandates.console())  # fmt: skip


def chosen(world: World, desk: Desk) -> Client:
    """A browser of that account under the unit's duty."""
    clerk(world)
    client = desk("elsewhere")
    duty = next(
        row.duty for row in mandates.standing_of(world.persons["elsewhere"], channel="desk").rows
        if row.post == "unit_clerk"
    )
    client.post("/desk/me", {"do": "duty", "duty": str(duty)})
    return client


def to_unit(world: World, case: Case) -> Case:
    act(case_id=case.id, command=Command(act="dispatch", organisation=world.unit), expected_version=case.version,
        by=world.by("operator"))  # fmt: skip
    case.refresh_from_db()
    return case


def test_a_class_under_control_is_refused_with_the_text_of_the_control(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm")
    set_control(area_code="320499001001", class_prefix="E04", valid_from=now(), valid_to=now() + timedelta(days=3),
                text="青禾路改造，月底完工", text_en="Works until the end of the month", by=mandates.console())
    answer = send(desk("acceptor"), case.number, "register", case.version, condition="E0401:1")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "青禾路改造，月底完工" in page
    assert "管控至" in page
    assert FASTER not in page
    client = desk("acceptor")
    english = client.post(f"/desk/cases/{case.number}/act", {"act": "register", "expected_version": case.version,
                          "condition": "E0401:1"}, headers={"accept-language": "en"})  # fmt: skip
    assert "Works until the end of the month" in english.content.decode()


def test_an_order_that_waits_before_closing_says_so(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED, "handle", "inspect")
    act(case_id=case.id, command=Command(act="supervise", reason="尽快"), expected_version=case.version,
        by=world.by("secretary"))  # fmt: skip
    answer = send(desk("inspector"), case.number, "close", case.version + 1)
    assert answer.status_code == 409
    assert "督办还没有回复" in answer.content.decode()
    assert FASTER not in answer.content.decode()


def test_a_dispatch_during_a_joint_meeting_says_who_decides(world: World, desk: Desk) -> None:
    client = chosen(world, desk)
    case = to_unit(world, world.bring(world.report(), "accept", "confirm", "register"))
    send(client, case.number, "return", case.version, reason="不归我们管")
    case.refresh_from_db()
    case = to_unit(world, case)
    send(client, case.number, "return", case.version, reason="还是不归我们管")
    case.refresh_from_db()
    assert case.meeting == "called"
    answer = send(desk("operator"), case.number, "dispatch", case.version, target="post:grid_worker")
    assert answer.status_code == 409
    assert "由联席会议决定谁来办" in answer.content.decode()
    assert FASTER not in answer.content.decode()


def test_what_leaves_ones_view_by_the_press_leads_to_the_list_with_the_message(world: World, desk: Desk) -> None:
    client = chosen(world, desk)
    case = to_unit(world, world.bring(world.report(), "accept", "confirm", "register"))
    answer = send(client, case.number, "return", case.version, reason="不归我们管")
    assert answer.status_code == 200
    assert answer.redirect_chain[-1][0] == "/desk/"
    assert f"退回。{case.number} 现在：待派遣" in answer.content.decode()
    case.refresh_from_db()
    act(case_id=case.id, command=Command(act="whistle", organisation=world.unit), expected_version=case.version,
        by=world.by("operator"))  # fmt: skip
    arrived = send(client, case.number, "arrive", case.version + 1)
    assert arrived.redirect_chain[-1][0] == "/desk/"
    assert "部门已报到" in arrived.content.decode()


def test_one_photo_of_a_disposal_and_a_suspension_without_end_have_their_own_words(world: World, desk: Desk) -> None:
    receipt = report_case(
        report=NewReport(description="占道", source="grid_worker", address="青禾路"), by=world.by("worker")
    )
    answer = send(desk("worker"), receipt.number, "dispose", 1, condition="E0401:1",
                  photos=SimpleUploadedFile("a.jpg", photo()))  # fmt: skip
    assert answer.status_code == 422
    assert "处置前、处置后的照片各一张" in answer.content.decode()
    case = world.bring(world.report(), *SIGNED)
    far = timezone.localtime(now() + timedelta(days=400)).strftime("%Y-%m-%dT%H:%M")
    answer = send(desk("worker"), case.number, "ask_suspension", case.version, reason="待材料", until=far)
    assert answer.status_code == 422
    assert "最长一年" in answer.content.decode()


@pytest.mark.parametrize("name", GUARDS)
def test_every_condition_of_the_table_is_said_in_chinese(name: str) -> None:
    text = GUARDS[name].text
    if name in ("tier_overdue", "warning_due", "divided"):
        return  # conditions of what the clock and parts do by themselves: nobody reads their refusal
    assert text in refusals.OWN
    with translation.override("zh-hans"):
        assert translation.gettext(text) != text
