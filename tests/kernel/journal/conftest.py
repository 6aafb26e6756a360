"""Fixtures of the journal's tests: a state table of their own, and a populated journal that is committed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.kernel.journal import world
from wangge.kernel.journal import erasing, subjects


@pytest.fixture
def things(
    committed_db: str, owner_connection: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> psycopg.Connection[Any]:
    """A state table for subjects of type `thing`; returns the owner's connection."""
    owner_connection.execute(world.CREATE)
    owner_connection.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {world.TABLE} TO PUBLIC")
    monkeypatch.setattr(subjects, "state_tables", lambda: [world.TABLE])
    monkeypatch.setattr(erasing, "_hooks", erasing.defaultdict(list))
    monkeypatch.setattr(erasing, "_places", {})
    return owner_connection
