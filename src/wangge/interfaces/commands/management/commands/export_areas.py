"""Writes areas with their boundaries to a file that import-areas reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.exporting import collection
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge export-areas`."""

    help = (
        "Write the areas that stand now, with their grounds, as GeoJSON. What import-areas reads back unchanged"
        " changes nothing."
    )
    example = "wangge export-areas areas.geojson --area 320412017"

    def arguments(self, parser: CommandParser) -> None:
        """The file, and the ground."""
        parser.add_argument("file", metavar="FILE.geojson", type=Path, help="where to write")
        parser.add_argument("--area", metavar="CODE", help="this area and what lies in it (default: everything)")

    def run(self, **options: Any) -> Facts:
        """How many areas were written, and how many of them have a ground."""
        root = area_by_code(options["area"]).path if options["area"] else ""
        found = collection(root, now(), by=mandates.console())
        options["file"].write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        features = found["features"]
        grounds = sum(one["geometry"] is not None for one in features)
        return {"file": str(options["file"]), "areas": len(features), "grounds": grounds}
