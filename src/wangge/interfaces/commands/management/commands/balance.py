"""What somebody's accounts have, and the lines of one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management import CommandParser

from wangge.base.clock import EPOCH, now
from wangge.base.errors import InvalidInput, NotFound
from wangge.interfaces.commands import ledger
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import Balance, accounts, balances
from wangge.kernel.ledger.rules import from_smallest
from wangge.kernel.ledger.statements import StatementLine, read_statement


class Command(WanggeCommand):
    """`wangge balance`."""

    help = (
        "What the accounts of an owner have, hold and may still give, now or at a past instant; with --lines also each"
        " line of a period (of a person's account with --reason; the look is journaled)."
    )
    example = "wangge balance 320412-03 --at 2026-04-01T00:00+08:00 --json"

    def arguments(self, parser: CommandParser) -> None:
        """Whose, which, as of when, and whether line by line."""
        parser.add_argument("owner", metavar="OWNER",
                            help="an id, a user name, or the code of an organisation or an area")
        parser.add_argument("--purpose", metavar="CODE", help="only accounts for this")
        parser.add_argument("--unit", metavar="UNIT", help="only accounts in points, cny or minutes")
        parser.add_argument("--at", metavar="TIME", help="what had happened by then (default: everything)")
        parser.add_argument("--known-at", metavar="TIME", help="what was on record by then (default: everything)")
        parser.add_argument("--lines", action="store_true", help="each line of a period, with a running balance")
        parser.add_argument("--from", dest="begins", metavar="TIME", help="the period begins (default: ever)")
        parser.add_argument("--until", dest="ends", metavar="TIME", help="the period ends, exclusive (default: now)")
        parser.add_argument("--reason", default="", help="why another person's lines are read")

    def run(self, **options: Any) -> Facts:
        """The accounts with what they have."""
        by = mandates.console()
        at, known_at = ledger.instant(options["at"], "--at"), ledger.instant(options["known_at"], "--known-at")
        begins, ends = ledger.instant(options["begins"], "--from"), ledger.instant(options["ends"], "--until")
        if not options["lines"] and (begins or ends or options["reason"]):
            raise InvalidInput("A period and a reason belong to --lines.", field="--lines", expected="--lines")
        chosen = {name: options[name] for name in ("purpose", "unit") if options[name]}
        found = list(accounts(by).filter(owner=ledger.owner(options["owner"]), **chosen).select_related("area"))
        if not found:
            raise NotFound("There is no such account.", field="owner", value=options["owner"])
        have = balances(by, ids=[one.id for one in found], at=at, known_at=known_at)
        facts: list[dict[str, Any]] = [_account(one, have[one.id]) for one in found]
        if options["lines"]:
            for fact, one in zip(facts, found, strict=True):
                read = read_statement(account_id=one.id, begins=begins or EPOCH, ends=ends or now(), by=by,
                                      reason=options["reason"], known_at=known_at)
                fact |= {"opening": from_smallest(read.opening, one.unit),
                         "closing": from_smallest(read.closing, one.unit),
                         "lines": [_line(line, one.unit) for line in read.lines]}
        return {"owner": found[0].owner, "at": at or now(), "accounts": facts}

    def show(self, facts: Facts) -> None:
        """One line an account, and below it its lines."""
        for one in facts["accounts"]:
            self.stdout.write(
                f"{one['purpose']} ({one['unit']}, {one['area']}): balance {one['balance']}, held {one['held']},"
                f" expected {one['expected']}, available {one['available']}"
                + ("" if one["floor"] is None else f", floor {one['floor']}")
            )
            for line in one.get("lines", ()):
                moved = line["amount"] if line["kind"] not in ("hold", "release") else f"pending {line['pending']}"
                when: datetime = line["at"]
                self.stdout.write(
                    f"    {when.isoformat()}  {line['kind']}  {moved}  → {line['balance']}  {line['policy']}".rstrip()
                )


def _account(one: Account, have: Balance) -> dict[str, Any]:
    amounts = {**have._asdict(), "available": have.available}
    return {
        "account": one.id, "purpose": one.purpose, "unit": one.unit, "area": one.area.code,
        "floor": None if one.floor is None else from_smallest(one.floor, one.unit),
        **{name: from_smallest(amount, one.unit) for name, amount in amounts.items()},
    }


def _line(line: StatementLine, unit: str) -> dict[str, Any]:
    return {
        **line._asdict(), "kind": line.kind.value,
        **{name: from_smallest(getattr(line, name), unit) for name in ("amount", "pending", "balance")},
    }
