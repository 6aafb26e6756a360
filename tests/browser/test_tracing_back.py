"""Who leads traces back and takes the proofs along; the auditor finds them sound, and a changed one not."""

from __future__ import annotations

import zipfile
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, Open, Watched, violations
from tests.interfaces.world import PASSWORD, World
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.services import seal
from wangge.kernel.people import services as people

pytestmark = pytest.mark.browser


def hired(post: str, name: str) -> None:
    """One more person with an account, named by the post."""
    by = mandates.console()
    person = people.create_person(name=name, by=by)
    assign(post=post, area="320499001", valid_from=now(), person=person, by=by)
    people.create_account(username=post, password=PASSWORD, person=person, by=by, check_strength=False)


def test_a_leader_traces_back_and_the_auditor_verifies_the_proof(
    open_page: Open, world: World, watched: Watched, tmp_path: Path
) -> None:
    hired("leader", "冯领导")
    hired("auditor", "陈审计")
    receipt = world.report("菜场东门占道")
    world.bring(receipt, "accept", "confirm", "register", "dispatch", "sign")
    seal(by=mandates.console())
    page = open_page(user="leader")
    page.goto("/desk/answer")
    assert violations(page) == []
    page.locator("#a-area").select_option("320499001001001")
    page.locator("#a-day").fill(now().astimezone(ZoneInfo("Asia/Shanghai")).date().isoformat())
    page.locator("#a-class").select_option("E04")
    page.locator("article form .primary").click()
    expect(page.locator("[data-finding]")).to_contain_text("当时这里有 1 件未结")
    worker = page.locator("[data-holder='专职网格员']")
    expect(worker).to_contain_text("王示范")
    expect(worker.locator("tbody tr").last).to_contain_text("本人所办")
    expect(page.locator("body")).to_contain_text("冯领导")
    assert violations(page) == []
    with page.expect_download() as started:
        page.get_by_role("link", name="报告和证明").click()
    kept = tmp_path / "trace.zip"
    started.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        archive.extractall(tmp_path)
    proof = tmp_path / f"{receipt.number}.proof"

    auditor = open_page(user="auditor")
    auditor.goto("/desk/check")
    assert violations(auditor) == []
    auditor.get_by_label("证明文件").set_input_files(proof)
    auditor.get_by_role("button", name="校验").click()
    expect(auditor.locator("[data-checked]")).to_contain_text("这份证明成立")
    expect(auditor.locator("[data-checked]")).to_contain_text("本日志里正是这个封存")
    assert violations(auditor) == []
    changed = tmp_path / "changed.proof"
    changed.write_bytes(proof.read_bytes().replace(b'"verb":"sign"', b'"verb":"sigh"', 1))
    watched.allow(422)
    auditor.get_by_label("证明文件").set_input_files(changed)
    auditor.get_by_role("button", name="校验").click()
    expect(auditor.get_by_role("alert")).to_contain_text("这份证明不成立")

    narrow = open_page(size=NARROW, user="leader", locale="en-GB")
    narrow.goto(f"/desk/answer?case={receipt.number}")
    expect(narrow.locator("[data-finding]")).to_contain_text("1 case was open here then")
    assert narrow.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    assert violations(narrow) == []
