"""Keeps the server's processes alive, and ends them all together.

Each child leads a process group of its own and dies with us. One that ends by itself is started again, after
its whole group is gone; one that keeps ending takes everything down, because then somebody must look.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from wangge.base.errors import Unavailable

PATIENCE = 15.0
#: So many ends of one child within so many seconds are too many.
ENDS, WITHIN = 5, 60.0


@dataclass(slots=True)
class Child:
    """A program to keep running."""

    name: str
    command: Sequence[str]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    ends: deque[float] = field(default_factory=lambda: deque(maxlen=ENDS))

    def start(self) -> None:
        """Start it, bound to our life."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "wangge.runtime.child", str(os.getpid()), *self.command],
            stdin=subprocess.DEVNULL,
            env={**os.environ, **self.environment},
            start_new_session=True,
        )

    def signal(self, number: signal.Signals) -> None:
        """Signal its whole group, if there is one left."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, number)


class Supervisor:
    """Runs children until told to stop."""

    def __init__(
        self, children: Sequence[Child], say: Callable[[str], None], *, tend: Callable[[], None] = lambda: None
    ) -> None:
        """`tend` is called five times a second before the children are looked at: for what they stand on."""
        self.children = list(children)
        self.say = say
        self.tend = tend
        self.stopping = threading.Event()

    @contextmanager
    def signals(self) -> Iterator[None]:
        """Ctrl-C, SIGTERM and a closed terminal stop everything, in order, from here on."""
        numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
        before = {number: signal.signal(number, self._stop) for number in numbers}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def start(self) -> None:
        """Start every child."""
        for child in self.children:
            child.start()

    def watch(self) -> None:
        """Return when told to stop; raise `Unavailable` if a child cannot be kept running."""
        while not self.stopping.wait(0.2):
            self.tend()
            for child in self.children:
                if child.process is not None and child.process.poll() is not None:
                    self._restart(child)

    def stop(self) -> None:
        """Ask all to end, wait, then insist. Leaves no process behind."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + PATIENCE
        for child in self.children:
            process = child.process
            if process is None:
                continue
            try:
                process.wait(max(end - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                self.say(f"{child.name} does not end; insisting")
            child.signal(signal.SIGKILL)
            process.wait()

    def _restart(self, child: Child) -> None:
        assert child.process is not None
        code, now = child.process.returncode, time.monotonic()
        child.signal(signal.SIGKILL)
        child.ends.append(now)
        if len(child.ends) == ENDS and now - child.ends[0] < WITHIN:
            raise Unavailable(f"{child.name} ended {ENDS} times within a minute, last with code {code}.",
                              expected="see the log in WANGGE_HOME/logs")
        self.say(f"{child.name} ended with code {code}; starting it again")
        self.stopping.wait(min(2.0 ** len(child.ends) / 4, 5))
        if not self.stopping.is_set():
            child.start()

    def _stop(self, number: int, frame: object) -> None:
        self.stopping.set()
