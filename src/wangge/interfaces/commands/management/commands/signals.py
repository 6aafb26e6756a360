"""Signals at the command line: the worklists of who checks, and their thresholds."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.periods import parse
from wangge.kernel.places.queries import Atlas, atlas
from wangge.kernel.signals.kinds import KINDS, THRESHOLDS
from wangge.kernel.signals.reading import Signal, Worklist, worklists
from wangge.kernel.signals.tuning import VERB, set_threshold


class Command(WanggeCommand):
    """`wangge signals`."""

    help = (
        "Print the signals of a day, week, month or quarter: rows for a person to look at, which take no points and"
        " start nothing. What was settled on its evidence is only counted, unless --settled. With --set or --unset,"
        " change a threshold of the area first, as somebody who may (--as)."
    )
    example = "wangge signals 2026-06 --signal photo --signal fast"

    def arguments(self, parser: CommandParser) -> None:
        """Which period, where, which signals."""
        parser.add_argument("period", metavar="PERIOD", help="2026-06-10, 2026-W24, 2026-06 or 2026-Q2")
        parser.add_argument("--area", default="", metavar="AREA_CODE", help="default: the first subdistrict")
        words = "repeatable; default: all"
        parser.add_argument("--signal", action="append", default=[], choices=list(KINDS), help=words)
        parser.add_argument("--settled", action="store_true", help="also those that were settled")
        parser.add_argument("--set", dest="wanted", metavar="NAME=N", help="one of " + ", ".join(THRESHOLDS))
        parser.add_argument("--unset", metavar="NAME", help="what holds above holds here again")
        parser.add_argument("--as", dest="username", metavar="USER", help="who changes the threshold")

    def run(self, **options: Any) -> Facts:
        """The worklists, after a threshold was changed where that is asked for."""
        places, moment = atlas(), now()
        code = options["area"]
        area = places.by_code(code) if code else places.by_path.get(places.default_root)
        if area is None:
            raise NotFound("There is no such area.", field="--area", value=code, expected="the code of an area")
        period = parse(options["period"], places.timezone(area.path), field="PERIOD")
        if options["wanted"] or options["unset"]:
            _tune(area.code, area.path, options)
        found = worklists(
            area.path, period, places=places, by=mandates.console(), now=moment, kinds=tuple(options["signal"])
        )
        return {
            "period": period.text,
            "area": area.code,
            "lists": [
                {
                    "signal": one.kind, "name": KINDS[one.kind].name,
                    "rule": KINDS[one.kind].told(found.thresholds.of(one.kind), english=True),
                    "not_meant": KINDS[one.kind].not_meant_en, "thresholds": found.thresholds.of(one.kind),
                    "open": one.open, "settled": one.settled, "rows": _rows(one, places, options["settled"]),
                }
                for one in found.lists.values()
            ],
        }  # fmt: skip

    def show(self, facts: Facts) -> None:
        """Each signal with its rule and its rows."""
        self.stdout.write(f"{facts['area']}, {facts['period']}")
        for one in facts["lists"]:
            self.stdout.write(f"\n{one['name']} {one['signal']}: {one['open']} open, {one['settled']} settled")
            self.stdout.write(f"  {one['rule']}\n  {one['not_meant']}")
            for row in one["rows"]:
                data = ", ".join(f"{name} {value}" for name, value in row["data"].items())
                who = row["organisation"] or row["post"] or ""
                self.stdout.write("    " + " · ".join(filter(None, (row["area"], who, data, row["settled"]))))


def _tune(code: str, path: str, options: dict[str, Any]) -> None:
    if not options["username"]:
        raise InvalidInput("A person sets a threshold.", field="--as", expected="a user name")
    name, sign, number = (options["wanted"] or "").partition("=")
    if options["wanted"] and not (sign and number.isascii() and number.isdigit()):
        raise InvalidInput("This sets nothing.", field="--set", value=options["wanted"],
                           expected="such as fast.seconds=60")
    by = acting(options["username"], verb=VERB, path=path)
    set_threshold(area=code, name=options["unset"] or name, value=None if options["unset"] else int(number), by=by)


def _rows(one: Worklist, places: Atlas, settled: bool) -> list[dict[str, Any]]:
    return [_row(row, places) for row in (*one.rows, *(one.done if settled else ()))]


def _row(row: Signal, places: Atlas) -> dict[str, Any]:
    area = places.by_path.get(row.path)
    return {
        "key": row.key, "area": area.code if area else None, "organisation": row.organisation_name, "post": row.post,
        "latest": row.latest, "data": row.data, "settled": row.settled.outcome if row.settled else None,
    }  # fmt: skip
