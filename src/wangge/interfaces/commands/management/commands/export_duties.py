"""Writes who holds which post to a file that import-duties reads."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.base.workbooks import written
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates, workbook
from wangge.kernel.duties.exporting import rows
from wangge.kernel.duties.importing import COLUMNS
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge export-duties`."""

    help = (
        "Write duties held now or later as CSV, with --past all that ever were. FILE.xlsx writes a workbook of areas,"
        " people and duties. What import-duties reads back unchanged changes nothing."
    )
    example = "wangge export-duties duties.csv --area 320412017"

    def arguments(self, parser: CommandParser) -> None:
        """The file, the ground, and whether past duties too."""
        parser.add_argument("file", metavar="FILE", type=Path, help="a .csv or .xlsx file to write")
        parser.add_argument("--area", metavar="CODE", help="on this area and below (default: everywhere)")
        parser.add_argument("--past", action="store_true", help="duties that have ended too (CSV)")

    def run(self, **options: Any) -> Facts:
        """How many duties were written."""
        file, by = options["file"], mandates.console()
        root = area_by_code(options["area"]).path if options["area"] else ""
        if file.suffix.lower() == ".xlsx":
            sheets = workbook.exported(root, now(), by=by)
            file.write_bytes(written(sheets))
            return {"file": str(file), **{sheet.title: len(list(sheet.rows)) for sheet in sheets}}
        if file.suffix.lower() != ".csv":
            raise InvalidInput("This kind of file is not written.", field="file", value=file,
                               expected="a .csv or .xlsx file")
        found = rows(root, now(), by=by, past=options["past"])
        text = io.StringIO(newline="")
        table = csv.DictWriter(text, COLUMNS)
        table.writeheader()
        table.writerows(found)
        file.write_text(text.getvalue(), encoding="utf-8", newline="")
        return {"file": str(file), "duties": len(found)}
