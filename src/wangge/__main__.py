"""The command `wangge`: every Django management command works under it.

Exit codes: 0 done, 1 it failed and said what, 2 it was called wrongly. Migrating commands run as the owner of
the tables, all others as the role that serves.
"""

from __future__ import annotations

import difflib
import os
import sys
from importlib.metadata import version

from dotenv import load_dotenv

# The settings ask where the database's socket is: they are imported only when the database runs.
from wangge.base.errors import WanggeError
from wangge.runtime import lease
from wangge.runtime.child import MASTER, end_with_parent

#: Commands that change or compare the schema.
AS_OWNER = frozenset({"migrate", "makemigrations", "sqlmigrate", "squashmigrations", "grant"})
#: Commands that need no database: the embedded one is not started for them.
WITHOUT_DATABASE = frozenset(
    {"help", "--help", "-h", "check", "collectstatic", "compilemessages", "makemessages",
     "findstatic", "diffsettings", "startapp", "check-proof", "check_proof",
     "reader train", "reader evaluate", "reader suggest"}
)


def main(argv: list[str] | None = None) -> int:
    """Run one command. Starts the embedded database for it when no other is configured and none runs."""
    arguments = list(sys.argv if argv is None else argv)
    command = arguments[1] if len(arguments) > 1 else "help"
    if command in ("version", "--version"):
        print(version("wangge"))
        return 0
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")
    if command in AS_OWNER:
        os.environ.setdefault("WANGGE_DB_ROLE", "owner")
    if os.environ.get(MASTER) == str(os.getpid()):
        end_with_parent()
    load_dotenv(os.environ.get("WANGGE_ENV_FILE", ".env"), override=False)
    try:
        if _needs_server(command, arguments):
            with lease.hold():
                return _execute(arguments)
        return _execute(arguments)
    except WanggeError as error:
        more = f" ({error.expected})" if error.expected else ""
        print(f"wangge {command}: {error.detail}{more}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Whoever read the output has seen enough (`| head`); nothing more can be said to them.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _needs_server(command: str, arguments: list[str]) -> bool:
    asks_help = bool({"--help", "-h"} & set(arguments[1:]))
    # The children of `up` need not start what it started.
    if os.environ.get("DATABASE_URL", "").strip() or os.environ.get("WANGGE_SUPERVISED"):
        return False
    return not ({command, " ".join(arguments[1:3])} & WITHOUT_DATABASE or asks_help)


def _execute(arguments: list[str]) -> int:
    import django
    from django.core.management import ManagementUtility, get_commands

    django.setup()
    name = arguments[1] if len(arguments) > 1 else "help"
    if name.replace("-", "_") in get_commands():
        # Commands are written with dashes; their modules cannot be.
        arguments[1] = name = name.replace("-", "_")
    if not name.startswith("-") and name not in {"help", "version", *get_commands()}:
        close = ", ".join(difflib.get_close_matches(name, get_commands())) or "see wangge help"
        print(f"wangge: there is no command “{name}” ({close})", file=sys.stderr)
        return 2
    try:
        ManagementUtility(["wangge", *arguments[1:]]).execute()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
