"""The leader's pages: the morning brief in sentences, the list behind each figure, decisions, and who answers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import INSIDE, PASSWORD, SINCE, World
from wangge.base.clock import now
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.queries import night
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import assign, end_assignment
from wangge.kernel.people import services as people
from wangge.kernel.spots.sweeping import look_back
from wangge.kernel.tasks.models import Task
from wangge.kernel.tasks.services import issue
from wangge.kernel.tasks.state import NewTask

SHANGHAI = ZoneInfo("Asia/Shanghai")
WAY = ("accept", "confirm", "register", "dispatch", "sign")


@pytest.fixture(autouse=True)
def leader(world: World) -> None:
    """A leader of the whole subdistrict."""
    by = mandates.console()
    person = people.create_person(name="钱示意", by=by)
    assign(post="leader", area="320499001", valid_from=SINCE, person=person, by=by)
    world.persons["leader"] = person.id
    world.accounts["leader"] = people.create_account(username="leader", password=PASSWORD, person=person, by=by,
                                                     check_strength=False)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


@pytest.mark.parametrize(("local", "start", "end"), [
    ((14, 8, 0), (13, 18, 0), (14, 7, 30)), ((14, 6, 0), (13, 18, 0), (14, 6, 0)),
    ((14, 23, 0), (13, 18, 0), (14, 7, 30)), ((14, 0, 10), (13, 18, 0), (14, 0, 10)),
])  # fmt: skip
def test_a_night_lasts_from_six_to_half_past_seven(
    local: tuple[int, int, int], start: tuple[int, int, int], end: tuple[int, int, int]
) -> None:
    def at(day: int, hour: int, minute: int) -> datetime:
        return datetime(2026, 10, day, hour, minute, tzinfo=SHANGHAI)

    found = night.night_before(at(*local).astimezone(UTC), SHANGHAI)
    assert found == night.Night(at(*start), at(*end))
    assert found.week_before().start == at(*start) - timedelta(days=7)


@pytest.fixture
def at_night(time_machine: Any) -> Any:
    """Three in the morning of a Tuesday in June."""
    time_machine.move_to(datetime(2026, 6, 9, 3, 0, tzinfo=SHANGHAI))
    return time_machine


def figures(page: str) -> dict[str, str]:
    """The figures of the brief by the address behind them."""
    return dict(re.findall(r'<a class="stat" href="([^"]+)"><span class="v[^"]*">([^<]+)', page))


def test_the_brief_says_first_what_went_wrong(world: World, desk: Desk, at_night: Any) -> None:
    client = desk("leader")
    calm = text(client.get("/desk/brief"))
    assert "昨夜新报 0 件，办结 0 件。没有超期。" in calm
    assert "没有等您决定的事" in calm
    world.bring(world.report("摊贩占道"), *WAY, "handle", "inspect", "close")
    for words in ("路灯不亮", "井盖松动"):
        world.bring(world.report(words), *WAY)
    at_night.move_to(datetime(2026, 6, 17, 6, 0, tzinfo=SHANGHAI))
    client = desk("leader")
    world.report("夜里又报")
    page = client.get("/desk/brief")
    said = re.sub(r"</?em>", "", page.content.decode())
    assert "昨夜新报 1 件，办结 0 件。有 2 件超期，其中 2 件在青禾社区。" in said
    assert "在 专职网格员 · 王示范 手里" in text(page)
    assert figures(page.content.decode()) == {
        "/desk/brief/reported": "–", "/desk/brief/closed": "0", "/desk/brief/overdue": "2"} | {
        "/desk/brief/reported": figures(page.content.decode())["/desk/brief/reported"]}
    listed = text(client.get("/desk/brief/overdue"))
    assert "井盖松动" in listed
    assert "路灯不亮" in listed
    assert "夜里又报" in text(client.get("/desk/brief/reported"))
    assert "夜里又报" not in text(client.get("/desk/brief/closed"))
    assert client.get("/desk/brief/nonsense").status_code == 404
    assert 400 <= client.get("/desk/brief/overdue?cursor=x").status_code < 500


def test_each_figure_counts_what_its_list_shows(world: World, desk: Desk, at_night: Any) -> None:
    for number in range(3):
        case = world.bring(world.report(f"摊贩 {number}"), *WAY, "handle", "inspect", "close")
    act(case_id=case.id, command=Command(act="reopen", reason="又摆出来"), expected_version=case.version,
        by=world.by("leader"))
    forced = world.bring(world.report("拆不掉"), *WAY)
    act(case_id=forced.id, command=Command(act="force_close", reason="已移交"), expected_version=forced.version,
        by=world.by("leader"))
    at_night.shift(timedelta(hours=1))
    moment, by = now(), world.by("leader")
    last = night.night_before(moment, SHANGHAI)
    filters = night.filters_of(last)
    told = night.figures(by, filters, {"now": filters["reported"]}, now=moment)
    assert told.counts == {"reported": 4, "closed": 3, "forced": 1, "reopened": 1, "overdue": 0, "fresh": 0}
    assert told.answered["now"] is not None
    for key, count in told.counts.items():
        if key != "fresh":
            page = desk("leader").get(f"/desk/brief/{key}").content.decode()
            assert len(re.findall(r"<tr data-k=", page)) == count, key
    beside = text(desk("leader").get("/desk/brief"))
    assert "1 件结案后重开" in beside
    assert "1 件强制结案" in beside


def test_a_vacant_post_charges_nobody(world: World, desk: Desk, at_night: Any) -> None:
    world.bring(world.report("路灯不亮"), *WAY)
    duty = Assignment.objects.get(person_id=world.persons["worker"])
    at_night.move_to(datetime(2026, 6, 17, 6, 0, tzinfo=SHANGHAI))
    end_assignment(assignment=duty.id, at=now() - timedelta(hours=3), by=mandates.console())
    assert "岗位空缺，不记个人。" in text(desk("leader").get("/desk/brief"))


def asked(world: World, what: str, **more: Any) -> Case:
    """A case about which its handler asks for something."""
    case = world.bring(world.report(f"申请 {what}"), *WAY)
    act(case_id=case.id, command=Command(act=what, reason="等材料", **more), expected_version=case.version,
        by=world.by("worker"))
    case.refresh_from_db()
    return case


def decide(client: Client, case: Case, verdict: str, **more: str) -> Any:
    return client.post("/desk/approvals/decide", {"case": f"{case.number}:{case.version}", "verdict": verdict} | more)


def test_requests_are_decided_from_the_list(world: World, desk: Desk) -> None:
    longer = asked(world, "ask_extension")
    pause = asked(world, "ask_suspension", until=now() + timedelta(days=9))
    leader, operator = desk("leader"), desk("operator")
    page = text(leader.get("/desk/approvals"))
    assert "延期：申请 ask_extension" in page
    assert "王示范" in page
    assert "等材料" in page
    assert "挂账：" not in page, "suspending is the desk's"
    assert "挂账：" in text(operator.get("/desk/approvals"))
    assert "写" in text(decide(operator, pause, "no"))
    pause.refresh_from_db()
    assert pause.request == "suspension"
    said = text(decide(operator, pause, "yes"))
    assert "已同意。 挂账" in said
    assert "已同意。" in text(decide(leader, longer, "yes", kind="extension"))
    longer.refresh_from_db()
    assert longer.request_step == "extend"
    assert "延期：" not in text(leader.get("/desk/approvals")), "who endorsed it does not grant it"
    assert "延期：" in text(operator.get("/desk/approvals"))
    assert "不同意。" in text(decide(operator, longer, "no", reason="时间够"))
    lost = decide(operator, longer, "yes")
    assert "没有等您决定" in text(lost)


def test_several_are_decided_at_once_with_a_result_each(world: World, desk: Desk) -> None:
    pauses = [asked(world, "ask_suspension", until=now() + timedelta(days=9)) for _ in range(2)]
    operator = desk("operator")
    assert "一并决定" in text(operator.get("/desk/approvals"))
    values = [f"{one.number}:{one.version}" for one in pauses] + ["320499001202601010000009:1"]
    page = operator.post("/desk/approvals/decide", {"case": values, "verdict": "yes"}).content.decode()
    assert page.count('class="note done"') == 2
    assert page.count('class="note late"') == 1
    for bad in ({"verdict": "yes"}, {"verdict": "maybe", "case": values}, {"verdict": "yes", "case": "x"}):
        assert operator.post("/desk/approvals/decide", bad).status_code == 422


def test_a_joint_meeting_is_ruled_from_the_list(world: World, desk: Desk) -> None:
    case = world.bring(world.report("雨污混接"), "accept", "confirm", "register")
    clerk = people.create_person(name="冯虚拟", by=mandates.console())
    assign(post="unit_clerk", area="320499001", valid_from=SINCE, person=clerk, organisation=world.unit,
           by=mandates.console())
    for _ in range(2):
        for name, by, more in (
            ("dispatch", world.by("operator"), {"organisation": world.unit}),
            ("return", mandates.for_person(clerk.id, channel="desk"), {"reason": "不是我们的管"}),
        ):
            case.refresh_from_db()
            act(case_id=case.id, command=Command(act=name, **more), expected_version=case.version, by=by)
    case.refresh_from_db()
    assert case.meeting == "called"
    leader = desk("leader")
    page = text(leader.get("/desk/approvals"))
    assert "联席会议：雨污混接" in page
    assert page.count("不是我们的管") == 2
    assert "看两家理由，再定" in text(leader.get("/desk/brief"))
    assert "承办" in text(decide(leader, case, "yes", reason="管在小区外"))
    assert "已同意。" in text(decide(leader, case, "yes", reason="管在小区外", target=f"unit:{world.unit}"))
    case.refresh_from_db()
    assert (case.state, case.organisation_id) == ("dispatched", world.unit)


def test_an_order_is_answered_and_an_answer_accepted_from_the_list(world: World, desk: Desk) -> None:
    case = world.bring(world.report("督办件"), *WAY)
    act(case_id=case.id, command=Command(act="supervise", reason="三天没动"), expected_version=case.version,
        by=world.by("leader"))
    case.refresh_from_db()
    assert "督办：督办件" in text(desk("worker").get("/desk/approvals"))
    assert "已同意。" in text(decide(desk("worker"), case, "yes", note="今天完成"))
    given = NewTask(kind="directive", note="去看看", area="320499001001001", post="grid_worker",
                    due_at=now() + timedelta(hours=5))
    issue(new=given, by=world.by("leader"))
    task = Task.objects.get()
    answer = {"act": "reply_task", "expected_version": 1, "note": "看过了"}
    desk("worker").post(f"/desk/tasks/{task.number}/act", answer)
    leader = desk("leader")
    assert "答复验收：去看看" in text(leader.get("/desk/approvals"))
    done = text(leader.post("/desk/approvals/decide", {"case": f"{task.number}:2", "verdict": "yes"}))
    assert f"{task.number} 已办结" in done
    again = leader.post("/desk/approvals/decide", {"case": f"{task.number}:2", "verdict": "no", "reason": "x"})
    assert 'class="note late"' in again.content.decode()


def test_who_answers_by_name_code_and_point(world: World, desk: Desk) -> None:
    client = desk("leader")
    page = text(client.get("/desk/answers"))
    assert "谁负责" in page
    several = text(client.get("/desk/answers?q=网格"))
    assert "是哪一个？" in several
    chain = text(client.get("/desk/answers?area=320499001001001"))
    for words in ("专职网格员 王示范", "社区书记 吴虚构", "街道领导 钱示意", "这里空缺：网格长"):
        assert words in chain
    by_point = text(client.get(f"/desk/answers?lon={INSIDE.lon_e7 / 1e7}&lat={INSIDE.lat_e7 / 1e7}"))
    assert "专职网格员 王示范" in by_point
    reach = client.get("/desk/answers?area=320499001001001").content.decode()
    assert "kind=directive&amp;area=320499001001001&amp;target=post:grid_worker" in reach
    worker = desk("worker").get("/desk/answers?area=320499001001001").content.decode()
    assert "kind=call&amp;area=320499001001&amp;target=post:secretary" in worker
    assert "没有叫这个名字的地方" in text(client.get("/desk/answers?q=火星"))
    for bad in ("area=x", "lon=1&lat=1", "lon=x&lat=2", "lon=119.9", "q=%00", "area=%00"):
        assert 400 <= client.get(f"/desk/answers?{bad}").status_code < 500, bad


def test_the_leaders_pages_keep_within_their_statements(world: World, desk: Desk) -> None:
    for _ in range(2):
        asked(world, "ask_extension")
    client = desk("leader")
    for page in ("/desk/brief", "/desk/brief/overdue", "/desk/approvals", "/desk/answers?area=320499001001001"):
        client.get(page)
        with statements() as sent:
            assert client.get(page).status_code == 200
        assert len(sent) <= 8, (page, sent)


def test_the_brief_is_for_who_leads_and_the_rest_for_everybody(world: World, desk: Desk) -> None:
    for page, worker in (("/desk/brief", 403), ("/desk/brief/overdue", 403), ("/desk/approvals", 200),
                         ("/desk/answers", 200)):
        assert Client().get(page).status_code == 302
        assert desk("secretary").get(page).status_code == 200
        assert desk("worker").get(page).status_code == worker


def test_the_map_shades_grids_by_open_cases_and_pins_what_came_back(world: World, desk: Desk, at_night: Any) -> None:
    for words in ("摊贩占道", "又摆出来了"):
        world.bring(world.report(words), *WAY, "handle", "inspect", "close")
    world.bring(world.report("还在摆"), "accept", "confirm", "register")
    assert look_back().opened == 1
    page = desk("leader").get("/desk/brief").content.decode()
    drawn = page.split('class="ground"')[1].split("</svg>")[0]
    assert len(re.findall(r'<path class="b[0-3]"', drawn)) == 4
    shaded = re.findall(r'<path class="b([1-3])" [^>]*><title>([^<]+)', drawn)
    assert shaded == [("1", "青禾社区 青禾第一网格：未结 1 件")]
    assert len(re.findall(r'<path class="edge"', drawn)) == 2
    assert re.findall(r'<g class="back (\w+)">.*?>(\d+)</text>', drawn) == [("soon", "3")]
    assert "<script" not in drawn
    assert "未结案件地图；最多的是青禾社区 青禾第一网格，1 件。" in page


def test_grids_with_people_on_duty_and_no_report_are_named(world: World, desk: Desk, at_night: Any) -> None:
    page = text(desk("leader").get("/desk/brief"))
    assert "青禾社区 青禾第一网格 至少 30 天没有上报，1 人在岗" in page
    world.report()
    page = text(desk("leader").get("/desk/brief"))
    assert "青禾第一网格 至少" not in page
    assert "望湖第一网格 至少 30 天没有上报" in page
    at_night.shift(timedelta(days=8))
    page = desk("leader").get("/desk/brief").content.decode()
    assert "青禾社区 青禾第一网格" in page
    assert "8 天没有上报，1 人在岗" in page
    assert "kind=directive&amp;area=320499001001001" in page


def test_the_brief_keeps_within_eight_statements_with_decisions_waiting(
    world: World, desk: Desk, at_night: Any
) -> None:
    asked(world, "ask_extension")
    client = desk("leader")
    client.get("/desk/brief")
    with statements() as sent:
        page = client.get("/desk/brief").content.decode()
    assert "延期：申请 ask_extension" in page
    assert "等材料" in page
    assert len(sent) <= 8, sent
