"""Forms that no browser sends: each gets its refusal, never a fault of ours."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.staff.test_classes import NEW
from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.kernel.cases.models import CaseClass, ClassCondition, Control
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Calendar
from wangge.kernel.duties.services import create_calendar

DIGITS = "9" * 5000


@pytest.fixture
def admin(world: World, desk: Desk) -> Client:
    """Whoever sets the rules of the subdistrict."""
    create_calendar(area="320499001", by=mandates.console())
    return desk("admin")


@pytest.mark.parametrize(
    ("path", "given"),
    [
        ("/desk/rules", {"do": "control", "area": "3204\0", "class": "E04", "until": "2040-01-01T00:00", "text": "a"}),
        ("/desk/rules", {"do": "control", "area": "320499001", "until": "2040-01-01T00:00", "text": "a\0b"}),
        ("/desk/classes/change", {"do": "edit", "code": "E04\0", "amount1": "1", "unit1": "working_day"}),
        ("/desk/classes/change", {"do": "retire", "code": "\0"}),
    ],
)
def test_a_form_that_holds_nul_is_refused(admin: Client, path: str, given: dict[str, str]) -> None:
    answer = admin.post(path, given)
    assert answer.status_code == 422
    assert "NUL" in answer.content.decode()


@pytest.mark.parametrize("year", ["0000", "9999"])
def test_a_year_of_which_nothing_is_known_is_not_confirmed(admin: Client, year: str) -> None:
    calendar = Calendar.objects.get()
    answer = admin.post("/desk/rules", {"do": "confirm", "calendar": str(calendar.id), "year": year})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("0001-01-01T00:00", "2040-01-01T00:00"),
        ("", "9999-12-31T23:59-14:00"),
        ("0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"),
    ],
)
def test_times_at_the_ends_of_the_calendar_leave_a_control_that_can_be_read(
    world: World, admin: Client, since: str, until: str
) -> None:
    answer = admin.post(
        "/desk/rules",
        {"do": "control", "area": "320499001", "class": "E04", "from": since, "until": until, "text": "不收"},
    )
    assert answer.status_code == 422
    assert not Control.objects.exists()
    assert admin.get("/desk/rules").status_code == 200


def test_what_a_reporter_is_told_is_short_in_english_too(admin: Client) -> None:
    until = timezone.localtime(now() + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    given = {"do": "control", "area": "320499001", "class": "E04", "until": until, "text": "不收"}
    assert admin.post("/desk/rules", {**given, "text_en": "x" * 301}).status_code == 422
    assert not Control.objects.exists()


@pytest.mark.parametrize("wrong", [{"amount": DIGITS}, {"amount": "٣"}])
def test_a_limit_of_many_digits_is_none(world: World, desk: Desk, wrong: dict[str, str]) -> None:
    assert desk("admin").post("/desk/classes/change", NEW | wrong, follow=True).status_code == 200
    assert not CaseClass.objects.filter(code="E0499").exists()


@pytest.mark.parametrize("name", ["amount" + "9" * 900, "amount٣", "amount-1", "amount"])
def test_a_condition_whose_number_is_none_is_left_alone(world: World, desk: Desk, name: str) -> None:
    admin = desk("admin")
    admin.post("/desk/classes/change", NEW)
    edit = {"do": "edit", "major": "E04", "code": "E0499", "name": "改", "tier": "grid", "level": "public", name: "2"}
    assert admin.post("/desk/classes/change", edit, follow=True).status_code == 200
    assert ClassCondition.objects.get(case_class__code="E0499").limit_amount == int(NEW["amount"])


@pytest.mark.parametrize("wrong", [{"level": ""}, {"tier": ""}, {"name": " "}])
def test_a_class_is_not_edited_into_nothing(world: World, desk: Desk, wrong: dict[str, str]) -> None:
    admin = desk("admin")
    admin.post("/desk/classes/change", NEW)
    edit = {"do": "edit", "major": "E04", "code": "E0499", "name": "改", "tier": "grid", "level": "public"}
    assert admin.post("/desk/classes/change", edit | wrong, follow=True).status_code == 200
    made = CaseClass.objects.get(code="E0499")
    assert (made.name, made.tier, made.confidentiality) == (NEW["name"], NEW["tier"], NEW["level"])
