"""Figures at the desk: the table, where its numbers lead, what was published, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.interfaces import world as worlds
from tests.interfaces.world import World
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.indicators.models import Publication
from wangge.kernel.indicators.table import INDICATORS, SETS
from wangge.kernel.people import services as people

Desk = Callable[[str], Client]
WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
MONDAY = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def handled(world: World, time_machine: Any) -> World:
    """A case that was closed on Monday, and one that lies since; it is Thursday. Somebody leads the subdistrict."""
    by = mandates.console()
    leader = people.create_person(name="钱样本", by=by)
    assign(post="leader", area="320499001", valid_from=worlds.SINCE, person=leader, by=by)
    world.persons["leader"] = leader.id
    world.accounts["leader"] = people.create_account(
        username="leader", password=worlds.PASSWORD, person=leader, by=by, check_strength=False
    )
    time_machine.move_to(MONDAY, tick=False)
    world.bring(world.report("占道经营，已劝离"), *WAY)
    world.report("路灯不亮")
    time_machine.move_to(MONDAY + timedelta(days=3), tick=False)
    return world


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_the_table_shows_this_month_by_place(handled: World, desk: Desk) -> None:
    page = page_of(desk("operator"), "/desk/figures")
    assert "2026-11" in page
    assert "青禾社区" in page
    said = plain(page)
    assert "合计" in said
    assert "50.00 % 1 / 2" in said  # not ended
    assert "本期未结束" in said
    assert "望湖社区" not in plain(page.partition("<tbody>")[2].partition("</tbody>")[0])  # nothing happened there


@pytest.mark.parametrize("name", SETS)
def test_every_set_shows_its_formulas(handled: World, desk: Desk, name: str) -> None:
    page = page_of(desk("operator"), f"/desk/figures?set={name}")
    for one in INDICATORS.values():
        assert (f">{one.formula}<" in page) == (one.set == name), one.code
    english = desk("operator").get(f"/desk/figures?set={name}", headers={"accept-language": "en"}).content.decode()
    assert all(one.formula_en.replace("'", "&#x27;") in english for one in INDICATORS.values() if one.set == name)


def test_what_was_not_counted_is_a_dash_that_is_explained(handled: World, desk: Desk) -> None:
    said = plain(page_of(desk("operator"), "/desk/figures?set=result"))
    assert "既不是百分之百，也不是零" in said
    assert "满意率" in said
    assert "—" in said.partition("合计")[2]


def test_a_number_leads_to_its_cases(handled: World, desk: Desk) -> None:
    client = desk("operator")
    page = page_of(client, "/desk/figures")
    [address] = set(re.findall(r'href="(/desk/figures/closing\?[^"]*part=numerator[^"]*row=320499001001[^"]*)"', page))
    behind = page_of(client, address.replace("&amp;", "&"))
    assert "占道经营，已劝离" in behind
    assert "路灯不亮" not in behind
    assert "青禾社区 · 2026-11 · 共 1 条" in plain(behind)
    assert INDICATORS["closing"].formula in behind
    whole = page_of(client, "/desk/figures/unclosed?period=2026-11&part=denominator")
    assert "占道经营，已劝离" in whole
    assert "路灯不亮" in whole
    empty = page_of(client, "/desk/figures/satisfaction?period=2026-11")
    assert "这里没有案件" in empty


@pytest.mark.parametrize("by", ["organisation", "post", "person", "major", "class", "source", "tier"])
def test_rows_may_stand_for_other_things(handled: World, desk: Desk, by: str) -> None:
    page = page_of(desk("worker"), f"/desk/figures?by={by}&set=handling")
    said = plain(page.partition("<tbody>")[2].partition("</tbody>")[0])
    expected = {
        "organisation": "未交单位", "post": "专职网格员", "person": "本人", "major": "街面秩序", "class": "占道经营",
        "source": "居民", "tier": "网格",
    }  # fmt: skip
    assert expected[by] in said


def test_periods_follow_one_another(handled: World, desk: Desk) -> None:
    page = page_of(desk("operator"), "/desk/figures?period=2026-11-23&by=tier")
    assert "period=2026-11-22" in page
    assert "period=2026-11-24" in page
    assert "period=2026-W48" in page
    assert "period=2026-Q4" in page
    assert "本期未结束" not in page


def test_one_publishes_and_the_figures_stay(handled: World, desk: Desk) -> None:
    leader = desk("leader")
    page = page_of(leader, "/desk/figures?period=2026-11-23")
    assert "发布本期" in page
    assert "发布本期" not in page_of(leader, "/desk/figures?period=2026-11")  # it has not ended
    assert "发布本期" not in page_of(leader, "/desk/figures?period=2026-11-23&tier=grid")
    assert "发布本期" not in page_of(desk("operator"), "/desk/figures?period=2026-11-23")
    answer = leader.post("/desk/figures/publish", {"period": "2026-11-23", "area": "320499001"}, follow=True)
    assert "已发布，数字从此不变" in answer.content.decode()
    assert Publication.objects.get().period == "2026-11-23"
    handled.bring(_open_one(), *WAY)
    frozen = page_of(desk("operator"), "/desk/figures?period=2026-11-23")
    assert "数字保持发布时的样子" in frozen
    assert "50.00 % 1 / 2" in plain(frozen)
    page_of(desk("operator"), "/desk/figures?period=2026-11-23&by=colour", 422)
    live = plain(page_of(desk("operator"), "/desk/figures?period=2026-11-23&live=1"))
    assert "供对照" in live
    assert "0.00 % 0 / 2 已发布：50.00 %" in live


def _open_one() -> Any:
    from wangge.kernel.cases.models import Case

    class _Receipt:
        case_id = Case.objects.get(state="reported").id

    return _Receipt()


@pytest.mark.parametrize("area", ["320499001", "320499001001", "nowhere"])
def test_who_may_not_publish_is_refused(handled: World, desk: Desk, area: str) -> None:
    answer = desk("operator").post("/desk/figures/publish", {"period": "2026-11-23", "area": area})
    assert answer.status_code == 403
    assert not Publication.objects.exists()
    assert desk("operator").get("/desk/figures/publish").status_code == 405


@pytest.mark.parametrize(
    "query", ["period=2026-13", "by=colour", "set=unknown", "area=nowhere", "area=320499001002", "period=%00"]
)
def test_a_condition_that_means_nothing_is_said(handled: World, desk: Desk, query: str) -> None:
    page = page_of(desk("worker"), f"/desk/figures?{query}", 200 if "%00" in query else 422)
    assert "合计" in page


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("happiness", 404), ("closing?part=rest", 422), ("first_answer_time?part=numerator", 422),
        ("closing?period=yesterday", 422), ("closing?area=320499001002", 422), ("closing?cursor=x", 422),
        ("closing?row=%00", 200), ("closing?row=", 200),
    ],
)  # fmt: skip
def test_a_list_that_there_is_not(handled: World, desk: Desk, address: str, status: int) -> None:
    page_of(desk("worker"), f"/desk/figures/{address}", status)


def test_the_desk_leads_there(world: World, desk: Desk) -> None:
    assert page_of(desk("operator"), "/desk/").count('href="/desk/figures"') == 2
