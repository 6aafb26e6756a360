"""The notice card of a grid: posts with the names that boards show, no more; its QR code leads to reporting there."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.interfaces.world import SINCE, World
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.people.services import correct_person, create_person
from wangge.kernel.places.services import end_area

GRID = "320499001001001"


def test_it_names_who_is_in_charge_and_nobody_else(world: World, settings: Any) -> None:
    by = mandates.console()
    helper = create_person(name="何志愿", by=by)
    assign(post="volunteer", area=GRID, valid_from=SINCE, person=helper, by=by)
    correct_person(person_id=world.persons["worker"], contact="139 0000 1234", by=by)
    settings.SERVICE_PHONE = "12345"
    page = Client().get(f"/grids/{GRID}/").content.decode()
    for shown in ("青禾第一网格", "青禾社区", "王示范", "吴虚构", "空岗", "12345", f"/report/?grid={GRID}"):
        assert shown in page, shown
    for hidden in ("何志愿", "139", "赵模拟", "孙范例"):
        assert hidden not in page, hidden
    settings.CARD_POSTS_ONLY = True
    page = Client().get(f"/grids/{GRID}/").content.decode()
    assert "王示范" not in page
    assert "专职网格员" in page


def test_the_code_is_made_here_and_leads_to_the_form_with_the_grid_s_name(world: World) -> None:
    answer = Client().get(f"/grids/{GRID}/code.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<path" in answer.content
    form = Client(headers={"accept-language": "zh-CN"}).get(f"/report/?grid={GRID}").content.decode()
    assert 'value="青禾第一网格"' in form
    assert Client().get("/report/?grid=x").status_code == 200


@pytest.mark.parametrize("code", ["320499001001", "1", "320499001"])
def test_only_a_grid_that_stands_has_a_card(world: World, code: str) -> None:
    assert Client().get(f"/grids/{code}/").status_code == 404
    assert Client().get(f"/grids/{code}/code.svg").status_code == 404


def test_an_ended_grid_has_no_card_any_more(world: World) -> None:
    end_area(area=GRID, at=now(), by=mandates.console())
    assert Client().get(f"/grids/{GRID}/").status_code == 404
