"""Insight at the desk: its numbers are the indicators' own, each opens its list, silence is said in words."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.world import World
from wangge.interfaces.staff.insighting import difference
from wangge.kernel.cases.models import Case
from wangge.kernel.indicators.queries import Figure
from wangge.kernel.indicators.table import INDICATORS, SETS

Desk = Callable[[str], Client]
WAY = ("accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close")
NOVEMBER = datetime(2026, 11, 23, 2, tzinfo=UTC)


@pytest.fixture
def months(world: World, time_machine: Any) -> World:
    """One case of October that lies there, and in November one closed and one that lies; ten days later."""
    time_machine.move_to(NOVEMBER - timedelta(days=30), tick=False)
    world.report("井盖松动")
    time_machine.move_to(NOVEMBER, tick=False)
    world.bring(world.report("占道经营，已劝离"), *WAY)
    world.report("路灯不亮")
    time_machine.move_to(NOVEMBER + timedelta(days=6), tick=False)
    return world


def page_of(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def behind(page: str) -> list[tuple[str, int]]:
    """The addresses of the lists behind the numbers of the page, each with its number."""
    found = re.findall(r'<a href="(/desk/figures/[^"]+)"[^>]*>(\d+)</a>', page)
    return [(unescape(address), int(number)) for address, number in found]


@pytest.mark.parametrize("name", SETS)
def test_every_number_is_as_long_as_the_list_that_it_opens(months: World, desk: Desk, name: str) -> None:
    client = desk("operator")
    lists = behind(page_of(client, f"/desk/insight?set={name}"))
    assert len(lists) >= 4
    for address, number in set(lists):
        assert f"共 {number} 条" in plain(page_of(client, address)), address


def test_months_are_compared_in_words(months: World, desk: Desk) -> None:
    said = plain(page_of(desk("operator"), "/desk/insight"))
    assert "2026-11 与 2026-10 相比" in said
    assert "2026-11 与 2025-11 相比" in said
    assert "未结案率 50.00 % 1 / 2 100.00 % 1 / 1 低 50.00 个百分点，变好 — 无可比" in said


@pytest.mark.parametrize(
    ("code", "now", "then", "expected"),
    [
        ("closing", Figure(4, 3), Figure(4, 2), ("高 25.00 个百分点，变好", "good")),
        ("returned", Figure(4, 3), Figure(4, 2), ("高 25.00 个百分点，变差", "bad")),
        ("exempt", Figure(4, 1), Figure(4, 2), ("低 25.00 个百分点", "")),
        ("closing", Figure(4, 2), Figure(2, 1), ("持平", "")),
        ("closing", Figure(4, 2), Figure(0, 0), ("无可比", "")),
        ("first_answer_time", Figure(1, None, 600), Figure(1, None, 1200), ("短 10 分，变好", "good")),
        ("first_answer_time", Figure(1, None, 630), Figure(1, None, 600), ("持平", "")),
        ("first_answer_time", Figure(1, None, 600), Figure(0, None, None), ("无可比", "")),
    ],
)  # fmt: skip
def test_a_difference_is_judged_by_what_is_good(
    code: str, now: Figure, then: Figure, expected: tuple[str, str]
) -> None:
    from django.utils import translation

    with translation.override("zh-hans"):
        assert difference(INDICATORS[code], now, then) == expected


def test_maps_have_their_numbers_beside(months: World, desk: Desk) -> None:
    page = page_of(desk("operator"), "/desk/insight")
    grids = page.partition("网格列表")[2].partition("</table>")[0]
    assert plain(grids).index("青禾第一网格") < plain(grids).index("青禾第二网格")
    assert [number for _address, number in behind(grids)] == [2, 0, 0, 0]
    assert page.count('<path class="g4"') == 0  # two cases are never loud
    assert page.count('<path class="g1"') == 1


def test_a_silent_grid_is_said_with_its_last_report(months: World, desk: Desk) -> None:
    client = desk("operator")
    said = plain(page_of(client, "/desk/insight"))
    assert "1 个网格有人在岗，却 7 天没有上报" in said
    assert "望湖第一网格 从未上报，在岗已" in said
    assert "6 天没有上报" not in said
    page = page_of(client, "/desk/insight?days=3")
    silent = page.partition('id="silent"')[2]
    assert plain(silent).index("从未上报") < plain(silent).index("6 天没有上报")
    [address] = re.findall(r'href="(/desk/\?area=320499001001001[^"]*)"', silent)
    assert "路灯不亮" in page_of(client, unescape(address))


def test_one_sees_the_own_ground_only(months: World, desk: Desk) -> None:
    elsewhere = page_of(desk("elsewhere"), "/desk/insight")
    assert {number for _address, number in behind(elsewhere)} == {0}
    assert "青禾第一网格" not in elsewhere
    page_of(desk("elsewhere"), "/desk/insight?area=320499001001", 422)
    assert Case.objects.count() == 3


@pytest.mark.parametrize(
    "query", ["period=2026-13", "period=2026-03-09", "set=x", "line=x", "line=returned", "area=nowhere", "days=8"]
)
def test_a_condition_that_means_nothing_is_said(world: World, desk: Desk, query: str) -> None:
    page = page_of(desk("worker"), f"/desk/insight?{query}", 422)
    assert "沉默的网格" in page


def test_a_month_that_has_just_begun_is_not_the_first_that_one_sees(
    months: World, desk: Desk, time_machine: Any
) -> None:
    time_machine.move_to(NOVEMBER + timedelta(days=12), tick=False)
    assert "2026-11 与 2026-10 相比" in page_of(desk("operator"), "/desk/insight")
    begun = page_of(desk("operator"), "/desk/insight?period=2026-12")
    assert "2026-12 与 2026-11 相比" in begun
    assert "本期没有上报" in begun


def test_statements(months: World, desk: Desk) -> None:
    client = desk("operator")
    page_of(client, "/desk/insight")
    with statements() as sent:
        page_of(client, "/desk/insight?set=result")
    assert len(sent) <= 8, sent


def test_no_style_in_attributes(months: World, desk: Desk) -> None:
    assert not re.search(r"\sstyle=", page_of(desk("operator"), "/desk/insight").partition("<main")[2])


@pytest.mark.parametrize(("period", "before", "year"), [
    ("2026-W48", "2026-W47", "2025-W48"), ("2026-11", "2026-10", "2025-11"), ("2026-Q4", "2026-Q3", "2025-Q4"),
    ("2026-W53", "2026-W52", "2025-W52"),
])  # fmt: skip
def test_what_is_compared_follows_the_grain(
    months: World, desk: Desk, time_machine: Any, period: str, before: str, year: str
) -> None:
    time_machine.move_to(datetime(2027, 1, 20, tzinfo=UTC), tick=False)
    said = plain(page_of(desk("operator"), f"/desk/insight?period={period}"))
    assert f"{period} 与 {before} 相比" in said
    assert f"{period} 与 {year} 相比" in said


def test_the_line_has_the_steps_of_its_grain_and_ends_with_the_period(months: World, desk: Desk) -> None:
    client = desk("operator")
    for period, first, steps in (("2026-W48", "2026-W36", 13), ("2026-11", "2025-11", 13), ("2026-Q4", "2024-Q4", 9)):
        page = page_of(client, f"/desk/insight?period={period}")
        table = page.partition('id="trend"')[2].partition("</table>")[0]
        found = re.findall(r'<th class="num" scope="row">([^<]+)</th>', table)
        assert (found[0], found[-1], len(found)) == (first, period, steps)


def test_class_and_unit_narrow_every_number_and_the_list_behind_it(months: World, desk: Desk) -> None:
    client = desk("operator")
    unit = months.unit
    for query, reported in (("class=E04", 1), ("class=E0401", 1), ("class=E01", 0), (f"unit={unit}", 0)):
        page = page_of(client, f"/desk/insight?period=2026-W48&set=intake&{query}")
        lists = behind(page)
        assert lists
        for address, number in set(lists):
            assert query in address
            assert f"共 {number} 条" in plain(page_of(client, address)), address
        grids = page.partition("网格列表")[2].partition("</table>")[0]
        assert sum(number for _address, number in behind(grids)) == reported, query
        assert query.replace("&", "&amp;") in page.partition("按区域、单位、类别看")[0]
    nobody = "01a22e55-7b1b-7b1a-ad1a-3d5a58f2ef4a"
    for wrong in ("class=Z99", "unit=nobody", f"unit={nobody}", "period=2026", "period=2026-11-23"):
        page_of(client, f"/desk/insight?{wrong}", 422)


def test_insight_keeps_within_eight_statements_when_narrowed(months: World, desk: Desk) -> None:
    client = desk("operator")
    address = f"/desk/insight?period=2026-Q4&class=E0401&unit={months.unit}"
    page_of(client, address)
    with statements() as sent:
        page_of(client, address)
    assert len(sent) <= 8, sent
    with statements() as sent:
        assert "示例路灯养护单位" in page_of(client, f"/desk/figures?period=2026-Q4&unit={months.unit}")
    assert len(sent) <= 8, sent
