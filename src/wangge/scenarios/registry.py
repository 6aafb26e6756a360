"""The scenarios by name. A loader makes its world once and answers with facts; a second load changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate

Progress = Callable[[int, int], None]
"""Called with how many are done, of how many."""


class Loader(Protocol):
    """What every scenario offers. `seed` draws what is invented; a scenario of real data pays no heed to it."""

    def __call__(self, *, by: Mandate, seed: int, progress: Progress) -> dict[str, Any]:
        """Load, and return the facts of the JSON line, `scenario` and `seconds` among them."""
        ...


def _nanxiashu(*, by: Mandate, seed: int, progress: Progress) -> dict[str, Any]:
    from wangge.scenarios.nanxiashu import load

    return load(by=by, seed=seed, progress=progress)


def _baltimore(*, by: Mandate, seed: int, progress: Progress) -> dict[str, Any]:
    from wangge.scenarios.baltimore import load

    return load(errors=Path(settings.HOME, "baltimore.errors.csv"), progress=progress)


SCENARIOS: dict[str, Loader] = {"nanxiashu": _nanxiashu, "baltimore": _baltimore}


def loader(name: str) -> Loader:
    """The loader of this scenario. Raises `NotFound`."""
    found = SCENARIOS.get(name)
    if found is None:
        raise NotFound("There is no such scenario.", field="name", value=name,
                       expected="one of " + ", ".join(SCENARIOS))
    return found
