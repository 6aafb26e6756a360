"""Imports who holds which post where and when."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.duties.importing import COLUMNS, import_duties


class Command(WanggeCommand):
    """`wangge import-duties`."""

    help = (
        f"Import duties from a CSV file with the columns {','.join(COLUMNS)}. person is a name or an id,"
        " organisation a code, kind regular, acting, deputy or leave; valid_to is the first day no longer held."
        " A second run changes nothing."
    )
    example = "wangge import-duties duties.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The file."""
        parser.add_argument("file", metavar="FILE.csv", type=Path, help="a table with a header, UTF-8")

    def run(self, **options: Any) -> Facts:
        """How many duties were assigned, ended, left alone and rejected."""
        with self.bar("Importing") as bar:
            outcome = import_duties(options["file"], by=mandates.console(), progress=bar.advance)
        for line, why in outcome.rejected:
            self.say(f"line {line}: {why}")
        if outcome.rejected and not (outcome.assigned or outcome.ended or outcome.unchanged):
            raise InvalidInput(f"None of {len(outcome.rejected)} duties could be imported.", field="file",
                               value=options["file"], expected="see the lines above")
        return {
            "assigned": outcome.assigned, "ended": outcome.ended, "unchanged": outcome.unchanged,
            "new_people": outcome.new_people, "rejected": len(outcome.rejected),
            "faults": [{"line": line, "reason": why} for line, why in outcome.rejected],
        }
