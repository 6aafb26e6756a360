"""Tasks of the town: issued and acted upon with what each act needs unless that is given."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.town import POINTS, Town
from wangge.base.mandate import Mandate
from wangge.kernel.cases.facts import Command as CaseCommand
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import act as act_on_case
from wangge.kernel.tasks.services import act, issue
from wangge.kernel.tasks.state import Command, NewTask, TaskState

NOW = datetime(2026, 6, 8, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)
WORDS = "请今天内清走东门摊位，拍照回复"


def at(town: Town, who: str, hours: float = 0) -> Mandate:
    """The mandate of one of the people so many hours after `NOW`."""
    moment = NOW + hours * HOUR
    return replace(town.by(who, at=moment), recorded_at=moment)


def give(town: Town, who: str = "leader", *, hours: float = 0, **given: Any) -> TaskState:
    """A directive of a leader about the first grid, due in four hours."""
    new = {"kind": "directive", "note": WORDS, "area": "T-G11", "due_at": NOW + (hours + 4) * HOUR} | given
    if new.get("case"):
        new["area"] = ""
    return issue(new=NewTask(**new), by=at(town, who, hours))


def call(town: Town, who: str = "worker", **given: Any) -> TaskState:
    """A call of the front line."""
    return issue(new=NewTask(**({"kind": "call", "note": "煤气味，物业不开门"} | given)), by=at(town, who))


NEEDS: dict[str, dict[str, Any]] = {
    "progress": {"note": "清了一半"},
    "reply_task": {"note": "已清走"},
    "decline_task": {"reason": "不是我的地段"},
    "send_back": {"reason": "照片看不清"},
    "redirect": {"post": "officer"},
    "withdraw_task": {"reason": "不用了"},
    "postpone": {"due_at": NOW + 30 * HOUR},
}


def do(town: Town, task: TaskState, name: str, who: str, *, hours: float = 1, **given: Any) -> TaskState:
    """An act upon the task as it was seen last."""
    command = Command(act=name, **(NEEDS.get(name, {}) | given))
    return act(task_id=task.id, command=command, expected_version=task.version, by=at(town, who, hours))


def case_of(town: Town, *, case_class: str = "E0417", handled_by: bool = True) -> Case:
    """A case in the first grid, dispatched as the rules say."""
    report = NewReport(description="东门占道", point=POINTS["G11"], source="grid_worker")
    made = report_case(report=report, by=at(town, "worker", -3))
    case = Case.objects.get(id=made.case_id)
    for version, command in enumerate(
        (CaseCommand(act="register", case_class=case_class, condition=1), CaseCommand(act="dispatch")), 1
    ):
        if version == 1 or handled_by:
            act_on_case(case_id=case.id, command=command, expected_version=version, by=at(town, "operator", -2))
    case.refresh_from_db()
    return case
