"""The accounts of an assessment: points that somebody answers for, deposits, what is withheld, and their other side.

A person's `score` in points has no floor; a `deposit` (of a contractor: `working-funds`) never falls below zero; what
is `withheld` of performance pay is an amount that is not paid out. Their other side lies on the assessed area.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.ledger.models import Account, Posting
from wangge.kernel.ledger.services import NewAccount, open_accounts
from wangge.kernel.places.models import Area

SCORE, DEPOSIT, FUNDS, WITHHELD, COUNTER = "score", "deposit", "working-funds", "withheld", "assessment"


class Holder(NamedTuple):
    """A person or an organisation that answers."""

    id: UUID
    kind: str


def counter(area: Area, unit: str, *, by: Mandate) -> Account:
    """The account on the other side: what the assessment of an area took or gave."""
    found = Account.objects.filter(owner=area.id, purpose=COUNTER, unit=unit).first()
    return found or open_accounts([NewAccount("area", area.id, COUNTER, unit, area.code)], by=by)[0]


def scores(holders: Collection[Holder], area: Area, *, by: Mandate) -> dict[UUID, Account]:
    """The accounts of points, opened where there are none yet."""
    return _opened(holders, SCORE, "points", area, by=by)


def withheld(holders: Collection[Holder], area: Area, *, by: Mandate) -> dict[UUID, Account]:
    """The accounts of what is withheld of performance pay, opened where there are none yet."""
    return _opened(holders, WITHHELD, "cny", area, by=by)


def deposits(holders: Collection[UUID]) -> dict[UUID, Account]:
    """The deposits and working funds that there are; whoever has none has nothing to take."""
    rows = Account.objects.filter(owner__in=list(holders), unit="cny", purpose__in=[DEPOSIT, FUNDS], floor=0)
    return {one.owner: one for one in rows}


def standing(prefix: str) -> list[Posting]:
    """Postings under keys with this prefix that nothing reversed, in the order in which they were made."""
    found = Posting.objects.filter(key__startswith=prefix, kind="post", reversals__isnull=True)
    return list(found.order_by("recorded_at", "id"))


def _opened(holders: Collection[Holder], purpose: str, unit: str, area: Area, *, by: Mandate) -> dict[UUID, Account]:
    known = {one.owner: one for one in Account.objects.filter(
        owner__in=[one.id for one in holders], purpose=purpose, unit=unit)}
    lacking = sorted({one for one in holders if one.id not in known})
    rows = [NewAccount(one.kind, one.id, purpose, unit, area.code) for one in lacking]
    return known | {one.owner: one for one in open_accounts(rows, by=by)}
