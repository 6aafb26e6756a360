"""A backup holds everything, says so by digests, and comes back as it was."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from tests import databases
from wangge.base.errors import InvalidInput, WanggeError
from wangge.runtime import backup, secrets
from wangge.settings import databases as configured

AT = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def source(committed_db: str, owner_connection: psycopg.Connection[Any]) -> Mapping[str, Any]:
    """A database with a table of its own in it."""
    owner_connection.execute("CREATE TABLE planted (n int PRIMARY KEY, word text)")
    owner_connection.execute("INSERT INTO planted VALUES (1, '垃圾'), (2, NULL)")
    return {**configured.of_role("owner"), "NAME": committed_db}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder of files as the cases keep them."""
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "abcd.jpg").write_bytes(b"a picture")
    return folder


@pytest.fixture
def made(source: Mapping[str, Any], files: Path, tmp_path: Path) -> Path:
    """A backup of both."""
    target = tmp_path / "backup"
    backup.make(target, database=source, files=files, version="1", migrations=["a.0001"], at=AT)
    return target


@pytest.fixture
def empty(template_database: str) -> Iterator[Mapping[str, Any]]:
    """A database without anything in it."""
    name = f"wangge_empty_{os.getpid()}"
    with databases.connect("owner", databases.maintenance()) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    yield {**configured.of_role("owner"), "NAME": name}
    databases.drop(name)


def test_database_and_files_come_back_as_they_were(
    made: Path, empty: Mapping[str, Any], tmp_path: Path, source: Mapping[str, Any]
) -> None:
    manifest = backup.read(made)
    assert manifest.migrations == ["a.0001"]
    backup.load(made, database=empty, files=tmp_path / "new")
    assert (tmp_path / "new/ab/abcd.jpg").read_bytes() == b"a picture"
    with databases.connect("owner", empty["NAME"]) as there, databases.connect("owner", source["NAME"]) as here:
        query = "SELECT n, word FROM planted ORDER BY n"
        assert there.execute(query).fetchall() == [(1, "垃圾"), (2, None)]
        for listing in (
            "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal",
            "SELECT count(*) FROM pg_constraint WHERE connamespace = 'public'::regnamespace",
        ):
            assert there.execute(listing).fetchone() == here.execute(listing).fetchone()


def test_only_the_owner_may_read_a_backup(made: Path) -> None:
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE((made / backup.DUMP).stat().st_mode) == 0o600


def test_a_changed_byte_is_found_and_named(made: Path) -> None:
    content = bytearray((made / backup.DUMP).read_bytes())
    content[len(content) // 2] ^= 1
    (made / backup.DUMP).write_bytes(content)
    with pytest.raises(InvalidInput, match="was changed") as caught:
        backup.read(made)
    assert caught.value.value == backup.DUMP


def test_a_missing_file_is_found_and_named(made: Path) -> None:
    (made / "files/ab/abcd.jpg").unlink()
    with pytest.raises(InvalidInput, match="lacks a file") as caught:
        backup.read(made)
    assert caught.value.value == "files/ab/abcd.jpg"


def test_a_file_too_many_is_found_and_named(made: Path) -> None:
    (made / "files/planted.html").write_text("<script>")
    with pytest.raises(InvalidInput, match="does not name"):
        backup.read(made)


@pytest.mark.parametrize("text", ["", "{}", '{"format": 1}', "[]"])
def test_a_broken_manifest_is_refused(made: Path, text: str) -> None:
    (made / backup.MANIFEST).write_text(text)
    with pytest.raises(WanggeError, match="manifest"):
        backup.read(made)


def test_a_format_of_the_future_is_refused(made: Path) -> None:
    manifest = json.loads((made / backup.MANIFEST).read_text())
    (made / backup.MANIFEST).write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(InvalidInput, match="unknown here"):
        backup.read(made)


def test_nothing_is_restored_over_a_database_with_tables(made: Path, source: Mapping[str, Any], tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="database is not empty"):
        backup.load(made, database=source, files=tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_nothing_is_restored_over_files(made: Path, empty: Mapping[str, Any], files: Path) -> None:
    with pytest.raises(InvalidInput, match="files already"):
        backup.load(made, database=empty, files=files)


def test_a_backup_never_overwrites(made: Path, source: Mapping[str, Any], files: Path) -> None:
    with pytest.raises(InvalidInput, match="not empty"):
        backup.make(made, database=source, files=files, version="1", migrations=[], at=AT)


def test_a_failed_backup_leaves_nothing_that_looks_like_one(
    files: Path, tmp_path: Path, source: Mapping[str, Any]
) -> None:
    nowhere = {**source, "NAME": "nowhere"}
    with pytest.raises(WanggeError, match="pg_dump failed"):
        backup.make(tmp_path / "b", database=nowhere, files=files, version="1", migrations=[], at=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["files"]


def test_secrets_are_not_in_a_backup_but_apart(made: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    key, password = secrets.get("django_key", home), secrets.get("db_owner", home)
    saved = backup.save_secrets(tmp_path / "keys", home)
    assert saved == ["django_key"]
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert key.encode() not in everything
    assert password.encode() not in everything
    assert stat.S_IMODE((tmp_path / "keys/django_key").stat().st_mode) == 0o600
    other = tmp_path / "other"
    assert backup.load_secrets(tmp_path / "keys", other) == ["django_key"]
    assert secrets.get("django_key", other) == key


def test_only_the_newest_nightly_backups_are_kept(tmp_path: Path) -> None:
    for day in range(1, 6):
        (tmp_path / f"nightly-2026-05-0{day}").mkdir()
    (tmp_path / "before-migration-1").mkdir()
    removed = backup.remove_old(tmp_path, 3)
    assert [path.name for path in removed] == ["nightly-2026-05-01", "nightly-2026-05-02"]
    assert (tmp_path / "before-migration-1").is_dir()


@pytest.mark.slow
def test_the_commands_carry_a_whole_system_into_an_empty_home(tmp_path: Path) -> None:
    """`wangge migrate`, `backup`, and `restore` in another home, each in a process of its own."""
    def wangge(home: str, *words: str) -> subprocess.CompletedProcess[str]:
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("WANGGE", "DATABASE"))}
        environment.update(
            WANGGE_HOME=str(tmp_path / home), WANGGE_ENV_FILE=os.devnull, DJANGO_SETTINGS_MODULE="wangge.settings"
        )
        command = [sys.executable, "-m", "wangge", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert wangge("old", "migrate", "-v0").returncode == 0
    (tmp_path / "old/files").mkdir()
    (tmp_path / "old/files/one").write_text("1")
    first = wangge("old", "backup", str(tmp_path / "b"), "--with-secrets", str(tmp_path / "keys"), "--json")
    assert first.returncode == 0, first.stderr
    facts = json.loads(first.stdout.splitlines()[-1])
    assert facts["files"] == 1
    second = wangge("new", "restore", str(tmp_path / "b"), "--secrets", str(tmp_path / "keys"), "--json")
    assert second.returncode == 0, second.stderr
    restored = json.loads(second.stdout.splitlines()[-1])
    assert restored["pending_migrations"] == 0
    assert (tmp_path / "new/files/one").read_text() == "1"
    assert secrets.get("django_key", tmp_path / "new") == secrets.get("django_key", tmp_path / "old")
    again = wangge("new", "restore", str(tmp_path / "b"))
    assert again.returncode == 1
    assert again.stderr.strip().endswith("expected: an empty WANGGE_HOME")
