"""Whether all accounts together sum to zero."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import Conflict
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.ledger import instant
from wangge.kernel.ledger.queries import trial_balance
from wangge.kernel.ledger.rules import from_smallest


class Command(WanggeCommand):
    """`wangge trial-balance`."""

    help = (
        "Sum all accounts by unit: every total is zero, and each account with a floor has what its lines say."
        " Exit code 1 if not. Amounts are exact decimal numbers of points, yuan or minutes."
    )
    example = "wangge trial-balance --at 2026-04-01T00:00+08:00 --json"
    balanced = True

    def arguments(self, parser: CommandParser) -> None:
        """As of when."""
        parser.add_argument("--at", metavar="TIME", help="what had happened by then (default: everything)")
        parser.add_argument("--known-at", metavar="TIME", help="what was on record by then (default: everything)")

    def run(self, **options: Any) -> Facts:
        """The sums of each unit."""
        found = trial_balance(at=instant(options["at"], "--at"), known_at=instant(options["known_at"], "--known-at"))
        self.balanced = found.balanced
        return {
            "balanced": found.balanced,
            "at": found.at,
            "postings": found.postings,
            "units": [
                {
                    "unit": one.unit, "accounts": one.accounts, "legs": one.legs,
                    **{name: from_smallest(getattr(one, name), one.unit)
                       for name in ("inward", "outward", "total", "pending")},
                }
                for one in found.units
            ],
            "levels_off": list(found.levels_off),
        }

    def show(self, facts: Facts) -> None:
        """One line a unit, then the verdict."""
        for one in facts["units"]:
            self.stdout.write(
                f"{one['unit']}: {one['accounts']} accounts, {one['legs']} lines, in {one['inward']}, out"
                f" {one['outward']}, total {one['total']}, pending {one['pending']}"
            )
        for account in facts["levels_off"]:
            self.stdout.write(f"account {account}: what is kept is not what its lines say")
        verdict = "balanced" if facts["balanced"] else "NOT balanced"
        self.stdout.write(f"{verdict}: {facts['postings']} postings")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print first; then fail if it does not balance."""
        super().handle(*args, **options)
        if not self.balanced:
            self._fail(Conflict("The ledger does not balance."))
