"""Patrols at the command line: listed, and planned by somebody who may."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.people.models import Account
from wangge.kernel.places.queries import area_by_code, atlas
from wangge.patrols import queries, stops
from wangge.patrols.lifecycle import PATROL_STATES
from wangge.patrols.models import Patrol
from wangge.patrols.services import PLAN, NewPatrol, plan_patrol


class Command(WanggeCommand):
    """`wangge patrols`."""

    help = (
        "List the patrols of an area and below, with their stops and how each was visited. With --plan, plan one first:"
        " as somebody who may (--as), for themselves or for another who patrols there (--for). Tracks are not printed."
    )
    example = "wangge patrols 320412-NXS --state ended"

    def arguments(self, parser: CommandParser) -> None:
        """Where, and what is planned."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("--state", default="", choices=["", *PATROL_STATES], help="only those in this state")
        parser.add_argument("--plan", nargs=2, metavar=("FROM", "TO"), help="the place's time: 2026-06-10T09:00")
        parser.add_argument("--stop", action="append", default=[], metavar="STOP",
                            help="in order; an area's or a public part's code, or lon,lat; repeatable")
        parser.add_argument("--for", dest="walker", default="", metavar="USERNAME", help="who walks it; else --as")
        parser.add_argument("--note", default="", help="a few words")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="who plans it")

    def run(self, **options: Any) -> Facts:
        """The list, after planning where that is asked for."""
        area = area_by_code(options["area"])
        planned = _plan(options, area.code, area.path) if options["plan"] else None
        rows = queries.patrols(mandates.console(), state=options["state"]).filter(path__startswith=area.path)
        return {
            "area": area.code,
            "planned": str(planned.id) if planned else None,
            "patrols": [_row(one) for one in rows[:queries.MOST]],
        }

    def show(self, facts: Facts) -> None:
        """One line a patrol, then its stops."""
        for one in facts["patrols"]:
            self.stdout.write(f"{one['area']} {one['post']} {one['state']} {one['from'].isoformat()} {one['id']}")
            for stop in one["stops"]:
                self.stdout.write(f"    {stop['name']}: {stop['visited'] or 'not visited'}")


def _plan(options: dict[str, Any], code: str, path: str) -> Patrol:
    if not options["username"]:
        raise InvalidInput("A person plans a patrol.", field="--as", expected="a user name")
    by = acting(options["username"], verb=PLAN, path=path)
    zone = ZoneInfo(atlas().timezone(path))
    begins, ends = (_moment(text, zone) for text in options["plan"])
    walker = None
    if options["walker"]:
        found = Account.objects.filter(username__iexact=options["walker"], is_active=True).first()
        if found is None or found.person_id is None:
            raise InvalidInput("Nobody signs in under this name.", field="--for", value=options["walker"],
                               expected="a user name")
        walker = found.person_id
    return plan_patrol(new=NewPatrol(code, begins, ends, tuple(options["stop"]), walker, options["note"]), by=by)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput("This is no time.", field="--plan", value=text,
                           expected="such as 2026-06-10T09:00") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)


def _row(one: Patrol) -> dict[str, Any]:
    places = atlas()

    def named(path: str) -> str:
        area = places.by_path.get(path)
        return area.code if area else path

    return {
        "id": str(one.id), "area": named(one.path), "post": one.post_id, "state": one.state, "from": one.planned_from,
        "to": one.planned_to, "started_at": one.started_at, "ended_at": one.ended_at,
        "stops": [{"name": stops.name_of(stop, named), "visited": one.visited.get(str(number))}
                  for number, stop in enumerate(one.stops)],
    }  # fmt: skip
