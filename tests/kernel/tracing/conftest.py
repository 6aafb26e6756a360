"""A town for every test of the room."""

from __future__ import annotations

import pytest

from tests import town as towns


@pytest.fixture
def town(db: None) -> towns.Town:
    """The town within the test's transaction."""
    return towns.build()


@pytest.fixture
def committed_town(committed_db: str) -> towns.Town:
    """The town in a database of the test's own."""
    return towns.build()
