"""Fixtures of the pages' tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from tests.interfaces import world as worlds
from tests.interfaces.world import World
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """The small subdistrict, in the test's own transaction; snapshots of what is undone are forgotten."""
    _forget()
    yield worlds.build()
    _forget()


def _forget() -> None:
    places._atlases.clear()
    reference._snapshots.clear()


@pytest.fixture
def desk(world: World) -> Callable[[str], Client]:
    """A browser session of an account, in Chinese."""

    def signed_in(username: str) -> Client:
        client = Client(headers={"accept-language": "zh-CN"})
        client.force_login(world.accounts[username], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return signed_in
