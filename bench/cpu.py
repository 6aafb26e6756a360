"""CPU time of processes, from /proc: what a run cost the server and the database, apart from the client."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

TICK = os.sysconf("SC_CLK_TCK")


class Spent(NamedTuple):
    """Seconds of CPU by part, and of wall-clock time."""

    server: float
    database: float
    wall: float

    @property
    def total(self) -> float:
        """Server and database together."""
        return self.server + self.database


class Meter:
    """Measures between `start` and `stop`. Both are process ids whose whole trees count, children that ended too."""

    def __init__(self, *, server: int | None, database: int) -> None:
        self.server, self.database = server, database

    def start(self) -> None:
        """Note what was spent so far."""
        self._server, self._database, self._wall = self._now()

    def stop(self) -> Spent:
        """What was spent since."""
        server, database, wall = self._now()
        return Spent(server - self._server, database - self._database, wall - self._wall)

    def _now(self) -> tuple[float, float, float]:
        return tree_seconds(self.server) if self.server else 0.0, tree_seconds(self.database), time.perf_counter()


def tree_seconds(root: int) -> float:
    """User and system seconds of a process, its living descendants and its ended children."""
    parents: dict[int, list[int]] = {}
    seconds: dict[int, float] = {}
    for pid, parent, spent in _processes():
        parents.setdefault(parent, []).append(pid)
        seconds[pid] = spent
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        total += seconds.get(pid, 0.0)
        waiting += parents.get(pid, [])
    return total


def _processes() -> Iterable[tuple[int, int, float]]:
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            text = (folder / "stat").read_text()
        except OSError:
            continue
        fields = text.rpartition(")")[2].split()
        yield int(folder.name), int(fields[1]), sum(map(int, fields[11:15])) / TICK
