"""Figures of a period at the command line, and publishing one."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.indicators import freezing
from wangge.kernel.indicators.asking import GROUPINGS, Question
from wangge.kernel.indicators.naming import names_of
from wangge.kernel.indicators.periods import KINDS, parse
from wangge.kernel.indicators.queries import Figure, Figures, chosen
from wangge.kernel.indicators.table import Indicator
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas


class Command(WanggeCommand):
    """`wangge indicators`."""

    help = (
        "Print the figures of a period with their formulas; a published period as it was published, unless --live."
        " With --freeze, publish it first: its figures never change again."
    )
    example = "wangge indicators 2026-06 --by area --indicator closing --indicator closing_on_time"

    def arguments(self, parser: CommandParser) -> None:
        """Which period, where, by what."""
        forms = "2026-06-10, 2026-W24, 2026-06, 2026-Q2 or 2026"
        parser.add_argument("period", metavar="PERIOD", help=f"a {', '.join(KINDS[:-1])} or {KINDS[-1]}: {forms}")
        parser.add_argument("--area", default="", metavar="AREA_CODE", help="default: the first subdistrict")
        grouped = [name for name in GROUPINGS if name != "person"]
        parser.add_argument("--by", default="", choices=["", *grouped], help="what a row stands for (default: no rows)")
        parser.add_argument("--class", dest="prefix", default="", metavar="CODE", help="a class code or its beginning")
        parser.add_argument("--indicator", action="append", default=[], metavar="CODE", help="repeatable; default: all")
        parser.add_argument("--live", action="store_true", help="how the cases stand now, also where it is published")
        parser.add_argument("--freeze", action="store_true", help="publish the period of this area")

    def run(self, **options: Any) -> Facts:
        """The table, after publishing it where that is asked for."""
        places, moment, by = atlas(), now(), mandates.console()
        area = _area(options["area"], places)
        period = parse(options["period"], places.timezone(area.path), field="PERIOD")
        wanted = chosen(options["indicator"])
        if options["freeze"]:
            freezing.publish(area=area, period=period, places=places, by=by, now=moment)
        question = Question(area_path=area.path, by=options["by"], class_prefix=options["prefix"])
        found = freezing.read(question, period, by=by, now=moment, live=options["live"], indicators=wanted)
        names = names_of(question, found.table.rows, places)
        return {
            "period": period.text,
            "from": period.start,
            "until": period.end,
            "area": area.code,
            "by": options["by"],
            "frozen": found.frozen,
            "published_at": found.published.published_at if found.published else None,
            "indicators": [{"code": one.code, "name": one.name, "formula": one.formula_en} for one in wanted],
            "total": _row(found.table.total, wanted),
            "rows": [
                {"key": key, "name": names.get(key, ("", ""))[0], "figures": _row(row, wanted)}
                for key, row in sorted(found.table.rows.items())
            ],
        }

    def show(self, facts: Facts) -> None:
        """One line an indicator, then its rows."""
        published = facts["published_at"]
        said = f"as published at {published.isoformat()}" if facts["frozen"] else "as the cases stand now"
        self.stdout.write(f"{facts['area']}, {facts['period']}, {said}")
        for one in facts["indicators"]:
            code = one["code"]
            self.stdout.write(f"{one['name']} {code}: {_said(facts['total'][code])}   {one['formula']}")
            for row in facts["rows"]:
                self.stdout.write(f"    {row['name'] or row['key'] or '—'}: {_said(row['figures'][code])}")


def _area(code: str, places: Atlas) -> AreaInfo:
    area = places.by_code(code) if code else places.by_path.get(places.default_root)
    if area is None:
        raise NotFound("There is no such area.", field="--area", value=code, expected="the code of an area")
    return area


def _row(row: Figures, wanted: tuple[Indicator, ...]) -> dict[str, dict[str, Any]]:
    return {one.code: _figure(row[one.code]) for one in wanted}


def _figure(figure: Figure) -> dict[str, Any]:
    return {**figure._asdict(), "value": figure.value}


def _said(figure: dict[str, Any]) -> str:
    """“98.18 % (54 of 55)”, a median in minutes, “—” where nothing was counted."""
    if figure["seconds"] is not None:
        return f"{figure['seconds'] // 60} min ({figure['denominator']} cases)"
    if figure["value"] is None:
        return "—"
    return f"{figure['value'] * 100:.2f} % ({figure['numerator']} of {figure['denominator']})"
