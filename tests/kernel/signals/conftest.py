"""A town for signals."""

from __future__ import annotations

import pytest

from tests.town import Town, build
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places


@pytest.fixture
def town(db: None) -> Town:
    places._atlases.clear()
    reference._snapshots.clear()
    return build()
