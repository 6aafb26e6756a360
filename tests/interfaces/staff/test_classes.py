"""The classes at the desk, for who manages them."""

from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from tests.interfaces.api.counting import statements
from tests.interfaces.world import World
from wangge.kernel.cases.models import CaseClass
from wangge.kernel.journal.models import Entry

Desk = Callable[[str], Client]
NEW = {"do": "add", "major": "E04", "name": "单车乱停", "text": "堵住路口", "closing": "移走", "amount": "4",
       "unit": "working_hour", "tier": "community", "level": "restricted"}  # fmt: skip


def test_who_does_not_manage_classes_is_refused(world: World, desk: Desk) -> None:
    assert desk("operator").get("/desk/classes").status_code == 403
    desk("operator").post("/desk/classes/change", NEW)
    assert not CaseClass.objects.filter(code="E0499").exists()
    assert "/desk/classes" not in desk("operator").get("/desk/me").content.decode()


def test_an_admin_lists_adds_edits_and_ends_a_class(world: World, desk: Desk) -> None:
    admin = desk("admin")
    assert "/desk/classes" in admin.get("/desk/me").content.decode()
    page = admin.get("/desk/classes?major=E04").content.decode()
    assert "E0401" in page
    answer = admin.post("/desk/classes/change", NEW, follow=True)
    assert "已新增 E0499。" in answer.content.decode()
    made = CaseClass.objects.get(code="E0499")
    assert (made.tier, made.confidentiality, made.parent.code) == ("community", "restricted", "E04")  # type: ignore[union-attr]
    edit = {"do": "edit", "major": "E04", "code": "E0499", "name": "单车堆放", "tier": "grid", "level": "public",
            "amount1": "2", "unit1": "working_day"}  # fmt: skip
    admin.post("/desk/classes/change", edit)
    made.refresh_from_db()
    assert (made.name, made.tier) == ("单车堆放", "grid")
    assert [(row.limit_amount, row.limit_unit) for row in made.conditions.all()] == [(2, "working_day")]
    entry = Entry.objects.filter(subject_type="class_list", verb="edit").get()
    assert entry.actor == world.persons["admin"]
    admin.post("/desk/classes/change", {"do": "retire", "major": "E04", "code": "E0499"})
    assert CaseClass.objects.get(code="E0499").retired
    assert "单车堆放" not in admin.get("/desk/classes?major=E04").content.decode()


def test_a_limit_that_is_none_is_refused_in_words(world: World, desk: Desk) -> None:
    for wrong in ({"amount": "0"}, {"amount": "soon"}, {"unit": "fortnight"}, {"name": ""}, {"do": "paint"}):
        answer = desk("admin").post("/desk/classes/change", NEW | wrong, follow=True)
        assert answer.status_code == 200
        assert not CaseClass.objects.filter(code="E0499").exists()


def test_the_list_takes_few_statements(world: World, desk: Desk) -> None:
    admin = desk("admin")
    admin.get("/desk/classes")
    with statements() as asked:
        assert admin.get("/desk/classes").status_code == 200
    assert len(asked) <= 8
