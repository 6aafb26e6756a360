"""Contests and rectifications as the journal tells them, and where each lies for erasing its words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from django.db import models

from wangge.inspections.models import Contest, Rectification
from wangge.kernel.cases.replaying import fold
from wangge.kernel.journal.services import Projection, State, Told, place_of, project
from wangge.patrols.recording import columns

SUBJECTS: dict[str, type[Contest | Rectification]] = {"contest": Contest, "rectification": Rectification}


def register() -> None:
    """Called once, when the application is ready."""
    for subject, model in SUBJECTS.items():
        times = {str(field.column) for field in model._meta.concrete_fields if isinstance(field, models.DateTimeField)}
        project(Projection(
            subject_type=subject, table=model._meta.db_table,
            columns={name: f's."{name}"' for name in columns(model)},
            told=_told, times=frozenset(times),
        ))
        place_of(subject, _place(model))


def _told(entries: Sequence[Told]) -> State:
    return fold(entry.data for entry in entries)


def _place(model: type[Contest | Rectification]) -> Callable[[UUID], str]:
    def path(row_id: UUID) -> str:
        return str(model.objects.filter(id=row_id).values_list("path", flat=True).get())

    return path
