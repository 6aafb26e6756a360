"""Writes a backup."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandParser

from wangge.interfaces.commands import keeping
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.runtime import backup


class Command(WanggeCommand):
    """`wangge backup`."""

    help = "Write the database, the files and a manifest with their digests into a new folder."
    example = "wangge backup /srv/backup/2026-05-01 --with-secrets /srv/keys/2026-05-01"

    def arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("dir", type=Path, metavar="DIR", help="a folder that does not exist or is empty")
        words = "copy the secrets too, to a folder apart"
        parser.add_argument("--with-secrets", type=Path, metavar="FOLDER", help=words)

    def run(self, **options: Any) -> Facts:
        """What was written; the digest of the manifest stands for the whole."""
        folder: Path = options["dir"]
        with self.bar("Backing up", total=3) as bar:
            manifest = keeping.make(folder, step=lambda _: bar.advance())
        saved = backup.save_secrets(options["with_secrets"], settings.HOME) if options["with_secrets"] else []
        return {
            "backup": str(folder.absolute()),
            "created_at": manifest.created_at,
            "files": len(manifest.files) - 1,
            "bytes": sum(size for size, _ in manifest.files.values()),
            "manifest_sha256": hashlib.sha256((folder / backup.MANIFEST).read_bytes()).hexdigest(),
            "secrets": saved,
        }
