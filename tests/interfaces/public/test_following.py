"""What a reporter is told of controls, shared and joined cases, and of a rating that was refused."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces.staff.test_case import Desk, send
from tests.interfaces.staff.test_saying import do
from tests.interfaces.world import World, photo
from wangge.base.clock import now
from wangge.kernel.cases.controls import end_control, set_control
from wangge.kernel.cases.intake import Receipt
from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates


@pytest.fixture
def client() -> Client:
    return Client(headers={"accept-language": "zh-CN"})


def story(client: Client, receipt: Receipt) -> str:
    answer = client.get(f"/track/{receipt.tracking_code}")
    assert answer.status_code == 200
    return answer.content.decode()


def control(prefix: str = "", area: str = "320499001001") -> object:
    return set_control(area_code=area, class_prefix=prefix, valid_from=now(), valid_to=now() + timedelta(days=9),
                       text="青禾路改造", text_en="Road under works", by=mandates.console()).id  # fmt: skip


def test_a_report_in_an_area_under_control_is_told_so_on_its_receipt(world: World, client: Client) -> None:
    one = control()
    control(area="320499001002")
    receipt = world.report()
    page = story(client, receipt)
    assert page.count("青禾路改造") == 1
    assert "暂不办理" in page
    english = client.get(f"/track/{receipt.tracking_code}", headers={"accept-language": "en"}).content.decode()
    assert "Road under works" in english
    end_control(control_id=one, at=now(), by=mandates.console())  # type: ignore[arg-type]
    assert "青禾路改造" not in story(client, receipt)


def test_a_control_of_one_class_is_told_only_where_the_class_is_known(world: World, client: Client) -> None:
    before = world.bring(first := world.report(), "accept", "confirm", "register")
    control("E04")
    assert "青禾路改造" not in story(client, world.report())
    assert before.state == "registered"
    assert "青禾路改造" not in story(client, first), "what was registered before goes on"


def test_a_shared_case_names_who_has_its_parts_and_shows_their_work(world: World, desk: Desk, client: Client) -> None:
    receipt = world.report()
    case = world.bring(receipt, "accept", "confirm", "register")
    send(desk("operator"), case.number, "share", case.version, task=["修复路灯", "补种行道树"],
         part=["post:grid_worker", f"unit:{world.unit}"])  # fmt: skip
    page = story(client, receipt)
    assert "由几个单位分头办理" in page
    assert "专职网格员、示例路灯养护单位" in page
    assert "受理员" not in re.search(r'<dl class="facts">.*?</dl>', page, re.DOTALL).group(0)  # type: ignore[union-attr]
    part = Case.objects.get(parent=case.id, post="grid_worker")
    do(world, "worker", part.number, "sign")
    part.refresh_from_db()
    send(desk("worker"), part.number, "handle", part.version, note="内部的话",
         photos=SimpleUploadedFile("a.jpg", photo()))  # fmt: skip
    page = story(client, receipt)
    file = StoredFile.objects.get(case_id=part.id)
    assert f"/photos/{file.id}" in page
    assert client.get(f"/track/{receipt.tracking_code}/photos/{file.id}").status_code == 200
    assert "内部的话" not in page
    other = world.report()
    assert client.get(f"/track/{other.tracking_code}/photos/{file.id}").status_code == 404


def test_a_joined_report_sees_the_outcome_and_the_work_but_not_what_others_sent(
    world: World, desk: Desk, client: Client
) -> None:
    client.post("/report/", {"key": "", "description": "别人的话", "lon": "119.905", "lat": "31.605",
                             "photos": SimpleUploadedFile("b.jpg", photo("navy"))})  # fmt: skip
    first = Case.objects.get()
    second = world.report()
    do(world, "acceptor", second.number, "merge", other=first.number)
    for who, name, more in (
        ("acceptor", "accept", {}), ("acceptor", "confirm", {}),
        ("acceptor", "register", {"case_class": "E0401", "condition": 1}),
        ("operator", "dispatch", {}), ("worker", "sign", {}),
    ):  # fmt: skip
        do(world, who, first.number, name, **more)
    first.refresh_from_db()
    send(desk("worker"), first.number, "handle", first.version, note="已清",
         photos=SimpleUploadedFile("a.jpg", photo()))  # fmt: skip
    do(world, "inspector", first.number, "inspect")
    do(world, "inspector", first.number, "close")
    page = story(client, second)
    before, after = StoredFile.objects.get(role="before"), StoredFile.objects.get(role="after")
    assert "办好了，已核查" in page
    assert "处置后的照片" in page
    assert f"/photos/{after.id}" in page
    assert client.get(f"/track/{second.tracking_code}/photos/{after.id}").status_code == 200
    assert str(before.id) not in page
    assert client.get(f"/track/{second.tracking_code}/photos/{before.id}").status_code == 404
    assert "别人的话" not in page


def test_why_the_case_that_it_joined_ended_is_told(world: World, client: Client) -> None:
    first, second = world.report(), world.report()
    do(world, "acceptor", second.number, "merge", other=first.number)
    do(world, "acceptor", first.number, "reject", reason="不在本街道范围")
    page = story(client, second)
    assert "您的上报未予办理" in page
    assert "不在本街道范围" in page


def test_a_refused_rating_is_said_where_one_rates(world: World, client: Client) -> None:
    receipt = world.report()
    world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
    answer = client.post(f"/track/{receipt.tracking_code}/rate", {"satisfaction": "9"})
    page = answer.content.decode()
    assert answer.status_code == 422
    rating, saying = page.split('id="rate"', 1)[1].split('id="say"', 1)
    assert "请选择满意程度" in rating
    assert 'role="alert"' not in saying
    case = Case.objects.get()
    act(case_id=case.id, command=Command(act="reopen", reason="又出现了"), expected_version=case.version,
        by=world.by("operator"))  # fmt: skip
    late = client.post(f"/track/{receipt.tracking_code}/rate", {"satisfaction": "3"})
    assert late.status_code == 409
    assert 'role="alert"' in late.content.decode()
    assert 'role="alert"' not in late.content.decode().split('id="say"', 1)[1]
