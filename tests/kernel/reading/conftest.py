"""A town for every test of the room, and a home of its own for the files of models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests import town as towns
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places
from wangge.kernel.reading import queries


@pytest.fixture
def town(db: None, settings: Any, tmp_path: Path) -> towns.Town:
    """The town within the test's transaction; no snapshot of another test's is left."""
    settings.HOME = tmp_path
    for known in (places._atlases, reference._snapshots, queries._loaded, queries._missed):
        known.clear()
    return towns.build()
