"""Erases the text of a case or a person."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.interfaces.commands import vacuuming
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.subjects import resolve
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import erase


class Command(WanggeCommand):
    """`wangge erase`."""

    help = "Erase the text, files and search terms of a case or person. The journal keeps that it was done."
    example = "wangge erase 32041220261123000147 --reason requested"

    def arguments(self, parser: CommandParser) -> None:
        """Whose, why, and which fields."""
        parser.add_argument("subject", metavar="SUBJECT", help="case number, or the id of a case or person")
        parser.add_argument("--reason", required=True, metavar="CODE", help="why, as a code: it is kept for ever")
        parser.add_argument("--field", action="append", metavar="NAME", help="only this field (repeatable)")

    def run(self, **options: Any) -> Facts:
        """What was erased."""
        done = erase(
            subject_id=resolve(options["subject"]), fields=options["field"], reason_code=options["reason"],
            by=mandates.console(),
        )
        swept = vacuuming.sweep()
        if not swept:
            self.say("Dead rows hold the words until the database vacuums by itself: it could not be asked to.")
        return {
            "subject_id": done.subject_id,
            "subject_type": done.subject_type,
            "entry": done.entry and done.entry.seq,
            "erased": [list(pair) for pair in done.fields],
            "also": done.also,
            "swept": swept,
        }

    def show(self, facts: Facts) -> None:
        """One line."""
        if facts["entry"] is None:
            self.stdout.write("Nothing is left to erase.")
            return
        also = "".join(f", {count} {kind.replace('_', ' ')}" for kind, count in sorted(facts["also"].items()))
        self.stdout.write(
            f"Erased {len(facts['erased'])} texts{also} of {facts['subject_type']} {facts['subject_id']};"
            f" entry {facts['entry']} says so."
        )
