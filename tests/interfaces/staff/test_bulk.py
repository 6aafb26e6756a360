"""Many cases at once from the list: a result for each row, its own transaction each, and what can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.world import World
from wangge.kernel.cases.each import MOST
from wangge.kernel.cases.models import Case
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify

Desk = Callable[[str], Client]


def press(client: Client, act: str, *cases: Case, versions: dict[str, int] | None = None, **fields: str) -> Any:
    """The bar's button, with these rows ticked as they were seen."""
    picks = [f"{case.number}:{(versions or {}).get(case.number, case.version)}" for case in cases]
    return client.post("/desk/bulk", {"act": act, "case": picks, "here": "?state=registered", **fields})


def registered(world: World, count: int) -> list[Case]:
    return [world.bring(world.report(f"第 {n} 件"), "accept", "confirm", "register") for n in range(count)]


def states(cases: list[Case]) -> list[str]:
    found = Case.objects.filter(id__in=[case.id for case in cases]).order_by("number")
    return list(found.values_list("state", flat=True))


def test_each_row_has_its_own_result_and_what_was_refused_is_named(world: World, desk: Desk) -> None:
    cases = registered(world, 3)
    world.bring_row(cases[1], "return")  # somebody was faster
    answer = press(desk("operator"), "dispatch", *cases)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "派遣：2 件。" in page
    assert "1 件没有办成" in page
    assert states(cases) == ["dispatched", "verifying", "dispatched"]
    assert [line.number for line in answer.context["told"].failed] == [cases[1].number]
    assert verify().clean


def test_only_the_failed_are_tried_again_and_with_what_they_are_now(world: World, desk: Desk) -> None:
    cases = registered(world, 2)
    client = desk("operator")
    answer = press(client, "urge", *cases)
    answer = press(client, "urge", *cases, **{"urge-note": "请尽快"})
    assert answer.context["told"].lines == []
    assert answer.context["told"].again == [f"{case.number}:{case.version + 1}" for case in cases]
    assert answer.context["told"].given == {"note": "请尽快"}
    assert "一小时内已经催办过" in answer.content.decode()


def test_a_dispatch_of_many_can_be_undone(world: World, desk: Desk) -> None:
    cases, client = registered(world, 2), desk("operator")
    told = press(client, "dispatch", *cases).context["told"]
    assert told.undo == "recall"
    answer = client.post("/desk/bulk", {"act": told.undo, "case": [line.value for line in told.lines], "here": ""})
    assert states(cases) == ["registered", "registered"]
    assert answer.context["told"].undo == ""


def test_what_cannot_be_taken_back_offers_no_undo(world: World, desk: Desk) -> None:
    cases = [Case.objects.get(id=world.report(f"第 {n} 件").case_id) for n in range(2)]
    told = press(desk("operator"), "accept", *cases).context["told"]
    assert (len(told.lines), told.undo) == (2, "")
    assert states(cases) == ["verifying", "verifying"]


def test_a_transfer_goes_by_recall_and_dispatch_or_not_at_all(world: World, desk: Desk) -> None:
    sent = world.bring_row(registered(world, 1)[0], "dispatch")
    fresh = registered(world, 1)[0]
    client, unit = desk("operator"), f"unit:{world.unit}"
    answer = press(client, "transfer", sent, fresh, **{"transfer-target": unit, "transfer-reason": ""})
    assert [line.number for line in answer.context["told"].failed] == [sent.number]  # its recall needs a reason
    assert Case.objects.get(id=sent.id).version == sent.version
    answer = press(client, "transfer", sent, **{"transfer-target": unit, "transfer-reason": "改由养护单位办理"})
    assert answer.context["told"].failed == []
    assert set(Case.objects.values_list("state", "organisation")) == {("dispatched", world.unit)}
    verbs = list(Entry.objects.filter(subject_id=sent.id).order_by("seq").values_list("verb", flat=True))
    assert verbs[-2:] == ["recall", "dispatch"]


def test_the_units_to_transfer_to_come_when_they_are_asked_for(world: World, desk: Desk) -> None:
    page = desk("operator").get("/desk/bulk/targets").content.decode()
    assert f'value="unit:{world.unit}">示例路灯养护单位' in page


def test_passing_many_inspects_and_closes_each(world: World, desk: Desk) -> None:
    way = ("accept", "confirm", "register", "dispatch", "sign", "handle")
    cases = [world.bring(world.report(f"第 {n} 件"), *way) for n in range(2)]
    assert len(press(desk("inspector"), "inspect_close", *cases).context["told"].lines) == 2
    assert states(cases) == ["closed", "closed"]


def test_a_row_offers_what_its_state_and_the_duty_allow(world: World, desk: Desk) -> None:
    world.bring(world.report(), "accept", "confirm", "register")
    [row] = desk("operator").get("/desk/").context["rows"]
    assert row.deeds == ("dispatch", "transfer", "urge", "supervise")
    [row] = desk("inspector").get("/desk/").context["rows"]
    assert row.deeds == ()


def test_anothers_case_is_not_found_and_the_rest_is_done(world: World, desk: Desk) -> None:
    case = world.bring(world.report(), "accept", "confirm", "register", "dispatch")
    told = press(desk("elsewhere"), "sign", case).context["told"]
    assert (told.lines, len(told.failed), told.again) == ([], 1, [])
    assert Case.objects.get(id=case.id).state == "dispatched"


@pytest.mark.parametrize("cases", [[], ["x"], ["1:x"], [":1"], [f"{n}:1" for n in range(MOST + 1)]])
def test_nothing_is_done_for_rows_that_are_none_or_too_many(world: World, desk: Desk, cases: list[str]) -> None:
    answer = desk("operator").post("/desk/bulk", {"act": "dispatch", "case": cases, "here": "?q=%00"})
    assert answer.status_code == 422
    assert "note late" in answer.content.decode()


def test_a_deed_that_is_none_is_refused(world: World, desk: Desk) -> None:
    assert desk("operator").post("/desk/bulk", {"act": "void", "case": ["1:1"]}).status_code == 422
