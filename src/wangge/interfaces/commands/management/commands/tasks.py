"""The tasks of an area, and marking those whose deadline has passed."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.tasks.lifecycle import OPEN, State
from wangge.kernel.tasks.queries import Filters, listing
from wangge.kernel.tasks.rules import overdue
from wangge.kernel.tasks.sweeping import fall_due

ANY = "any"


class Command(WanggeCommand):
    """`wangge tasks`."""

    help = (
        "List directives and calls with their deadline, receipt and answer, without their words; with --sweep, first"
        " write down which deadlines have passed, as the job does each minute."
    )
    example = "wangge tasks 320412-NXS --overdue --json"

    def arguments(self, parser: CommandParser) -> None:
        """Where, and which."""
        parser.add_argument("area", nargs="?", metavar="AREA_CODE", help="it and all below it (default: everywhere)")
        parser.add_argument("--state", default="", help="a state, or any (default: all that are open)")
        parser.add_argument("--overdue", action="store_true", help="only those whose deadline has passed")
        parser.add_argument("--sweep", action="store_true", help="write down first which deadlines have passed")

    def run(self, **options: Any) -> Facts:
        """Sweep if asked to, then list all."""
        by, state = mandates.console(), options["state"]
        if state and state != ANY and state not in set(State):
            raise InvalidInput("There is no such state.", field="--state", value=state,
                               expected="any, or one of " + ", ".join(State))
        path = area_by_code(options["area"]).path if options["area"] else ""
        swept = fall_due() if options["sweep"] else None
        moment = now()
        states = () if state == ANY else (state,) if state else tuple(one.value for one in OPEN)
        filters = Filters(states=states, area_path=path, overdue=options["overdue"], now=moment)
        rows, cursor = [], None
        while True:
            page = listing([by], filters, cursor=cursor, limit=200)
            rows += page.rows
            cursor = page.next_cursor
            if cursor is None:
                break
        facts: dict[str, Any] = {
            "tasks": [
                {
                    "number": row.task.number, "kind": row.task.kind, "state": row.task.state, "path": row.task.path,
                    "case": row.case_number, "from": row.task.from_post,
                    "to": row.organisation_name or row.task.post, "issued_at": row.task.issued_at,
                    "due_at": row.task.due_at, "overdue": overdue(row.task, moment), "read_at": row.task.read_at,
                    "taken_at": row.task.taken_at, "replied_at": row.task.replied_at, "overdues": row.task.overdues,
                }
                for row in rows
            ]
        }  # fmt: skip
        return facts if swept is None else {**facts, "fell_due": swept}

    def show(self, facts: Facts) -> None:
        """One line each."""
        for one in facts["tasks"]:
            late = "  overdue" if one["overdue"] else ""
            self.stdout.write(
                f"{one['number']}  {one['kind']:<9}  {one['state']:<9}  {one['from']} → {one['to']}"
                f"  due {one['due_at']:%Y-%m-%d %H:%M}  {one['path']}{late}"
            )
        if not facts["tasks"]:
            self.stdout.write("No such tasks.")
