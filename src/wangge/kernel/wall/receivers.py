"""What goes when a display is erased: its label. The area that a display shows stays, under its own entries."""

from __future__ import annotations

from uuid import UUID

from wangge.kernel.journal.services import Erasure, on_erase, place_of
from wangge.kernel.wall.models import DISPLAY, Display


def register() -> None:
    """Take part in erasing (called once, when the application is ready)."""
    on_erase(DISPLAY, erased)
    place_of(DISPLAY, path_of)


def path_of(display: UUID) -> str:
    """Where a display hangs."""
    return str(Display.objects.values_list("area__path", flat=True).get(id=display))


def erased(erasure: Erasure) -> dict[str, int]:
    """Empty the label."""
    return {"labels": Display.objects.filter(id=erasure.subject_id).update(label="")}
