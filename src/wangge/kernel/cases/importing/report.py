"""The error report of an import: one line for each row that made no case or needs a look."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from wangge.kernel.cases.importing.importer import Fault

HEADER = ("line", "id", "result", "field", "value", "reason")


def write_faults(path: Path, faults: Iterable[Fault]) -> None:
    """Write the report as CSV. Cells that a spreadsheet would take for a formula get an apostrophe."""
    write_table(path, HEADER, map(_cells, faults))


def _cells(fault: Fault) -> tuple[int, str, str, str | None, str | None, str]:
    result = "rejected" if fault.rejected else "noted"
    return fault.line, fault.external_id, result, fault.field, fault.value, fault.reason


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write rows as CSV, nothing for None, with the same care for spreadsheets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        for row in rows:
            writer.writerow([cell if isinstance(cell, int) else _harmless(str(cell or "")) for cell in row])


def _harmless(cell: str) -> str:
    number = cell[:1] in "+-" and cell[1:2].isdigit()
    return "'" + cell if cell[:1] in "=+-@\t\r" and not number and cell else cell
