"""Where the state lies: everything under WANGGE_HOME (default `./var`)."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of all state, absolute. It is made with mode 0711 (others may pass, not list)."""
    folder = Path(os.environ.get("WANGGE_HOME", "").strip() or "var").absolute()
    make(folder, 0o711)
    return folder


def make(folder: Path, mode: int = 0o700) -> Path:
    """Make the folder and its parents if absent, with exactly this mode; an existing one keeps its own."""
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
    return folder
