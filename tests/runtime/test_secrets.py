"""Secrets are files that only their owner reads, made once, rotated without a gap."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from wangge.base.errors import NotFound
from wangge.runtime import secrets


def test_folder_and_files_are_closed_to_others(tmp_path: Path) -> None:
    secrets.get("django_key", tmp_path)
    assert stat.S_IMODE((tmp_path / "secrets").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "secrets/django_key").stat().st_mode) == 0o600


def test_many_who_ask_first_get_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        values = set(pool.map(lambda _: secrets.get("db_app", tmp_path), range(64)))
    assert len(values) == 1
    assert [path.name for path in (tmp_path / "secrets").iterdir()] == ["db_app"]


def test_a_rotated_django_key_still_verifies_old_sessions(tmp_path: Path) -> None:
    old = secrets.get("django_key", tmp_path)
    new = secrets.rotate("django_key", tmp_path)
    assert new != old
    assert secrets.get("django_key", tmp_path) == new
    assert secrets.previous("django_key", tmp_path) == [old]


def test_a_rotated_password_keeps_no_trace_of_the_old_one(tmp_path: Path) -> None:
    old = secrets.get("db_app", tmp_path)
    secrets.rotate("db_app", tmp_path)
    assert all(old not in path.read_text() for path in (tmp_path / "secrets").iterdir())


@pytest.mark.parametrize("name", ["nothing", "../django_key", ""])
def test_an_unknown_secret_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound, match="no secret"):
        secrets.get(name, tmp_path)


def test_the_demo_password_stays_the_same(tmp_path: Path) -> None:
    assert secrets.demo_password(tmp_path) == secrets.demo_password(tmp_path)
    assert len(secrets.demo_password(tmp_path)) >= 12
