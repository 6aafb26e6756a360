"""A blind sample or a cross-inspection draw, and drawing it again from the record."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import Conflict, InvalidInput
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.subjects import resolve
from wangge.kernel.duties import mandates
from wangge.patrols.drawing import KINDS
from wangge.patrols.draws import VERB, draw, recorded, replay


class Command(WanggeCommand):
    """`wangge draw`."""

    help = (
        "Draw a blind sample of areas, or an inspector for each area away from their own ground and declared"
        " relations. Seed, inputs, their digest and the result stand in the journal; --replay draws it again."
    )
    example = "wangge draw sample 320412-NXS --label 2026Q2 --count 5 --json"

    def arguments(self, parser: CommandParser) -> None:
        """What to draw, where; or what to draw again."""
        parser.add_argument("kind", nargs="?", default="", help="one of " + ", ".join(KINDS))
        parser.add_argument("area", nargs="?", metavar="AREA_CODE", default="", help="draws among what lies below it")
        parser.add_argument("--label", default="", help="what it is for, such as the period; drawn once")
        parser.add_argument("--count", type=int, default=0, help="how many a sample has")
        parser.add_argument("--of", default="grid", help="the kind of areas (default: grid)")
        parser.add_argument("--again", action="store_true", help="a further round, beside those on record")
        parser.add_argument("--as", dest="username", default="", help="the account that draws (default: the console)")
        parser.add_argument("--replay", metavar="ID", default="", help="draw this one again and compare")
        parser.add_argument("--round", type=int, default=1, help="which round of it (default: 1)")

    def run(self, **options: Any) -> Facts:
        """Draw, or replay; a replay that differs fails."""
        if options["replay"]:
            one = recorded(resolve(options["replay"]), options["round"])
            if not replay(one):
                raise Conflict("The record does not give this result.", field="replay", value=one.id)
        elif not options["kind"] or not options["area"]:
            raise InvalidInput("Say what to draw and where, or which draw to replay.", field="kind",
                               value=options["kind"], expected="one of " + ", ".join(KINDS) + ", and an area")
        else:
            by = acting(options["username"], verb=VERB) if options["username"] else mandates.console()
            one = draw(kind=options["kind"], area=options["area"], label=options["label"], count=options["count"],
                       of=options["of"], again=options["again"], by=by)
        return {**one._asdict(), "replayed": bool(options["replay"])}
