"""Ways round the rules that somebody once found, each closed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.kernel.cases.test_acts import do, new_case, walk
from tests.kernel.cases.test_intake import a_report
from tests.kernel.cases.test_whole_life import MORNING, at, by_unit
from tests.town import Town
from wangge.base.errors import Conflict
from wangge.kernel.cases import routing
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.queries import case_detail
from wangge.kernel.cases.rules import Command, allowed_actions
from wangge.kernel.cases.services import act
from wangge.kernel.duties import mandates


def test_going_back_to_intake_gives_nobody_a_fresh_limit(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    first = walk(town, case, until="register")
    time_machine.move_to(at(15), tick=False)
    do(town, case, "operator", "return", reason="请再核实")
    again = do(town, case, "acceptor", "register", case_class="E0417", condition=first.condition)
    assert (again.due_at, again.registered_at) == (first.due_at, first.registered_at)
    told = case_detail(case, town.by("operator"), now=at(15)).clock
    assert told.start == first.registered_at
    assert told.granted is not None
    assert sum(step.seconds for step in told.steps) == told.granted.total_seconds()
    assert told.steps[-1].to == first.due_at


def test_only_who_dispatches_gives_back_to_intake_and_not_past_a_meeting(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    for who in ("worker", "secretary", "clerk"):
        assert "return" not in allowed_actions(load(case, mandates.console()), town.by(who))
    for unit, who in ((town.unit, "clerk"), (other, "clerk2")):
        do(town, case, "operator", "dispatch", organisation=unit)
        do(town, case, who, "return", reason="不归我们")
    with pytest.raises(Conflict, match="joint meeting"):
        do(town, case, "operator", "return", reason="再核实")


def test_what_a_unit_returned_is_not_ended_by_sending_it_to_anybody_first(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="dispatch")
    do(town, case, "worker", "return", reason="不在本网格")
    do(town, case, "operator", "dispatch")
    with pytest.raises(Conflict, match="does not end it"):
        do(town, case, "operator", "void", reason="算了")


def test_who_endorsed_an_extension_does_not_grant_it(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="sign")
    do(town, case, "worker", "ask_extension", reason="等配件")
    do(town, case, "secretary", "endorse")
    state = load(case, mandates.console())
    held = town.by("operator")
    same = msgspec.structs.replace(state, request_first=held.actor)
    assert "extend" in allowed_actions(state, held)
    assert "extend" not in allowed_actions(same, held)


def test_what_is_closed_by_force_takes_its_shares_along(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task="修井盖", organisation=town.unit), Part(task="清路面", organisation=other))
    do(town, case, "operator", "share", parts=parts)
    do(town, case, "leader", "force_close", reason="上级要求")
    assert {one.state for one in Case.objects.filter(parent=case)} == {"closed"}
    assert all(one.forced for one in Case.objects.filter(parent=case))


def test_a_report_joins_the_whole_and_not_a_units_share(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task="修井盖", organisation=town.unit), Part(task="清路面", organisation=other))
    do(town, case, "operator", "share", parts=parts)
    share = Case.objects.filter(parent=case)[0]
    with pytest.raises(Conflict, match="join the whole"):
        do(town, new_case(town), "operator", "merge", other=share.number)


def test_a_joined_report_that_goes_on_alone_has_the_class_and_the_limit_of_the_other(town: Town) -> None:
    first = new_case(town)
    second = report_case(report=a_report(), by=mandates.public("320499-T/"))
    do(town, second.case_id, "operator", "merge", other=str(first))
    walk(town, first)
    joined = load(second.case_id, mandates.console())
    assert joined.case_class == load(first, mandates.console()).case_class
    alone = do_as_follower(town, second.case_id, "还在")
    assert alone.state == "registered"
    assert alone.due_at is not None
    assert alone.limit_amount


def do_as_follower(town: Town, case: Any, reason: str) -> Any:
    state = load(case, mandates.console())
    return act(case_id=case, command=Command(act="dissent", reason=reason), expected_version=state.version,
               by=mandates.follower(state.path))


def test_an_appeal_withdrawn_before_anybody_read_it_can_be_made_again(town: Town, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = new_case(town)
    walk(town, case, until="sign")
    time_machine.move_to(at(17) + timedelta(days=2), tick=False)
    done = (("worker", "handle", {"note": "迟了"}), ("inspector", "inspect", {}), ("operator", "close", {}))
    for who, name, more in done:
        do(town, case, who, name, **more)
    do(town, case, "worker", "appeal", reason="写错了")
    do(town, case, "worker", "withdraw")
    do(town, case, "worker", "appeal", reason="暴雨")
    do(town, case, "operator", "review")
    do(town, case, "worker", "withdraw")
    with pytest.raises(Conflict, match="one appeal"):
        do(town, case, "worker", "appeal", reason="再来")


@pytest.mark.parametrize(
    ("tier", "starts", "risen"),
    [
        ("grid", "grid", None),
        ("community", "grid", "community"),
        ("grid", "community", None),
        ("subdistrict", None, None),
    ],
)
def test_only_what_went_above_where_it_starts_has_risen(tier: str, starts: str | None, risen: str | None) -> None:
    assert routing.risen(tier, starts) == risen

