"""Imports how people are employed and paid, for the guards of money."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.money.filing import Pay, keep_pay
from wangge.assessment.tables import read_table
from wangge.base.errors import NotFound
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.ledger.rules import to_smallest
from wangge.kernel.people.models import Account

COLUMNS = ("username", "employment", "pay", "bonus", "floor")


class Command(WanggeCommand):
    """`wangge import-pay`."""

    help = (
        f"Import employment and pay from a CSV file with the columns {','.join(COLUMNS)}: yuan of a quarter, the bonus"
        " in it, and the floor below which pay must never fall. All rows or none; a second run changes nothing."
    )
    example = "wangge import-pay pay.csv --area 320412-NXS --as assessor"

    def arguments(self, parser: CommandParser) -> None:
        """The table, where, and who keeps it."""
        parser.add_argument("file", metavar="FILE.csv", type=Path)
        parser.add_argument("--area", required=True, metavar="CODE", help="the place whose people these are")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME",
                            help="who keeps it; else the console")

    def run(self, **options: Any) -> Facts:
        """How many rows there were and how many changed."""
        by = acting(options["username"], verb="keep_pay") if options["username"] else mandates.console()
        rows = [row for _, row in read_table(options["file"], COLUMNS)]
        people = dict(Account.objects.filter(username__in=[row["username"] for row in rows]).values_list(
            "username", "person"))
        for row in rows:
            if not people.get(row["username"]):
                raise NotFound("Nobody signs in under this name.", field="username", value=row["username"])
        pay = [
            Pay(people[row["username"]], row["employment"],
                *(to_smallest(row[name], "cny", field=name) for name in ("pay", "bonus", "floor")))
            for row in rows
        ]
        return {"rows": len(pay), "changed": keep_pay(pay, area=options["area"], by=by)}
