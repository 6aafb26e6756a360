"""Where and when classes are not to be reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.cases.controls import controls_of, end_control, set_control
from wangge.kernel.cases.reference import ControlInfo, reference
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import AreaInfo, atlas


class Command(WanggeCommand):
    """`wangge control`."""

    help = (
        "Let classes not be reported on an area for a time (a road under works), with the text that a reporter is"
        " told; without --text, list what holds there now or later, also what was set on an area above; with --end, end"
        " what was set on this area, or call it off where it has not begun."
    )
    example = 'wangge control 320412-03 --class P02 --until 2026-12-31T18:00 --text "青禾路改造，12月完工"'

    def arguments(self, parser: CommandParser) -> None:
        """Where, what, until when, and why."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("--class", dest="prefix", default="", metavar="CODE", help="a class code or its beginning")
        parser.add_argument("--from", dest="since", metavar="TIME", help="local time of the place (default: now)")
        parser.add_argument("--until", metavar="TIME", help="local time of the place")
        parser.add_argument("--text", default="", help="what the reporter is told, in Chinese")
        parser.add_argument("--text-en", default="", help="the same in English")
        parser.add_argument("--end", action="store_true", help="end what was set on this area for this class")

    def run(self, **options: Any) -> Facts:
        """Set, list or end; then what holds there, times in the place's own zone."""
        places = atlas()
        area = places.by_code(options["area"])
        if area is None:
            raise NotFound("There is no area with this code.", field="area", value=options["area"])
        zone, by = ZoneInfo(places.timezone(area.path)), mandates.console()
        if options["text"] or options["since"] or options["until"]:
            if options["end"]:
                raise InvalidInput("A control is set or ended, not both.", field="--end", expected="only one of them")
            if not options["until"]:
                raise InvalidInput("A control needs an end.", field="--until", expected="a time")
            since = _time(options["since"], zone, "--from") if options["since"] else now()
            set_control(
                area_code=area.code,
                class_prefix=options["prefix"],
                valid_from=since,
                valid_to=_time(options["until"], zone, "--until"),
                text=options["text"],
                text_en=options["text_en"],
                by=by,
            )
        if options["end"]:
            _end(area, options["prefix"], zone, by)
        return {
            "area": area.code,
            "timezone": zone.key,
            "controls": [_told(one, zone) for one in controls_of(reference(), area.path, now())],
        }

    def show(self, facts: Facts) -> None:
        """One line each, in the place's own time."""
        for one in facts["controls"]:
            since, until = (datetime.fromisoformat(one[name]).strftime("%Y-%m-%d %H:%M") for name in ("from", "until"))
            above = "" if one["area"] == facts["area"] else f"  (set on {one['area']}, above)"
            said = f"{one['class'] or 'every class'}  {since} to {until} {facts['timezone']}  {one['text']}{above}"
            self.stdout.write(said if one["running"] else f"{said}  (not begun)")
        if not facts["controls"]:
            self.stdout.write("Nothing is under control here, now or later.")


def _end(area: AreaInfo, prefix: str, zone: ZoneInfo, by: Mandate) -> None:
    """End what was set on this very area for this class, in force or to come. Raises `NotFound` where there is none."""
    held = [one for one in controls_of(reference(), area.path, now()) if one.class_prefix == prefix]
    here = [one for one in held if one.area_path == area.path]
    if not here:
        above = sorted({atlas().by_path[one.area_path].code for one in held})
        raise NotFound(
            "No control of this class was set on this area.", field="--class", value=prefix or "every class",
            expected=f"what was set on {', '.join(above)} is ended there" if above else "what the list shows",
        )  # fmt: skip
    for one in here:
        end_control(control_id=one.id, at=now(), by=by)


def _told(one: ControlInfo, zone: ZoneInfo) -> dict[str, Any]:
    area = atlas().by_path.get(one.area_path)
    return {
        "area": area.code if area else one.area_path,
        "class": one.class_prefix,
        "from": one.valid_from.astimezone(zone).isoformat(),
        "until": one.valid_to.astimezone(zone).isoformat(),
        "running": one.valid_from <= now(),
        "text": one.text,
    }


def _time(text: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "This is not a time.", field=field, value=text, expected="such as 2026-12-31T18:00"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
