"""What tasks do when told: they move along when an area ends, and lose their words with those of their case."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q

from wangge.base.events import subscribe
from wangge.kernel.cases.access import after
from wangge.kernel.cases.erasing import TEXTS
from wangge.kernel.cases.rules import SUBJECT as CASE
from wangge.kernel.journal.erasing import Erasure, erase, on_erase, place_of
from wangge.kernel.places.events import AreasEnded, Move
from wangge.kernel.places.queries import atlas
from wangge.kernel.tasks.lifecycle import OPEN
from wangge.kernel.tasks.loading import path_of, state_of
from wangge.kernel.tasks.models import SUBJECT, Task
from wangge.kernel.tasks.services import advance
from wangge.kernel.tasks.state import TaskState

_PATHS = ("path", "post_path", "from_path")


def register() -> None:
    """Called once, when the application is ready."""
    subscribe(AreasEnded, move_tasks)
    place_of(SUBJECT, path_of)
    on_erase(CASE, erase_with_case)


def move_tasks(event: AreasEnded) -> None:
    """Open tasks of an ended area go to its successor, or to the area above; ended ones stay as they were."""
    for move in event.moves:
        low, high = move.old_path, after(move.old_path)
        there = Q()
        for name in _PATHS:
            there |= Q(**{f"{name}__gte": low, f"{name}__lt": high})
        open_ones = Task.objects.filter(state__in=[state.value for state in OPEN])
        for row in open_ones.filter(there).select_for_update(of=("self",)).order_by("id"):
            task = state_of(row)
            if updates := _moved(task, move):
                advance(task, "move", updates, by=event.by)


def _moved(task: TaskState, move: Move) -> dict[str, Any]:
    updates: dict[str, Any] = {}
    for name in _PATHS:
        old = getattr(task, name)
        if old is None or not old.startswith(move.old_path):
            continue
        if move.new_path is not None:
            updates[name] = move.new_path + old[len(move.old_path):]
        elif (above := move.old_path.rstrip("/").rpartition("/")[0] + "/") != "/":
            updates[name] = above
    if task.area == move.old_id:
        place = atlas().by_path.get(str(updates.get("path", "")))
        area: UUID | None = move.new_id or (place.id if place else None)
        updates["area"] = area
    return updates


def erase_with_case(erasure: Erasure) -> dict[str, int]:
    """What was written about a case in tasks goes with the case's own words; erasing a contact leaves it."""
    names = {field for _, field in erasure.fields}
    if names and not names & TEXTS and not names & {"reason", "note"}:
        return {}
    gone = 0
    for task in Task.objects.filter(case_id=erasure.subject_id).values_list("id", flat=True):
        gone += len(erase(subject_id=task, reason_code=erasure.reason_code, by=erasure.by).fields)
    return {"task_words": gone} if gone else {}
