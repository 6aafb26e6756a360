"""As a new user tries it: report, find it on the desk, work it to closed, track it; on a wall and in a hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Open, Watched
from tests.interfaces.world import World, photo
from wangge.kernel.cases.models import Case

pytestmark = pytest.mark.browser


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "street.jpg"
    path.write_bytes(photo(size=(2400, 1800)))
    return path


def reported(page: Page, picture: Path) -> str:
    """Report by photo, words and a tap on the map; the address of the receipt."""
    page.goto("/report/")
    page.locator("input[type=file]").set_input_files(picture)
    expect(page.locator(".shot img")).to_be_visible()
    page.locator("#description").fill("菜场东门又摆烧烤，六楼不敢开窗")
    field = page.locator(".map")
    field.scroll_into_view_if_needed()
    expect(field).to_have_attribute("data-ready", "")
    box = field.bounding_box()
    assert box
    field.click(position={"x": box["width"] * 0.4, "y": box["height"] * 0.7})
    expect(page.locator("[data-said]")).to_contain_text("青禾第")
    page.get_by_role("button", name="提交").click()
    page.wait_for_url(re.compile(r"/track/[0-9A-Z]{16}$"))
    return page.url


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_report_work_to_closed_track(open_page: Open, world: World, picture: Path, size: dict[str, int]) -> None:
    resident = open_page(size=size)
    receipt = reported(resident, picture)
    expect(resident.get_by_role("heading", level=1)).to_have_text("收到了，归青禾社区管")
    expect(resident.locator(".stepper .now")).to_have_text("收到")

    acceptor = open_page(size=size, user="acceptor")
    acceptor.get_by_role("link", name=re.compile("菜场东门又摆烧烤")).first.click()
    acceptor.locator("button.primary:visible").click()
    expect(acceptor.locator(".casehead .state")).to_have_text("待核实")
    acceptor.locator("#register-condition").select_option(value="E0401:1")
    acceptor.locator("button.primary:visible").click()
    expect(acceptor.locator(".casehead .state")).to_have_text("待派遣")
    case = acceptor.url

    for user, state in (("operator", "待签收"), ("worker", "处置中")):
        page = open_page(size=size, user=user)
        page.goto(case)
        page.locator("button.primary:visible").click()
        expect(page.locator(".casehead .state")).to_have_text(state)
    page.locator("#act-handle [data-phrase]").first.click()
    expect(page.locator("#handle-words")).to_have_value("现场已清")
    page.locator("#handle-photos").set_input_files(picture)
    page.locator("button.primary:visible").click()
    expect(page.locator(".casehead .state")).to_have_text("待核查")

    inspector = open_page(size=size, user="inspector")
    inspector.goto(case)
    expect(inspector.locator(".compare")).to_be_visible()
    inspector.locator("button.primary:visible").click()
    expect(inspector.locator(".casehead .state")).to_have_text("结案")

    resident.goto(receipt)
    expect(resident.get_by_role("heading", level=1)).to_have_text("办好了，已核查")
    expect(resident.locator(".stepper .past")).to_have_count(6)
    expect(resident.locator(".shot img")).to_have_count(2)


def test_a_report_goes_without_javascript(open_page: Open, world: World, picture: Path) -> None:
    page = open_page(size=NARROW, java_script_enabled=False)
    page.goto("/report/")
    page.locator("input[type=file]").set_input_files(picture)
    page.locator("#description").fill("路灯不亮")
    page.locator("[name=address]").fill("青禾路 1 号")
    page.get_by_role("button", name="提交").click()
    expect(page.locator(".code strong")).to_have_text(re.compile(r"^([0-9A-Z]{4} ?){4}$"))


def test_the_list_is_worked_by_keys(open_page: Open, world: World) -> None:
    for words in ("第一件", "第二件", "第三件"):
        world.report(words)
    page = open_page(user="operator")
    expect(page.locator("#preview h2")).to_have_text("第一件")
    page.keyboard.press("j")
    expect(page.locator("tr.at .title")).to_have_text("第二件")
    expect(page.locator("#preview h2")).to_have_text("第二件")
    page.keyboard.press("k")
    expect(page.locator("tr.at .title")).to_have_text("第一件")
    page.keyboard.press("/")
    expect(page.locator("[data-search]")).to_be_focused()
    page.keyboard.type("jk第三")
    expect(page.locator("tr.at .title")).to_have_text("第一件")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")
    expect(page.get_by_role("heading", level=1)).to_have_text("第一件")
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk/*")


def test_a_filter_is_kept_in_the_address_and_taken_off_by_its_chip(open_page: Open, world: World) -> None:
    world.report("路灯不亮")
    page = open_page(user="operator")
    page.locator("select[name=source]").select_option("hotline")
    page.wait_for_url("**source=hotline**")
    expect(page.locator(".empty h2")).to_contain_text("1 个条件下没有案件")
    page.locator(".chip").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert "source" not in page.url


def test_the_second_of_two_operators_sees_both_states(open_page: Open, world: World, watched: Watched) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    watched.allow(409)
    first, second = open_page(user="operator"), open_page(user="operator")
    for page in (first, second):
        page.goto(f"/desk/cases/{case.number}")
    first.locator("#act-dispatch button[type=submit]").click()
    expect(first.locator(".casehead .state")).to_have_text("待签收")
    second.get_by_text("退回", exact=True).first.click()
    second.locator("#return-words").fill("缺少门牌号")
    second.locator("#act-return button[type=submit]").click()
    expect(second.locator(".conflict .state")).to_have_text(["待派遣", "待签收"])
    expect(second.locator(".conflict")).to_contain_text("缺少门牌号")


def test_the_grid_map_shows_grids_and_cases(open_page: Open, world: World) -> None:
    world.report("路灯不亮")
    page = open_page(user="operator")
    page.goto("/desk/map")
    expect(page.locator("[data-gridmap]")).to_have_attribute("data-ready", "")
    counts = page.locator("[data-count]").all_inner_texts()
    assert sorted(counts) == ["0", "0", "1"]


def test_dark_stays_dark_and_does_not_flash(open_page: Open, world: World) -> None:
    page = open_page()
    page.goto("/report/")
    page.locator("[data-theme-toggle]").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.reload()
    assert 'data-theme="dark"' in page.content()


def test_english_by_one_press(open_page: Open, world: World) -> None:
    page = open_page()
    page.goto("/report/")
    page.get_by_role("button", name="EN").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("See a problem, take a picture")


def test_the_conditions_are_narrowed_by_typing(open_page: Open, world: World) -> None:
    case = world.bring(world.report(), "accept")
    page = open_page(user="acceptor")
    page.goto(f"/desk/cases/{case.number}")
    chosen, field = page.locator("#register-condition"), page.locator("[data-narrows]")
    expect(chosen.locator("optgroup option")).to_have_count(2)
    field.fill("垃圾")
    expect(chosen.locator("optgroup option")).to_have_count(1)
    expect(page.locator("[data-narrowed]")).to_have_text("2 条中的 1 条")
    field.press("Enter")
    expect(chosen).to_have_value("E0101:1")
    expect(chosen).to_be_focused()
    field.fill("")
    expect(chosen.locator("optgroup option")).to_have_count(2)
    expect(chosen).to_have_value("E0101:1")


def test_another_unit_takes_the_place_of_the_suggested_one(open_page: Open, world: World) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    page = open_page(user="operator")
    page.goto(f"/desk/cases/{case.number}")
    suggested, units = page.locator("#act-dispatch input[value='post:grid_worker']"), page.locator("select[data-unit]")
    expect(suggested).to_be_checked()
    units.select_option(value=f"unit:{world.unit}")
    expect(suggested).not_to_be_checked()
    suggested.check(force=True)
    expect(units).to_have_value("")
    units.select_option(value=f"unit:{world.unit}")
    page.locator("button.primary:visible").click()
    expect(page.locator(".casehead .state")).to_have_text("待签收")
    assert Case.objects.get(number=case.number).organisation_id == world.unit
