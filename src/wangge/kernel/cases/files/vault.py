"""The folder of files: content-addressed, `ab/cd/<digest>.<suffix>` and its thumbnail, outside any web root.

A file appears whole or not at all: written beside its place, flushed, then renamed. Names are digests of the
bytes as kept, so the same photo lies there once, whoever sent it.
"""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from wangge.base.errors import Unavailable

SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_PART = ".part"


def path_of(digest: str, media_type: str, *, thumb: bool = False) -> Path:
    """Where the bytes with this digest (64 hex digits) lie, or their thumbnail."""
    name = f"{digest}.480.jpg" if thumb else f"{digest}.{SUFFIXES[media_type]}"
    return Path(settings.FILES_ROOT) / digest[:2] / digest[2:4] / name


def put(parts: list[tuple[Path, bytes]]) -> None:
    """Write these files, all or none; those already there stay. Raises `Unavailable` on a full disk."""
    new: list[tuple[Path, Path]] = []
    placed: list[Path] = []
    try:
        for path, data in parts:
            if not path.exists():
                new.append((path, path.with_name(f"{path.name}.{secrets.token_hex(6)}{_PART}")))
                _write(new[-1][1], data)
        for path, part in new:
            part.replace(path)
            placed.append(path)
        for folder in {path.parent for path, _ in new}:
            _flush_folder(folder)
    except BaseException as error:
        for path in (*(part for _, part in new), *placed):
            path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in _FULL:
            raise Unavailable(
                "There is no room for the file now, and nothing of it was kept.",
                field="file",
                extra={"retry_after": 300},
            ) from error
        raise


def forget(digest: str) -> int:
    """Delete the bytes with this digest and their thumbnail; how many files went."""
    found = list((Path(settings.FILES_ROOT) / digest[:2] / digest[2:4]).glob(f"{digest}.*"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)


def digests() -> Iterator[str]:
    """Every digest that has bytes here."""
    root = Path(settings.FILES_ROOT)
    seen = ""
    for path in sorted(root.glob("??/??/*")):
        digest = path.name.partition(".")[0]
        if digest != seen and not path.name.endswith(_PART):
            seen = digest
            yield digest


def remove_parts(older_than: float) -> int:
    """Delete what a killed process left half-written; `older_than` in seconds."""
    removed = 0
    for path in Path(settings.FILES_ROOT).glob(f"??/??/*{_PART}"):
        with _vanished_is_fine():
            if path.stat().st_mtime < time.time() - older_than:
                path.unlink()
                removed += 1
    return removed


def _write(part: Path, data: bytes) -> None:
    for folder in (Path(settings.FILES_ROOT), part.parent.parent, part.parent):  # parents are not given the mode
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _vanished_is_fine() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        return
