"""Contractors' invoices: entered, approved with a deduction, paid."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.assessment.models.money import Invoice
from wangge.assessment.money import invoices
from wangge.base.errors import NotFound
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.ledger.rules import from_smallest, to_smallest
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge invoices`."""

    help = (
        "The invoices of an area. --enter ORG/NUMBER --yuan AMOUNT puts one on record; somebody else approves it with"
        " what the contract lets deduct for posted periods (--approve ORG/NUMBER --deduct YUAN); then --pay."
    )
    example = "wangge invoices 320412-NXS --approve CLEAN/2019-03 --deduct 5000 --as leader"

    def arguments(self, parser: CommandParser) -> None:
        """Where, which, how much, and who."""
        parser.add_argument("area", metavar="AREA_CODE")
        for name in ("enter", "approve", "pay", "refuse"):
            parser.add_argument(f"--{name}", default="", metavar="ORG/NUMBER")
        parser.add_argument("--yuan", default="0", metavar="AMOUNT")
        parser.add_argument("--deduct", default="0", metavar="YUAN")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="who acts")

    def run(self, **options: Any) -> Facts:
        """Act, then list."""
        area = area_by_code(options["area"])
        if options["enter"]:
            code, _, number = options["enter"].partition("/")
            invoices.enter_invoice(organisation=code, area=area.code, number=number,
                                   fen=to_smallest(options["yuan"], "cny", field="yuan"),
                                   by=acting(options["username"], verb=invoices.ENTER))
        for name, act in (("approve", invoices.approve_invoice), ("pay", invoices.pay_invoice),
                          ("refuse", invoices.refuse_invoice)):
            if options[name]:
                one = _named(options[name])
                more = {"deducted": to_smallest(options["deduct"], "cny", field="deduct")} if name == "approve" else {}
                act(invoice=one.id, expected_version=one.version,
                    by=acting(options["username"], verb=invoices.APPROVE), **more)
        rows = Invoice.objects.filter(area_id=area.id).select_related("organisation").order_by("entered_at")
        return {"area": area.code, "invoices": [
            {"organisation": one.organisation.code, "number": one.number, "state": one.state,
             "yuan": from_smallest(one.fen, "cny"), "deducted": from_smallest(one.deducted, "cny")} for one in rows
        ]}

    def show(self, facts: Facts) -> None:
        """One invoice a line."""
        for one in facts["invoices"]:
            amounts = f"{one['yuan']} − {one['deducted']}"
            self.stdout.write(f"{one['organisation']}/{one['number']}: {one['state']}, {amounts}")


def _named(text: str) -> Invoice:
    code, _, number = text.partition("/")
    found = Invoice.objects.filter(organisation__code=code, number=number).first()
    if found is None:
        raise NotFound("There is no such invoice.", field="invoice", value=text, expected="ORG/NUMBER")
    return found
