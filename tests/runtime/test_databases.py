"""The test databases themselves: clones are separate, and the serving role cannot rewrite the record."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.db import connection

from wangge.settings import databases as configured


def _roles() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return {row[0] for row in cursor.fetchall()}


@pytest.mark.django_db
def test_tests_run_as_the_serving_role() -> None:
    app, owner = (configured.of_role(role)["USER"] for role in ("app", "owner"))
    assert _roles() == {app} != {owner}


def test_a_committing_test_has_a_database_of_its_own(
    committed_db: str, owner_connection: psycopg.Connection[Any]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (committed_db,)
    assert owner_connection.info.dbname == committed_db
