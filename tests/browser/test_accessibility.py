"""axe finds no violation on any page, in both languages, light and dark, wide and narrow."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Open, Watched, violations
from tests.interfaces.world import World

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "zh-CN", "dark", id="390-zh-dark"),
    pytest.param(NARROW, "en-GB", "light", id="390-en-light"),
    pytest.param(WIDE, "en-GB", "dark", id="1440-en-dark"),
]


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_violation_on_public_pages(
    open_page: Open, world: World, watched: Watched, size: dict[str, int], locale: str, scheme: str
) -> None:
    open_case, closed, refused = (world.report(words) for words in ("路灯不亮", "已清", "不归我们"))
    world.bring(closed, "accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
    world.bring(refused, "reject")
    page = open_page(size=size, locale=locale, color_scheme=scheme)
    watched.allow(404, 422)
    for address in (
        "/report/",
        "/track/",
        "/track/?code=0000000000000000",
        "/accounts/login/",
        "/nowhere",
        *(f"/track/{receipt.tracking_code}" for receipt in (open_case, closed, refused)),
    ):
        page.goto(address)
        assert violations(page) == [], address


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_violation_at_the_desk(
    open_page: Open, world: World, watched: Watched, size: dict[str, int], locale: str, scheme: str
) -> None:
    world.report("菜场东门占道烧烤")
    handled = world.bring(world.report("路灯不亮"), "accept", "confirm", "register", "dispatch", "sign", "handle")
    registered = world.bring(world.report("垃圾满溢"), "accept", "confirm", "register")
    page = open_page(size=size, locale=locale, color_scheme=scheme, user="operator")
    for address in (
        "/desk/",
        "/desk/?state=handled&q=没有这样的",
        f"/desk/cases/{handled.number}",
        f"/desk/cases/{registered.number}",
        f"/desk/trace/{handled.number}",
        "/desk/me",
        "/desk/report",
        "/desk/map",
        "/desk/rules",
        "/desk/spots",
        "/desk/wall",
        "/desk/answer",
        "/desk/check",
        "/desk/figures",
        "/desk/figures?set=result&by=class",
        "/desk/figures/unclosed?part=denominator",
        "/desk/insight?days=3",
        "/accounts/logout/",
        "/accounts/2fa/",
    ):
        page.goto(address)
        if address == "/desk/map":
            expect(page.locator("[data-gridmap]")).to_have_attribute("data-ready", "")
        assert violations(page) == [], address
    page.goto(f"/desk/cases/{registered.number}")
    for summary in page.locator(".others summary").all():
        summary.click()
    assert violations(page) == []
