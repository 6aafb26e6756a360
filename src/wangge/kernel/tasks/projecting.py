"""Tasks as the journal tells them: what lists and deadlines are read from is what the entries add up to."""

from __future__ import annotations

from collections.abc import Sequence

from wangge.kernel.cases.replaying import fold
from wangge.kernel.journal.services import Projection, State, Told, project
from wangge.kernel.tasks.models import SUBJECT
from wangge.kernel.tasks.state import COLUMNS, TIMES

_COMPARED = tuple(name for name in COLUMNS if name not in ("id", "version"))


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=SUBJECT,
        table="tasks_task",
        columns={name: f's."{name}"' for name in _COMPARED},
        told=_told,
        times=TIMES,
        label="number",
    ))


def _told(entries: Sequence[Told]) -> State:
    return fold(entry.data for entry in entries)
