"""A running Wangge for each file of journeys, so that one journey does not meet what another left."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.system import System, running


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """`wangge up` with the small subdistrict."""
    with running(tmp_path_factory.mktemp("journeys")) as made:
        yield made
