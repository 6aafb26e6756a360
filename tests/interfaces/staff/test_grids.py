"""The editor of grids by its forms: each act, the check, the preview, confirming, and what is refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.kernel.cases.models import Case
from wangge.kernel.places.models import Area, Redrawing
from wangge.kernel.places.queries import atlas

ADDRESS = "/desk/places/320499001001/grids"
CUT = "119.905, 31.60\n119.905, 31.61"


def day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


def state(page: str) -> dict[str, str]:
    """The drawing that a page holds, as the form sends it back."""
    text = re.search(r'name="grids"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    basis = re.search(r'name="basis" value="(\w+)"', page)
    assert text
    assert basis
    return {"grids": unescape(text.group(1)), "basis": basis.group(1)}


@pytest.fixture
def admin(world: World, desk: Desk) -> Client:
    return desk("admin")


@pytest.fixture
def begun(admin: Client) -> dict[str, str]:
    return state(admin.get(ADDRESS).content.decode())


def test_a_split_is_previewed_and_confirmed_for_a_day(
    world: World, admin: Client, begun: dict[str, str], desk: Desk
) -> None:
    receipt = world.report()
    sent = {**begun, "do": "split", "split_grid": "320499001001001", "split_points": CUT, "split_name": "青禾第三网格"}
    page = admin.post(ADDRESS, sent).content.decode()
    assert "正好铺满" in page
    assert "320499001001003" in page
    moving = "1 件未结案件换网格" in page
    drawn = state(page)
    page = admin.post(ADDRESS, {**drawn, "do": "confirm", "on": day(0)}, follow=True).content.decode()
    assert "网格已调整" in page
    case = Case.objects.select_related("area").get(id=receipt.case_id)
    assert case.area is not None
    assert (case.area.code == "320499001001003") is moving
    assert atlas().by_code("320499001001003") is not None
    assert "青禾第三网格" in desk("operator").get("/desk/places").content.decode()


def test_a_redrawing_ahead_waits_and_says_so(world: World, admin: Client, begun: dict[str, str]) -> None:
    sent = {**begun, "do": "merge", "merge_grid": "320499001001001", "merge_with": ["320499001001002"]}
    page = admin.post(ADDRESS, sent).content.decode()
    assert "王示范" not in page
    assert admin.post(ADDRESS, {**state(page), "do": "confirm", "on": day(5)}).status_code == 302
    assert Redrawing.objects.get().carried_out_at is None
    ended = Area.objects.get(code="320499001001002")
    assert ended.valid_to is not None
    assert ended.valid_to > now()
    again = admin.get(ADDRESS).content.decode()
    assert f"已定于 {day(5)} 调整" in again
    answer = admin.post(ADDRESS, {**state(again), "do": "confirm", "on": day(9)})
    assert answer.status_code in (409, 422)
    assert "将于" in admin.get("/desk/places/320499001001002").content.decode()


@pytest.mark.parametrize(
    "given",
    [
        {"do": "carve", "carve_name": "新网格", "carve_points": "119.903,31.603\n119.907,31.603\n119.905,31.607"},
        {"do": "move", "move_from": "119.91, 31.60", "move_to": "119.912 31.60"},
        {"do": "reshape", "shape_grid": "320499001001001",
         "shape_points": "119.90 31.60\n119.908 31.60\n119.908 31.61\n119.90 31.61"},
        {"do": "rename", "name_grid": "320499001001001", "name_zh": "青禾南网格"},
    ],
)
def test_every_act_of_the_forms_keeps_the_grids_tiled(
    admin: Client, begun: dict[str, str], given: dict[str, str]
) -> None:
    page = admin.post(ADDRESS, {**begun, **given}).content.decode()
    assert "正好铺满" in page
    assert "note late" not in page
    assert not re.search(r'value="confirm" disabled', page)


def test_a_gap_is_named_and_cannot_be_confirmed(admin: Client, begun: dict[str, str]) -> None:
    drawn = json.loads(begun["grids"])
    drawn["features"] = drawn["features"][:1]
    file = SimpleUploadedFile("grids.geojson", json.dumps(drawn).encode())
    page = admin.post(ADDRESS, {**begun, "do": "upload", "upload": file}).content.decode()
    assert "空隙" in page
    assert "disabled" in page
    answer = admin.post(ADDRESS, {**state(page), "do": "confirm", "on": day(0)})
    assert answer.status_code == 422
    assert not Redrawing.objects.exists()


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"do": "nothing"}, 422), ({"grids": "{"}, 400), ({"grids": "[]"}, 400), ({"grids": '{"features": [1]}'}, 422),
        ({"grids": '{"features": [{"properties": {"code": "X"}, "geometry": {"type": "Point", "coordinates": [1]}}]}'},
         422),
        ({"do": "split", "split_points": "1 2"}, 422), ({"do": "split", "split_points": "a b\nc d"}, 422),
        ({"do": "split", "split_points": "1 2\n3 4", "split_grid": "X"}, 422),
        ({"do": "merge", "merge_grid": "320499001001001"}, 422), ({"do": "carve", "carve_name": ""}, 422),
        ({"do": "carve", "carve_name": "x", "carve_points": "0 0\n0 1\n1 1"}, 422),
        ({"do": "move", "move_from": "0 0", "move_to": "1 1"}, 422),
        ({"do": "move", "move_from": "", "move_to": ""}, 422),
        ({"do": "rename", "name_grid": "320499001001001", "name_zh": ""}, 422), ({"do": "upload"}, 422),
        ({"do": "confirm", "on": day(-1)}, 422), ({"do": "confirm", "on": "x"}, 422),
        ({"do": "confirm", "on": day(0), "basis": "x"}, 409), ({"do": "confirm", "on": day(0)}, 422),
        ({"do": "reshape", "shape_grid": "320499001001001", "shape_points": "0 0\n1 1\n0 1"}, 200),
    ],
)
def test_what_cannot_be_read_or_done_is_refused_with_what_was_typed(
    admin: Client, begun: dict[str, str], given: dict[str, str], status: int
) -> None:
    answer = admin.post(ADDRESS, {**begun, "do": "check", **given})
    assert answer.status_code == status
    assert 'name="grids"' in answer.content.decode()
    assert not Redrawing.objects.exists()


def test_only_who_keeps_the_areas_redraws_them(world: World, desk: Desk, admin: Client) -> None:
    for user in ("operator", "secretary", "worker"):
        assert desk(user).get(ADDRESS).status_code == 403
    assert admin.get("/desk/places/320499001001001/grids").status_code == 422
    assert admin.get("/desk/places/1/grids").status_code == 404
