"""Imports public parts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.cases.importing.report import write_table
from wangge.kernel.cases.parts.importing import COLUMNS, Fault, import_parts
from wangge.kernel.duties import mandates
from wangge.kernel.places.importing import CONVERSIONS


class Command(WanggeCommand):
    """`wangge import-parts`."""

    help = (
        f"Import public parts (部件) from a CSV file with the columns {','.join(COLUMNS)}. A second run changes"
        " nothing; what the file does not name stays as it is."
    )
    example = "wangge import-parts parts.csv --crs gcj02 --errors errors.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The file, its coordinates, and where the error report goes."""
        parser.add_argument("file", metavar="FILE.csv", type=Path, help="a table with a header, UTF-8")
        parser.add_argument("--crs", default="wgs84", choices=sorted(CONVERSIONS), help="of the coordinates")
        parser.add_argument("--errors", metavar="FILE.csv", help="the error report (default FILE.errors.csv here)")

    def run(self, **options: Any) -> Facts:
        """How many parts were created, changed, left alone, absent from the file, and refused."""
        file: Path = options["file"]
        if not file.is_file():
            raise InvalidInput("There is no such file.", field="file", value=file, expected="a file that exists")
        errors = Path(options["errors"] or f"{file.name}.errors.csv")
        with self.bar("Importing") as bar:
            outcome = import_parts(file, by=mandates.console(), crs=options["crs"], progress=bar.advance)
        write_table(errors, Fault._fields, outcome.faults)
        return {
            "created": outcome.created,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
            "absent": outcome.absent,
            "rejected": len(outcome.faults),
            "error_report": str(errors),
        }
