"""By what cases a spot file opens on an area."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.spots.rules import BOUNDS
from wangge.kernel.spots.ruling import rules, set_rule

_WORDS = {
    "needed": "so many cases of one class",
    "metres": "within so many metres",
    "days": "and so many days open a file",
    "hold_days": "so many days a finished remedy must hold",
}


class Command(WanggeCommand):
    """`wangge spot-rule`."""

    help = (
        "Show or set by what cases a spot file opens on an area and below it; the nearest area's rule holds. What is"
        " not given stays as it is. With --end the rule of the area above holds again."
    )
    example = "wangge spot-rule 320412-NXS --needed 4 --metres 30"

    def arguments(self, parser: CommandParser) -> None:
        """Where, and the numbers."""
        parser.add_argument("area", metavar="AREA_CODE")
        for name, words in _WORDS.items():
            least, most = BOUNDS[name]
            parser.add_argument(f"--{name.replace('_', '-')}", type=int, help=f"{words} ({least} to {most})")
        parser.add_argument("--end", action="store_true", help="this area has no rule of its own any more")

    def run(self, **options: Any) -> Facts:
        """Set, end or show."""
        area, by = area_by_code(options["area"]), mandates.console()
        given = {name: options[name] for name in _WORDS if options[name] is not None}
        if options["end"]:
            set_rule(area_code=area.code, rule=None, by=by)
        elif given:
            set_rule(area_code=area.code, rule=rules().at(area.path)._replace(**given), by=by)
        known = rules()
        return {"area": area.code, **known.at(area.path)._asdict(), "own": area.path in known.by_path}
