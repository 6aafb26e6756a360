"""What the kernel says about processes (Linux /proc), for telling a live server from a stale lock."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path


def state(pid: int) -> str:
    """The state letter of the process (`R`, `S`, `Z`…), or '' if there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return ""


def name(pid: int) -> str:
    """The name of the program, or ''."""
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def folder(pid: int) -> Path | None:
    """Its working directory, or None if it is gone or not ours to see."""
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd"))
    except OSError:
        return None


def working_in(place: Path, program: str) -> list[int]:
    """The live processes of this name whose working directory is `place`."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and name(int(entry.name)) == program and folder(int(entry.name)) == place:
            found.append(int(entry.name))
    return sorted(found)


def wait(condition: Callable[[], bool], seconds: float, step: float = 0.02) -> bool:
    """Ask again and again until true; False when the time is over."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(step)
    return True
