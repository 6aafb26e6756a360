"""Who may look at the wall: a display by its token on its own area, and whoever sees the cases of the ground anyway."""

from __future__ import annotations

from wangge.base.mandate import Mandate

VERB = "watch"


def require_watch(by: Mandate, path: str) -> None:
    """Raises `Forbidden` for who neither watches (a display) nor sees (a duty) this ground."""
    by.require(VERB if VERB in by.may else "see", path)
