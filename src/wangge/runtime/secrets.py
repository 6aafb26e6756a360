"""Secrets: one file each under WANGGE_HOME/secrets (0700), mode 0600, made at first use, rotatable.

The previous value of a rotated secret is kept beside it, so that sessions signed with the old Django key
live on. Backups leave this folder out unless asked.
"""

from __future__ import annotations

import os
import secrets as _random
from pathlib import Path

from wangge.base.errors import InvalidInput, NotFound
from wangge.runtime import paths

#: Every secret that exists, with what it is for.
KNOWN = {
    "django_key": "signs sessions and forms",
    "search_key": "keys the HMAC by which phone numbers are found",
    "db_superuser": "password of the embedded database's superuser",
    "db_owner": "password of the role that owns the tables",
    "db_app": "password of the role that serves",
    "demo_password": "the one password of the demo accounts (demo only)",
}
#: Secrets whose old value is still accepted for a while.
KEEPS_PREVIOUS = frozenset({"django_key"})


def folder(home: Path | None = None) -> Path:
    """The folder of the secrets, made 0700."""
    return paths.make((home or paths.home()) / "secrets", 0o700)


def get(name: str, home: Path | None = None) -> str:
    """The secret, made at random (256 bits) if there is none yet. Safe when several processes ask at once."""
    path = folder(home) / _checked(name)
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        _write_new(path, _fresh(name))
        return path.read_text().strip()


def previous(name: str, home: Path | None = None) -> list[str]:
    """The value before the last rotation, if there was one."""
    path = folder(home) / f"{_checked(name)}.previous"
    return [path.read_text().strip()] if path.is_file() else []


def rotate(name: str, home: Path | None = None) -> str:
    """Put a new random value in place of the old one, atomically, and return it.

    Database passwords must be changed in the database too: the `rotate-secret` command does both.
    """
    path = folder(home) / _checked(name)
    old = get(name, home)
    value = _fresh(name)
    if name in KEEPS_PREVIOUS:
        _replace(path.with_name(f"{name}.previous"), old)
    _replace(path, value)
    return value


def put(name: str, value: str, home: Path | None = None) -> None:
    """Put a value of our own choosing in place, atomically (after a restore, or a rotated database password)."""
    _replace(folder(home) / _checked(name), value)


def fresh() -> str:
    """A new random value (256 bits, characters safe in URLs, SQL and shells)."""
    return _random.token_urlsafe(32)


def demo_password(home: Path | None = None) -> str:
    """The one password of all demo accounts, made when the demo is first loaded."""
    return get("demo_password", home)


def _checked(name: str) -> str:
    if name not in KNOWN:
        raise NotFound(f"There is no secret “{name}”.", field="name", value=name, expected=", ".join(sorted(KNOWN)))
    return name


def _fresh(name: str) -> str:
    return f"wangge-{_random.token_hex(4)}" if name == "demo_password" else fresh()


def _write_new(path: Path, value: str) -> None:
    """Write beside and link into place: whoever comes first wins, and nobody reads half a file."""
    temporary = _temporary(path, value)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()


def _replace(path: Path, value: str) -> None:
    _temporary(path, value).rename(path)


def _temporary(path: Path, value: str) -> Path:
    if not value:
        raise InvalidInput("A secret may not be empty.", field="value")
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{_random.token_hex(4)}")
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())
    return temporary
