"""The case page by keyboard: neighbours of the list, standard phrases."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Open, violations
from tests.interfaces.world import World

WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle")


def test_j_and_k_go_along_the_list_that_was_left(open_page: Open, world: World) -> None:
    for words in ("路灯不亮", "井盖松动", "垃圾满溢"):
        world.report(words)
    page = open_page(user="acceptor")
    page.goto("/desk/?state=reported")
    rows = page.locator("tr[data-k]")
    expect(rows).to_have_count(3)
    numbers = [row.get_attribute("data-k") for row in rows.all()]
    page.goto(f"/desk/cases/{numbers[0]}")
    expect(page.locator("[data-position]")).to_contain_text("第 1 件，共 3 件")
    expect(page.locator("[data-previous]")).to_be_hidden()
    for number in numbers[1:]:
        page.keyboard.press("j")
        page.wait_for_url(f"**/desk/cases/{number}")
    expect(page.locator("[data-next]")).to_be_hidden()
    page.keyboard.press("k")
    page.wait_for_url(f"**/desk/cases/{numbers[1]}")


def test_alt_and_a_digit_write_a_standard_reply(open_page: Open, world: World) -> None:
    case = world.bring(world.report(), *WAY)
    page = open_page(user="inspector")
    page.goto("/desk/replies")
    page.locator("#reply-act").select_option("inspect")
    page.locator("#reply-text").fill("已电话回访")
    page.locator("button[value=reply]").click()
    page.goto(f"/desk/cases/{case.number}")
    words = page.locator("#next form textarea").first
    words.focus()
    page.keyboard.press("Alt+1")
    expect(words).to_have_value("已电话回访")
    page.keyboard.press("Alt+2")
    expect(words).to_have_value("已电话回访，前后一致")
    page.keyboard.press("Alt+1")
    expect(words).to_have_value("前后一致")
    assert violations(page) == []


def test_the_other_cases_of_the_place_fit_a_phone(open_page: Open, world: World) -> None:
    for words in ("摊贩占道", "又来了"):
        world.bring(world.report(words), *WAY, "inspect", "close")
    case = world.bring(world.report("还在"), *WAY)
    page = open_page(user="inspector", size=NARROW)
    page.goto(f"/desk/cases/{case.number}")
    expect(page.locator(".formerly li")).to_have_count(2)
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert violations(page) == []
