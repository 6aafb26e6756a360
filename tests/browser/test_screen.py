"""The screen in a browser: opened by a link, at both shapes, by keyboard, without its server, through a past day."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import Open, Watched, violations
from tests.interfaces.world import PEOPLE, World
from tests.kernel.wall.making import closed_with_photos
from wangge.base.clock import now
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.wall.clearing import clear_photos
from wangge.kernel.wall.displays import issue_display, revoke_display
from wangge.kernel.wall.sharing import SHELF

pytestmark = pytest.mark.browser
FLAT, WIDE = {"width": 1920, "height": 1080}, {"width": 3840, "height": 1080}


def hang(page: Page, area: str = "320499001", **more: str) -> None:
    """Open the page as a display does: by its link and nothing else."""
    SHELF.clear()
    _, plain = issue_display(area_code=area, days=1, by=mandates.console(), **more)  # type: ignore[arg-type]
    page.goto(f"/screen/#{plain}")
    expect(page.locator("[data-wall][data-ready] [data-map][data-ready]")).to_be_visible()
    assert plain not in page.url
    assert "#" not in page.url


def figure(page: Page, name: str) -> str:
    """The large figure of this name."""
    return counter(page, name).inner_text()


def counter(page: Page, name: str) -> Locator:
    """Where it stands."""
    named = page.get_by_text(name, exact=True)
    return page.locator("[data-big] > div").filter(has=named).locator("b > span")


def some(world: World) -> None:
    """Two cases in hand, one of them late, and one closed whose photos were cleared."""
    world.report("甲")
    late = world.bring(world.report("乙"), "accept", "confirm", "register", "dispatch", "sign")
    Case.objects.filter(id=late.id).update(stage_due_at=now() - timedelta(hours=2))
    case, before, after = closed_with_photos(world)
    clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))


@pytest.mark.parametrize("size", [FLAT, WIDE], ids=["16:9", "32:9"])
def test_a_display_opens_by_its_link_and_shows_counts_and_no_names(
    open_page: Open, world: World, size: dict[str, int]
) -> None:
    some(world)
    page = open_page(size=size, locale="de-DE")
    hang(page)
    assert [figure(page, name) for name in ("今日上报", "在办", "超期")] == ["3", "2", "1"]
    expect(page.locator("[data-mark-words]")).to_have_text("实时")
    expect(page.locator("[data-say]")).to_have_text("今天报 3 件，办结 1 件。 1 件超期，1 件在青禾社区。")
    expect(page.locator("[data-ticks] img")).to_have_count(2)
    expect(page.locator("[data-ticks] figcaption strong")).to_have_text("占道经营")
    shown = page.content()
    assert [name for _, name, _ in PEOPLE.values() if name in shown] == []
    assert violations(page) == []
    overflow = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]")
    assert overflow == [size["width"], size["height"]]
    rem = page.evaluate("parseFloat(getComputedStyle(document.documentElement).fontSize)")
    assert rem == pytest.approx(32, abs=0.1)
    colours = Image.open(BytesIO(page.locator("[data-map]").screenshot())).convert("RGB").getcolors(1 << 24)
    assert colours is not None
    assert len(colours) > 20  # something is drawn


def test_an_english_display_is_english_throughout(open_page: Open, world: World) -> None:
    some(world)
    page = open_page(size=FLAT)
    hang(page, language="en")
    assert figure(page, "Overdue") == "1"
    expect(page.locator("[data-say]")).to_contain_text("1 overdue, 1 of them in Qinghe Community")


def test_communities_are_opened_by_keyboard(open_page: Open, world: World) -> None:
    some(world)
    page = open_page(size=FLAT)
    hang(page)
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-places] button").first).to_be_focused()
    expect(page.locator("[data-places] button").first).to_have_text("青禾社区：在办 2，超期 1")
    page.keyboard.press("Enter")
    expect(page.locator("[data-picked]")).to_have_text("青禾社区：在办 2，超期 1")
    page.keyboard.press("Escape")
    expect(page.locator("[data-picked]")).to_have_text("")


def test_a_screen_without_its_server_says_so_and_finds_back(
    open_page: Open, world: World, watched: Watched
) -> None:
    some(world)
    page = open_page(size=FLAT)
    page.clock.install()
    hang(page)
    away = True

    def cut(route: Route) -> None:
        if away:
            route.abort()
        else:
            route.continue_()

    page.route("**/screen/figures.json*", cut)
    page.clock.run_for(6_000)
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "cut")
    expect(page.locator("[data-mark-words]")).to_have_text("连接中断，正在重试")
    for _ in range(6):
        page.clock.run_for(5_000)
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "stale")
    expect(page.locator("[data-mark-words]")).to_contain_text("数据已过期，停在")
    assert figure(page, "今日上报") == "3"
    away = False
    world.report("丙")
    SHELF.clear()
    page.clock.run_for(6_000)
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "live")
    expect(counter(page, "今日上报")).to_have_text("4")
    watched.faults = [fault for fault in watched.faults if "ERR_FAILED" not in fault]


def test_weeks_of_looks_leave_no_more_on_the_page(open_page: Open, world: World) -> None:
    some(world)
    page = open_page(size=FLAT)
    page.clock.install()
    hang(page)
    page.clock.run_for(1_000)

    def nodes() -> list[int]:
        return [page.locator(kind).count() for kind in ("*", "canvas")]

    before = nodes()
    for number in range(4):
        world.report(f"又一件 {number}")
        SHELF.clear()
        page.clock.run_for(6_000)
        expect(counter(page, "今日上报")).to_have_text(str(4 + number))
    page.clock.run_for(120_000)
    assert nodes() == before


def test_a_day_is_replayed_in_a_minute_and_marked_as_such(open_page: Open, world: World) -> None:
    some(world)
    page = open_page(size=FLAT)
    page.clock.install()
    hang(page)
    day = page.evaluate("new Intl.DateTimeFormat('en-CA', {timeZone: 'Asia/Shanghai'}).format(Date.now())")
    page.mouse.move(300, 300)
    page.locator("[data-day]").fill(day)
    page.locator("[data-play]").click()
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "replay")
    expect(page.locator("[data-mark-words]")).to_contain_text("不是实时")
    assert figure(page, "今日上报") == "0"
    assert violations(page) == []
    page.clock.run_for(61_000)
    expect(page.locator("[data-course]")).to_have_js_property("value", 1)
    assert figure(page, "今日上报") == "3"
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "replay")
    page.locator("[data-stop]").click()
    expect(page.locator("[data-wall]")).to_have_attribute("data-live", "live")
    expect(page.locator("[data-course]")).to_be_hidden()


def test_a_revoked_display_says_so(open_page: Open, world: World, watched: Watched) -> None:
    page = open_page(size=FLAT)
    made, plain = issue_display(area_code="320499001", days=1, by=mandates.console())
    page.clock.install()
    page.goto(f"/screen/#{plain}")
    expect(page.locator("[data-wall][data-ready]")).to_be_visible()
    revoke_display(display_id=made.id, by=mandates.console())
    watched.allow(401)
    page.clock.run_for(6_000)
    expect(page.locator("[data-mark-words]")).to_have_text("这块大屏的链接已失效，请换新的链接。")
    page.goto(f"/screen/#{plain}")
    expect(page.locator("[data-shut-words]")).to_have_text("这块大屏的链接已失效，请换新的链接。")


def test_photos_are_cleared_and_a_display_is_hung_at_the_desk(open_page: Open, world: World) -> None:
    closed_with_photos(world)
    page = open_page(user="operator")
    page.goto("/desk/wall")
    assert violations(page) == []
    page.get_by_label("两张都看过，认不出任何人").check()
    page.get_by_role("button", name="放行上屏").click()
    expect(page.locator(".cleared .done")).to_contain_text("上屏于")
    admin = open_page(user="admin")
    admin.goto("/desk/wall")
    admin.locator("summary").click()
    admin.get_by_label("挂在哪里（可不填）").fill("二楼")
    assert violations(admin) == []
    admin.get_by_role("button", name="生成链接").click()
    link = admin.locator("[data-fresh]").inner_text()
    display = open_page(size=FLAT)
    display.goto(link)
    expect(display.locator("[data-wall][data-ready]")).to_be_visible()
    expect(display.locator("[data-ticks] img")).to_have_count(2)
    admin.goto("/desk/wall")
    admin.get_by_role("button", name="撤销").click()
    expect(admin.locator(".note.done, [role=status]").first).to_be_visible()
