"""Patrols, observations and switches as the journal tells them, and where each lies for erasing its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import models

from wangge.kernel.cases.replaying import fold
from wangge.kernel.journal.services import Projection, State, Told, place_of, project
from wangge.patrols.models import Observation, Patrol, Switch
from wangge.patrols.recording import columns

SUBJECTS: dict[str, type[Patrol | Observation | Switch]] = {
    "patrol": Patrol, "observation": Observation, "switch": Switch,
}


def register() -> None:
    """Called once, when the application is ready."""
    for subject, model in SUBJECTS.items():
        times = {str(field.column) for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)}
        project(Projection(
            subject_type=subject, table=model._meta.db_table,
            columns={name: f's."{name}"' for name in columns(model)},
            told=_TOLD.get(subject, _told), times=frozenset(times),
        ))
        place_of(subject, _place(model))


def _told(entries: Sequence[Told]) -> State:
    return fold(entry.data for entry in entries)


def _told_patrol(entries: Sequence[Told]) -> State:
    """Entries from before stops could be visited say nothing of it: none was."""
    return {"visited": {}, **fold(entry.data for entry in entries)}


_TOLD: dict[str, Callable[[Sequence[Told]], State]] = {"patrol": _told_patrol}


def _place(model: type[Patrol | Observation | Switch]) -> Callable[[UUID], str]:
    def path(row_id: UUID) -> str:
        return str(model.objects.filter(id=row_id).values_list("path", flat=True).get())

    return path
