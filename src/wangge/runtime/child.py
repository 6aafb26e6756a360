"""Becomes another program that dies with its parent: `python -m wangge.runtime.child PARENT COMMAND…`.

The kernel sends SIGTERM when the parent ends, however it ends (PR_SET_PDEATHSIG survives exec).
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
import time

PR_SET_PDEATHSIG = 1
#: The variable that names the program which was started by the supervisor.
MASTER = "WANGGE_MASTER"


def die_with(parent: int, by: signal.Signals = signal.SIGTERM) -> None:
    """Ask the kernel for `by` when our parent dies; end now if it has died already."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), by)


def end_with_parent(patience: float = 10) -> None:
    """End for good when the parent has been gone for `patience` seconds.

    Who is asked to end by SIGTERM ends in order first. But the database dies with the same parent, and a program
    that waits for it in order would wait for minutes; what it had not committed is done again (jobs run at least once).
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        time.sleep(patience)
        os._exit(1)

    threading.Thread(target=watch, name="end-with-parent", daemon=True).start()


if __name__ == "__main__":
    die_with(int(sys.argv[1]))
    # Exec keeps our number: what the program starts can tell whether it is orphaned already.
    os.environ[MASTER] = str(os.getpid())
    os.execvp(sys.argv[2], sys.argv[2:])
