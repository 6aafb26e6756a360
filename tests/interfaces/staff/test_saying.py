"""What the case page says of a case: next step, clock, requests, orders, calls, and the cases it belongs with."""

from __future__ import annotations

import re
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk, send
from tests.interfaces.staff.test_refusing import SIGNED, chosen, to_unit
from tests.interfaces.world import SINCE, World, photo
from wangge.base.clock import now
from wangge.kernel.cases import following
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case, Report
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign


def do(world: World, who: str, number: str, name: str, **more: object) -> Case:
    case = Case.objects.get(number=number)
    act(case_id=case.id, command=Command(act=name, **more), expected_version=case.version, by=world.by(who))  # type: ignore[arg-type]
    return Case.objects.get(number=number)


def shown(desk: Desk, who: str, number: str) -> str:
    answer = desk(who).get(f"/desk/cases/{number}")
    assert answer.status_code == 200
    return answer.content.decode()


def forcer(world: World) -> None:
    """The secretary leads the subdistrict too."""
    assign(post="leader", area="320499001", valid_from=SINCE, person=world.persons["inspector"], by=mandates.console())


def test_a_request_is_the_next_step_by_its_own_name_and_says_whom_it_waits_for(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED)
    do(world, "worker", case.number, "ask_extension", reason="材料未到")
    page = shown(desk, "secretary", case.number)
    assert "下一步：同意延期申请" in page
    assert "等您同意延期申请" in page
    assert "下一步：处置" not in page
    assert "王示范：材料未到" in page
    operator = shown(desk, "operator", case.number)
    assert "延期申请等：社区书记 / 街道领导" in operator


def test_a_suspended_case_is_not_finished_and_nobody_handed_it_back(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED)
    until = now() + timedelta(days=40)
    do(world, "worker", case.number, "ask_suspension", reason="待材料", until=until)
    end = timezone.localtime(until).strftime("%m-%d %H:%M")
    assert f"{end}，等：派遣员" in shown(desk, "operator", case.number)
    do(world, "operator", case.number, "suspend")
    page = shown(desk, "worker", case.number)
    assert re.search(r"<h2>挂账至 [^<]*</h2>", page)
    assert "<h2>已办结</h2>" not in page
    assert "交回；停止计时" not in page
    assert "恢复办理以前停止计时" in page
    do(world, "operator", case.number, "resume")
    assert "挂账：停止计时" in shown(desk, "worker", case.number), "the pause is a line of the sum"


def test_an_extension_is_a_line_of_the_sum(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), *SIGNED)
    do(world, "worker", case.number, "ask_extension", reason="材料未到")
    do(world, "secretary", case.number, "endorse")
    do(world, "operator", case.number, "extend")
    page = shown(desk, "worker", case.number)
    sums = re.search(r'<dl class="sum">(.*?)</dl>', page, re.DOTALL)
    assert sums
    assert re.search(r"限 2 个工作日</dt>\s*<dd>16:00</dd>", sums.group(1)), sums.group(1)
    assert re.search(r"延期，再加一个时限</dt>\s*<dd>\+ 16:00</dd>", sums.group(1))


def test_a_forced_closing_is_not_called_done_nor_handed_back(world: World, desk: Desk) -> None:
    forcer(world)
    case = world.bring(world.report(), *SIGNED)
    duty = next(row.duty for row in mandates.standing_of(world.persons["inspector"], channel="desk").rows
                if row.post == "leader")  # fmt: skip
    act(case_id=case.id, command=Command(act="force_close", reason="整体拆除"), expected_version=case.version,
        by=mandates.for_person(world.persons["inspector"], channel="desk", duty=duty))  # fmt: skip
    page = shown(desk, "operator", case.number)
    assert "强制结案，没有交回" in page
    assert "按时办结" not in page
    assert '<dd class="total ">' in page, "before its due time: neither done in time nor late"
    assert "按时办结" not in desk("operator").get("/desk/?state=closed").content.decode()
    code = Report.objects.get(case_id=case.id).tracking_code
    story = desk("operator").get(f"/track/{code}").content.decode()
    assert "办好了，已核查" not in story
    assert "由街道决定结案" in story
    assert "整体拆除" in story
    assert not re.search(r'class="past">核查', story)


