"""The list of cases at the desk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.interfaces.world import World
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import Command, act

Desk = Callable[[str], Client]


def test_who_is_not_signed_in_is_led_to_the_door(world: World) -> None:
    answer = Client().get("/desk/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


def test_a_new_report_stands_in_the_list_and_its_view_counts_it(world: World, desk: Desk) -> None:
    receipt = world.report("菜场东门占道烧烤")
    page = desk("operator").get("/desk/").content.decode()
    assert "菜场东门占道烧烤" in page
    assert f"/desk/cases/{receipt.number}" in page
    reported = desk("operator").get("/desk/?state=reported").content.decode()
    assert "待受理 <b>1</b>" in reported
    assert "共 1 条" in reported


def test_a_worker_sees_their_own_ground_only(world: World, desk: Desk) -> None:
    world.report("第一网格的事")
    assert "第一网格的事" in desk("worker").get("/desk/").content.decode()
    assert "第一网格的事" not in desk("elsewhere").get("/desk/").content.decode()


def test_conditions_stand_in_the_address_and_go_one_by_one(world: World, desk: Desk) -> None:
    world.report("路灯不亮")
    page = desk("operator").get("/desk/?area=320499001001&q=路灯").content.decode()
    assert "路灯不亮" in page
    assert 'href="?area=320499001001"' in page
    assert "去掉条件" in page


def test_a_filter_that_finds_nothing_names_the_condition_to_drop(world: World, desk: Desk) -> None:
    world.report("路灯不亮")
    page = desk("operator").get("/desk/?area=320499001002&q=路灯").content.decode()
    assert "2 个条件下没有案件" in page
    assert "去掉“位置：望湖社区”就有 1 件" in page


def test_an_empty_view_says_so_and_offers_a_fuller_one(world: World, desk: Desk) -> None:
    world.report("路灯不亮")
    page = desk("operator").get("/desk/?state=handled").content.decode()
    assert "这里没有待办" in page
    assert "待受理 1" in page


@pytest.mark.parametrize(
    "query",
    [
        "q=一",
        "cursor=nonsense",
        "area=999",
        "state=nowhere",
        "reported_after=yesterday",
        "reported_before=9999-12-31",
        "area=320499001002001%00",
        "q=ab%00cd",
        "class=%001",
        "source=x%00",
    ],
)
def test_an_unusable_condition_is_named_and_the_list_still_shown(world: World, desk: Desk, query: str) -> None:
    world.report("路灯不亮")
    answer = desk("operator").get(f"/desk/?{query}")
    assert answer.status_code == 422
    assert "note late" in answer.content.decode()
    assert "<table" in answer.content.decode()


def test_anothers_ground_cannot_be_chosen(world: World, desk: Desk) -> None:
    assert desk("worker").get("/desk/?area=320499001002").status_code == 422


def test_pages_follow_one_another_without_gap_or_overlap(world: World, desk: Desk) -> None:
    numbers = {world.report(f"第 {index} 件事").number for index in range(53)}
    client = desk("operator")
    first = client.get("/desk/?order=newest")
    following = client.get("/desk/" + first.context["next"])
    shown = [row.number for page in (first, following) for row in page.context["rows"]]
    assert len(shown) == 53
    assert set(shown) == numbers
    assert following.context["next"] is None


def test_words_of_a_report_are_text_never_markup(world: World, desk: Desk) -> None:
    world.report('<script>alert("x")</script><img src=x onerror=alert(1)>')
    page = desk("operator").get("/desk/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_the_preview_shows_one_case_and_refuses_anothers(world: World, desk: Desk) -> None:
    number = world.report("菜场东门占道烧烤").number
    preview = desk("operator").get(f"/desk/cases/{number}/preview").content.decode()
    assert "菜场东门占道烧烤" in preview
    assert "<html" not in preview
    assert desk("elsewhere").get(f"/desk/cases/{number}/preview").status_code == 404


def test_english_is_complete(world: World, desk: Desk) -> None:
    world.bring(world.report(), "accept", "confirm", "register")
    client = desk("operator")
    client.cookies["language"] = "en"
    page = client.get("/desk/").content.decode()
    assert '<html lang="en"' in page
    assert "To dispatch" in page
    assert "Qinghe Community" in page


def test_pins_hold_what_the_filter_finds_with_their_point(world: World, desk: Desk) -> None:
    receipt = world.report("路灯不亮")
    world.report("只有地址", point=None)
    pins = desk("operator").get("/desk/pins.json").json()
    assert [pin["properties"]["number"] for pin in pins["features"]] == [receipt.number]
    assert pins["features"][0]["geometry"]["coordinates"] == [119.905, 31.605]
    far = desk("operator").get("/desk/pins.json?bbox=0,0,1,1").json()
    assert far["features"] == []
    assert desk("operator").get("/desk/pins.json?bbox=a,b").status_code == 422


def test_areas_are_drawn_and_not_sent_twice(world: World, desk: Desk) -> None:
    client = desk("operator")
    first = client.get("/desk/areas.json")
    names = {feature["properties"]["name"] for feature in first.json()["features"]}
    assert {"青禾社区", "青禾第一网格"} <= names
    assert client.get("/desk/areas.json", headers={"If-None-Match": first["ETag"]}).status_code == 304
    world.report()
    counted = client.get("/desk/areas.json?counts=1").json()
    assert sum(feature["properties"].get("open", 0) for feature in counted["features"]) == 1


def test_a_full_number_finds_any_case_one_may_see(world: World, desk: Desk) -> None:
    first, second, third = world.report("路灯不亮"), world.report("路灯又不亮"), world.report("别处的灯")
    case = Case.objects.get(number=second.number)
    act(case_id=case.id, command=Command(act="merge", other=first.number), expected_version=1, by=world.by("acceptor"))
    world.bring(third, "reject")
    client = desk("operator")
    for number in (first.number, second.number, third.number):
        spaced = f"{number[:6]}+{number[6:14]}+{number[14:]}"
        for query in (number, spaced):
            page = client.get(f"/desk/?q={query}&state=handled&source=media").content.decode()
            assert f"/desk/cases/{number}" in page
    assert f"/desk/cases/{first.number}" not in desk("elsewhere").get(f"/desk/?q={first.number}").content.decode()


def test_joined_cases_have_a_view_while_there_are_any(world: World, desk: Desk) -> None:
    first, second = world.report("路灯不亮"), world.report("路灯又不亮")
    client = desk("operator")
    assert "waiting=joined" not in client.get("/desk/").content.decode()
    case = Case.objects.get(number=second.number)
    act(case_id=case.id, command=Command(act="merge", other=first.number), expected_version=1, by=world.by("acceptor"))
    assert "waiting=joined" in client.get("/desk/").content.decode()
    page = client.get("/desk/?state=any&waiting=joined").content.decode()
    assert f"/desk/cases/{second.number}" in page
    assert f"/desk/cases/{first.number}" not in page


def test_the_tier_is_a_field_of_the_filter(world: World, desk: Desk) -> None:
    receipt = world.report()
    page = desk("operator").get("/desk/?tier=community").content.decode()
    assert '<select class="select wide-only" name="tier"' in page
    assert 'value="community" selected' in page
    assert receipt.number not in page
    assert receipt.number in desk("operator").get("/desk/?tier=grid").content.decode()
