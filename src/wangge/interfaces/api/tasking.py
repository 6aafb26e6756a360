"""Tasks, from what the queries return to what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils import translation

from wangge.interfaces.api import rendering
from wangge.interfaces.api import schemas as out
from wangge.interfaces.web import sharing
from wangge.kernel.places.queries import Atlas
from wangge.kernel.tasks.queries import TaskDetail, TaskRow
from wangge.kernel.tasks.rules import overdue


def item(row: TaskRow, places: Atlas, now: datetime) -> out.TaskItem:
    """A task in a list."""
    return out.TaskItem(**_columns(row, places, now))


def detail(
    found: TaskDetail, places: Atlas, now: datetime, *, request: HttpRequest, allowed: list[str], language: str
) -> out.TaskOut:
    """One task. Its card is in the language of the asker's account."""
    with translation.override(language or "zh-hans"):
        card = sharing.task_card(found.row, places, root=request.build_absolute_uri("/"))
    return out.TaskOut(
        **_columns(found.row, places, now),
        story=[rendering.entry(moment) for moment in found.story],
        card=out.CardOut(card.text, card.link),
        allowed_actions=allowed,
    )


def _columns(row: TaskRow, places: Atlas, now: datetime) -> dict[str, Any]:
    task = row.task
    area = places.by_path.get(task.path)
    return {
        "id": task.id, "number": task.number, "version": task.version, "kind": task.kind, "state": task.state,
        "note": row.words, "readable": row.readable, "case": row.case_number,
        "area": rendering.area_ref(area) if area else None,
        "issuer": out.Party(
            out.Named(task.from_organisation, row.from_organisation_name) if task.from_organisation else None,
            task.from_post, _code(task.from_path),
        ),
        "addressee": out.Party(
            out.Named(task.organisation, row.organisation_name) if task.organisation else None, task.post,
            _code(task.post_path) if task.post_path else None,
        ),
        "issued_at": task.issued_at, "due_at": task.due_at, "overdue": overdue(task, now), "read_at": task.read_at,
        "taken_at": task.taken_at, "replied_at": task.replied_at, "ended_at": task.ended_at,
        "overdues": task.overdues, "reminders": task.reminders, "returns": task.returns,
    }  # fmt: skip


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]