def test_a_disposal_is_labelled_and_its_photos_are_compared(world: World, desk: Desk) -> None:
    by = world.by("worker")
    receipt = report_case(report=NewReport(description="占道", source="grid_worker", address="青禾路"), by=by)
    page = shown(desk, "worker", receipt.number)
    assert "处置前照片" in page
    assert "处置后的照片" in page
    pictures = [SimpleUploadedFile("b.jpg", photo("navy")), SimpleUploadedFile("a.jpg", photo())]
    answer = send(desk("worker"), receipt.number, "dispose", 1, condition="E0401:1", photos=pictures)
    assert answer.status_code == 200
    assert 'class="compare"' in answer.content.decode()
    case = Case.objects.get(number=receipt.number)
    said = following.follow(str(receipt.tracking_code))
    assert len(said.files) == 2
    story = desk("worker").get(f"/track/{receipt.tracking_code}").content.decode()
    assert "办好了，已核查" not in story
    assert ("当场已处置，未抽查" in story) is (case.sampled is False)


def test_merged_cases_lead_to_each_other(world: World, desk: Desk) -> None:
    first, second = world.report(), world.report()
    do(world, "acceptor", second.number, "merge", other=first.number)
    own = shown(desk, "acceptor", second.number)
    assert f'href="/desk/cases/{first.number}"' in own
    assert "<h2>已并案</h2>" in own
    assert f"随 {first.number} 一起办结" in own
    assert f'href="/desk/cases/{second.number}"' in shown(desk, "acceptor", first.number)


def test_parts_and_whole_lead_to_each_other_with_their_states(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    send(desk("operator"), case.number, "share", case.version, task=["修复路灯", "补种行道树"],
         part=[f"unit:{world.unit}", "post:grid_worker"])  # fmt: skip
    page = shown(desk, "operator", case.number)
    assert "各部分都办结时它才办结" in page
    for part in Case.objects.filter(parent=case.id):
        assert f'href="/desk/cases/{part.number}"' in page
        assert f'href="/desk/cases/{case.number}"' in shown(desk, "operator", part.number)
    assert "示例路灯养护单位 · 修复路灯" in page
    assert page.count('data-s="dispatched"') == 2
    client = chosen(world, desk)
    mine = Case.objects.get(parent=case.id, organisation_id=world.unit)
    own = client.get(f"/desk/cases/{mine.number}").content.decode()
    assert case.number in own, "the whole is named"
    assert f'href="/desk/cases/{case.number}"' not in own, "but the unit may not open it"


def test_an_order_a_call_and_a_meeting_are_shown_with_who_and_until_when(world: World, desk: Desk) -> None:
    client = chosen(world, desk)
    case = to_unit(world, world.bring(world.report(), "accept", "confirm", "register"))
    do(world, "secretary", case.number, "supervise", reason="尽快处理")
    do(world, "operator", case.number, "whistle", organisation=world.unit)
    page = shown(desk, "operator", case.number)
    assert "督办等待回复" in page
    assert "社区书记 吴虚构：尽快处理" in page
    assert "已吹哨叫示例路灯养护单位到场" in page
    assert "从吹哨起半小时" in page
    for reason in ("不归我们管", "还是不归我们管"):
        case.refresh_from_db()
        if case.state == "registered":
            case = to_unit(world, case)
        send(client, case.number, "return", case.version, reason=reason)
    page = shown(desk, "operator", case.number)
    assert "召集联席会议" in page
    assert "由联席会议裁定，等：社区书记 / 街道领导" in page


def test_the_rating_itself_is_shown(world: World, desk: Desk) -> None:
    receipt = world.report()
    world.bring(receipt, *SIGNED, "handle", "inspect", "close")
    following.rate(str(receipt.tracking_code), 1)
    assert re.search(r"上报人已?评价.*?不满意", shown(desk, "operator", receipt.number), re.DOTALL)


def test_words_fit_the_act(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register")
    page = shown(desk, "operator", case.number)
    form = re.search(r'id="act-return".*?</form>', page, re.DOTALL)
    assert form
    assert "非本单位职责" not in form.group(0)
    assert "核实不够" in form.group(0)
    comment = re.search(r'id="act-comment".*?</form>', page, re.DOTALL)
    assert comment
    assert "给同事的话" in comment.group(0)
