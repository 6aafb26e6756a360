"""Imports that inspectors, the district and the city looked, also where they found nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.core.clauses import COUNTED
from wangge.assessment.inspecting import COLUMNS, read_inspections, record_inspections
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates


class Command(WanggeCommand):
    """`wangge import-inspections`."""

    help = (
        f"Import inspections from a CSV file with the columns {','.join(COLUMNS)}: all or none. source is one of"
        f" {', '.join(COUNTED)}; a number is used once a source. A second run changes nothing."
    )
    example = "wangge import-inspections inspections-2019Q1.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The table."""
        parser.add_argument("file", metavar="FILE.csv", type=Path, help="a table with a header, UTF-8")

    def run(self, **options: Any) -> Facts:
        """How many were recorded and left alone."""
        rows = read_inspections(options["file"])
        fresh = record_inspections(rows, by=mandates.console())
        return {"recorded": fresh, "unchanged": len(rows) - fresh}
