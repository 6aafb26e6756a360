"""The lines of an account over a period. Reading another person's is written down before anything is shown.

The look is an entry on an access subject of its own, one for each account, so that no version moves. Basis: whoever
answers above a person must be able to explain a charge; the person can see who looked.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import connection, transaction

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, note
from wangge.kernel.ledger.access import is_own
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import EFFECT_TABLE, account
from wangge.kernel.ledger.rules import Kind

MOST_LINES = 10_000


class StatementLine(NamedTuple):
    """One leg on the account. `amount` is what the balance moved by, `pending` by how much what is held or expected
    changed; `balance` is what there was after it. `target` is what it settled, released or reversed."""

    posting: UUID
    kind: Kind
    policy: str
    target: UUID | None
    at: datetime
    recorded_at: datetime
    amount: int
    pending: int
    balance: int


class Statement(NamedTuple):
    """The lines of an account from `begins` (inclusive) to `ends` (exclusive), by the time at which they happened."""

    account: Account
    begins: datetime
    ends: datetime
    opening: int
    closing: int
    lines: tuple[StatementLine, ...]


def access_subject(account_id: UUID) -> UUID:
    """The id of the subject on which looks at this account's lines are journaled."""
    return uuid5(account_id, "access")


def read_statement(
    *, account_id: UUID, begins: datetime, ends: datetime, by: Mandate, reason: str = "",
    known_at: datetime | None = None,
) -> Statement:
    """What happened on the account in a period, with a running balance; `known_at` as the record was then.

    Another person's lines take a reason, and the look is journaled. Raises `NotFound` for an account that the mandate
    may not see, `InvalidInput` without a reason, or for a period of more than 10,000 lines.
    """
    found = account(account_id, by)
    if begins >= ends:
        raise InvalidInput("The period ends before it begins.", field="ends", value=ends.isoformat(),
                           expected=f"after {begins.isoformat()}")
    with transaction.atomic():
        if found.owner_kind == "person" and not is_own(found, by):
            _journal_look(found, reason.strip(), by)
        return _read(found, begins, ends, known_at)


def _journal_look(found: Account, reason: str, by: Mandate) -> None:
    if not reason or len(reason) > 1000:
        raise InvalidInput("Say why you need to read another person's statement.", field="reason",
                           expected="some words, at most 1,000 characters")
    subject = access_subject(found.id)
    data = {"account": str(found.id), "owner": str(found.owner)}
    note(Act(subject, "access", "read_statement", found.area_id, data, {"reason": reason}), by=by)


def _read(found: Account, begins: datetime, ends: datetime, known_at: datetime | None) -> Statement:
    known, values = ("", []) if known_at is None else (" AND p.recorded_at <= %s", [known_at])
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(known=known), [found.id, ends, *values, begins, MOST_LINES + 1])
        rows = cursor.fetchall()
        cursor.execute(_OPENING.format(known=known), [found.id, begins, *values])
        [(opening,)] = cursor.fetchall()
    if len(rows) > MOST_LINES:
        raise InvalidInput(f"This period has more than {MOST_LINES} lines.", field="begins",
                           value=begins.isoformat(), expected="a shorter period")
    lines = tuple(
        StatementLine(posting, Kind(kind), policy, target, at, recorded_at, int(amount), int(pending), int(balance))
        for posting, kind, policy, target, at, recorded_at, amount, pending, balance in rows
    )
    return Statement(found, begins, ends, int(opening), lines[-1].balance if lines else int(opening), lines)


_LEGS = (
    f"FROM ledger_leg l JOIN ledger_posting p ON p.id = l.posting_id JOIN {EFFECT_TABLE} ON e.kind = p.kind"
    " WHERE l.account_id = %s AND p.at < %s{known}"
)
_LINES = (
    "SELECT id, kind, policy, target, at, recorded_at, amount, pending, balance FROM ("
    "SELECT p.id, p.kind, p.policy, coalesce(p.resolves_id, p.reverses_id) AS target, p.at, p.recorded_at, l.line,"
    " l.amount * e.taken AS amount, l.amount * e.pending AS pending,"
    f" sum(l.amount * e.taken) OVER (ORDER BY p.at, p.recorded_at, p.id, l.line) AS balance {_LEGS}"
    ") x WHERE at >= %s ORDER BY at, recorded_at, id, line LIMIT %s"
)
_OPENING = f"SELECT coalesce(sum(l.amount * e.taken), 0) {_LEGS}"
