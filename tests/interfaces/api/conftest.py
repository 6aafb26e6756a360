"""Fixtures of the programs' door."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.interfaces.api.world import Api, World, make_world


@pytest.fixture(autouse=True)
def files_root(tmp_path: Path, settings: Any) -> Path:
    """A folder of files of the test's own."""
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def world(db: None) -> World:
    """The small subdistrict."""
    return make_world()


@pytest.fixture
def operator(world: World) -> Api:
    """Who accepts, registers, dispatches and closes."""
    return Api(world.tokens["operator"])


@pytest.fixture
def worker(world: World) -> Api:
    """Who reports and handles in grid A1."""
    return Api(world.tokens["worker"])


@pytest.fixture
def inspector(world: World) -> Api:
    """Who inspects."""
    return Api(world.tokens["inspector"])
