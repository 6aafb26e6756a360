"""Days that are worked by keys: the inspector sends back and closes, the secretary sends up and hands a post over, the
auditor reads who answered and finds the proof sound."""

from __future__ import annotations

import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open, sign_in, tab_to, violations
from tests.interfaces.world import PASSWORD, World
from wangge.base.clock import now
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.services import seal
from wangge.kernel.people import services as people

pytestmark = pytest.mark.browser
HANDLED = ("accept", "confirm", "register", "dispatch", "sign", "handle")


def opened(page: Page) -> None:
    """The case that the list stands on, by Enter."""
    expect(page.locator("tr.at")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/cases/**")


def unfolded(page: Page, act: str) -> None:
    """The form of an act that is folded away, by keys; its words have the focus."""
    tab_to(page, f"summary:has(+ #act-{act})")
    page.keyboard.press("Enter")
    tab_to(page, f"#act-{act} textarea")


def test_an_inspector_sends_back_and_closes(open_page: Open, world: World) -> None:
    cases = [world.bring(world.report(words), *HANDLED) for words in ("摊贩占道", "路灯不亮")]
    page = open_page(user="inspector")
    page.goto("/desk/?state=handled")
    opened(page)
    unfolded(page, "rework")
    page.keyboard.type("照片里摊位还在")
    tab_to(page, "#act-rework button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".casehead .state")).to_have_text("处置中")
    expect(page.locator(".timeline")).to_contain_text("照片里摊位还在")

    page.goto("/desk/?state=handled")
    opened(page)
    tab_to(page, "#next form button.primary")
    page.keyboard.press("Enter")
    expect(page.locator(".casehead .state")).to_have_text("结案")
    assert sorted(Case.objects.filter(id__in=[case.id for case in cases]).values_list("state", flat=True)) == [
        "closed", "handling",
    ]  # fmt: skip


def test_a_secretary_sends_up_and_hands_over(open_page: Open, world: World) -> None:
    case = world.bring(world.report("围墙开裂"), *HANDLED[:3])
    page = open_page(user="secretary")
    page.goto("/desk/?state=registered")
    opened(page)
    unfolded(page, "send_up")
    page.keyboard.type("社区没有力量加固")
    tab_to(page, "#act-send_up button[type=submit]")
    page.keyboard.press("Enter")
    expect(page.locator(".timeline").first).to_contain_text("社区没有力量加固")
    case.refresh_from_db()
    assert case.tier == "community"

    day = timezone.localdate() + timedelta(days=2)
    page.goto("/desk/posts/320499001001001/grid_worker")
    tab_to(page, "input[name=newcomer]")
    page.keyboard.type("新来者")
    page.locator("#on-1").fill(day.isoformat())
    tab_to(page, ".panel.next .primary")
    page.keyboard.press("Enter")
    expect(page.get_by_text("新来者").first).to_be_visible()
    assert timezone.localtime(Assignment.objects.get(person__name="新来者").valid.lower).date() == day


def test_an_auditor_reads_who_answered_and_verifies(open_page: Open, world: World, tmp_path: Path) -> None:
    by = mandates.console()
    person = people.create_person(name="陈审计", by=by)
    assign(post="auditor", area="320499001", valid_from=now(), person=person, by=by)
    people.create_account(username="auditor", password=PASSWORD, person=person, by=by, check_strength=False)
    case = world.bring(world.report("菜场东门占道"), *HANDLED, "inspect", "close")
    seal(by=by)
    page = open_page()
    sign_in(page, "auditor")
    page.goto(f"/desk/answer?case={case.number}")
    expect(page.locator("[data-holder='专职网格员']")).to_contain_text("王示范")
    with page.expect_download() as started:
        tab_to(page, "a[href*='answer/proof']")
        page.keyboard.press("Enter")
    kept = tmp_path / "trace.zip"
    started.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(tmp_path)
    page.goto("/desk/check")
    page.get_by_label("证明文件").set_input_files(tmp_path / f"{case.number}.proof")
    tab_to(page, "form .primary")
    page.keyboard.press("Enter")
    expect(page.locator("[data-checked]")).to_contain_text("这份证明成立")
    assert violations(page) == []
