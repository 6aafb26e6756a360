"""Imports what accounts had before they were kept here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.ledger.importing import COLUMNS, import_balances, write_faults


class Command(WanggeCommand):
    """`wangge import-balances`."""

    help = (
        f"Import opening balances from a CSV file with the columns {','.join(COLUMNS)}. owner is a name or an id of a"
        " person, or the code of an organisation or an area; balance and floor are decimal numbers of points, yuan or"
        " minutes. A second run changes nothing; refused rows stand in the error report."
    )
    example = "wangge import-balances balances.csv --errors errors.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The file, where the error report goes, and whether to change anything."""
        parser.add_argument("file", metavar="FILE.csv", type=Path, help="a table with a header, UTF-8")
        parser.add_argument("--errors", metavar="FILE.csv", type=Path,
                            help="the error report (default FILE.errors.csv here)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would become of each row")

    def run(self, **options: Any) -> Facts:
        """How many balances were posted, stood already, were empty or rejected."""
        file: Path = options["file"]
        errors = options["errors"] or Path(f"{file.name}.errors.csv")
        with self.bar("Importing") as bar:
            outcome = import_balances(file, by=mandates.console(), dry_run=options["dry_run"], progress=bar.advance)
        write_faults(errors, outcome.faults)
        for fault in outcome.faults:
            self.say(f"line {fault.line}: {fault.reason}")
        if outcome.faults and not (outcome.posted or outcome.unchanged or outcome.empty):
            raise InvalidInput(f"None of {len(outcome.faults)} balances could be imported.", field="file", value=file,
                               expected="see the lines above")
        return {
            "posted": outcome.posted, "unchanged": outcome.unchanged, "empty": outcome.empty,
            "rejected": len(outcome.faults), "dry_run": options["dry_run"], "error_report": str(errors),
            "faults": [{"line": fault.line, "field": fault.field, "reason": fault.reason} for fault in outcome.faults],
        }
