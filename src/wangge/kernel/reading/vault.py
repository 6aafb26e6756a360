"""The files of models: content-addressed below `WANGGE_HOME/reader`, checked by their digest whenever one is loaded.

A file appears whole or not at all. A missing, cut or changed one is refused, and nothing of it is run.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

from wangge.base.errors import MalformedInput
from wangge.kernel.reading.core.keeping import digest_of, unpacked
from wangge.kernel.reading.core.model import Model


def folder() -> Path:
    """Where the files lie."""
    return Path(settings.HOME, "reader")


def path_of(digest: str) -> Path:
    """The file with this digest (64 hex digits)."""
    return folder() / f"{digest}.model"


def put(data: bytes) -> str:
    """Keep the bytes of a model; its digest."""
    digest = digest_of(data)
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{digest}.{secrets.token_hex(6)}")
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return digest


def load(digest: str) -> Model:
    """The model with this digest. Raises `OSError` where its file is missing, `MalformedInput` where it is another."""
    data = path_of(digest).read_bytes()
    if digest_of(data) != digest:
        raise MalformedInput("The file of the model is not the one that was trained.", field="model", value=digest)
    return unpacked(data)


def forget_but(digests: set[str]) -> int:
    """Delete every file that is none of these; how many went."""
    gone = 0
    for path in folder().glob("*.model"):
        if path.stem not in digests:
            path.unlink(missing_ok=True)
            gone += 1
    return gone
