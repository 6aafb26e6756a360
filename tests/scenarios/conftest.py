"""The subdistrict, loaded once for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from django.db import connections
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from wangge.kernel.duties import mandates

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)
"""A Wednesday, ten in the morning in China."""
SEED = 7


class Loaded(NamedTuple):
    """The database, and what loading answered."""

    database: str
    facts: dict[str, Any]


def load(seed: int = SEED, now: datetime = NOW) -> dict[str, Any]:
    """Load the scenario into the present database."""
    from wangge.scenarios.nanxiashu import load

    return load(by=mandates.console(), seed=seed, now=now)


@pytest.fixture(scope="session")
def loaded_database(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Loaded]:
    """A database with the scenario in it, made once a process."""
    before = connections.settings["default"]["NAME"]
    with databases.clone(template_database) as name:
        with django_db_blocker.unblock():
            databases.point_at(name)
            try:
                facts = load()
            finally:
                databases.point_at(before)
        yield Loaded(name, facts)


@pytest.fixture
def loaded(loaded_database: Loaded, django_db_blocker: DjangoDbBlocker) -> Iterator[Loaded]:
    """The loaded database for a test that only reads it."""
    before = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(loaded_database.database)
        try:
            yield loaded_database
        finally:
            databases.point_at(before)
