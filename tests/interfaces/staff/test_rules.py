"""The desk's page of rules: working days and what is not to be reported."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.base.errors import Conflict
from wangge.kernel.cases.models import Control
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Calendar, CalendarDay
from wangge.kernel.duties.services import create_calendar


@pytest.fixture
def admin(world: World, desk: Desk) -> Client:
    """Whoever sets the rules of the subdistrict."""
    create_calendar(area="320499001", by=mandates.console())
    return desk("admin")


def at(days: int) -> str:
    return timezone.localtime(now() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def put(client: Client, **more: str) -> str:
    given = {"do": "control", "area": "320499001001", "class": "E04", "until": at(3), "text": "青禾路改造"}
    return client.post("/desk/rules", {**given, **more}, follow=True).content.decode()


def test_a_place_is_put_under_control_and_the_reporter_is_told_why(world: World, admin: Client) -> None:
    assert "青禾路改造" in put(admin)
    with pytest.raises(Conflict, match="青禾路改造"):
        world.report(case_class="E0401")
    one = Control.objects.get()
    answer = admin.post("/desk/rules", {"do": "end", "control": str(one.id)}, follow=True).content.decode()
    assert "管控已解除" in answer
    assert world.report(case_class="E0401").number


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"until": "soon"}, 422), ({"until": at(-1)}, 422), ({"class": "Z99"}, 422), ({"area": "1"}, 404),
        ({"text": " "}, 422), ({"do": "nothing"}, 422), ({"do": "end", "control": "x"}, 422),
        ({"do": "day", "calendar": "x", "day": "2026-10-10"}, 422),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_what_was_typed(
    world: World, admin: Client, given: dict[str, str], status: int
) -> None:
    sent = {"do": "control", "area": "320499001001", "class": "E04", "until": at(3), "text": "青禾路改造", **given}
    answer = admin.post("/desk/rules", sent)
    assert answer.status_code == status
    if sent["do"] == "control" and given.get("text") != " ":
        assert "青禾路改造" in answer.content.decode()
    assert not Control.objects.exists()


def test_only_who_sets_the_rules_changes_them(world: World, admin: Client, desk: Desk) -> None:
    shown = desk("operator").get("/desk/rules").content.decode()
    assert "工作日" in shown
    assert "设为管控" not in shown
    answer = desk("operator").post("/desk/rules", {
        "do": "control", "area": "320499001", "class": "", "until": at(1), "text": "不收",
    })  # fmt: skip
    assert answer.status_code == 403
    calendar = Calendar.objects.get()
    refused = desk("worker").post(
        "/desk/rules", {"do": "day", "calendar": str(calendar.id), "day": "2030-01-01", "kind": "holiday"}
    )
    assert refused.status_code == 403
    assert not CalendarDay.objects.exists()


def test_a_year_without_holidays_is_named_until_it_is_filled(world: World, admin: Client) -> None:
    year, calendar = now().year, Calendar.objects.get()
    assert f"{year} 年的节假日还不知道" in admin.get("/desk/rules").content.decode()
    answer = admin.post("/desk/rules", {"do": "fill", "calendar": str(calendar.id)}, follow=True).content.decode()
    assert f"{year} 年的节假日还不知道" not in answer
    day = date(year + 1, 1, 5)
    admin.post("/desk/rules", {"do": "day", "calendar": str(calendar.id), "day": day.isoformat(), "kind": "workday",
                               "name": "调休"})
    assert CalendarDay.objects.get(day=day).kind == "workday"
    admin.post("/desk/rules", {"do": "day", "calendar": str(calendar.id), "day": day.isoformat(), "kind": ""})
    assert not CalendarDay.objects.filter(day=day).exists()


def test_a_report_without_a_class_is_taken_under_control_too(world: World, admin: Client) -> None:
    put(admin)
    assert NewReport(description="路灯不亮").case_class is None
    assert world.report().number


def test_the_plan_of_a_year_is_confirmed_by_whoever_keeps_it(world: World, admin: Client, desk: Desk) -> None:
    year, calendar = now().year, Calendar.objects.get()
    for day, kind in ((date(year, 1, 1), "holiday"), (date(year, 1, 4), "workday")):
        admin.post("/desk/rules", {"do": "day", "calendar": str(calendar.id), "day": day.isoformat(), "kind": kind})
    said = f"{year} 年的调休上班日已设了一部分"
    assert said in admin.get("/desk/rules").content.decode()
    assert f"{year} 年的安排已齐" not in desk("operator").get("/desk/rules").content.decode()
    confirm = {"do": "confirm", "calendar": str(calendar.id), "year": str(year)}
    assert desk("operator").post("/desk/rules", confirm).status_code == 403
    assert admin.post("/desk/rules", {**confirm, "year": "next"}).status_code == 422
    page = admin.post("/desk/rules", confirm, follow=True).content.decode()
    assert "已记录在案" in page
    assert said not in page


def test_a_control_that_has_not_begun_is_called_off(world: World, admin: Client) -> None:
    page = put(admin, **{"from": at(1)})
    assert "取消管控" in page
    one = Control.objects.get()
    answer = admin.post("/desk/rules", {"do": "end", "control": str(one.id)}, follow=True).content.decode()
    assert "青禾路改造" not in answer
    one.refresh_from_db()
    assert one.valid_to - one.valid_from < timedelta(seconds=1)
