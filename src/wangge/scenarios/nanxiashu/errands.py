"""Directives and calls of the last days: some done, one late, one waiting for its acceptance, a call of this night."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas
from wangge.kernel.tasks.rules import target_of
from wangge.kernel.tasks.services import act, issue
from wangge.kernel.tasks.state import Command, NewTask, TaskState
from wangge.scenarios.nanxiashu.play import Stage

Grid = tuple[str, int]


class Deed(NamedTuple):
    """What was done to a task so many hours after it was issued: by its addressee, or by its issuer."""

    hours: float
    act: str
    words: str = ""
    by_issuer: bool = False


class Errand(NamedTuple):
    """A task: how many days ago and when it was issued, by which post, about which grid, for which post."""

    days: int
    at: time
    kind: str
    issuer: str
    grid: Grid
    post: str
    words: str
    hours: float
    deeds: tuple[Deed, ...] = ()


ERRANDS = (
    Errand(3, time(9, 10), "directive", "leader", ("NXS-02", 1), "secretary",
           "农贸市场东门连续三天占道，今天内说明由谁守、守到几点。", 8, (
               Deed(0.4, "read_task"), Deed(0.6, "take_task"), Deed(3, "progress", "已与市场方和城管队碰头。"),
               Deed(6, "reply_task", "每天六点至九点半由市场两人、城管队一人值守，下周起进疏导点。"),
               Deed(7, "accept_reply", "", by_issuer=True))),
    Errand(2, time(15, 0), "call", "grid_worker", ("NXS-04", 1), "leader",
           "施工围挡压住消防通道，施工方不肯挪，社区协调不动。", 2, (
               Deed(0.3, "take_task"), Deed(1.2, "reply_task", "已请住建和消防到场，今晚挪开。"),
               Deed(20, "accept_reply", "已挪开，通道畅通。", by_issuer=True))),
    Errand(1, time(10, 30), "directive", "leader", ("NXS-07", 2), "grid_worker",
           "老粮站围墙外的垃圾点，下午五点前清完并拍照。", 6.5, (
               Deed(1, "read_task"), Deed(5, "remind_task", "检查组下午到。", by_issuer=True))),
    Errand(1, time(16, 20), "directive", "secretary", ("NXS-04", 1), "grid_worker",
           "公交首末站出口的非机动车，每天早晚各巡一次，写明数量。", 30, (
               Deed(0.5, "take_task"), Deed(4, "reply_task", "今晚巡过，挪开二十三辆，新线里还有空位。"))),
    Errand(0, time(5, 40), "call", "grid_worker", ("NXS-02", 1), "leader",
           "三号楼一层店铺煤气味很重，店主不在，需要燃气公司和消防到场。", 2),
)  # fmt: skip


def tell(stage: Stage, now: datetime) -> None:
    """Play them all; what would lie in the future is left out."""
    zone = ZoneInfo(atlas().timezone(stage.root_path))
    for errand in ERRANDS:
        day = now.astimezone(zone).date() - timedelta(days=errand.days)
        start = datetime.combine(day, errand.at, zone).astimezone(now.tzinfo)
        if start > now:
            start -= timedelta(days=1)
        _play(errand, stage, start, now)


def _play(errand: Errand, stage: Stage, start: datetime, now: datetime) -> None:
    path = stage.grids[errand.grid]
    area = atlas().by_path[path]
    by = _acting(stage, path, errand.issuer, start)
    task = issue(new=NewTask(
        kind=errand.kind, note=errand.words, area=area.code, post=errand.post,
        due_at=start + timedelta(hours=errand.hours),
    ), by=by)  # fmt: skip
    for deed in errand.deeds:
        moment = start + timedelta(hours=deed.hours)
        if moment > now:
            return
        task = _do(deed, task, stage, moment)


def _do(deed: Deed, task: TaskState, stage: Stage, moment: datetime) -> TaskState:
    target = target_of(task)
    post, path = (task.from_post, task.from_path) if deed.by_issuer else (target.post, target.post_path)
    by = _acting(stage, str(path), str(post), moment)
    command = Command(act=deed.act, note=deed.words)
    return act(task_id=task.id, command=command, expected_version=task.version, by=by)


def _acting(stage: Stage, path: str, post: str, moment: datetime) -> Mandate:
    """The mandate of who holds a post at a place then; of several the first by time and name."""
    held = min(stage.roster.holders(path, post, moment), key=lambda one: (one.valid_from, one.name))
    assert held.person_id is not None
    return mandates.simulated(held.person_id, at=moment, duty=held.assignment_id)
