"""Imports cases of another system from a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.cases.importing import import_histories, read_mapping, read_rows
from wangge.kernel.cases.importing.reader import lookups_at
from wangge.kernel.cases.importing.report import write_faults
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge import-cases`."""

    help = "Import cases of another system from a CSV file, by a mapping; a second run changes nothing."
    example = "wangge import-cases requests.csv --mapping city.toml --errors errors.csv"

    def arguments(self, parser: CommandParser) -> None:
        """The table, its mapping, and where the error report goes."""
        parser.add_argument("file", metavar="FILE", help="a table with a header, .csv or .csv.xz")
        parser.add_argument("--mapping", metavar="FILE.toml", required=True, help="which column means what")
        parser.add_argument("--errors", metavar="FILE.csv", help="the error report (default FILE.errors.csv here)")

    def run(self, **options: Any) -> Facts:
        """How many rows were imported, changed, unchanged and rejected."""
        file, mapping_file = Path(options["file"]), Path(options["mapping"])
        for path, name in ((file, "file"), (mapping_file, "mapping")):
            if not path.is_file():
                raise InvalidInput("There is no such file.", field=name, value=path, expected="a file that exists")
        errors = Path(options["errors"] or f"{file.name}.errors.csv")
        mapping = read_mapping(mapping_file)
        root = area_by_code(mapping.root)
        with self.bar("Importing") as bar:
            outcome = import_histories(
                read_rows(file, mapping),
                mapping,
                by=mandates.imported(mapping.source, root.path),
                lookups=lookups_at(root.path),
                progress=bar.advance,
            )
        write_faults(errors, outcome.faults)
        return {
            "imported": outcome.imported,
            "changed": outcome.changed,
            "unchanged": outcome.unchanged,
            "rejected": outcome.rejected,
            "outside": outcome.outside,
            "without_point": outcome.without_point,
            "on_time": outcome.on_time,
            "due_and_closed": outcome.due_and_closed,
            "error_report": str(errors),
        }
