"""What presses on a case beside its stage shows in the list, as a view of its own, and on the case page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.interfaces.staff.test_case import Desk
from tests.interfaces.staff.test_whole_life import SIGNED, page
from tests.interfaces.world import World
from wangge.kernel.cases import sweeps
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.rules import Command
from wangge.kernel.cases.services import act

MORNING = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
LATE_VIEW = "/desk/?state=any&waiting=late"


def do(world: World, who: str, case: Case, name: str, **more: Any) -> None:
    case.refresh_from_db()
    act(case_id=case.id, command=Command(act=name, **more), expected_version=case.version, by=world.by(who))


def test_a_called_unit_that_has_not_come_is_marked_and_listed(world: World, desk: Desk, time_machine: Any) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = world.bring(world.report(), *SIGNED)
    do(world, "secretary", case, "whistle", organisation=world.unit)
    before = page(desk("operator"), "/desk/")
    assert '<span class="due soon">已吹哨，还有 30 分</span>' in before
    assert "waiting=late" not in before
    assert case.number not in page(desk("operator"), LATE_VIEW)
    time_machine.move_to(MORNING + timedelta(minutes=42), tick=False)
    after = page(desk("operator"), "/desk/")
    assert '<span class="due late">吹哨未到，超 12 分</span>' in after
    assert "waiting=late" in after
    assert "督办吹哨超时" in after
    assert case.number in page(desk("operator"), LATE_VIEW)
    do(world, "secretary", case, "comment", note="再催")
    assert case.number in page(desk("operator"), LATE_VIEW)


def test_an_order_without_an_answer_is_marked_until_it_is_answered(
    world: World, desk: Desk, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = world.bring(world.report(), *SIGNED)
    do(world, "secretary", case, "supervise", reason="居民多次反映")
    assert "督办未回复" not in page(desk("operator"), "/desk/")
    case.refresh_from_db()
    assert case.supervision_due_at is not None
    time_machine.move_to(case.supervision_due_at + timedelta(hours=2), tick=False)
    assert '<span class="due late">督办未回复，超 2 小时</span>' in page(desk("operator"), "/desk/")
    assert case.number in page(desk("operator"), LATE_VIEW)
    do(world, "worker", case, "answer", note="已在处理")
    assert case.number not in page(desk("operator"), LATE_VIEW)


def test_a_limit_that_nears_its_end_shows_while_another_stage_runs(
    world: World, desk: Desk, time_machine: Any
) -> None:
    time_machine.move_to(MORNING, tick=False)
    case = world.bring(world.report(), *SIGNED[:-1])
    assert case.due_at is not None
    assert "时限还剩" not in page(desk("operator"), "/desk/")
    time_machine.move_to(case.due_at - timedelta(minutes=20), tick=False)
    assert sweeps.run("warn") == 1
    assert '<span class="due soon">时限还剩 20 分</span>' in page(desk("operator"), "/desk/")
    shown = page(desk("operator"), f"/desk/cases/{case.number}")
    assert "系统提醒过时限：还剩 20 分" in shown
    time_machine.move_to(case.due_at + timedelta(minutes=5), tick=False)
    assert sweeps.run("warn") == 1
    assert '<span class="due late">时限已过 5 分</span>' in page(desk("operator"), "/desk/")
    assert '<li class="late"><span><strong>系统提醒过时限：' in page(desk("operator"), f"/desk/cases/{case.number}")
