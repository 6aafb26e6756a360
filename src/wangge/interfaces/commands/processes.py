"""Running one of our commands in a process of its own, for instance as the owner of the tables."""

from __future__ import annotations

import os
import subprocess
import sys

from wangge.base.errors import Unavailable


def wangge(*words: str, role: str = "app") -> None:
    """Run `wangge WORDS…` in the given database role; what it prints goes to standard error."""
    environment = {**os.environ, "WANGGE_DB_ROLE": role, "WANGGE_SUPERVISED": "1"}
    command = [sys.executable, "-m", "wangge.runtime.child", str(os.getpid()), sys.executable, "-m", "wangge", *words]
    done = subprocess.run(command, env=environment, check=False, stdout=sys.stderr.fileno())
    if done.returncode != 0:
        raise Unavailable(f"`wangge {' '.join(words)}` failed with code {done.returncode}.")
