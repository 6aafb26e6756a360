"""Settled signals and thresholds as the journal tells them, and where each lies for erasing its words."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from wangge.kernel.cases.replaying import fold
from wangge.kernel.journal.services import Projection, State, Told, place_of, project
from wangge.kernel.signals.models import SUBJECT, THRESHOLD_SUBJECT, SetThreshold, Settled

SETTLED = ("kind", "key", "path", "latest", "outcome", "person", "post", "at", "task")
THRESHOLD = ("area", "name", "value", "active")


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=SUBJECT, table="signals_settled", columns={name: f's."{name}"' for name in SETTLED}, told=_told,
        times=frozenset({"latest", "at"}),
    ))
    project(Projection(
        subject_type=THRESHOLD_SUBJECT, table="signals_threshold",
        columns={name: f's."{name}"' for name in THRESHOLD}, told=_told,
    ))
    place_of(SUBJECT, _path)
    place_of(THRESHOLD_SUBJECT, _ground)


def _told(entries: Sequence[Told]) -> State:
    return fold(entry.data for entry in entries)


def _path(row: UUID) -> str:
    return str(Settled.objects.filter(id=row).values_list("path", flat=True).get())


def _ground(row: UUID) -> str:
    return str(SetThreshold.objects.filter(id=row).values_list("area__path", flat=True).get())
