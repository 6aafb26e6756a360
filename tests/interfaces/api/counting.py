"""Counts the statements of a block on psycopg's own connection, whoever sends them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the block sends, savepoints left out (the test's own transaction makes them)."""
    sent: list[str] = []
    real = psycopg.Cursor.execute

    def noted(self: Any, query: Any, *more: Any, **named: Any) -> Any:
        if "SAVEPOINT" not in str(query):
            sent.append(str(query))
        return real(self, query, *more, **named)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", noted)
        yield sent
