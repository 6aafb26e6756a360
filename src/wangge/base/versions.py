"""The version of a snapshot: asked for each time, or agreed on for the length of one reading.

A page that reads several snapshots learns their versions with the statement that it makes anyway and fixes them, so
that all of it shows one and the same state and nobody asks again. Nothing is kept beyond the block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar


class Version:
    """The number that moves with every change of what a snapshot holds; `ask` reads it from the database."""

    def __init__(self, name: str, ask: Callable[[], int]) -> None:
        self._ask = ask
        self._fixed: ContextVar[int | None] = ContextVar(name, default=None)

    def now(self) -> int:
        """The present number, or the one that was fixed around this call."""
        fixed = self._fixed.get()
        return self._ask() if fixed is None else fixed

    @contextmanager
    def fixed(self, number: int) -> Iterator[None]:
        """Within the block `now` is this number. For reads: who writes must not go by what was true before."""
        token = self._fixed.set(number)
        try:
            yield
        finally:
            self._fixed.reset(token)
