"""Draws at the desk: drawn, read with who was kept away and why, drawn again and compared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.interfaces import assessed
from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import SINCE, World
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Entry
from wangge.patrols.draws import draw

ADDRESS = "/desk/draws"


@pytest.fixture(autouse=True)
def staff(world: World) -> None:
    assessed.staff(world)
    by = mandates.console()
    assign(post="assessor", area="320499001", valid_from=SINCE, person=world.persons["secretary"], by=by)


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def given(**more: str) -> dict[str, str]:
    return {"kind": "sample", "area": "320499001", "of": "grid", "label": "2026Q4", "count": "2"} | more


@pytest.mark.django_db
def test_a_sample_is_drawn_and_drawn_again(desk: Desk) -> None:
    assert "尚无抽取记录" in text(desk("leader").get(ADDRESS))
    page = desk("leader").post(ADDRESS, given(), follow=True)
    assert "抽中 2 个，共 4 个" in text(page)
    assert "钱拟定" in text(page)
    address = page.redirect_chain[0][0]
    assert "重抽：摘要一致，结果一致" in text(desk("inspector").get(address + "&again=1"))
    assert "盲抽 2026Q4" in text(desk("inspector").get(ADDRESS))
    assert desk("leader").post(ADDRESS, given()).status_code == 409
    assert desk("leader").post(ADDRESS, given(again="1"), follow=True).status_code == 200
    assert "第 2 轮" in text(desk("leader").get(ADDRESS))


@pytest.mark.django_db
def test_a_cross_inspection_says_who_was_kept_away_and_why(desk: Desk, world: World) -> None:
    page = text(desk("assessor").post(ADDRESS, given(kind="cross", of="community", count=""), follow=True))
    assert "谁检查哪里" in page
    assert "吴虚构 · 青禾社区 本人负责此地" in page
    [entry] = Entry.objects.filter(subject_type="draw")
    assert entry.data["result"]["320499001001"] != str(world.persons["secretary"])
    assert entry.data["inputs"]["why"] == ["answers"]


@pytest.mark.django_db
def test_a_record_that_does_not_give_the_result_is_said(desk: Desk, world: World) -> None:
    one = draw(kind="sample", area="320499001", label="x", count=1, by=world.by("leader"))
    assert desk("leader").get(f"{ADDRESS}/{one.id}?round=2").status_code == 404
    assert desk("leader").get(f"{ADDRESS}/{one.id}?round=x").status_code == 422
    assert "重抽结果与存证不符" not in text(desk("leader").get(f"{ADDRESS}/{one.id}?again=1"))


@pytest.mark.django_db
@pytest.mark.parametrize("more", [
    {"kind": "dice"}, {"area": "x"}, {"of": "moon"}, {"label": "a b"}, {"count": "99"}, {"count": "x"}, {"count": ""},
])
def test_what_cannot_be_drawn_is_refused_with_what_was_typed(desk: Desk, more: dict[str, str]) -> None:
    answer = desk("leader").post(ADDRESS, given(**more))
    assert 400 <= answer.status_code < 500
    assert 'role="alert"' in answer.content.decode()
    assert not Entry.objects.filter(subject_type="draw").exists()


@pytest.mark.django_db
def test_only_who_may_draws_and_only_on_their_ground(desk: Desk, world: World) -> None:
    assert desk("inspector").post(ADDRESS, given()).status_code == 403
    assert desk("worker").get(ADDRESS).status_code == 403
    for area, status in (("320499001001", 404), ("320499001002", 200), ("320499001", 200)):
        one = draw(kind="sample", area=area, label="x", count=1, by=world.by("leader"))
        assert desk("secretary2").get(f"{ADDRESS}/{one.id}").status_code == status
