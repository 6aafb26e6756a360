"""A town for every test of the room."""

from __future__ import annotations

import pytest

from tests import town as towns
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places


@pytest.fixture
def town(db: None) -> towns.Town:
    """The town within the test's transaction; no snapshot of another test's is left."""
    places._atlases.clear()
    reference._snapshots.clear()
    return towns.build()


@pytest.fixture
def committed_town(committed_db: str) -> towns.Town:
    """The town in a database of the test's own."""
    places._atlases.clear()
    reference._snapshots.clear()
    return towns.build()
