"""The desk's pages of routing rules and limits: lists, who would get a case, and what only some may set."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.models import RoutingRule, StageLimit
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.setup import RuleRow, set_routing
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import area_by_code

TOWN, WEST, GRID = "320499001", "320499001001", "320499001001001"
RULES, LIMITS = "/desk/routing", "/desk/limits"


@pytest.fixture
def admin(world: World, desk: Desk) -> Client:
    return desk("admin")


def at(days: int) -> str:
    return timezone.localtime(now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def text_of(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", answer.content.decode()))


def rule(world: World, **more: str) -> dict[str, str]:
    return {"do": "add", "class": "E04", "area": WEST, "target": f"unit:{world.unit}"} | more


def test_a_rule_is_set_listed_tried_and_ended(world: World, admin: Client, desk: Desk) -> None:
    ask = {"try_class": "E0401", "try_area": GRID}
    before = text_of(admin, RULES, **ask)
    assert "网格员 王示范" in before
    assert "栀里街道的规则（街面秩序 E04）这样定" in before
    assert admin.post(RULES, rule(world, fallback="post:secretary")).status_code == 302
    listed = text_of(admin, RULES)
    assert "示例路灯养护单位" in listed
    assert "否则 社区书记" in listed
    after = text_of(desk("operator"), RULES, **ask)
    assert "青禾社区的规则（街面秩序 E04）这样定" in after
    assert re.search(r"街面秩序 E04，青禾社区 → 示例路灯养护单位\s+· 按这条", after)
    assert re.search(r"街面秩序 E04，栀里街道 → 专职网格员\s+· 更近的区域有规则", after)
    assert "按这条" in text_of(admin, RULES, try_class="E0401", try_area="320499001002001")
    one = RoutingRule.objects.get(area__code=WEST)
    assert admin.post(RULES, {"do": "end", "rule": str(one.id)}).status_code == 302
    assert "网格员 王示范" in text_of(admin, RULES, **ask)
    assert "示例路灯养护单位" not in text_of(admin, RULES, area=WEST).partition("派遣规则")[2].partition("设一条")[0]
    assert "已结束" in text_of(admin, RULES, area=WEST, ended="1")
    assert verify().clean


def test_a_rule_for_a_later_day_holds_from_then_on(world: World, admin: Client) -> None:
    admin.post(RULES, rule(world, **{"from": at(5)}))
    assert "未开始" in text_of(admin, RULES)
    assert "网格员 王示范" in text_of(admin, RULES, try_class="E0401", try_area=GRID)
    one = RoutingRule.objects.get(area__code=WEST)
    admin.post(RULES, {"do": "end", "rule": str(one.id), "at": at(9)})
    one.refresh_from_db()
    assert one.valid_to is not None
    assert one.valid_to > one.valid_from


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"class": "Z"}, 422), ({"area": "1"}, 404), ({"target": ""}, 422), ({"target": "post:auditor"}, 422),
        ({"target": "post:nobody"}, 422), ({"target": "unit:x"}, 422), ({"from": "soon"}, 422), ({"from": at(-1)}, 422),
        ({"target": "unit:00000000-0000-7000-8000-000000000000"}, 422), ({"do": "x"}, 422), ({"do": "end"}, 422),
        ({"do": "end", "rule": "00000000-0000-7000-8000-000000000000"}, 404),
    ],
)  # fmt: skip
def test_what_no_rule_can_be_is_refused_with_what_was_typed(
    world: World, admin: Client, given: dict[str, str], status: int
) -> None:
    answer = admin.post(RULES, rule(world, fallback="post:secretary", **given) | given)
    assert answer.status_code == status
    assert 'role="alert"' in answer.content.decode()
    if "do" not in given:
        assert '<option value="post:secretary" selected>' in answer.content.decode()
    assert RoutingRule.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [{"area": "nowhere"}, {"try_class": "E0401", "try_area": "nowhere"}, {"try_class": "E99", "try_area": GRID},
     {"try_class": "E04", "try_area": GRID}, {"try_class": "E0401", "try_area": GRID, "try_part": "1"}],
)  # fmt: skip
def test_what_cannot_be_asked_is_named_and_the_page_stays(admin: Client, query: dict[str, str]) -> None:
    answer = admin.get(RULES, query)
    assert answer.status_code in (404, 422)
    assert "派遣规则" in answer.content.decode()


def test_others_read_the_rules_and_set_none(world: World, desk: Desk) -> None:
    assert "设一条" not in text_of(desk("worker"), RULES)
    assert desk("operator").post(RULES, rule(world)).status_code == 403
    assert desk("operator").post(LIMITS, {"area": WEST, "state": "verifying", "amount": "3", "unit": "working_hour",
                                          "do": "set"}).status_code == 403  # fmt: skip
    assert not StageLimit.objects.exists()


def test_a_limit_is_set_for_a_place_shown_below_it_and_taken_back(world: World, admin: Client) -> None:
    assert "待核实 照通常" in text_of(admin, LIMITS, area=GRID)
    sent = {"area": WEST, "state": "verifying", "amount": "3", "unit": "working_hour", "do": "set"}
    assert admin.post(LIMITS, sent).headers["Location"] == f"{LIMITS}?area={WEST}"
    path = "320499001/320499001001/"
    assert reference().stage_limits(path)["verifying"] == Limit(3, LimitUnit.WORKING_HOUR)
    assert "待核实 由青禾社区规定 3 个工作小时" in text_of(admin, LIMITS, area=GRID)
    assert "待核实 在此规定" in text_of(admin, LIMITS, area=WEST)
    admin.post(LIMITS, {"area": WEST, "state": "tier.grid", "amount": "2", "unit": "working_day", "do": "set"})
    assert "网格 在此规定 2 个工作日" in text_of(admin, LIMITS, area=WEST)
    admin.post(LIMITS, sent | {"do": "back"})
    assert "待核实 照通常" in text_of(admin, LIMITS, area=WEST)
    assert verify().clean


@pytest.mark.parametrize(
    ("given", "status"),
    [({"amount": "0"}, 422), ({"amount": "x"}, 422), ({"amount": "99999"}, 422), ({"unit": "week"}, 422),
     ({"state": "closed"}, 422), ({"area": "nowhere"}, 404), ({"do": "back"}, 422)],
)  # fmt: skip
def test_a_limit_that_is_none_is_refused(world: World, admin: Client, given: dict[str, str], status: int) -> None:
    sent = {"area": WEST, "state": "verifying", "amount": "3", "unit": "working_hour", "do": "set"} | given
    assert admin.post(LIMITS, sent).status_code == status
    assert not StageLimit.objects.exists()


def test_long_lists_of_rules_are_paged(world: World, admin: Client) -> None:
    area = area_by_code(TOWN)
    many = [RuleRow(f"E{number:02}", post="officer") for number in range(10, 75)]
    set_routing(area_id=area.id, area_path=area.path, rules=many, valid_from=now(), by=mandates.console())
    first = admin.get(RULES).content.decode()
    assert first.count('name="rule"') == 50
    assert 'href="?skip=50"' in first
    second = admin.get(RULES, {"skip": "50"}).content.decode()
    assert second.count('name="rule"') == 16
    assert admin.get(RULES, {"skip": "x", "class": "E04"}).content.decode().count('name="rule"') == 1
