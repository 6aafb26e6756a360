"""Under which identity the embedded PostgreSQL runs. It refuses to run as root.

- An ordinary user: as that user.
- root, and others may walk down to the data: as an existing unprivileged system user (`wangge`, `postgres` or
  `nobody`); initdb wants an entry in the password file, so a bare number will not do. Nobody is created.
- root in a folder closed to others (its own home): inside a user namespace of its own, where root is called
  `nobody` and holds no rights beyond the ownership of its files.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from wangge.base.errors import Unavailable
from wangge.runtime import binaries

CANDIDATES = ("wangge", "postgres", "nobody")


@dataclass(frozen=True, slots=True)
class Identity:
    """How to start a program: words to put before the command, and the user to become (None: stay)."""

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None

    def run(self, command: Sequence[str], *, timeout: float = 120) -> subprocess.CompletedProcess[str]:
        """Run to its end, both outputs as text; the caller judges the exit code."""
        return subprocess.run(
            [*self.prefix, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            cwd="/",
            env=_environment(),
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            start_new_session=True,
            check=False,
        )

    def own(self, path: Path) -> None:
        """Give a file or folder of ours to the user that PostgreSQL runs as."""
        if self.uid is not None and self.gid is not None:
            os.chown(path, self.uid, self.gid)


def choose(folder: Path) -> Identity:
    """The identity for a cluster whose data lies in `folder` (which exists)."""
    if os.geteuid() != 0:
        return Identity()
    entry = _unprivileged()
    owner = os.stat(folder).st_uid
    if entry is not None and binaries.passable(folder.parent) and owner in (0, entry.pw_uid):
        return Identity(uid=entry.pw_uid, gid=entry.pw_gid)
    if shutil.which("unshare") and _namespaces_work():
        return Identity(prefix=_namespace())
    raise Unavailable(
        f"PostgreSQL does not run as root, other users may not enter {folder.parent}, and this machine allows "
        "no user namespaces.",
        expected="a WANGGE_HOME that others may pass through, an ordinary user, or DATABASE_URL",
    )


def _unprivileged() -> pwd.struct_passwd | None:
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return entry
    return None


def _namespace() -> tuple[str, ...]:
    entry = _unprivileged()
    return ("unshare", "-U", f"--map-user={entry.pw_uid if entry else 65534}", "--")


def _namespaces_work() -> bool:
    return subprocess.run([*_namespace(), "true"], capture_output=True, check=False).returncode == 0


def _environment() -> dict[str, str]:
    """A small environment: nothing of the caller's reaches the server, least of all PG* variables."""
    return {"PATH": os.environ.get("PATH") or os.defpath, "LC_ALL": "C", "TZ": "UTC"}
