"""Displays of the screen: makes a link for one, lists them, revokes one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas
from wangge.kernel.wall.displays import MAX_DAYS, displays, issue_display, revoke_display
from wangge.kernel.wall.models import LANGUAGES

DAYS = 365


class Command(WanggeCommand):
    """`wangge display`."""

    help = (
        "Let a screen on a wall show an area: prints what to put behind the system's address in its browser. The token"
        " in it is shown once and kept nowhere. Without an area: the displays there are; with --revoke: end one."
    )
    example = 'wangge display 320412-03 --days 365 --label "二楼指挥室"'

    def arguments(self, parser: CommandParser) -> None:
        """Which area, for how long, or which one ends."""
        parser.add_argument("area", metavar="AREA_CODE", nargs="?", help="what it shows")
        parser.add_argument("--days", type=int, default=DAYS, help=f"until it expires, up to {MAX_DAYS}")
        parser.add_argument("--label", default="", help="where it hangs")
        parser.add_argument("--language", default=LANGUAGES[0], choices=LANGUAGES)
        parser.add_argument("--revoke", metavar="ID", help="the display that opens nothing any more")

    def run(self, **options: Any) -> Facts:
        """Make, revoke or list."""
        by = mandates.console()
        if options["revoke"]:
            known = revoke_display(display_id=_id(options["revoke"]), by=by)
            return {"revoked": known.id}
        if options["area"]:
            made, plain = issue_display(
                area_code=options["area"], days=options["days"], by=by, label=options["label"],
                language=options["language"],
            )  # fmt: skip
            return {"id": made.id, "area": options["area"], "expires_at": made.expires_at, "link": f"/screen/#{plain}"}
        places = atlas()
        return {
            "displays": [
                {
                    "id": one.id, "area": places.by_path[one.area_path].code, "label": one.label,
                    "expires_at": one.expires_at, "revoked_at": one.revoked_at, "alive": one.alive,
                }
                for one in displays(by=by, now=now())
            ]
        }  # fmt: skip

    def show(self, facts: Facts) -> None:
        """The link alone on the last line; a display a line."""
        if "link" in facts:
            self.say(f"Display {facts['id']} of {facts['area']}, until {facts['expires_at']:%Y-%m-%d %H:%M} UTC:")
            self.stdout.write(facts["link"])
        elif "revoked" in facts:
            self.stdout.write(f"Display {facts['revoked']} opens nothing any more.")
        else:
            for one in facts["displays"]:
                ends = "revoked" if one["revoked_at"] else f"until {one['expires_at']:%Y-%m-%d}"
                self.stdout.write(f"{one['id']}  {one['area']}  {ends}  {one['label']}")
            if not facts["displays"]:
                self.stdout.write("There is no display.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput("This is not the id of a display.", field="--revoke", value=text,
                           expected="an id of the list") from error  # fmt: skip
