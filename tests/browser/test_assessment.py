"""The pages of assessment in a browser: no violation, nothing wider than the screen, an appeal by the keyboard."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Open, violations
from tests.interfaces import assessed
from tests.interfaces.world import World
from wangge.assessment.models import Appeal
from wangge.assessment.running.appeals import file_appeal

pytestmark = pytest.mark.browser

LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "en-GB", "dark", id="390-en-dark"),
]
SHOTS = Path("build/assessment-shots")


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_no_violation_and_nothing_wider_than_the_screen(
    open_page: Open, world: World, size: dict[str, int], locale: str, scheme: str
) -> None:
    run = assessed.notified(assessed.staff(world))
    line = run.lines.filter(holder=world.persons["worker"], key__startswith="charge/").get()
    pages = {
        "worker": ("/desk/mine", f"/desk/runs/{run.id}", "/desk/daily"),
        "leader": (f"/desk/runs/{run.id}", f"/desk/runs/{run.id}/areas/{assessed.G1}", f"/desk/runs/{run.id}/board",
                   "/desk/runs", "/desk/appeals"),
        "assessor": ("/desk/money", "/desk/policies", f"/desk/policies/{run.policy_id}",
                     f"/desk/lab?version=&periods={run.period}"),
    }
    for user, addresses in pages.items():
        page = open_page(size=size, locale=locale, color_scheme=scheme, user=user)
        for address in addresses:
            page.goto(address)
            for summary in page.locator("details.more > summary").all():
                summary.click()
            assert violations(page) == [], address
            assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address
            if SHOTS.is_dir():
                name = address.strip("/").replace(str(run.id), "run").replace("/", "-").replace("?", "-")[:60]
                page.screenshot(path=SHOTS / f"{user}-{name}-{size['width']}.png", full_page=True)
        page.context.close()
    file_appeal(run=run.id, line=line.key, finding="city/1", words="当天已清走", by=world.by("worker"))
    page = open_page(size=size, locale=locale, color_scheme=scheme, user="auditor")
    page.goto("/desk/appeals")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    if SHOTS.is_dir():
        page.screenshot(path=SHOTS / f"appeals-{size['width']}.png", full_page=True)


def test_an_appeal_is_filed_by_the_keyboard(open_page: Open, world: World) -> None:
    assessed.notified(assessed.staff(world))
    page = open_page(size=NARROW, user="worker")
    page.goto("/desk/mine")
    summary = page.locator("details.more > summary.btn").first
    summary.focus()
    page.keyboard.press("Enter")
    words = page.locator("details[open] textarea").first
    words.focus()
    page.keyboard.type("那天已经清走了")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".due.soon", has_text="等两位复核人")).to_be_visible()
    assert Appeal.objects.count() == 1
