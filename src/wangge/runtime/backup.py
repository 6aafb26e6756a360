"""Backups: a folder with the database (pg_dump, custom format), the files, and a manifest with every digest.

    manifest.json   format, time, version, migrations, and size and SHA-256 of each file
    database.dump
    files/…

The dump is taken before the files are copied, and a file is stored before the row that names it: so each file
that the dump names is there, unless it was erased in between. Secrets are kept apart, in a folder of their own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from wangge.base.errors import InvalidInput, MalformedInput, Unavailable
from wangge.runtime import binaries, paths, secrets

FORMAT = 1
MANIFEST = "manifest.json"
DUMP = "database.dump"
#: Secrets that a restored system needs; the database passwords are made anew.
CARRIED = ("django_key", "search_key", "demo_password")

Database = Mapping[str, Any]  # NAME, USER, PASSWORD, HOST, PORT as in Django's settings


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds. `files` maps the path below the backup to [size, SHA-256 in hex]."""

    format: int
    created_at: str
    version: str
    migrations: list[str]
    files: dict[str, list[Any]]


def make(
    target: Path, *, database: Database, files: Path, version: str, migrations: Sequence[str], at: datetime,
    step: Callable[[str], None] = lambda text: None,
) -> Manifest:
    """Write a backup into `target`, which must not exist or be empty. Built beside and renamed when complete."""
    if target.exists() and any(target.iterdir()):
        raise InvalidInput("The folder of the backup is not empty.", field="dir", value=target, expected="a new folder")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{os.getpid()}")
    fresh.mkdir(mode=0o700)
    try:
        step("database")
        _run(database, "pg_dump", "--format=custom", "--compress=gzip:6", f"--file={fresh / DUMP}")
        (fresh / DUMP).chmod(0o600)
        step("files")
        if files.is_dir():
            shutil.copytree(files, fresh / "files")
        step("digests")
        listed = {name: _measure(fresh / name) for name in _names(fresh)}
        manifest = Manifest(FORMAT, at.isoformat(), version, list(migrations), listed)
        _write(fresh / MANIFEST, json.dumps(asdict(manifest), indent=1).encode())
        if target.exists():
            target.rmdir()
        fresh.rename(target)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return manifest


def read(folder: Path) -> Manifest:
    """The manifest, after every file was found to be there with its size and digest, and nothing besides."""
    try:
        manifest = Manifest(**json.loads((folder / MANIFEST).read_bytes()))
    except FileNotFoundError as error:
        raise InvalidInput(f"This is no backup: it has no {MANIFEST}.", field="dir", value=folder) from error
    except (ValueError, TypeError) as error:
        raise MalformedInput("The manifest of the backup cannot be read.", field="dir", value=folder) from error
    if manifest.format != FORMAT:
        raise InvalidInput(
            "The backup has a format unknown here.", field="format", value=manifest.format, expected=str(FORMAT)
        )
    present = _names(folder)
    if surplus := sorted(set(present) - set(manifest.files)):
        raise InvalidInput("The backup holds a file that its manifest does not name.", field="file", value=surplus[0])
    for name, measure in manifest.files.items():
        if name not in present:
            raise InvalidInput("The backup lacks a file that its manifest names.", field="file", value=name)
        if _measure(folder / name) != measure:
            raise InvalidInput("A file of the backup was changed since it was made.", field="file", value=name)
    return manifest


def load(folder: Path, *, database: Database, files: Path) -> None:
    """Put a backup that `read` accepted into an empty database and an empty folder of files."""
    if files.is_dir() and any(files.iterdir()):
        raise InvalidInput("There are files already.", field="files", value=files, expected="an empty WANGGE_HOME")
    if _tables(database):
        raise InvalidInput(
            "The database is not empty.", field="database", value=database["NAME"], expected="an empty database"
        )
    _run(
        database, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
        f"--dbname={database['NAME']}", str(folder / DUMP),
    )
    if (folder / "files").is_dir():
        shutil.copytree(folder / "files", files, dirs_exist_ok=True)
        files.chmod(0o700)


def save_secrets(target: Path, home: Path | None = None) -> list[str]:
    """Copy the secrets that a restore needs into `target` (0700, files 0600), apart from the backup."""
    paths.make(target, 0o700)
    saved = [name for name in CARRIED if (secrets.folder(home) / name).is_file()]
    for name in saved:
        _write(target / name, secrets.get(name, home).encode())
    return saved


def load_secrets(source: Path, home: Path | None = None) -> list[str]:
    """Put saved secrets in place of the present ones; returns their names."""
    found = [name for name in CARRIED if (source / name).is_file()]
    if not found:
        raise InvalidInput("There are no secrets in this folder.", field="secrets", value=source)
    for name in found:
        secrets.put(name, (source / name).read_text().strip(), home)
    return found


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Delete all but the newest `keep` backups that the nightly job made; returns what was deleted."""
    made = sorted(path for path in folder.glob("nightly-*") if path.is_dir())
    old = made[: max(len(made) - keep, 0)]
    for path in old:
        shutil.rmtree(path)
    return old


def _names(folder: Path) -> list[str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return sorted(name for path in found if (name := str(path.relative_to(folder))) != MANIFEST)


def _measure(path: Path) -> list[Any]:
    total = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return [path.stat().st_size, total.hexdigest()]


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _tables(database: Database) -> int:
    query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
    return int(_run(database, "psql", "-XqAt", "-c", query).strip())


def _run(database: Database, program: str, *words: str) -> str:
    """Run a client program of the wheel against a database; its password travels in the environment."""
    known = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    environment = {name: str(database[key]) for name, key in known.items() if database.get(key)}
    done = subprocess.run(
        [str(binaries.tool(program)), "--no-password", *words], capture_output=True, text=True, check=False,
        env={**environment, "PATH": os.defpath, "LC_ALL": "C", "HOME": os.environ.get("HOME", "/")},
    )
    if done.returncode != 0:
        raise Unavailable(f"{program} failed: {done.stderr.strip()[-400:]}")
    return done.stdout
