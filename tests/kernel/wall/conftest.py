"""The small subdistrict of the pages' tests; what displays share is forgotten with the test's transaction."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.interfaces import world as worlds
from tests.interfaces.world import World
from tests.kernel.wall.making import forget


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The subdistrict within the test's transaction."""
    forget()
    yield worlds.build()
    forget()
