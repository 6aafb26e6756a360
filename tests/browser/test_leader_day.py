"""A leader's day on the phone and a secretary's: brief, directive, receipt, decision, card; escalate and reply."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NARROW, WIDE, Open, violations
from tests.browser.test_accessibility import LOOKS
from tests.interfaces.world import PASSWORD, SINCE, World
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people
from wangge.kernel.tasks.models import Task

pytestmark = pytest.mark.browser
WAY = ("accept", "confirm", "register", "dispatch", "sign")


@pytest.fixture
def led(world: World) -> World:
    """The subdistrict with a leader, and a case whose handler asks for more time."""
    by = mandates.console()
    person = people.create_person(name="钱示意", by=by)
    assign(post="leader", area="320499001", valid_from=SINCE, person=person, by=by)
    world.persons["leader"] = person.id
    world.accounts["leader"] = people.create_account(username="leader", password=PASSWORD, person=person, by=by,
                                                     check_strength=False)
    case = world.bring(world.report("外墙脱落"), *WAY)
    act(case_id=case.id, command=Command(act="ask_extension", reason="等脚手架"), expected_version=case.version,
        by=world.by("worker"))
    return world


def fits(page: Page) -> None:
    """Nothing scrolls sideways, and axe finds nothing."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    assert violations(page) == []


def test_a_leaders_day_on_the_phone(open_page: Open, led: World) -> None:
    leader = open_page(size=NARROW, user="leader")
    leader.goto("/desk/brief")
    expect(leader.locator(".lede h2")).to_contain_text("昨夜新报")
    expect(leader.locator("#decide")).to_contain_text("延期：外墙脱落")
    fits(leader)
    leader.get_by_role("link", name="逐项决定 1 项").click()
    expect(leader.locator("blockquote")).to_contain_text("等脚手架")
    fits(leader)
    leader.get_by_role("button", name="同意延期申请").click()
    expect(leader.locator(".note.done")).to_contain_text("已同意")
    assert Case.objects.get().request_step == "extend"

    leader.goto("/desk/answers?q=青禾第一")
    expect(leader.locator(".panel").last).to_contain_text("专职网格员 王示范")
    fits(leader)
    leader.get_by_role("link", name=re.compile("^交办.*专职网格员")).click()
    leader.locator("#task-note").fill("东门今天必须清走，拍照答复")
    fits(leader)
    leader.get_by_role("button", name="发出交办").click()
    expect(leader.locator(".casehead .state")).to_have_text("待签收")
    card = re.compile(r"^【任务 T\d+】交办：.*\n请专职网格员于 .* 前答复\n点开签收并答复：http.*/desk/tasks/T\d+$")
    expect(leader.locator("#card-text")).to_have_value(card)
    expect(leader.locator(".scan img")).to_have_js_property("complete", value=True)
    assert leader.locator(".scan img").evaluate("one => one.naturalWidth") > 0
    fits(leader)

    # the link of the card, as it is opened from a chat group
    task = Task.objects.get()
    worker = open_page(size=NARROW)
    worker.goto(f"/desk/tasks/{task.number}")
    worker.locator("[name=login]").fill("worker")
    worker.locator("[name=password]").fill(PASSWORD)
    worker.locator("form button[type=submit]").first.click()
    worker.wait_for_url(f"**/desk/tasks/{task.number}")
    expect(worker.locator(".report-words")).to_have_text("东门今天必须清走，拍照答复")
    worker.get_by_role("button", name="签收").click()
    expect(worker.locator(".casehead .state")).to_have_text("办理中")
    worker.locator("#reply_task-words").fill("已清走")
    worker.get_by_role("button", name="提交答复").click()
    expect(worker.locator(".casehead .state")).to_have_text("待验收")
    task.refresh_from_db()
    assert task.read_at is not None

    leader.goto("/desk/approvals")
    leader.get_by_role("button", name="验收通过，办结").click()
    expect(leader.locator(".note.done")).to_contain_text("已办结")
    leader.goto(f"/desk/tasks/{task.number}")
    expect(leader.locator(".timeline")).to_contain_text("已清走")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_secretary_escalates_and_answers(open_page: Open, led: World, size: dict[str, int]) -> None:
    secretary = open_page(size=size, user="secretary")
    secretary.goto("/desk/tasks")
    fits(secretary)
    secretary.get_by_role("link", name="直达领导").first.click()
    secretary.locator("#task-note").fill("外墙还在掉，需要区里支援")
    secretary.locator("#task-minutes").select_option("30")
    secretary.get_by_role("button", name="发出直达").click()
    expect(secretary.locator(".casehead .state")).to_have_text("待签收")

    leader = open_page(size=size, user="leader")
    leader.goto("/desk/brief")
    leader.get_by_role("link", name=re.compile("外墙还在掉")).click()
    leader.get_by_role("button", name="签收").click()
    leader.locator("#reply_task-words").fill("应急队二十分钟到")
    leader.get_by_role("button", name="提交答复").click()
    expect(leader.locator(".casehead .state")).to_have_text("待验收")

    secretary.reload()
    expect(secretary.locator(".timeline")).to_contain_text("应急队二十分钟到")
    secretary.get_by_role("button", name="验收通过，办结").click()
    expect(secretary.locator(".casehead .state")).to_have_text("已办结")

    case = led.bring(led.report("围墙开裂"), *WAY[:3])
    secretary.goto(f"/desk/cases/{case.number}")
    secretary.locator("summary", has_text="上报上级").click()
    secretary.locator("#act-send_up textarea").fill("社区没有力量加固")
    secretary.locator("#act-send_up button[type=submit]").click()
    expect(secretary.locator(".timeline").first).to_contain_text("社区没有力量加固")
    case.refresh_from_db()
    assert case.tier == "community"


@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_the_leaders_pages_pass_axe(
    open_page: Open, led: World, size: dict[str, int], locale: str, scheme: str
) -> None:
    leader = open_page(size=size, user="leader", locale=locale, color_scheme=scheme)
    for address in ("/desk/brief", "/desk/approvals", "/desk/answers?area=320499001001001", "/desk/answers?q=a",
                    "/desk/tasks", "/desk/tasks/new?area=320499001001001", "/desk/brief/reported"):
        leader.goto(address)
        fits(leader)
