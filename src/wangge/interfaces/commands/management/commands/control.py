"""Where and when classes are not to be reported."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.cases.controls import controls_at, end_control, set_control
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas


class Command(WanggeCommand):
    """`wangge control`."""

    help = (
        "Let classes not be reported on an area for a time (a road under works), with the text that a reporter is"
        " told; without --text, list what is in force there; with --end, end it now."
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
        parser.add_argument("--end", action="store_true", help="end the controls of this class that are in force")

    def run(self, **options: Any) -> Facts:
        """Set, list or end."""
        places = atlas()
        area = places.by_code(options["area"])
        if area is None:
            raise NotFound("There is no area with this code.", field="area", value=options["area"])
        zone, by = ZoneInfo(places.timezone(area.path)), mandates.console()
        if options["text"]:
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
        held = [one for one in controls_at(reference(), area.path, now()) if one.area_path == area.path]
        if options["end"]:
            for one in held:
                if one.class_prefix == options["prefix"]:
                    end_control(control_id=one.id, at=now(), by=by)
            held = [one for one in held if one.class_prefix != options["prefix"]]
        return {
            "area": area.code,
            "controls": [
                {"class": one.class_prefix, "from": one.valid_from, "until": one.valid_to, "text": one.text}
                for one in held
            ],
        }

    def show(self, facts: Facts) -> None:
        """One line each."""
        for one in facts["controls"]:
            self.stdout.write(f"{one['class'] or 'every class'}  until {one['until'].isoformat()}  {one['text']}")
        if not facts["controls"]:
            self.stdout.write("Nothing is under control here now.")


def _time(text: str, zone: ZoneInfo, field: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(
            "This is not a time.", field=field, value=text, expected="such as 2026-12-31T18:00"
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
