"""The list of cases at the desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from importlib import import_module
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.kernel.cases.models import Case, CaseClass
from wangge.kernel.cases.services import Command, act
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify

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
    assert '<select class="select" id="f-tier" name="tier"' in page
    assert 'value="community" selected' in page
    assert receipt.number not in page
    assert receipt.number in desk("operator").get("/desk/?tier=grid").content.decode()


def names(page: str) -> list[str]:
    """The tabs above the list, in their order."""
    nav = page.split('<nav class="views"')[1].split("</nav>")[0].split("<details")[0]
    return re.findall(r">([^<>]+) <b", nav)


def test_each_post_has_the_views_that_it_works_from(world: World, desk: Desk) -> None:
    assert names(desk("operator").get("/desk/").content.decode()) == [
        "全部未结", "待受理", "待核实", "待派遣", "待核查", "即将到期", "已超期", "督办中",
    ]  # fmt: skip
    assert names(desk("worker").get("/desk/").content.decode())[:4] == ["全部未结", "我的", "即将到期", "已超期"]
    assert names(desk("secretary").get("/desk/").content.decode())[:5] == [
        "全部未结", "已超期", "已升级", "督办中", "挂账",
    ]  # fmt: skip


def test_other_views_wait_behind_more_and_the_present_one_is_shown(world: World, desk: Desk) -> None:
    world.bring(world.report(), "accept", "confirm", "register", "dispatch")
    page = desk("operator").get("/desk/").content.decode()
    assert "更多视图" in page
    assert "待签收 <b>1</b>" in page
    assert names(desk("operator").get("/desk/?state=dispatched").content.decode())[-1] == "待签收"


def test_mine_is_what_was_sent_to_my_post(world: World, desk: Desk) -> None:
    world.report("还没派的")
    world.bring(world.report("派给我的"), "accept", "confirm", "register", "dispatch")
    page = desk("worker").get("/desk/?mine=1").content.decode()
    assert "派给我的" in page
    assert "还没派的" not in page


def test_what_is_due_soon_and_what_was_asked_for_are_views(world: World, desk: Desk) -> None:
    soon, late = world.report("快到期"), world.report("已超期")
    Case.objects.filter(id=soon.case_id).update(stage_due_at=now() + timedelta(hours=3))
    Case.objects.filter(id=late.case_id).update(stage_due_at=now() - timedelta(hours=3))
    rows = desk("operator").get("/desk/?soon=1").context["rows"]
    assert [row.number for row in rows] == [soon.number]
    act(case_id=late.case_id, command=Command(act="urge"), expected_version=None, by=world.by("operator"))
    rows = desk("worker").get("/desk/?waiting=reminded&state=any").context["rows"]
    assert [row.number for row in rows] == [late.number]


def test_what_stands_longest_at_its_stage_comes_first(world: World, desk: Desk) -> None:
    numbers = [world.report(f"第 {n} 件").number for n in range(3)]
    Case.objects.filter(number=numbers[1]).update(stage_since=now() - timedelta(days=9))
    client = desk("operator")
    rows = client.get("/desk/?order=longest").context["rows"]
    assert [row.number for row in rows] == [numbers[1], numbers[0], numbers[2]]
    assert client.get("/desk/?order=longest&state=closed").context["order"] == "newest"


def test_a_view_is_saved_without_the_words_searched_for_counted_and_deleted(world: World, desk: Desk) -> None:
    world.report("路灯不亮")
    client = desk("operator")
    here = "?class=E01&q=路灯&show=list"
    answer = client.post("/desk/kept", {"do": "view", "text": "夜班看的", "here": here}, follow=True)
    assert answer.redirect_chain[-1][0] == "/desk/?class=E01"
    page = answer.content.decode()
    assert "夜班看的 <b>0</b>" in page
    assert "删除此视图" in page
    saved = answer.context["saved"]
    client.post("/desk/kept", {"do": "drop", "kept": saved.kept, "here": ""})
    assert "夜班看的" not in client.get("/desk/").content.decode()


def test_a_shared_view_is_found_by_the_post_and_not_kept_without_the_verb(world: World, desk: Desk) -> None:
    shared = {"do": "view", "text": "全街道超期", "here": "?overdue=1", "share": "*"}
    assert desk("operator").post("/desk/kept", shared).status_code == 302
    assert "全街道超期" in desk("worker").get("/desk/").content.decode()
    desk("worker").post("/desk/kept", {"do": "view", "text": "我想共享", "here": "?overdue=1", "share": "*"})
    assert "我想共享" not in desk("operator").get("/desk/").content.decode()


def test_a_saved_view_of_another_ground_breaks_no_list(world: World, desk: Desk) -> None:
    client = desk("operator")
    client.post("/desk/kept", {"do": "view", "text": "青禾", "here": "?area=320499001001", "share": "*"})
    page = desk("elsewhere").get("/desk/").content.decode()
    assert "青禾 <b></b>" in page
    assert desk("elsewhere").get("/desk/?area=320499001001").status_code == 422


def test_the_columns_are_chosen_and_kept_with_the_account(world: World, desk: Desk) -> None:
    world.report()
    client = desk("operator")
    client.post("/desk/columns", {"column": ["tier", "due", "nonsense"], "here": "?state=reported"})
    answer = client.get("/desk/?state=reported")
    assert [column.key for column in answer.context["columns"]] == ["due", "tier"]
    usual = ["class", "who", "state", "due"]
    assert [column.key for column in desk("acceptor").get("/desk/").context["columns"]] == usual
    client.post("/desk/columns", {"usual": "1", "here": ""})
    assert [column.key for column in client.get("/desk/").context["columns"]] == usual


def test_a_case_to_dispatch_says_whom_the_rules_name_and_why(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    [row] = desk("operator").get("/desk/").context["rows"]
    assert (row.number, row.suggested, row.reason) == (case.number, "专职网格员 王示范", "按栀里街道的派遣规则")


def test_a_number_is_counted_no_further_than_it_is_worth(
    world: World, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("kernel.cases.queries.queue", "interfaces.staff.queuepage", "interfaces.staff.tabs"):
        monkeypatch.setattr(import_module(f"wangge.{name}"), "COUNT_UP_TO", 2)
    for n in range(4):
        world.report(f"第 {n} 件")
    page = desk("operator").get("/desk/").content.decode()
    assert "共 2 条以上" in page
    assert "数量过多" in page


def test_the_filter_on_paper_has_what_the_list_has(world: World, desk: Desk) -> None:
    world.report("菜场东门占道烧烤")
    world.report("路灯不亮")
    page = desk("operator").get("/desk/print?q=烧烤").content.decode()
    assert "菜场东门占道烧烤" in page
    assert "路灯不亮" not in page
    assert desk("operator").get("/desk/print?area=999").status_code == 422


def test_standard_replies_stand_in_the_form_of_their_act(world: World, desk: Desk) -> None:
    client = desk("operator")
    said = {"do": "reply", "act": "urge", "text": "请今天内回复", "share": "operator", "back": "replies"}
    client.post("/desk/kept", said)
    assert "请今天内回复" in client.get("/desk/replies").content.decode()
    world.report()
    assert 'data-phrase="请今天内回复"' in client.get("/desk/").content.decode()
    assert "请今天内回复" in client.get("/desk/replies/phrases?act=urge").content.decode()
    assert "请今天内回复" not in desk("acceptor").get("/desk/replies/phrases?act=urge").content.decode()
    client.post("/desk/kept", {"do": "reply", "act": "king", "text": "x", "back": "replies"})
    assert "king" not in client.get("/desk/replies").content.decode()


def test_the_way_back_from_a_case_knows_the_filter_but_not_the_words(world: World, desk: Desk) -> None:
    receipt = world.report("路灯不亮")
    client = desk("operator")
    client.get("/desk/?state=reported&q=路灯")
    assert client.cookies["list"].value == "?state=reported"
    assert 'href="/desk/?state=reported"' in client.get(f"/desk/cases/{receipt.number}").content.decode()
    client.cookies["list"] = "https://elsewhere.example/?state=reported&x=1"
    assert "elsewhere" not in client.get(f"/desk/cases/{receipt.number}").content.decode()


def test_the_filter_as_a_workbook_holds_text_and_no_formula(world: World, desk: Desk) -> None:
    world.report('=HYPERLINK("http://elsewhere.example")')
    world.report("路灯不亮")
    answer = desk("operator").get("/desk/cases.xlsx?order=newest")
    assert answer["Content-Disposition"].startswith("attachment;")
    [page] = load_workbook(BytesIO(answer.content)).worksheets
    rows = list(page.iter_rows())
    assert [cell.value for cell in rows[0]][:2] == ["编号", "问题"]
    words = [row[1] for row in rows[1:]]
    assert [cell.value for cell in words] == ["路灯不亮", '=HYPERLINK("http://elsewhere.example")']
    assert {cell.data_type for cell in words} == {"s"}
    assert len(list(load_workbook(BytesIO(desk("elsewhere").get("/desk/cases.xlsx").content)).active.iter_rows())) == 1


def test_words_of_a_closed_circle_leave_with_who_reads_them_and_that_is_on_record(world: World, desk: Desk) -> None:
    case = world.bring(world.report("某人住处的事"), "accept", "confirm", "register")
    CaseClass.objects.filter(id=case.case_class_id).update(confidentiality="confidential")
    page = desk("secretary").get("/desk/print?q=&state=registered").content.decode()
    assert case.number in page
    assert "某人住处的事" not in page
    assert not Entry.objects.filter(verb="export").exists()
    page = desk("operator").get("/desk/print?state=registered&q=住处").content.decode()
    assert "某人住处的事" in page
    assert "1 件的文字并非人人可读" in page
    [entry] = Entry.objects.filter(verb="export")
    assert entry.data["sensitive"] == [str(case.id)]
    assert entry.data["filter"] == {"state": "registered", "words": "1"}
    assert [fault.kind for fault in verify().faults] == ["state-differs"]  # the class, changed by this test alone
