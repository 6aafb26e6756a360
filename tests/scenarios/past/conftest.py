"""A small simulated past, stored once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from wangge.kernel.duties import mandates
from wangge.scenarios.nanxiashu.past import load_past

EVENTS = 300
SEED = 11


class Stored(NamedTuple):
    """The database, and what loading answered."""

    database: str
    facts: dict[str, Any]


def quiet(done: int, total: int) -> None:
    """Nobody watches."""


@pytest.fixture(scope="session")
def stored_database(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stored]:
    """A database with the small past in it, made once a process."""
    before = connections.settings["default"]["NAME"]
    with databases.clone(template_database) as name:
        with django_db_blocker.unblock():
            databases.point_at(name)
            try:
                facts = load_past(by=mandates.console(), seed=SEED, count=EVENTS, progress=quiet)
            finally:
                databases.point_at(before)
        yield Stored(name, facts)


@pytest.fixture
def stored(stored_database: Stored, django_db_blocker: DjangoDbBlocker) -> Iterator[Stored]:
    """The database with the small past."""
    before = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(stored_database.database)
        try:
            yield stored_database
        finally:
            databases.point_at(before)
