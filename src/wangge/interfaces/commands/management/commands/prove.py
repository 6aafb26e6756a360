"""Writes the proof of a case to a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.subjects import resolve
from wangge.kernel.duties import mandates
from wangge.kernel.journal.proofs import check, prove


class Command(WanggeCommand):
    """`wangge prove`."""

    help = "Write a file that proves what was done to a case, for anybody to check without this database."
    example = "wangge prove 32041220261123000147 --out case.proof"

    def arguments(self, parser: CommandParser) -> None:
        """Which case, where to, and whether with its text."""
        parser.add_argument("case", metavar="CASE", help="case number or id")
        parser.add_argument("--out", metavar="FILE", help="the file to write (default CASE.proof here)")
        parser.add_argument("--with-text", action="store_true", help="with the words of people, also how to reach them")
        parser.add_argument("--no-seal", action="store_true", help="do not seal first; newer entries stay unsealed")

    def run(self, **options: Any) -> Facts:
        """What the file shows."""
        subject = resolve(options["case"])
        by = None if options["no_seal"] else mandates.console()
        data = prove(subject, by=by, contents=options["with_text"])
        target = Path(options["out"] or f"{options['case'].strip()}.proof")
        try:
            target.write_bytes(data)
        except OSError as error:
            raise InvalidInput(
                f"The file cannot be written: {error.strerror}.", field="out", value=target, expected="a writable path"
            ) from error
        report = check(data)
        return {
            "file": str(target), "bytes": len(data), "subject_id": report.subject_id, "entries": report.entries,
            "unsealed": list(report.unsealed), "last_seal": report.last_seal, "last_digest": report.last_digest,
        }

    def show(self, facts: Facts) -> None:
        """Where it is and how to check it."""
        self.stdout.write(f"{facts['file']}: {facts['entries']} entries, {facts['bytes']} bytes")
        if facts["unsealed"]:
            self.stdout.write(f"not yet sealed: entries {', '.join(map(str, facts['unsealed']))}")
        if facts["last_seal"]:
            self.stdout.write(f"newest seal: {facts['last_seal']}, {facts['last_digest']}")
        self.stdout.write(f"check it anywhere: wangge check-proof {facts['file']}")
