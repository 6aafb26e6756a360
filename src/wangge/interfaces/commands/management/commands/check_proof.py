"""Checks a proof file, without any database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import from_us
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.journal.checking import check


class Command(WanggeCommand):
    """`wangge check-proof`."""

    help = "Check a proof file. Needs no database. Exit code 1, and the reason, if anything in it was changed."
    example = "wangge check-proof case.proof --anchor 'wangge-seal 7 2026-03-02T08:00:00Z 812 SHA-256 …'"

    def arguments(self, parser: CommandParser) -> None:
        """The file, and a seal that was kept elsewhere."""
        parser.add_argument("file", metavar="FILE", help="a file that `wangge prove` wrote")
        parser.add_argument("--anchor", metavar="LINE", help="a seal line or digest that was printed or posted")

    def run(self, **options: Any) -> Facts:
        """What the proof shows."""
        try:
            data = Path(options["file"]).read_bytes()
        except OSError as error:
            raise InvalidInput(
                f"The file cannot be read: {error.strerror}.", field="file", value=options["file"]
            ) from error
        report = check(data, anchor=options["anchor"])
        return {
            "ok": True,
            "subject_id": report.subject_id,
            "subject_type": report.subject_type,
            "made_at": from_us(report.body.made_at),
            "entries": report.entries,
            "contents": report.contents,
            "erased": [list(pair) for pair in report.erased],
            "unsealed": list(report.unsealed),
            "first_seal": report.first_seal,
            "last_seal": report.last_seal,
            "last_digest": report.last_digest,
            "anchored": report.anchored,
            "acts": [
                {
                    "seq": entry.seq, "verb": entry.verb, "at": from_us(entry.at), "actor": entry.actor,
                    "duty": entry.duty, "seal": entry.seal,
                }
                for entry in report.body.entries
            ],
        }

    def show(self, facts: Facts) -> None:
        """Each act, then what the whole rests on."""
        for act in facts["acts"]:
            seal = f"seal {act['seal']}" if act["seal"] else "not sealed yet"
            self.stdout.write(f"{act['seq']:>4}  {act['at']:%Y-%m-%d %H:%M:%S}Z  {act['verb']:<12}  {seal}")
        whose = f"{facts['subject_type']} {facts['subject_id']}"
        self.stdout.write(f"The proof holds: {whose}, {facts['entries']} entries.")
        if facts["erased"]:
            self.stdout.write(f"Erased by an entry of its own: {len(facts['erased'])} texts.")
        if facts["anchored"]:
            self.stdout.write("The seal that you kept is among its seals.")
        elif facts["last_digest"]:
            self.stdout.write(
                f"Compare with the line that was posted of seal {facts['last_seal']}: {facts['last_digest']}"
            )
