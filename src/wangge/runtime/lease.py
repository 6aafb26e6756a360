"""Sharing the embedded database: whoever uses it holds a lease; the last one to leave stops it.

A lease is a shared lock on `pg/lease`, so it ends with its process whatever happens. A small guardian process
waits for its parent's end on a pipe, and stops the server if nobody else holds a lease: a command that is
killed with -9 leaves no server behind.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wangge.runtime import paths, postgres, processes


@contextmanager
def hold(home: Path | None = None, *, durable: bool = True) -> Iterator[postgres.Cluster]:
    """Start the embedded database if it does not run, and keep it running within the block."""
    cluster = postgres.Cluster(home or paths.home(), durable)
    paths.make(cluster.folder, 0o711)
    lock = os.open(cluster.folder / "lease", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _starting(cluster):
            fcntl.flock(lock, fcntl.LOCK_SH)
            if cluster.start():
                postgres.prepare(cluster)
        guardian = _guardian(cluster)
        try:
            yield cluster
        finally:
            os.close(lock)
            lock = -1
            release(cluster)
            _dismiss(guardian)
    finally:
        if lock >= 0:
            os.close(lock)


def revive(cluster: postgres.Cluster) -> bool:
    """Start a server that died under its leases, and let it recover; True if this call started it."""
    with _starting(cluster):
        return not cluster.alive() and cluster.start()


def release(cluster: postgres.Cluster) -> bool:
    """Stop the server unless somebody still holds a lease; True if it was stopped."""
    with _starting(cluster):
        lock = os.open(cluster.folder / "lease", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        else:
            cluster.stop()
            return True
        finally:
            os.close(lock)


@contextmanager
def _starting(cluster: postgres.Cluster) -> Iterator[None]:
    """One process at a time starts or stops the server."""
    lock = os.open(cluster.folder / "starting", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def _guardian(cluster: postgres.Cluster) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "wangge.runtime.lease", str(cluster.home)],
        stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )


def _dismiss(guardian: subprocess.Popen[bytes]) -> None:
    if guardian.stdin is not None:
        guardian.stdin.close()
    guardian.wait(timeout=40)


if __name__ == "__main__":
    sys.stdin.buffer.read()
    # The kernel closes a killed process's pipe before it lets go of its locks.
    processes.wait(lambda: release(postgres.Cluster(Path(sys.argv[1]))), 3, 0.2)
