"""Tasks at the desk: given on a phone, received by opening, answered, accepted; refusals; the card and its code."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import PASSWORD, SINCE, World
from wangge.interfaces.staff import taskwords
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people import services as people
from wangge.kernel.tasks import lifecycle
from wangge.kernel.tasks.models import Task

GRID = "320499001001001"
WORDS = "请今天清走东门摊位"
LATER = "2099-01-01T18:00"


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


def soon() -> str:
    from datetime import timedelta

    from django.utils import timezone

    return f"{timezone.localtime() + timedelta(hours=20):%Y-%m-%dT%H:%M}"


def give(client: Client, **more: str) -> Any:
    given = {"kind": "directive", "area": GRID, "target": "post:grid_worker", "note": WORDS, "due_at": soon()} | more
    return client.post("/desk/tasks/new", given, follow=True)


def press(client: Client, act: str, **given: str) -> Any:
    task = Task.objects.get()
    return client.post(f"/desk/tasks/{task.number}/act", {"act": act, "expected_version": task.version} | given,
                       follow=True)


def test_a_directive_from_the_form_to_its_end(world: World, desk: Desk) -> None:
    leader, worker = desk("leader"), desk("worker")
    form = text(leader.get(f"/desk/tasks/new?area={GRID}"))
    for words in ("交办任务", "关于：青禾社区", "专职网格员 (王示范)", "示例路灯养护单位"):
        assert words in form
    page = text(give(leader))
    for words in (WORDS, "已发出", "待签收", "交给 专职网格员", "王示范", "群分享卡", "已签收 还没有"):
        assert words in page
    assert WORDS in text(worker.get("/desk/tasks"))
    number = Task.objects.get().number
    shown = worker.get(f"/desk/tasks/{number}").content.decode()
    assert f'hx-post="/desk/tasks/{number}/seen"' in shown
    assert worker.post(f"/desk/tasks/{number}/seen").status_code == 204
    assert worker.post(f"/desk/tasks/{number}/seen").status_code == 204
    assert Entry.objects.filter(subject_id=Task.objects.get().id, verb="read_task").count() == 1
    assert "hx-post" not in leader.get(f"/desk/tasks/{number}").content.decode()
    assert "现在不用您办" in text(leader.get(f"/desk/tasks/{number}"))
    assert "办理中" in text(press(worker, "take_task"))
    assert "清了一半" in text(press(worker, "progress", note="清了一半"))
    assert "待验收" in text(press(worker, "reply_task", note="已清走"))
    assert "退回重办 " in text(press(leader, "send_back", reason="照片看不清"))
    press(worker, "reply_task", note="补了照片")
    page = text(press(leader, "accept_reply"))
    assert "已办结" in page
    assert "已经结束。" in page
    assert verify().clean


def test_the_front_line_calls_and_is_answered(world: World, desk: Desk) -> None:
    worker, leader = desk("worker"), desk("leader")
    form = text(worker.get("/desk/tasks/new?kind=call"))
    for words in ("直达领导", "多久内答复", "2 小时", "负责这里的领导", "社区书记 (吴虚构)"):
        assert words in form
    sent = worker.post("/desk/tasks/new", {"kind": "call", "note": "塌方", "minutes": "30"}, follow=True)
    assert "已发出" in text(sent)
    task = Task.objects.get()
    assert (task.post_id, (task.due_at - task.issued_at).total_seconds()) == ("leader", pytest.approx(1800, abs=5))
    assert "待我办 1" in text(leader.get("/desk/tasks"))
    press(leader, "reply_task", note="马上到")
    assert "我发出的 1" in text(worker.get("/desk/tasks"))


@pytest.mark.parametrize(("given", "words"), [
    ({"note": ""}, "写几个字。"), ({"due_at": "2001-01-01T00:00"}, "期限不合适"), ({"due_at": "x"}, "这个时间不合适"),
    ({"due_at": ""}, "说明什么时候前办好"), ({"target": "post:admin"}, "这个岗位不接任务"),
    ({"target": "post:officer"}, "那里现在没有人任这个岗位"),
    ({"target": "unit:x"}, "请选择"), ({"target": "post:leader"}, "任务要交给别人"),
    ({"area": ""}, "请说明任务关于什么"),
    ({"area": "x"}, "没有这个编码的区域"), ({"key": "x"}, "有一项内容不合要求"),
])  # fmt: skip
def test_a_refused_form_keeps_what_was_typed(desk: Desk, given: dict[str, str], words: str) -> None:
    answer = give(desk("leader"), **given)
    assert 400 <= answer.status_code < 500
    assert words in text(answer), text(answer)[:1500]
    if "note" not in given:
        assert WORDS in answer.content.decode()
    assert not Task.objects.exists()


def test_a_refused_act_shows_the_task_as_it_is(desk: Desk) -> None:
    leader, worker = desk("leader"), desk("worker")
    give(leader)
    answer = press(worker, "reply_task", note=" ")
    assert answer.status_code == 422
    lost = worker.post(f"/desk/tasks/{Task.objects.get().number}/act",
                       {"act": "reply_task", "expected_version": "9", "note": "说过的话"})
    assert lost.status_code == 409
    assert "说过的话" in lost.content.decode()
    assert press(leader, "take_task").status_code == 403
    assert press(leader, "redirect", target="post:grid_worker").status_code == 422
    assert press(leader, "postpone", due_at="x").status_code == 422
    assert press(leader, "nonsense").status_code == 422


def test_who_may_not_see_it_finds_nothing(desk: Desk) -> None:
    give(desk("leader"))
    number = Task.objects.get().number
    for who, status in (("elsewhere", 404), ("inspector", 404), ("admin", 403)):
        for page in ("", "/code.svg"):
            assert desk(who).get(f"/desk/tasks/{number}{page}").status_code == status
        assert WORDS not in text(desk(who).get("/desk/tasks"))
    assert desk("operator").get(f"/desk/tasks/{number}").status_code == 200
    assert WORDS in text(desk("secretary").get("/desk/tasks?box=all&area=320499001001"))
    for wrong in ("?box=x", "?state=x", "?area=x", "?cursor=x", "?box=all&area=%00"):
        assert 400 <= desk("leader").get(f"/desk/tasks{wrong}").status_code < 500


def test_the_card_asks_to_sign_in_and_leads_to_the_task(world: World, desk: Desk) -> None:
    give(desk("leader"))
    number = Task.objects.get().number
    page = desk("worker").get(f"/desk/tasks/{number}").content.decode()
    card = re.search(r'id="card-text"[^>]*>([^<]+)<', page)
    assert card
    assert card.group(1).endswith(f"http://testserver/desk/tasks/{number}")
    for word in ("钱示意", "王示范", "摊位"):
        assert word not in card.group(1)
    code = desk("worker").get(f"/desk/tasks/{number}/code.svg")
    assert code["Content-Type"] == "image/svg+xml"
    assert b"<svg" in code.content
    visitor = Client()
    assert visitor.get(f"/desk/tasks/{number}")["Location"].endswith(f"?next=/desk/tasks/{number}")
    signed = visitor.post(f"/accounts/login/?next=/desk/tasks/{number}", {"login": "worker", "password": PASSWORD})
    assert signed["Location"] == f"/desk/tasks/{number}"


def test_a_case_leads_to_its_tasks(world: World, desk: Desk) -> None:
    case = world.bring(world.report("外墙脱落"), "accept", "confirm", "register", "dispatch", "sign")
    leader = desk("leader")
    page = leader.get(f"/desk/cases/{case.number}").content.decode()
    assert f"/desk/tasks/new?kind=directive&amp;case={case.number}" in page
    assert f"kind=call&amp;case={case.number}" in desk("worker").get(f"/desk/cases/{case.number}").content.decode()
    form = text(leader.get(f"/desk/tasks/new?kind=directive&case={case.number}"))
    assert "案件现在的承办人" in form
    give(leader, area="", case=case.number, target="")
    task = Task.objects.get()
    assert (task.case_id, task.post_id) == (case.id, "grid_worker")
    give(leader)
    listed = text(leader.get(f"/desk/tasks?box=all&state=any&case={case.number}"))
    assert task.number in listed
    assert Task.objects.exclude(id=task.id).get().number not in listed
    assert leader.get("/desk/tasks?box=all&case=nowhere").status_code == 422


def test_pages_of_tasks_cost_few_statements(desk: Desk) -> None:
    leader = desk("leader")
    give(leader)
    for page in ("/desk/tasks", f"/desk/tasks/{Task.objects.get().number}", f"/desk/tasks/new?area={GRID}"):
        leader.get(page)
        with statements() as sent:
            assert leader.get(page).status_code == 200
        assert len(sent) <= 8, sent


def test_every_state_kind_and_act_has_its_words() -> None:
    assert set(taskwords.STATES) == set(taskwords.PIES) == {state.value for state in lifecycle.State}
    assert set(taskwords.KINDS) == {kind.value for kind in lifecycle.Kind}
    assert set(taskwords.BUTTONS) == set(lifecycle.ACTS)
    assert set(taskwords.DONE) >= set(lifecycle.ACTS) | lifecycle.INTERNAL
    for table in (taskwords.STATES, taskwords.KINDS, taskwords.BUTTONS, taskwords.DONE):
        for code, message in table.items():
            with translation.override("en"):
                english = str(message)
            with translation.override("zh-hans"):
                assert str(message) != english, code


def test_an_address_with_nul_opens_the_form_of_a_task(desk: Desk) -> None:
    assert desk("leader").get("/desk/tasks/new?case=%00&kind=%00").status_code == 200
