"""The pages of assessment: statements with each look on record, a run's steps, appeals, policies, lab, meeting."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.interfaces import assessed
from tests.interfaces.api.counting import statements
from tests.interfaces.world import INSIDE, World
from wangge.assessment.models import Appeal, Document, Invoice, Pledge, PolicyVersion, Run
from wangge.assessment.services import NewFinding, record_findings
from wangge.assessment.trying import SHIPPED
from wangge.base.clock import now
from wangge.base.ids import new_id
from wangge.interfaces.commands import tasks
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.history import History, decide_history
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import Identity, Place
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.people import services as people
from wangge.kernel.places.queries import area_by_code

Desk = Callable[[str], Client]


@pytest.fixture
def world(world: World) -> World:
    return assessed.staff(world)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(client: Client, address: str, **given: Any) -> Any:
    return client.post(address, given, follow=True)


def test_ones_own_page_says_what_why_by_which_sum_and_how_to_appeal(world: World, desk: Desk) -> None:
    page = text(desk("worker").get("/desk/mine"))
    assert "还没有考核单" in page
    assessed.notified(world)
    page = text(desk("worker").get("/desk/mine"))
    for words in ("公示中，尚未生效", "扣 0.40 分", "1. 市考扣分超上限", "2 × 0.1 = 0.20", "2. 每日问题限额",
                  "查出 5 个问题", "5 个工作日", "申诉这一条", "不扣钱", "仅试算，未入账", "占道经营", "只有本人"):
        assert words in page, words


def test_another_sees_nothing_of_it_and_a_look_from_above_is_on_record(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    address = f"/desk/runs/{run.id}/people/{world.persons['worker']}"
    for name in ("elsewhere", "operator", "secretary2"):
        assert desk(name).get(address).status_code == 404, name
    assert Entry.objects.filter(verb="read_statement").count() == 0
    page = text(desk("secretary").get(address))
    assert "王示范的考核单" in page
    assert "您看过已留痕" in page
    assert "申诉这一条" not in page
    assert Entry.objects.filter(verb="read_statement").count() == 1
    own = text(desk("worker").get("/desk/mine"))
    assert "吴虚构" in own


def test_a_run_names_to_each_only_whom_they_may_read(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    who = ("worker", "secretary", "secretary2", "leader")
    seen = {name: text(desk(name).get(f"/desk/runs/{run.id}")) for name in who}
    assert ["王示范" in seen[name] for name in seen] == [True, True, False, True]
    assert ["郑举例" in seen[name] for name in seen] == [False, False, True, True]
    assert all("超出 0.35 分" in page and "档数" in page for page in seen.values())


def test_an_appeal_takes_two_presses_and_two_reviewers(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    client = desk("worker")
    key = re.search(r'name="line" value="(charge/[^"]+)"', client.get("/desk/mine").content.decode())
    assert key
    press(client, f"/desk/runs/{run.id}/appeal", line=key[1], finding="city/2", words="")
    assert not Appeal.objects.exists()
    page = text(press(client, f"/desk/runs/{run.id}/appeal", line=key[1], finding="city/2", words="当天已清走"))
    assert "申诉已提交" in page
    assert "已申诉，等两位复核人" in page
    assert "当天已清走" in text(desk("inspector").get("/desk/appeals"))
    assert desk("worker").get("/desk/appeals").status_code == 403
    for name in ("inspector", "auditor"):
        one = Appeal.objects.get()
        press(desk(name), f"/desk/appeals/{one.id}", view="void", words="照片可证", expected_version=one.version)
    assert Appeal.objects.get().state == "granted"
    page = text(client.get("/desk/mine"))
    for words in ("扣 0.20 分", "冲回第", "申诉与更正 + 0.20"):
        assert words in page, words


@pytest.mark.parametrize("given", [
    {"view": "cut", "points": "many", "words": "x"}, {"view": "void", "words": " "}, {"expected_version": "x"},
    {"view": "cut", "points": "9", "words": "x"},
])
def test_an_unusable_view_is_refused_in_words(world: World, desk: Desk, given: dict[str, str]) -> None:
    run = assessed.notified(world)
    client = desk("worker")
    key = re.search(r'name="line" value="(charge/[^"]+)"', client.get("/desk/mine").content.decode())
    assert key
    press(client, f"/desk/runs/{run.id}/appeal", line=key[1], finding="city/2", words="当天已清走")
    one = Appeal.objects.get()
    answer = press(desk("inspector"), f"/desk/appeals/{one.id}", **{"expected_version": one.version, **given})
    assert answer.status_code == 200
    assert Appeal.objects.get().first_reviewer is None


def test_a_leader_brings_a_run_from_notice_to_the_books(world: World, desk: Desk) -> None:
    run, client = assessed.run(world), desk("leader")
    assert client.get(f"/desk/runs/{run.id}").status_code == 200
    assert desk("worker").get(f"/desk/runs/{run.id}").status_code == 404
    press(client, f"/desk/runs/{run.id}/act", act="notify", expected_version=run.version)
    page = text(press(client, f"/desk/runs/{run.id}/act", act="finish", expected_version=2))
    assert Run.objects.get().stage == "notified"
    with time_machine.travel(now() + timedelta(days=30), tick=True):
        client = desk("leader")
        press(client, f"/desk/runs/{run.id}/act", act="finish", expected_version=2)
        page = text(press(client, f"/desk/runs/{run.id}/act", act="post", expected_version=3))
        assert "已生效，已入账" in page
        assert "无须更正" in text(press(client, f"/desk/runs/{run.id}/act", act="correct"))
        press(client, f"/desk/runs/{run.id}/act", act="jump", expected_version=1)
        assert Run.objects.get().stage == "posted"


def test_who_assesses_does_so_from_the_list(world: World, desk: Desk) -> None:
    assessed.findings(world)
    client = desk("assessor")
    page = text(press(client, "/desk/runs/assess", period=assessed.period()))
    assert "初算，尚未公示" in page
    assert "结果相同" in text(press(client, "/desk/runs/assess", period=assessed.period()))
    assert "考核一个周期" not in text(desk("worker").get("/desk/runs"))
    for wrong in ("", "2019", "2999Q1"):
        press(client, "/desk/runs/assess", period=wrong)
    assert Run.objects.count() == 1


def test_an_areas_statement_tells_each_finding(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    page = text(desk("secretary").get(f"/desk/runs/{run.id}/areas/{assessed.G1}"))
    for words in ("青禾第一网格 失 0.90 分", "city/1", "计入考核", "王示范"):
        assert words in page, words
    assert desk("secretary").get(f"/desk/runs/{run.id}/areas/nowhere").status_code == 200


def test_the_days_worklist_names_the_grid_above_its_limit(world: World, desk: Desk) -> None:
    noon = assessed.first_day(assessed.period()).replace(hour=12)
    rows = [NewFinding("subdistrict", f"t{number}", assessed.G1, noon - timedelta(minutes=number), Decimal(0), "E0101")
            for number in range(1, 5)]
    with time_machine.travel(noon, tick=True):
        record_findings(rows, by=mandates.console())
        page = text(desk("worker").get("/desk/daily"))
        assert "查出 4 个，超出 1 个，扣 0.10 分" in page
        assert "责任人： 王示范" in page
        assert "今天没有区域达到限额" in text(desk("elsewhere").get("/desk/daily"))


def test_a_policy_is_drafted_compared_and_approved_by_another(world: World, desk: Desk) -> None:
    begins = assessed.first_day(f"{now().year}Q{(now().month + 2) // 3}").date().isoformat()
    written = SHIPPED.read_text(encoding="utf-8").replace("2018-07-01", begins)
    client = desk("assessor")
    assert "随系统提供" in text(client.get("/desk/policies"))
    wrong = client.post("/desk/policies/draft", {"text": written.replace("cap: 1.0", "cap: lots")})
    assert (wrong.status_code, "clauses[1].cap" in text(wrong)) == (422, True)
    page = text(press(client, "/desk/policies/draft", text=written))
    assert "草稿，未施行" in page
    one = PolicyVersion.objects.get()
    press(client, f"/desk/policies/{one.id}/decide", act="approve", expected_version=1)
    assert PolicyVersion.objects.get().state == "draft"
    done = press(desk("leader"), f"/desk/policies/{one.id}/decide", act="approve", expected_version=1)
    assert "批准： 钱拟定" in text(done)
    later = written.replace("version: 1", "version: 2").replace("cap: 1.0", "cap: 2.0")
    page = text(press(client, "/desk/policies/draft", text=later))
    assert "市考扣分超上限·上限（分）：由 1 改为 2。" in page
    file = client.get(f"/desk/policies/{one.id}/file")
    assert "cap: 1" in file.content.decode()
    assert desk("operator").post("/desk/policies/draft", {"text": written}).status_code == 403


def test_the_lab_says_who_would_gain_and_lose_and_writes_nothing(world: World, desk: Desk) -> None:
    assessed.findings(world)
    entries = Entry.objects.count()
    client = desk("assessor")
    page = text(client.get(f"/desk/lab?version=&periods={assessed.period()}"))
    for words in ("0 人少扣", "社区书记", "原扣分", "各期档数"):
        assert words in page, words
    assert "王示范" not in page
    assert Entry.objects.count() == entries
    assert client.get("/desk/lab?version=x").status_code == 422
    assert client.get("/desk/lab?version=&periods=2019Q4..2018Q1").status_code == 422
    assert desk("worker").get("/desk/lab").status_code == 403


def test_the_meeting_shows_flags_and_keeps_what_secretaries_say(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    client = desk("secretary")
    page = text(client.get(f"/desk/runs/{run.id}/board"))
    for words in ("骏马旗", "蜗牛旗", "1.35", "吴虚构", "青禾社区表态"):
        assert words in page, words
    press(client, f"/desk/runs/{run.id}/pledge", area="320499001001", words="下季度把占道管住。")
    press(client, f"/desk/runs/{run.id}/pledge", area="320499001001", words="再说一次")
    press(client, f"/desk/runs/{run.id}/pledge", area="320499001002", words="替别人说")
    assert Pledge.objects.count() == 1
    assert "下季度把占道管住。" in text(desk("leader").get(f"/desk/runs/{run.id}/board"))


def test_the_booklet_is_a_pdf_that_stays_the_same(world: World, desk: Desk) -> None:
    run = assessed.notified(world)
    client = desk("leader")
    one, other = (client.get(f"/desk/runs/{run.id}/booklet.pdf") for _ in range(2))
    assert one.content.startswith(b"%PDF-")
    assert one["Content-Type"] == "application/pdf"
    assert one.content == other.content


def test_documents_and_invoices_go_on_file(world: World, desk: Desk) -> None:
    client = desk("assessor")
    assert "没有备案文件" in text(client.get("/desk/money"))
    given = {"act": "file", "kind": "legal_basis", "employment": "cadre", "number": "文-1"}
    for content, stands in ((b"#!/bin/sh", False), (b"%PDF-1.4 basis", True)):
        sent = SimpleUploadedFile("basis.pdf", content, "application/pdf")
        page = text(client.post("/desk/money/act", {**given, "file": sent}, follow=True))
        assert ("社区工作者" in page and "文-1 法律依据" in page) is stands
    one = Document.objects.get()
    assert client.get(f"/desk/money/documents/{one.id}").content == b"%PDF-1.4 basis"
    press(client, "/desk/money/act", act="enter", organisation="light", number="7", yuan="1200.50")
    bill = Invoice.objects.get()
    press(client, "/desk/money/act", act="approve", invoice=bill.id, expected_version=1)
    assert Invoice.objects.get().state == "entered"
    given = {"act": "approve", "invoice": str(bill.id), "expected_version": "1", "deducted": "0"}
    assert "1,200.50 − 0 = 1,200.50" in text(press(desk("leader"), "/desk/money/act", **given))
    for wrong in ({"act": "pay", "invoice": "x"}, {"act": "steal"}, {"act": "enter", "yuan": "x"}):
        assert press(client, "/desk/money/act", **wrong).status_code == 200
    press(desk("leader"), "/desk/money/act", act="pay", invoice=bill.id, expected_version=2)
    assert Invoice.objects.get().state == "paid"
    assert desk("worker").get("/desk/money").status_code == 403


BUDGET = {"/desk/mine": 8, "/desk/runs": 8, "/desk/runs/{run}": 8, "/desk/runs/{run}/areas/320499001001001": 8,
          "/desk/runs/{run}/board": 10, "/desk/policies": 8, "/desk/appeals": 8, "/desk/daily": 8}


@pytest.mark.parametrize("address", BUDGET)
def test_a_page_keeps_within_its_statements(world: World, desk: Desk, address: str) -> None:
    run = assessed.notified(world)
    client = desk("secretary")
    path = address.format(run=run.id)
    assert client.get(path).status_code == 200
    with statements() as sent:
        assert client.get(path).status_code == 200
    assert len(sent) <= BUDGET[address], sent


def test_a_run_shows_the_scores_of_units_with_their_names_and_sentences(world: World, desk: Desk) -> None:
    world.unit = people.create_organisation(code="road", name="示例市政", kind="department", by=mandates.console()).id
    begin = assessed.first_day(assessed.period())
    source = mandates.imported("test", "320499001/")
    history = History(
        external_source="test", external_id="1", description="样例", organisation=world.unit, void=False,
        class_id=reference().find_class("E0401", "320499001/").id, created_at=begin,
        closed_at=begin + timedelta(days=1), lon_e7=INSIDE.lon_e7, lat_e7=INSIDE.lat_e7,
    )
    grid = area_by_code(assessed.G1)
    case = Identity(new_id(), "3204992026010100001", None)
    change, _ = decide_history(history, Place(grid.id, grid.path), case, by=source)
    record([change], draw("journal_entry_ordinal", len(change.acts)), by=source)
    Case.objects.update(due_at=begin + timedelta(days=2))
    run = assessed.run(world)
    page = text(desk("leader").get(f"/desk/runs/{run.id}"))
    assert "由数量得出的分数 示例市政 100.00" in page
    assert "(1/1 + 0.4 × 0/1)" in page


def test_a_grid_above_its_limit_reads_it_the_same_day_where_it_begins(world: World, desk: Desk) -> None:
    worker = desk("worker")
    assert 'hx-get="/desk/daily/told"' in worker.get("/desk/").content.decode()
    assert 'hx-get="/desk/daily/told"' not in desk("operator").get("/desk/").content.decode()
    assert worker.get("/desk/daily/told").content == b""
    rows = [NewFinding("subdistrict", f"t{number}", assessed.G1, now(), Decimal(0), "E0401") for number in range(5)]
    record_findings(rows, by=mandates.console())
    assert tasks.tell_days.func(0) is None
    page = text(worker.get("/desk/daily/told"))
    assert "今日查出 5 个问题，超过每日限额 3 个 2 个，目前计 0.20 分" in page
    assert worker.get("/desk/daily").status_code == 200
    assert desk("elsewhere").get("/desk/daily/told").content == b""
    assert Entry.objects.filter(verb="tell_day").count() == 1
