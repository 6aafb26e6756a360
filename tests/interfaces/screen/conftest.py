"""A display with its token, and what displays share forgotten around each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests.interfaces.world import World
from wangge.kernel.duties import mandates
from wangge.kernel.wall.displays import issue_display
from wangge.kernel.wall.sharing import SHELF

Hung = Callable[..., Client]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No snapshot of another test."""
    SHELF.clear()
    yield
    SHELF.clear()


@pytest.fixture
def hung(world: World) -> Hung:
    """`hung("320499001")`: the browser of a display that has been let in."""

    def made(area: str = "320499001", **more: str) -> Client:
        _, plain = issue_display(area_code=area, days=1, by=mandates.console(), **more)  # type: ignore[arg-type]
        client = Client(headers={"accept-language": "de"})
        assert client.post("/screen/enter", {"token": plain}).status_code == 204
        return client

    return made
