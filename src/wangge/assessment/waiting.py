"""What a statement still waits for, as rooms above this one know it: a contest of a finding that nobody decided yet.

They say so by `provide` when the application starts, so that this room imports none of them. A run does not become
final while anything waits.
"""

from __future__ import annotations

from collections.abc import Callable

from wangge.assessment.core.periods import Period

Waits = Callable[[str, Period], int]
"""How many things wait on the ground of a path for findings of a period."""

_PROVIDERS: dict[str, Waits] = {}


def provide(name: str, waits: Waits) -> None:
    """Called once by each room, when the application is ready."""
    _PROVIDERS[name] = waits


def waiting(path: str, period: Period) -> int:
    """How many things wait, of all rooms."""
    return sum(_PROVIDERS[name](path, period) for name in sorted(_PROVIDERS))
