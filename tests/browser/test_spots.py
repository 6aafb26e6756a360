"""The pages of recurring spots in a browser: no violation, nothing wider than the screen, worked by the keyboard."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Open, violations
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.kernel.spots.models import Spot
from wangge.kernel.spots.services import Command, act
from wangge.kernel.spots.sweeping import look, look_back

pytestmark = pytest.mark.browser

WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "en-GB", "dark", id="390-en-dark"),
]


def rebounded(world: World) -> Spot:
    """A file with a campaign and a remedy that did not hold."""
    for words in ("摊贩占道，行人只能走到机动车道上去", "又摆出来了"):
        world.bring(world.report(words), *WAY)
    world.bring(world.report("还在摆"), *WAY[:3])
    look_back()
    for command in (
        Command("campaign", note="清走摊位八个"),
        Command("set_remedy", kind="relief_point", organisation=world.unit,
                planned_on=(now() + timedelta(days=30)).date()),
        Command("finish_remedy", note="疏导点开了"),
    ):
        spot = Spot.objects.get()
        act(spot_id=spot.id, command=command, expected_version=spot.version, by=world.by("operator"))
    world.bring(world.report("又来摆摊"), *WAY[:3])
    assert look().rebounded == 1
    return Spot.objects.get()


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_violation_and_nothing_wider_than_the_screen(
    open_page: Open, world: World, size: dict[str, int], locale: str, scheme: str
) -> None:
    spot = rebounded(world)
    page = open_page(size=size, locale=locale, color_scheme=scheme, user="operator")
    for address in ("/desk/spots", f"/desk/spots/{spot.number}"):
        page.goto(address)
        if "S0" in address:
            expect(page.locator("[data-map]")).to_have_attribute("data-ready", "")
            for summary in page.locator(".others summary").all():
                summary.click()
        assert violations(page) == [], address
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address


def test_a_remedy_is_set_by_the_keyboard_alone(open_page: Open, world: World) -> None:
    spot = rebounded(world)
    page = open_page(size=WIDE, locale="en-GB", user="operator")
    page.goto("/desk/spots")
    page.locator("a.title").focus()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Street vending")
    page.locator("#remedy-kind").focus()
    page.keyboard.type("Parking")
    page.keyboard.press("Tab")
    page.keyboard.type("Sample lamp")
    page.keyboard.press("Tab")
    page.locator("#remedy-day").fill((now() + timedelta(days=9)).date().isoformat())
    page.locator("#set_remedy-words").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".casehead .state")).to_have_text("Under remedy")
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("/desk/spots$"))
    spot.refresh_from_db()
    assert spot.state == "under_remedy"
