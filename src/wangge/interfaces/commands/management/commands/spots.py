"""The spot files of an area, and looking for new ones now."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.spots.lifecycle import ACTIVE, State
from wangge.kernel.spots.queries import Filters, listing
from wangge.kernel.spots.sweeping import look_back

ANY = "any"


class Command(WanggeCommand):
    """`wangge spots`."""

    help = (
        "List the places where cases of one class come back: their files, cases, remedies; with --sweep, look through"
        " the cases of the last days first, as the job does each night."
    )
    example = "wangge spots 320412-NXS --state any --json"

    def arguments(self, parser: CommandParser) -> None:
        """Where, and which."""
        parser.add_argument("area", nargs="?", metavar="AREA_CODE", help="it and all below it (default: everywhere)")
        parser.add_argument("--state", default="", help="a state, or any (default: all that are open)")
        parser.add_argument("--sweep", action="store_true", help="look for such places first")

    def run(self, **options: Any) -> Facts:
        """Sweep if asked to, then list all."""
        by, state = mandates.console(), options["state"]
        if state and state != ANY and state not in set(State):
            raise InvalidInput("There is no such state.", field="--state", value=state,
                               expected="any, or one of " + ", ".join(State))
        path = area_by_code(options["area"]).path if options["area"] else ""
        swept = look_back()._asdict() if options["sweep"] else None
        states = () if state == ANY else (state,) if state else tuple(one.value for one in ACTIVE)
        rows, cursor = [], None
        while True:
            page = listing(by, Filters(states=states, area_path=path), cursor=cursor, limit=200)
            rows += page.rows
            cursor = page.next_cursor
            if cursor is None:
                break
        facts: dict[str, Any] = {
            "spots": [
                {
                    "number": row.number, "state": row.state, "path": row.path, "class": row.class_code,
                    "name": row.class_name, "cases": row.cases, "opened_at": row.opened_at, "last_case_at": row.last_at,
                    "remedy": row.remedy, "planned_on": row.planned_on, "outcome": row.outcome,
                    "rebounds": row.rebounds,
                }
                for row in rows
            ]
        }  # fmt: skip
        return facts if swept is None else {**facts, "swept": swept}

    def show(self, facts: Facts) -> None:
        """One line each."""
        for one in facts["spots"]:
            remedy = f"  {one['remedy']} ({one['outcome'] or one['planned_on']})" if one["remedy"] else ""
            self.stdout.write(
                f"{one['number']}  {one['state']:<12}  {one['class']} {one['name']}  {one['cases']} cases"
                f"  {one['path']}{remedy}"
            )
        if not facts["spots"]:
            self.stdout.write("No such files.")
