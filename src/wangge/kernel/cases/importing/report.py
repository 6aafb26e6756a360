"""The error report of an import: one line for each row that made no case or needs a look."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from wangge.kernel.cases.importing.importer import Fault

HEADER = ("line", "id", "result", "field", "value", "reason")


def write_faults(path: Path, faults: Iterable[Fault]) -> None:
    """Write the report as CSV. Cells that a spreadsheet would take for a formula get an apostrophe."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADER)
        for fault in faults:
            result = "rejected" if fault.rejected else "noted"
            cells = (fault.external_id, result, fault.field or "", fault.value or "", fault.reason)
            writer.writerow([fault.line, *map(_harmless, cells)])


def _harmless(cell: str) -> str:
    number = cell[:1] in "+-" and cell[1:2].isdigit()
    return "'" + cell if cell[:1] in "=+-@\t\r" and not number and cell else cell
