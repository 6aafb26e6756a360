"""A day at the desk, in the browser: the operator takes in, sends out and checks twenty at once; somebody in the field
works by keys alone; lists, views, columns, map and shift beside it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, Open, Watched, tab_to, violations
from tests.interfaces.world import World
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import Command, act

pytestmark = pytest.mark.browser
MANY = 20


def states() -> dict[str, int]:
    found: dict[str, int] = {}
    for state in Case.objects.values_list("state", flat=True):
        found[state] = found.get(state, 0) + 1
    return found


def choose_all(page: Page, address: str) -> None:
    page.goto(address)
    page.locator("[data-all]").check()
    expect(page.locator("[data-chosen]")).to_have_text(f"已选 {MANY} 条")


def test_the_operators_day(open_page: Open, world: World) -> None:
    receipts = [world.report(f"第 {n} 件：路灯不亮") for n in range(MANY)]
    page = open_page(user="operator")
    choose_all(page, "/desk/?state=reported")
    page.locator("[data-deed=accept] summary").click()
    page.get_by_role("button", name=f"受理 {MANY} 条").click()
    expect(page.locator(".told .done")).to_have_text(f"受理：{MANY} 件。")
    expect(page.locator("[data-undo]")).to_have_count(0)  # an acceptance cannot be taken back, and asked first
    assert states() == {"verifying": MANY}

    for receipt in receipts:
        world.bring(receipt, "confirm", "register")
    world.bring(receipts[0], "dispatch")  # somebody was faster, after the list was opened
    Case.objects.filter(id=receipts[0].case_id).update(state="registered")
    choose_all(page, "/desk/?state=registered")
    Case.objects.filter(id=receipts[0].case_id).update(state="dispatched")
    expect(page.locator("[data-fit]")).to_have_text(f"其中 {MANY} 条已有建议单位")
    page.get_by_role("button", name=f"派遣 {MANY} 条").click()
    expect(page.locator(".told .note.done")).to_have_text(f"派遣：{MANY - 1} 件。")
    expect(page.locator(".told .note.late li")).to_have_count(1)
    expect(page.locator("[data-undo] button")).to_be_visible()
    assert states() == {"dispatched": MANY}

    for receipt in receipts:
        world.bring(receipt, "sign", "handle")
    inspector = open_page(user="inspector")
    choose_all(inspector, "/desk/?state=handled")
    inspector.locator("[data-deed=inspect_close] summary").click()
    inspector.get_by_role("button", name=re.compile(f"结案 {MANY} 条")).click()
    expect(inspector.locator(".empty")).to_contain_text("这里没有待办")
    assert states() == {"closed": MANY}


def test_a_dispatch_is_undone_within_its_eight_seconds(open_page: Open, world: World) -> None:
    for n in range(2):
        world.bring(world.report(f"第 {n} 件"), "accept", "confirm", "register")
    page = open_page(user="operator")
    page.goto("/desk/?state=registered")
    page.locator("[data-all]").check()
    page.get_by_role("button", name="派遣 2 条").click()
    page.locator("[data-undo] button").click()
    expect(page.locator("tbody tr")).to_have_count(2)
    assert states() == {"registered": 2}


def test_what_was_refused_is_tried_again_alone(open_page: Open, world: World) -> None:
    receipts = [world.report(f"第 {n} 件") for n in range(2)]
    page = open_page(user="operator")
    page.locator("[data-all]").check()
    for receipt in receipts:  # somebody was faster
        act(case_id=receipt.case_id, command=Command(act="urge"), expected_version=None, by=world.by("acceptor"))
    page.locator("[data-deed=urge] summary").click()
    page.locator("#urge-note").fill("请尽快")
    page.get_by_role("button", name="催办 2 条").click()
    expect(page.locator(".told .note.late")).to_contain_text("一小时内已经催办过")
    Case.objects.update(reminded_at=None)
    page.get_by_role("button", name="这 2 件再试一次").click()
    expect(page.locator(".told .note.done")).to_have_text("已催办：2 件。")


def test_a_unit_workers_day_by_keys_alone(open_page: Open, world: World) -> None:
    for words in ("第一件", "第二件"):
        world.bring(world.report(words), "accept", "confirm", "register", "dispatch")
    page = open_page(user="worker")
    expect(page.locator("tr.at .title")).to_have_text("第一件")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("已选 2 条")
    page.keyboard.press("b")
    expect(page.locator("[data-deed=sign] summary")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "[data-deed=sign] button")
    page.keyboard.press("Enter")
    expect(page.locator(".told .note.done")).to_have_text("签收：2 件。")
    assert states() == {"handling": 2}

    page.keyboard.press("Escape")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
    tab_to(page, "#handle-words")
    page.keyboard.type("灯泡已换")
    tab_to(page, "#act-handle button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".casehead .state")).to_have_text("待核查")
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/*")
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(page.locator("tr[aria-selected=true]")).to_have_count(0)


def test_a_row_and_its_pin_know_one_another(open_page: Open, world: World) -> None:
    receipt = world.report("路灯不亮")
    page = open_page(user="operator")
    expect(page.locator(".mapside [data-map]")).to_have_attribute("data-ready", "")
    page.locator("tbody tr").hover()
    expect(page.locator(f".pin[data-k='{receipt.number}']")).to_have_class(re.compile("linked"))
    page.get_by_role("link", name="列表").first.click()
    page.wait_for_url("**show=list**")
    expect(page.locator(".mapside")).to_have_count(0)
    expect(page.locator("tbody tr")).to_have_count(1)


def test_a_view_is_saved_and_the_columns_are_chosen(open_page: Open, world: World) -> None:
    world.report("路灯不亮")
    page = open_page(user="operator")
    page.locator(".filtermore summary").click()
    page.locator("#f-tier").select_option("grid")
    page.locator(".filtermore .primary").click()
    page.wait_for_url("**tier=grid**")
    page.get_by_text("存为视图").click()
    page.locator("#view-name").fill("网格层")
    page.get_by_role("button", name="保存").click()
    expect(page.locator(".views [aria-current]")).to_have_text(re.compile("网格层 1"))
    page.get_by_text("列", exact=True).click()
    page.get_by_label("来源", exact=True).last.check()
    page.get_by_role("button", name="就显示这些").click()
    expect(page.locator("thead th").last).to_have_text("来源")


def test_a_shift_is_handed_over(open_page: Open, world: World) -> None:
    world.report("路灯不亮")
    page = open_page(user="operator")
    page.goto("/desk/shift")
    assert violations(page) == []
    page.locator("#shift-note").fill("等供电局回电")
    page.get_by_role("button", name="交班").click()
    expect(page.locator("blockquote")).to_have_text("等供电局回电")
    assert violations(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bar_and_the_replies_hold_up_in_a_hand(open_page: Open, world: World, watched: Watched, theme: str) -> None:
    world.bring(world.report("路灯不亮"), "accept", "confirm", "register")
    page = open_page(size=NARROW, user="operator", color_scheme=theme)
    page.locator(".sel label").first.click()
    expect(page.locator("[data-bulk]")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    page.goto("/desk/replies")
    assert violations(page) == []
    page.goto("/desk/print")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
