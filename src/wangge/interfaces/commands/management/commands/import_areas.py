"""Imports areas with their boundaries."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.importing import CONVERSIONS, Reading, import_areas
from wangge.kernel.places.models import KINDS


class Command(WanggeCommand):
    """`wangge import-areas`."""

    help = (
        "Import areas from a GeoJSON file. Properties of a feature: code, name, and optionally name_en, kind, layer,"
        " parent (a code), valid_from, timezone, region, residents. A second run changes nothing."
    )
    example = "wangge import-areas grids.geojson --parent 320412017 --kind grid"

    def arguments(self, parser: CommandParser) -> None:
        """The file, and what holds where a feature does not say."""
        parser.add_argument("file", metavar="FILE.geojson", type=Path, help="a FeatureCollection")
        parser.add_argument("--code", default="code", metavar="PROPERTY", help="the property that holds the code")
        parser.add_argument("--name", default="name", metavar="PROPERTY", help="the property that holds the name")
        parser.add_argument("--kind", default="grid", choices=KINDS, help="kind of a feature that does not say")
        parser.add_argument("--layer", default="administrative", help="layer of a feature that does not say")
        parser.add_argument("--parent", metavar="CODE", help="parent of a feature that does not say")
        parser.add_argument("--valid-from", metavar="DATE", default="1970-01-01",
                            help="since when a feature that does not say holds (default: ever)")
        parser.add_argument("--crs", default="wgs84", choices=sorted(CONVERSIONS), help="of the coordinates")

    def run(self, **options: Any) -> Facts:
        """How many areas were created, changed, left alone, repaired and rejected."""
        try:
            since = datetime.fromisoformat(options["valid_from"])
        except ValueError as error:
            raise InvalidInput("This is no date.", field="valid-from", value=options["valid_from"],
                               expected="such as 2024-01-01") from error
        reading = Reading(
            options["code"], options["name"], options["kind"], options["layer"], options["parent"],
            since if since.tzinfo else since.replace(tzinfo=UTC), options["crs"],
        )
        outcome = import_areas(options["file"], by=mandates.console(), reading=reading)
        for code, why in outcome.repaired:
            self.say(f"repaired {code}: {why}")
        for row, code, why in outcome.rejected:
            self.say(f"row {row} {code}: {why}")
        if outcome.rejected and not (outcome.created or outcome.changed or outcome.unchanged):
            raise InvalidInput(f"None of {len(outcome.rejected)} areas could be imported.", field="file",
                               value=options["file"], expected="see the rows above")
        return {
            "created": outcome.created, "changed": outcome.changed, "unchanged": outcome.unchanged,
            "repaired": [code for code, _ in outcome.repaired], "rejected": len(outcome.rejected),
            "faults": [{"row": row, "code": code, "reason": why} for row, code, why in outcome.rejected],
        }
