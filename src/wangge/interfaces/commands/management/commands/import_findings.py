"""Imports what inspectors, the district and the city found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.core.clauses import SOURCES
from wangge.assessment.importing import COLUMNS, MORE, Fault, import_findings
from wangge.assessment.tables import write_faults
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates


class Command(WanggeCommand):
    """`wangge import-findings`."""

    help = (
        f"Import findings from a CSV file or a workbook (.xlsx) with the columns {','.join(COLUMNS)} (and as wanted"
        f" {','.join(MORE)})."
        f" source is one of {', '.join(SOURCES)}; a number is used once a source; one of the two times may be empty."
        " A second run changes nothing."
    )
    example = "wangge import-findings city-2019Q1.csv --errors errors.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The table, and where the error report goes."""
        parser.add_argument("file", metavar="FILE", type=Path, help="a table with a header: CSV in UTF-8, or .xlsx")
        parser.add_argument("--errors", metavar="FILE.csv", type=Path, help="write the rows that were refused there")

    def run(self, **options: Any) -> Facts:
        """How many findings were recorded, left alone and rejected."""
        with self.bar("Importing") as bar:
            outcome = import_findings(options["file"], by=mandates.console(), progress=bar.advance)
        for fault in outcome.faults:
            self.say(f"line {fault.line}: {fault.reason}")
        if options["errors"]:
            write_faults(options["errors"], Fault._fields, outcome.faults)
        if outcome.faults and not (outcome.recorded or outcome.unchanged):
            raise InvalidInput(f"None of {len(outcome.faults)} findings could be imported.", field="file",
                               value=options["file"], expected="see the lines above")
        return {
            "recorded": outcome.recorded, "unchanged": outcome.unchanged, "rejected": len(outcome.faults),
            "faults": [fault._asdict() for fault in outcome.faults],
        }
