"""`/readyz` tells the truth about database, migrations, worker, disk and seal; `/healthz` only that we live."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from wangge.base import clock
from wangge.base.ids import new_id
from wangge.interfaces.web import health


@pytest.fixture(autouse=True)
def _fresh_schema() -> Iterator[None]:
    """Every test asks anew for pending migrations."""
    health._schema = None
    yield
    health._schema = None


def _heartbeat(seconds_ago: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")
        at = clock.now() - timedelta(seconds=seconds_ago)
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s)", [at])


def _entry(hours_ago: int) -> None:
    at = clock.now() - timedelta(hours=hours_ago)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_entry (subject_id, seq, subject_type, verb, channel, at, recorded_at, form,"
            " data, digest, ordinal) VALUES (%s, 1, 'test', 'test', 'job', %s, %s, 1, '{}', %s,"
            " nextval('journal_entry_ordinal'))",
            [new_id(), at, at, b"\0" * 32],
        )


def _checks(client: Client) -> tuple[int, dict[str, Any]]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()["checks"]


@pytest.mark.django_db
def test_ready_when_all_is_in_order(client: Client) -> None:
    _heartbeat(5)
    status, checks = _checks(client)
    assert (status, [name for name, check in checks.items() if not check["ok"]]) == (200, [])
    assert set(checks) == {"calendar", "database", "migrations", "worker", "disk", "seal"}


@pytest.mark.django_db
def test_a_silent_worker_is_named(client: Client) -> None:
    _heartbeat(600)
    status, checks = _checks(client)
    assert status == 503
    assert [name for name, check in checks.items() if not check["ok"]] == ["worker"]


@pytest.mark.django_db
def test_an_entry_unsealed_for_more_than_a_night_is_named(client: Client) -> None:
    _heartbeat(5)
    _entry(hours_ago=20)
    assert _checks(client)[1]["seal"]["ok"]
    connection.check_constraints()


@pytest.mark.django_db
def test_an_entry_unsealed_for_two_days_makes_it_unready(client: Client) -> None:
    _heartbeat(5)
    _entry(hours_ago=48)
    status, checks = _checks(client)
    assert status == 503
    assert not checks["seal"]["ok"]


def test_a_pending_migration_is_named(client: Client, committed_db: str, owner_connection: Any) -> None:
    _heartbeat(5)
    owner_connection.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    status, checks = _checks(client)
    assert status == 503
    assert checks["migrations"] == {"ok": False, "detail": "1 pending"}


@pytest.mark.django_db
def test_a_full_disk_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    _heartbeat(5)
    monkeypatch.setattr(health, "DISK_FREE", 2**62)
    assert [name for name, check in _checks(client)[1].items() if not check["ok"]] == ["disk"]


def test_without_a_database_it_is_unready_but_alive(client: Client, committed_db: str) -> None:
    settings = connections.settings["default"]
    name = settings["NAME"]
    connection.close()
    settings["NAME"] = "wangge_nowhere"
    try:
        status, checks = _checks(client)
        assert status == 503
        assert checks["database"] == {"ok": False, "detail": "OperationalError"}
        assert client.get("/healthz").status_code == 200
    finally:
        connection.close()
        settings["NAME"] = name


@pytest.mark.django_db
def test_metrics_are_for_this_machine_only(client: Client, settings: Any) -> None:
    assert b'wangge_check_ok{check="database"} 1' in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="203.0.113.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    settings.METRICS_TOKEN = "secret"
    assert client.get("/metrics").status_code == 403
    answer = client.get("/metrics", REMOTE_ADDR="203.0.113.7", headers={"Authorization": "Bearer secret"})
    assert answer.status_code == 200
