"""Reads of the ledger, scoped by the mandate: accounts, what they had at any instant, and the trial balance.

Two lines of time. `at` asks what had happened up to and including an instant; `known_at` asks what the server had
recorded by then: later postings, back-dated ones too, do not change that answer. A posting belongs to the moment at
which its act began; one that is still being written appears with its commit.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from wangge.base.clock import now
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.ledger.access import may_see, visible_to
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.rules import EFFECTS

_FACTORS = ", ".join(f"('{kind}', {effect.taken}, {effect.pending})" for kind, effect in EFFECTS.items())
EFFECT_TABLE = f"(VALUES {_FACTORS}) AS e(kind, taken, pending)"
"""`rules.EFFECTS` as a table in SQL."""


class Balance(NamedTuple):
    """What an account has, in smallest units. `held` is what pending postings would take out of it, `expected` what
    they would bring; `available` is the balance without what is held."""

    balance: int
    held: int
    expected: int

    @property
    def available(self) -> int:
        """What may still be taken, down to the floor."""
        return self.balance - self.held


NOTHING = Balance(0, 0, 0)


def accounts(by: Mandate) -> QuerySet[Account]:
    """The accounts that this mandate may see, by owner, purpose and unit."""
    return Account.objects.filter(visible_to(by)).order_by("owner", "purpose", "unit")


def account(account_id: UUID, by: Mandate) -> Account:
    """One account. Raises `NotFound` where there is none that the mandate may see."""
    found = Account.objects.filter(id=account_id).first()
    if found is None or not may_see(found, by):
        raise NotFound("There is no such account that you may see.", field="account", value=account_id)
    return found


def balance(account_id: UUID, by: Mandate, *, at: datetime | None = None, known_at: datetime | None = None) -> Balance:
    """What one account had at an instant (now, if none is given). Raises `NotFound`."""
    found = account(account_id, by)
    return sums([found.id], at=at, known_at=known_at).get(found.id, NOTHING)


def balances(
    by: Mandate, *, ids: Collection[UUID] | None = None, at: datetime | None = None, known_at: datetime | None = None
) -> dict[UUID, Balance]:
    """The same for all accounts that the mandate may see, or for those of `ids` among them. Two statements."""
    seen = accounts(by) if ids is None else accounts(by).filter(id__in=ids)
    chosen = list(seen.order_by().values_list("id", flat=True))
    found = sums(chosen, at=at, known_at=known_at)
    return {one: found.get(one, NOTHING) for one in chosen}


def sums(
    ids: Collection[UUID], *, at: datetime | None = None, known_at: datetime | None = None
) -> Mapping[UUID, Balance]:
    """The balances of these accounts, whoever asks: for rooms above, in their own services. One statement."""
    if not ids:
        return {}
    when, values = _until(at, known_at)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT l.account_id, {_SUMS} WHERE l.account_id = ANY(%s::uuid[]){when} GROUP BY 1",
                       [list(ids), *values])
        return {row[0]: Balance(*map(int, row[1:])) for row in cursor.fetchall()}


def lock(ids: Collection[UUID]) -> Mapping[UUID, Balance]:
    """Lock these accounts until the caller's transaction ends, and what they have now: for whoever charges as much
    as there is. Accounts without a floor are not made to wait by postings of others, those with one are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM ledger_account WHERE id = ANY(%s::uuid[]) ORDER BY id FOR NO KEY UPDATE",
                       [list(ids)])
        found = [row[0] for row in cursor.fetchall()]
    have = sums(found)
    return {one: have.get(one, NOTHING) for one in found}


class UnitTotal(NamedTuple):
    """One unit of the trial balance, in smallest units: `total` of all balances and `pending` of all holds are 0."""

    unit: str
    accounts: int
    legs: int
    inward: int
    outward: int
    total: int
    pending: int


class TrialBalance(NamedTuple):
    """The whole ledger at an instant. `levels_off` are accounts whose kept level is not what their legs say."""

    at: datetime
    postings: int
    units: tuple[UnitTotal, ...]
    levels_off: tuple[UUID, ...]

    @property
    def balanced(self) -> bool:
        """Whether every sum is zero and every level right."""
        return not self.levels_off and not any(one.total or one.pending for one in self.units)


def trial_balance(*, at: datetime | None = None, known_at: datetime | None = None) -> TrialBalance:
    """Sums over all accounts, by unit. Reads every leg."""
    when, values = _until(at, known_at)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.unit, count(DISTINCT a.id), count(*),"
            " coalesce(sum(l.amount * e.taken) FILTER (WHERE l.amount * e.taken > 0), 0),"
            " coalesce(sum(l.amount * e.taken) FILTER (WHERE l.amount * e.taken < 0), 0),"
            " sum(l.amount * e.taken), sum(l.amount * e.pending)"
            f" {_FROM} JOIN ledger_account a ON a.id = l.account_id WHERE TRUE{when} GROUP BY 1 ORDER BY 1",
            values,
        )
        units = tuple(UnitTotal(row[0], *map(int, row[1:])) for row in cursor.fetchall())
        cursor.execute(f"SELECT count(*) FROM ledger_posting p WHERE TRUE{when}", values)
        [(postings,)] = cursor.fetchall()
        cursor.execute(_LEVELS_OFF)
        off = tuple(row[0] for row in cursor.fetchall())
    return TrialBalance(at or now(), postings, units, off)


_FROM = (
    "FROM ledger_leg l JOIN ledger_posting p ON p.id = l.posting_id"
    f" JOIN {EFFECT_TABLE} ON e.kind = p.kind"
)
_SUMS = (
    "sum(l.amount * e.taken), coalesce(sum(-l.amount * e.pending) FILTER (WHERE l.amount < 0), 0),"
    f" coalesce(sum(l.amount * e.pending) FILTER (WHERE l.amount > 0), 0) {_FROM}"
)
_LEVELS_OFF = (
    "SELECT a.id FROM ledger_account a LEFT JOIN ledger_level v ON v.account_id = a.id"
    f" LEFT JOIN (SELECT l.account_id, {_SUMS} GROUP BY 1) s(account_id, balance, held, expected)"
    " ON s.account_id = a.id WHERE a.floor IS NOT NULL AND (v.balance, v.held, v.floor)"
    " IS DISTINCT FROM (coalesce(s.balance, 0), coalesce(s.held, 0), a.floor) ORDER BY 1"
)


def _until(at: datetime | None, known_at: datetime | None) -> tuple[str, list[Any]]:
    when, values = "", []
    for column, moment in (("at", at), ("recorded_at", known_at)):
        if moment is not None:
            when += f" AND p.{column} <= %s"
            values.append(moment)
    return when, values
