"""Which form codes have on an area and below."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.codes import FORMS, described
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.coding import declare_form
from wangge.kernel.places.models import DECLARED


class Command(WanggeCommand):
    """`wangge code-form`."""

    help = (
        "Let codes of grids, of communities (region) or case numbers have their standard form on an area and below;"
        " what is new there and differs is refused."
    )
    example = "wangge code-form 320412 grid --last 2"

    def arguments(self, parser: CommandParser) -> None:
        """Where, which codes, and how long their last segment is."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("kind", choices=DECLARED)
        parser.add_argument("--last", type=int, help="digits of the last segment (default: as usual)")

    def run(self, **options: Any) -> Facts:
        """The form, and how many codes that are there already differ."""
        kind = options["kind"]
        last = FORMS[kind].last[0] if options["last"] is None else options["last"]
        differing = declare_form(area=options["area"], kind=kind, last=last, by=mandates.console())
        return {"area": options["area"], "kind": kind, "form": described(kind, last), "differing": differing}
