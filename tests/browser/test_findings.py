"""Findings in a browser: typed in by the keyboard, put right, not passed, put right again; nothing too wide."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Open, violations
from tests.interfaces import assessed
from tests.interfaces.world import World
from wangge.assessment.models import FindingRow
from wangge.inspections.models import Rectification
from wangge.patrols.draws import draw

pytestmark = pytest.mark.browser

G1 = "320499001001001"
SHOTS = Path("build/finding-shots")
LOOKS = [
    pytest.param(WIDE, "zh-CN", "light", id="1440-zh-light"),
    pytest.param(NARROW, "en-GB", "dark", id="390-en-dark"),
]


def fine(page: Page, name: str) -> None:
    """No violation, nothing wider than the screen."""
    for summary in page.locator("details.more > summary").all():
        summary.click()
    assert violations(page) == [], name
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), name
    if SHOTS.is_dir():
        page.screenshot(path=SHOTS / f"{name}-{page.evaluate('window.innerWidth')}.png", full_page=True)


def press(page: Page, form: str, words: str, button: int = 0) -> None:
    """Write the words and send the form by the keyboard alone."""
    field = page.locator(f"#act-{form} textarea")
    field.focus()
    page.keyboard.type(words)
    for _ in range(button + 1):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_from_finding_to_the_second_round(
    open_page: Open, world: World, size: dict[str, int], locale: str, scheme: str
) -> None:
    assessed.staff(world)
    look = {"size": size, "locale": locale, "color_scheme": scheme}
    inspector = open_page(**look, user="inspector")
    inspector.goto("/desk/findings")
    fine(inspector, "empty")
    inspector.locator("a", has_text="录入问题" if locale == "zh-CN" else "Type a finding in").first.focus()
    inspector.keyboard.press("Enter")
    inspector.wait_for_url("**/findings/new")
    fine(inspector, "new")
    inspector.locator("#f-note").focus()
    inspector.keyboard.type("店外堆物，占用人行道")
    inspector.locator("#f-area").select_option(G1)
    inspector.locator("#case_class").select_option("E0401")
    inspector.locator("#f-points").focus()
    inspector.keyboard.type("0.10")
    inspector.keyboard.press("Enter")
    expect(inspector.locator(".report-words")).to_have_text("店外堆物，占用人行道")
    one = FindingRow.objects.get()
    inspector.goto(f"/desk/findings/{one.id}/order")
    inspector.locator("#o-target").select_option("post:grid_worker")
    fine(inspector, "order")
    inspector.locator("#o-words").press("Tab")
    inspector.keyboard.press("Enter")
    inspector.wait_for_url(f"**/findings/{one.id}")
    worker = open_page(**look, user="worker")
    for number, passed in ((1, False), (2, True)):
        worker.goto("/desk/findings?box=mine")
        worker.locator("a.title").focus()
        worker.keyboard.press("Enter")
        worker.wait_for_url(f"**/findings/{one.id}")
        if number == 1:
            fine(worker, "answering")
        press(worker, "rectify", "已清理")
        expect(worker.locator("#act-rectify")).to_have_count(0)
        inspector.goto(f"/desk/findings/{one.id}")
        press(inspector, "recheck", "还有一处" if not passed else "到位", button=0 if passed else 1)
        expect(inspector.locator("#act-recheck")).to_have_count(0)
    rounds = Rectification.objects.order_by("round").values_list("round", "state")
    assert [*rounds] == [(1, "failed"), (2, "passed")]
    fine(inspector, "finding")
    inspector.goto("/desk/findings")
    fine(inspector, "list")
    one_draw = draw(kind="cross", area="320499001", label="2026Q4", of="community", by=world.by("leader"))
    leader = open_page(**look, user="leader")
    leader.goto(f"/desk/findings/{one.id}")
    fine(leader, "leading")
    for address in ("/desk/draws", f"/desk/draws/{one_draw.id}?again=1"):
        leader.goto(address)
        fine(leader, address.split("/")[2].split("?")[0] + ("" if "again" not in address else "n"))
