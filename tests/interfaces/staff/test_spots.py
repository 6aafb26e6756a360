"""Spot files at the desk: the list, the page in words, acts and their refusals, the link from a case."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from tests.interfaces.api.counting import statements
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import SINCE, World, ago
from wangge.base.clock import now
from wangge.interfaces.staff import spotwords
from wangge.kernel.cases.models import Case
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people import services as people
from wangge.kernel.spots import lifecycle
from wangge.kernel.spots.models import Spot
from wangge.kernel.spots.sweeping import look, look_back

WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")


@pytest.fixture
def spot(world: World) -> Spot:
    """A file that three reports of street vending opened; the last of them is open."""
    for words in ("摊贩占道", "又摆出来了"):
        world.bring(world.report(words), *WAY)
    world.bring(world.report("还在摆"), *WAY[:3])
    assert look_back().opened == 1
    return Spot.objects.get()


def press(client: Client, spot: Spot, act: str, **given: Any) -> Any:
    version = Spot.objects.get(id=spot.id).version
    return client.post(f"/desk/spots/{spot.number}/act", {"act": act, "expected_version": version} | given, follow=True)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def planned() -> str:
    return (now() + timedelta(days=30)).date().isoformat()


def test_the_list_shows_what_comes_back_where_and_who_sees_to_it(world: World, desk: Desk, spot: Spot) -> None:
    client = desk("operator")
    page = text(client.get("/desk/spots"))
    for words in ("反复点位", "占道经营 · 3 件", spot.number, "青禾社区", "还没有", "待整治", "未销号 1 个"):
        assert words in page
    press(client, spot, "set_remedy", kind="relief_point", owner=f"unit:{world.unit}", planned_on=planned())
    page = text(client.get("/desk/spots?state=under_remedy&class=E04&area=320499001001"))
    assert f"疏导点，示例路灯养护单位 计划 {planned()} 完成" in page
    for none in ("?state=resolved", "?class=E01", "?area=320499001002"):
        assert "这里没有这样的档案" in text(client.get(f"/desk/spots{none}"))


def test_a_condition_that_cannot_be_used_is_named_and_left_out(desk: Desk, spot: Spot) -> None:
    client = desk("operator")
    for query in ("state=flying", "area=9", "cursor=x"):
        answer = client.get(f"/desk/spots?{query}")
        assert answer.status_code == 422
        assert spot.number in text(answer)
        assert "message" in answer.content.decode() or "toast" in answer.content.decode()


def test_the_story_runs_from_opening_to_rebound_and_is_told_in_words(world: World, desk: Desk, spot: Spot) -> None:
    client = desk("operator")
    assert "还没有采取措施" in text(client.get(f"/desk/spots/{spot.number}"))
    page = text(press(client, spot, "campaign", note="清走摊位八个", unit=f"unit:{world.unit}"))
    assert "清走摊位八个" in page
    assert "之前：30 天 3 件（每 30 天 3.0 件）" in page
    press(client, spot, "set_remedy", kind="parking", owner="post:grid_worker", planned_on=planned())
    page = text(press(client, spot, "finish_remedy", note="画了车位"))
    assert "观察中" in page
    assert "停车位，专职网格员" in page
    assert "没有再来" in page
    world.bring(world.report("又来摆摊"), *WAY[:3])
    assert look().rebounded == 1
    page = text(client.get(f"/desk/spots/{spot.number}"))
    for words in ("已反弹", "反弹：案件又来了", "反弹 1 次", "当天又来了第一件", "案件：又来摆摊", "案件：摊贩占道"):
        assert words in page, words


def test_the_page_is_in_english_too(desk: Desk, spot: Spot) -> None:
    client = desk("operator")
    client.cookies["language"] = "en"
    page = text(client.get(f"/desk/spots/{spot.number}"))
    for words in ("Street vending", "Nothing lasting done", "Next: Set a remedy", "Before and after", "Case: 还在摆"):
        assert words in page, words
    assert "Street vending · 3 cases" in text(client.get("/desk/spots"))


def test_every_word_of_files_has_its_chinese() -> None:
    for table in (spotwords.STATES, spotwords.KINDS, spotwords.BUTTONS, spotwords.HINTS, spotwords.DONE,
                  spotwords._OUTCOMES):
        for code, message in table.items():
            with translation.override("en"):
                english = str(message)
            with translation.override("zh-hans"):
                assert str(message) != english, code
    assert set(spotwords.STATES) == set(spotwords.PIES) == {state.value for state in lifecycle.State}
    assert set(spotwords.BUTTONS) == set(lifecycle.ACTS)
    assert set(spotwords.KINDS) == set(lifecycle.KINDS)
    assert set(spotwords._OUTCOMES) == set(lifecycle.OUTCOMES)


@pytest.mark.parametrize(
    ("act", "given", "words"),
    [
        ("campaign", {"note": ""}, "请写几个字"),
        ("campaign", {"note": "清走了", "at": "x"}, "这个时间不合适"),
        ("set_remedy", {"kind": "wall", "owner": "post:grid_worker", "planned_on": planned()}, "请选择一个类别"),
        ("set_remedy", {"kind": "works", "owner": "unit:x", "planned_on": planned()}, "请选择本街道的单位"),
        ("set_remedy", {"kind": "works", "owner": "post:grid_worker", "planned_on": "x"}, "请选择计划完成的日期"),
        ("close_spot", {"reason": ""}, "请"),
        ("finish_remedy", {}, "现在"),
        ("campaign", {"note": "清走了", "expected_version": "77"}, "别人"),
    ],
)
def test_a_refusal_says_why_and_loses_nothing(
    desk: Desk, spot: Spot, act: str, given: dict[str, Any], words: str
) -> None:
    answer = press(desk("operator"), spot, act, **given)
    assert answer.status_code in (409, 422)
    page = answer.content.decode()
    assert 'role="alert"' in page
    assert words in page
    if note := given.get("note"):
        assert note in page
    assert Spot.objects.get().version == 1


def test_who_sees_the_place_reads_and_only_those_in_charge_act(world: World, desk: Desk, spot: Spot) -> None:
    for who, acts in (("operator", 3), ("secretary", 3), ("worker", 0)):
        page = desk(who).get(f"/desk/spots/{spot.number}").content.decode()
        assert page.count('name="expected_version"') == acts, who
    answer = press(desk("worker"), spot, "campaign", note="清走了")
    assert answer.status_code == 403
    for path in ("/desk/spots/" + spot.number, f"/desk/spots/{spot.number}/pins.json"):
        assert desk("elsewhere").get(path).status_code == 404
    assert spot.number not in text(desk("elsewhere").get("/desk/spots"))
    assert Client().get("/desk/spots").status_code == 302


def test_who_owns_the_remedy_finds_the_file(world: World, desk: Desk, spot: Spot) -> None:
    person = people.create_person(name="钱经办", by=mandates.console())
    world.accounts["unit"] = people.create_account(
        username="unit", password="open-sesame-for-tests", person=person, by=mandates.console(), check_strength=False
    )
    assign(post="unit_clerk", area="320499001", valid_from=SINCE, person=person, organisation=world.unit,
           by=mandates.console())
    assert spot.number not in text(desk("unit").get("/desk/spots"))
    press(desk("operator"), spot, "set_remedy", kind="works", owner=f"unit:{world.unit}", planned_on=planned())
    assert spot.number in text(desk("unit").get("/desk/spots"))
    page = text(desk("unit").get(f"/desk/spots/{spot.number}"))
    assert "另有 3 件案件，您的岗位不能查看" in page
    assert "摊贩占道" not in page


def test_a_case_names_its_file_and_the_how_manieth_it_is(world: World, desk: Desk, spot: Spot) -> None:
    last = Case.objects.order_by("-reported_at").first()
    assert last is not None
    page = desk("operator").get(f"/desk/cases/{last.number}")
    assert f"点位档案 {spot.number} : 这一点位第 3 件，共 3 件 · 待整治" in text(page)
    assert f'href="/desk/spots/{spot.number}"' in page.content.decode()
    other = world.report("别处", point=None)
    assert "点位档案" not in text(desk("operator").get(f"/desk/cases/{other.number}"))


def test_the_map_gets_the_cases_that_the_reader_sees(desk: Desk, spot: Spot) -> None:
    found = desk("operator").get(f"/desk/spots/{spot.number}/pins.json").json()
    assert [one["properties"]["title"] for one in found["features"]] == ["摊贩占道", "又摆出来了", "还在摆"]


@pytest.mark.parametrize("who", ["operator", "secretary"])
def test_the_pages_keep_within_their_statements(desk: Desk, spot: Spot, who: str) -> None:
    client = desk(who)
    press(client, spot, "campaign", note="清走了")
    last = Case.objects.order_by("-reported_at").first()
    assert last is not None
    for path in ("/desk/spots", f"/desk/spots/{spot.number}", f"/desk/spots/{spot.number}/pins.json",
                 f"/desk/cases/{last.number}"):
        client.get(path)
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert len(sent) <= 8, (path, sent)


def test_every_field_of_a_form_has_a_label(desk: Desk, spot: Spot) -> None:
    page = desk("operator").get(f"/desk/spots/{spot.number}").content.decode()
    form = page[page.index('id="next"'):]
    ids = re.findall(r"<(?:select|input|textarea)[^>]* id=\"([^\"]+)\"", form)
    assert len(ids) >= 6
    assert set(ids) <= set(re.findall(r'<label[^>]* for="([^"]+)"', form))
    assert ago(days=1) < now()
