"""A town with accounts for every test of the room."""

from __future__ import annotations

import pytest

from tests import town as towns
from tests.kernel.ledger.books import Books, build


@pytest.fixture
def books(db: None) -> Books:
    """Within the test's transaction."""
    return build(towns.build())


@pytest.fixture
def committed_books(committed_db: str) -> Books:
    """In a database of the test's own."""
    return build(towns.build())
