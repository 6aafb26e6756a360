"""How much money may be taken of whom, whatever a policy says. Sources of the rules:

- Deposits: Labour Contract Law art. 9 bars any guarantee or property taken from workers under contract.
- Performance pay: never so that what is paid falls below the floor that is on file, and never more than the bonus.
- Who has no record of employment and pay is not charged money at all.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.assessment.models import Run
from wangge.assessment.running.books import Holder


class Limit(NamedTuple):
    """At most so many fen, and why (a code of `LIMITS`)."""

    most: int
    code: str


LIMITS = ("contract_employee", "no_basis", "no_pay_record", "pay_floor", "no_deposit", "deposit_empty", "by_contract")
UNKNOWN = Limit(0, "no_pay_record")


def limits(run: Run, holders: Collection[Holder], *, at: datetime) -> dict[UUID, Limit]:
    """The limits of these holders in the mode of the run's policy; who is not in it has none of its own."""
    return {one.id: UNKNOWN for one in holders if one.kind == "person"}
