"""Puts a backup into an empty place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandParser, call_command, get_commands
from django.db import connection

from wangge.base.errors import Unavailable
from wangge.interfaces.commands import schema
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.processes import wangge
from wangge.runtime import backup
from wangge.settings import databases


class Command(WanggeCommand):
    """`wangge restore`."""

    help = "Put a backup into an empty WANGGE_HOME and database, check every digest, and verify the journal."
    example = "WANGGE_HOME=/srv/wangge wangge restore /srv/backup/2026-05-01 --secrets /srv/keys/2026-05-01"

    def arguments(self, parser: CommandParser) -> None:
        """Where from."""
        parser.add_argument("dir", type=Path, metavar="DIR", help="the folder of the backup")
        parser.add_argument("--secrets", type=Path, metavar="FOLDER", help="the folder of its secrets, if saved")

    def run(self, **options: Any) -> Facts:
        """Digests first, then database and files, rights, secrets, and the journal."""
        folder: Path = options["dir"]
        with self.bar("Restoring", total=4) as bar:
            manifest = backup.read(folder)
            if newer := sorted(set(manifest.migrations) - schema.known()):
                raise Unavailable(
                    f"The backup was made by a newer Wangge ({manifest.version}): it knows {newer[0]}.",
                    expected="restore it with that version",
                )
            bar.advance()
            backup.load(folder, database=databases.of_role("owner"), files=settings.FILES_ROOT)
            bar.advance()
            wangge("grant", role="owner")
            carried = backup.load_secrets(options["secrets"], settings.HOME) if options["secrets"] else []
            bar.advance()
            connection.close()
            verified = self._verify()
            bar.advance()
        if not carried:
            self.say("Without --secrets everybody must sign in anew, and people are no longer found by phone number.")
        return {
            "restored": str(folder.absolute()),
            "created_at": manifest.created_at,
            "files": len(manifest.files) - 1,
            "secrets": carried,
            "journal": verified,
            "pending_migrations": len(schema.state().pending),
        }

    def _verify(self) -> str:
        if "verify_journal" not in get_commands():
            return "not checked"
        call_command("verify_journal", stdout=self.stderr)
        return "verified"
