"""Places and people in a browser: a secretary hands a post over from a day ahead, an administrator splits a grid."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Open, Watched, violations
from tests.interfaces.world import SINCE, World
from wangge.base.workbooks import Sheet, written
from wangge.interfaces.staff.takingin import AT_ONCE
from wangge.kernel.cases.models import Case
from wangge.kernel.desk.imports import claimed, finish, worked
from wangge.kernel.desk.models import Import
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import assign
from wangge.kernel.people.services import create_person
from wangge.kernel.places.models import Redrawing
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.services import rename_area

pytestmark = pytest.mark.browser
COMMUNITY, GRID = "320499001001", "320499001001001"
LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "en-GB", "dark", id="390-en-dark"),
]


def fits(page: Page, address: str) -> None:
    assert violations(page) == [], address
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def unfolded(page: Page) -> Page:
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")
    return page


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_violation_and_nothing_wider_than_the_screen(
    open_page: Open, world: World, size: dict[str, int], locale: str, scheme: str
) -> None:
    by = mandates.console()
    assign(post="inspector", area=COMMUNITY, valid_from=SINCE, person=world.persons["worker"], by=by)
    assign(post="cleaner", area=COMMUNITY, valid_from=SINCE, organisation=world.unit, by=by)
    page = open_page(size=size, locale=locale, color_scheme=scheme, user="operator")
    for address in ("/desk/posts", "/desk/posts?only=vacant&rows=grid", f"/desk/posts/{GRID}/grid_worker",
                    "/desk/places", f"/desk/places/{COMMUNITY}", "/desk/organisations", f"/grids/{GRID}/"):
        page.goto(address)
        fits(unfolded(page), address)
    page = open_page(size=size, locale=locale, color_scheme=scheme, user="admin")
    for address in (f"/desk/posts/{GRID}/cleaner", f"/desk/places/{COMMUNITY}/grids", "/desk/exchange"):
        page.goto(address)
        if address.endswith("grids"):
            expect(page.locator("[data-gridedit]")).to_have_attribute("data-ready", "")
        fits(unfolded(page), address)


def test_a_secretary_hands_a_post_over_from_a_day_ahead(open_page: Open, world: World) -> None:
    world.bring(world.report(), "accept", "confirm", "register", "dispatch")
    page = open_page(size=WIDE, locale="zh-CN", user="secretary")
    page.goto("/desk/posts?rows=grid")
    page.get_by_role("link", name="王示范").first.click()
    expect(page.locator("h1")).to_have_text("专职网格员")
    day = timezone.localdate() + timedelta(days=3)
    page.get_by_label("或新来人员的姓名").first.fill("新来者")
    page.get_by_label("自这天起", exact=True).first.fill(day.isoformat())
    page.get_by_label("交接说明（可不填，会留存）").fill("钥匙在门卫")
    page.get_by_role("button", name="交接：专职网格员").click()
    expect(page.get_by_text("1 件未结案件随岗移交")).to_be_visible()
    expect(page.get_by_text("钥匙在门卫").first).to_be_visible()
    coming = Assignment.objects.get(person__name="新来者")
    assert timezone.localtime(coming.valid.lower).date() == day


def test_an_administrator_splits_a_grid_on_the_map(open_page: Open, world: World) -> None:
    receipt = world.report()
    page = open_page(size=WIDE, locale="zh-CN", user="admin")
    page.goto(f"/desk/places/{COMMUNITY}")
    page.get_by_role("link", name="调整网格").click()
    editor = page.locator("[data-gridedit]")
    expect(editor).to_have_attribute("data-ready", "")
    page.get_by_role("button", name="画线拆分").click()
    box = editor.bounding_box()
    assert box
    # The community is two cells side by side, fitted to the map's width: cut the left one from edge to edge.
    west, height = box["x"] + box["width"] * 0.2, box["height"]
    page.mouse.move(west, box["y"] + 40)
    page.mouse.click(west, box["y"] + height * 0.08)
    page.mouse.move(west, box["y"] + height * 0.5, steps=3)
    page.mouse.dblclick(west, box["y"] + height * 0.92)
    expect(editor).to_have_attribute("data-grids", "3")
    expect(editor).to_have_attribute("data-faults", "0")
    expect(page.get_by_text("网格正好铺满社区")).to_be_visible()
    page.locator('button[value="confirm"]').click()
    expect(page).to_have_url(re.compile(f"/desk/places/{COMMUNITY}$"))
    expect(page.get_by_text("网格已调整")).to_be_visible()
    assert Redrawing.objects.get().carried_out_at is not None
    fresh = atlas().by_code(f"{COMMUNITY}003")
    assert fresh is not None
    assert Case.objects.get(id=receipt.case_id).area_id in {fresh.id, atlas().by_code(GRID).id}  # type: ignore[union-attr]


def test_a_grid_is_split_by_the_keyboard_alone(open_page: Open, world: World, watched: Watched) -> None:
    watched.allow(422)
    page = open_page(size=WIDE, locale="en-GB", user="admin")
    page.goto(f"/desk/places/{COMMUNITY}/grids")
    expect(page.locator("[data-gridedit]")).to_have_attribute("data-ready", "")
    page.locator("summary", has_text="Split a grid by a line").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("119.903, 31.60")
    page.keyboard.press("Tab")
    page.keyboard.type("Third grid")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("This is no list of corners.")
    page.locator("#g-split-points").fill("119.903, 31.60\n119.903, 31.61")
    page.locator("#g-split-name").fill("Third grid")
    with page.expect_response("**/grids"):
        page.keyboard.press("Enter")  # in a field it checks, it never confirms
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("[data-gridedit]")).to_have_attribute("data-grids", "2")
    assert not Redrawing.objects.exists()
    page.locator('button[value="split"]').focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Third grid (320499001001003) is new")).to_be_visible()
    page.locator('button[value="confirm"]').focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/desk/places/{COMMUNITY}$"))
    assert Redrawing.objects.count() == 1


@pytest.mark.parametrize(("locale", "name", "english"), [
    ("zh-CN", "青禾第一网格", "Qinghe Grid 1"),
    ("en-GB", "青禾第一网格", "Qinghe Grid 1"),
    ("zh-CN", "望湖家园与高新技术人才公寓联合社区第一住宅小区东北片区综合治理网格", "Long"),
    ("en-GB", "青禾一", "The Joint Community of Wanghu Gardens and the Apartments for Talents, North-Eastern Grid 1"),
])  # fmt: skip
def test_the_notice_card_prints_on_one_sheet_of_a4(
    open_page: Open, world: World, locale: str, name: str, english: str
) -> None:
    by = mandates.console()
    rename_area(area=GRID, name=name, name_en=english, by=by)
    for post in ("grid_leader", "grid_liaison", "city_inspector", "police_assistant", "volunteer", "cleaner"):
        person = create_person(name=f"欧阳示范{post[:3]}", by=by)
        assign(post=post, area=GRID, valid_from=SINCE, person=person, by=by)
    page = open_page(locale=locale)
    page.goto(f"/grids/{GRID}/")
    expect(page.get_by_role("heading", level=1)).to_have_text(name if locale == "zh-CN" else english)
    sheet = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", sheet)) == 1
    [(width, height)] = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)", sheet)
    assert (round(float(width) / 72 * 25.4), round(float(height) / 72 * 25.4)) == (210, 297)


def test_a_long_file_is_watched_until_it_is_worked(open_page: Open, world: World, tmp_path: Path) -> None:
    file = tmp_path / "people.xlsx"
    people = [("", f"样例居民{number} 住在很远的地方{number}") for number in range(12_000)]
    file.write_bytes(written([Sheet("people", ("id", "name"), [*people, ("no id", "某")])]))
    assert file.stat().st_size > AT_ONCE
    page = open_page(user="admin")
    page.goto("/desk/exchange")
    page.locator("input[name=file]").set_input_files(file)
    page.locator(".next button[type=submit]").click()
    expect(page.locator("#import")).to_contain_text("排队等待")
    assert violations(page) == []
    one = Import.objects.get()
    with claimed(one.id, timezone.now()) as ours:
        assert ours is not None
        worked(ours, 4000, 12_001)
        expect(page.locator("#import")).to_contain_text("已处理 4000 行，共 12001 行")
        assert violations(page) == []
        finish(ours, [{"sheet": "people", "created": 12_000, "changed": 0, "unchanged": 0}], [
            {"sheet": "people", "row": 12_002, "label": "某", "column": "id", "value": "no id", "why": "不是编号",
             "expected": "编号", "cells": {"id": "no id", "name": "某"}},
        ], timezone.now())
    expect(page.locator("#import")).to_contain_text("people：新增 12000，变更 0，不变 0；1 行未收")
    assert violations(page) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="错误表").click()
    assert download.value.suggested_filename.endswith(".xlsx")
    narrow = open_page(size=NARROW, locale="en-GB", color_scheme="dark", user="admin")
    narrow.goto(f"/desk/exchange/files/{one.id}")
    fits(narrow, "an import on a phone")
