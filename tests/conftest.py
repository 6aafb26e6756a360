"""Fixtures of every test. `db` wraps a test in a transaction that is undone; `committed_db` gives it a database of
its own, for tests that commit, use threads or several connections; `owner_connection` is the rogue administrator.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connections
from hypothesis import HealthCheck, settings
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests import databases, external
from wangge.runtime import lease
from wangge.settings import environment

settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")  # how long an example takes says how busy the machine is

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse `transaction=True`: it empties every table after the test, catalogues included, and is slow.

    Browser tests need Chromium; where there is none they are left out, and the summary names each.
    """
    for item in items:
        if item.get_closest_marker("browser") and CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason=f"no Chromium here: left out {item.name}"))
        marker = item.get_closest_marker("django_db")
        if (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ()):
            raise pytest.UsageError(f"{item.nodeid}: use the fixture committed_db in place of transaction=True")


def pytest_unconfigure() -> None:
    """The first process of the run drops the role that it made on an external server, if it made one."""
    if os.environ.get("WANGGE_TEST_FIRST") == str(os.getpid()):
        external.drop_role()


@pytest.fixture(scope="session")
def template_database(django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """The name of a migrated, empty database to clone; starts the run's cluster if no server is configured."""
    with ExitStack() as stack:
        if not environment.text("DATABASE_URL"):
            stack.enter_context(lease.hold(Path(os.environ["WANGGE_TEST_HOME"]), durable=False))
        with django_db_blocker.unblock():
            name = databases.template()
        yield name


@pytest.fixture(scope="session")
def django_db_setup(template_database: str, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The database of this process, which `db` tests share by undoing what they did."""
    with databases.clone(template_database) as name:
        with django_db_blocker.unblock():
            databases.point_at(name)
        yield
        with django_db_blocker.unblock():
            connections["default"].close()


@pytest.fixture
def committed_db(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[str]:
    """The name of a database of the test's own; what it commits stays committed, in every thread."""
    before = connections.settings["default"]["NAME"]
    with databases.clone(template_database) as name, django_db_blocker.unblock():
        databases.point_at(name)
        try:
            yield name
        finally:
            databases.point_at(before)


@pytest.fixture
def owner_connection(request: pytest.FixtureRequest, django_db_setup: None) -> Iterator[psycopg.Connection[Any]]:
    """The owner of the tables, in autocommit, on the database that the test uses."""
    if "committed_db" in request.fixturenames:
        request.getfixturevalue("committed_db")
    with databases.connect("owner", connections.settings["default"]["NAME"]) as connection:
        yield connection


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, as it runs in a container and without talking to anybody."""
    switches = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync"]
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": switches}


@pytest.fixture
def server(committed_db: str) -> Iterator[str]:
    """The URL of a server in this process, on the test's own database (pytest-django's one flushes)."""
    live = LiveServer("localhost")
    try:
        yield live.url
    finally:
        live.stop()
