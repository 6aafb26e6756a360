"""Patrols at the desk: started on a phone, a spot check read at once by whom it names, contested, decided; switches."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import PASSWORD, SINCE, World
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people import services as people
from wangge.patrols.models import Observation, Patrol, Switch
from wangge.patrols.services import NewPatrol, plan_patrol

COMMUNITY = "320499001001"
ADDRESS = "/desk/patrols"


@pytest.fixture(autouse=True)
def others(world: World) -> None:
    """An officer of the community, and a leader, beside its secretary."""
    by = mandates.console()
    for name, post, area in (("officer", "officer", COMMUNITY), ("leader", "leader", "320499001")):
        person = people.create_person(name=f"示意{name}", by=by)
        assign(post=post, area=area, valid_from=SINCE, person=person, by=by)
        world.persons[name] = person.id
        world.accounts[name] = people.create_account(username=name, password=PASSWORD, person=person, by=by,
                                                     check_strength=False)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def press(client: Client, do: str, **given: Any) -> Any:
    return client.post(ADDRESS, {"do": do, **given}, follow=True)


def looked(desk: Desk, world: World) -> Observation:
    officer = desk("officer")
    assert press(officer, "start", area=COMMUNITY, hours="2").status_code == 200
    patrol = Patrol.objects.get(state="started")
    path = next(re.finditer(rf'value="({world.persons["worker"]}:[^"]+)"', officer.get(ADDRESS).content.decode()))
    press(officer, "observe", patrol=patrol.id, worker=path.group(1), outcome="not_seen", note="岗亭无人")
    return Observation.objects.get()


@pytest.mark.django_db
def test_a_spot_check_goes_its_way(desk: Desk, world: World) -> None:
    row = looked(desk, world)
    worker = desk("worker")
    page = text(worker.get(ADDRESS))
    for word in ("岗亭无人", "未见到", "仅凭抽查人所述", "示意officer"):
        assert word in page
    press(worker, "contest", observation=row.id, version=1, reason="在处置井盖")
    assert "在处置井盖" in text(desk("secretary").get(ADDRESS))
    press(desk("secretary"), "decide", observation=row.id, version=2, upheld="0", reason="有工单")
    row.refresh_from_db()
    assert row.state == "struck"
    assert "有工单" in text(desk("worker").get(ADDRESS))
    patrol = Patrol.objects.get()
    press(desk("officer"), "end", patrol=patrol.id, version=patrol.version)
    assert Patrol.objects.get().state == "ended"
    assert verify().clean


@pytest.mark.django_db
def test_a_switch_is_asked_for_and_approved_by_another(desk: Desk) -> None:
    given = {"function": "online_time", "area": COMMUNITY, "scene": "flood", "document": "苏汛〔2026〕12号",
             "days": "7", "reason": "防汛一级响应"}
    press(desk("secretary"), "ask", **given)
    row = Switch.objects.get()
    assert row.state == "asked"
    assert press(desk("secretary"), "approve", switch=row.id, version=1).status_code == 403
    press(desk("leader"), "approve", switch=row.id, version=1)
    assert "防汛一级响应" in text(desk("leader").get(ADDRESS))
    press(desk("leader"), "off", switch=row.id, version=2)
    assert Switch.objects.get().state == "ended"


@pytest.mark.django_db
@pytest.mark.parametrize("given", [
    {"do": "nonsense"}, {"do": "start", "hours": "x"}, {"do": "start", "hours": "2", "area": "nowhere"},
    {"do": "observe", "worker": "x"}, {"do": "observe", "worker": "x:320499/:y", "patrol": "z"},
    {"do": "contest", "observation": "x"}, {"do": "contest"}, {"do": "decide", "version": "9" * 9},
    {"do": "ask", "days": "7"}, {"do": "approve", "switch": "x"}, {"do": "end", "patrol": "x", "version": "1"},
])
def test_bad_input_is_refused_on_the_page(desk: Desk, given: dict[str, str]) -> None:
    for who in ("officer", "secretary"):
        answer = desk(who).post(ADDRESS, given)
        assert 400 <= answer.status_code < 500
        assert b'role="alert"' in answer.content


@pytest.mark.django_db
def test_the_page_takes_few_statements(desk: Desk, world: World) -> None:
    looked(desk, world)
    for who in ("officer", "worker", "secretary", "leader"):
        client = desk(who)
        with statements() as made:
            assert client.get(ADDRESS).status_code == 200
        assert len(made) <= 8, (who, [one[:90] for one in made])


@pytest.mark.django_db
def test_a_stop_is_ticked_and_the_end_says_which_were_visited(desk: Desk, world: World) -> None:
    moment = now()
    by = world.by("officer")
    new = NewPatrol(COMMUNITY, moment, moment + timedelta(hours=2), ("320499001001001", "320499001001002"))
    row = plan_patrol(new=new, by=by)
    officer = desk("officer")
    press(officer, "begin", patrol=row.id, version=1)
    page = officer.get(ADDRESS)
    assert "关键点（按顺序）" in text(page)
    assert page.content.decode().count("我到了") == 2
    assert "已勾选" in text(press(officer, "visit", patrol=row.id, version=2, stop="1"))
    assert officer.get(ADDRESS).content.decode().count("我到了") == 1
    for wrong in ({"stop": "9"}, {"stop": "x"}, {"stop": "0", "version": 2}):
        assert press(officer, "visit", **{"patrol": row.id, "version": 3, **wrong}).status_code in (409, 422)
    done = text(press(officer, "end", patrol=row.id, version=3))
    assert "已到，本人勾选" in done
    assert "未到" in done
    assert Patrol.objects.get().visited == {"1": "ticked"}
    assert verify().clean


@pytest.mark.django_db
def test_ones_own_assessment_leads_to_what_was_seen_of_oneself(desk: Desk) -> None:
    page = desk("worker").get("/desk/mine").content.decode()
    assert 'href="/desk/patrols#seen"' in page
    assert 'id="seen"' in desk("worker").get(ADDRESS).content.decode()
