"""A case keeps when each stage that has ended should have ended: by real acts against a real calendar."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.kernel.cases.test_acts import do, new_case
from tests.town import Town
from wangge.kernel.cases.models import Case
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import parse
from wangge.kernel.indicators.queries import figures
from wangge.kernel.journal.verifying import verify

NOVEMBER = parse("2026-11", "Asia/Shanghai")


def at(hour: float, day: int = 23) -> datetime:
    """An hour of November 2026 on the clock of Shanghai; the 23rd is a Monday."""
    return datetime(2026, 11, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def shares(town: Town, now: datetime) -> dict[str, tuple[int | None, int]]:
    found = figures(Question(area_path=town.root), NOVEMBER, by=town.by("leader"), now=now).total
    return {code: (one.numerator, one.denominator) for code, one in found.items() if one.denominator}


def test_every_stage_in_time(town: Town, time_machine: Any) -> None:
    time_machine.move_to(at(9), tick=False)
    case = new_case(town)
    steps = (
        (9.25, "operator", "accept", {}), (9.5, "inspector", "confirm", {}),
        (9.5, "operator", "register", {"case_class": "E0417", "condition": 1}), (9.75, "operator", "dispatch", {}),
        (10, "worker", "sign", {}), (11, "worker", "handle", {"note": "已劝离"}), (11.5, "inspector", "inspect", {}),
        (11.5, "operator", "close", {}),
    )  # fmt: skip
    for hour, who, name, more in steps:
        time_machine.move_to(at(hour), tick=False)
        do(town, case, who, name, **more)
    row = Case.objects.get(id=case)
    assert (row.accepted_at, row.register_due_at) == (at(9.25), at(9.25, 24))  # a day to verify
    assert (row.dispatch_due_at, row.inspect_due_at) == (at(10), at(15))  # half an hour; two working hours from 11
    found = shares(town, at(16))
    timely = (
        "verifying_on_time", "registering_on_time", "dispatch_on_time", "inspecting_on_time", "first_answer_on_time",
    )
    assert {found[code] for code in (*timely, "closing_on_time", "ended_in_grid", "dispatch_accurate")} == {(1, 1)}
    assert found["returned"] == found["rework"] == found["closing_late"] == (0, 1)
    assert verify().clean


def test_every_stage_late_and_one_round_more(town: Town, time_machine: Any) -> None:
    time_machine.move_to(at(9), tick=False)
    case = new_case(town)
    steps = (
        (10, 23, "operator", "accept", {}), (11, 24, "inspector", "confirm", {}),
        (11, 24, "operator", "register", {"case_class": "E0417", "condition": 1}), (15, 24, "operator", "dispatch", {}),
        (16, 24, "worker", "return", {"reason": "不是本网格"}), (16.25, 24, "operator", "dispatch", {}),
        (17, 24, "worker", "sign", {}), (17, 25, "worker", "handle", {"note": "已劝离"}),
        (9, 26, "inspector", "rework", {"reason": "未清完"}), (10, 26, "worker", "handle", {"note": "清完"}),
        (17, 26, "inspector", "inspect", {}), (17, 26, "operator", "close", {}),
    )  # fmt: skip
    for hour, day, who, name, more in steps:
        time_machine.move_to(at(hour, day), tick=False)
        do(town, case, who, name, **more)
    found = shares(town, at(9, 27))
    assert {found[code] for code in ("verifying_on_time", "registering_on_time", "inspecting_on_time")} == {(0, 1)}
    assert found["dispatch_on_time"] == (1, 1)  # the last round counts: sent again within half an hour
    assert {found[code] for code in ("returned", "rework", "closing_late")} == {(1, 1)}
    assert {found[code] for code in ("dispatch_accurate", "closing_on_time", "first_answer_on_time")} == {(0, 1)}
    assert verify().clean


def test_what_waits_beyond_its_limit_counts_as_late_before_it_is_done(town: Town, time_machine: Any) -> None:
    time_machine.move_to(at(9), tick=False)
    case = new_case(town)
    assert "first_answer_on_time" not in shares(town, at(9.25))  # half an hour has not passed
    assert shares(town, at(9.75))["first_answer_on_time"] == (0, 1)
    do(town, case, "operator", "accept")
    assert "verifying_on_time" not in shares(town, at(10))
    assert shares(town, at(10, 24))["verifying_on_time"] == (0, 1)


def test_reopening_begins_a_new_round(town: Town, time_machine: Any) -> None:
    test_every_stage_in_time(town, time_machine)
    time_machine.move_to(at(15), tick=False)
    case = Case.objects.get().id
    state = do(town, case, "operator", "reopen", reason="又摆出来了")
    assert (state.register_due_at, state.registered_at) == (None, at(15))
    found = shares(town, at(15.25))
    assert "dispatch_on_time" not in found
    assert shares(town, at(16))["dispatch_on_time"] == (0, 1)
    assert "registering_on_time" not in found
