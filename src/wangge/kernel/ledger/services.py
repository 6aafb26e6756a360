"""Writes of the ledger: open accounts, post, hold, settle, release, reverse. Each with its entry, once for each key.

Whoever writes needs the verb on the ground of every account that the posting touches. A batch stands as a whole or
not at all; a floor is looked at after the batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.base.errors import Conflict, InvalidInput, KeyReused, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.ledger import recording, rules
from wangge.kernel.ledger.accounts import NewAccount, move_account, open_account, open_accounts
from wangge.kernel.ledger.recording import Draft, Stored
from wangge.kernel.ledger.rules import TARGETS, Kind, Line, NewPosting

__all__ = [
    "Kind", "Line", "NewAccount", "NewPosting", "Posted", "hold", "move_account", "open_account", "open_accounts",
    "post", "post_many", "release", "reverse", "settle",
]


class Posted(NamedTuple):
    """What became of a posting: its id, key and kind; `fresh` is False where the key had made it before."""

    id: UUID
    key: str
    kind: Kind
    fresh: bool


def post(
    *, key: str, lines: Sequence[Line], by: Mandate, policy: str = "", reason: str = "", at: datetime | None = None
) -> Posted:
    """Move amounts between accounts at once. The lines sum to zero for each unit.

    Raises `InvalidInput`, `NotFound`, `Forbidden`, `KeyReused`, and `Conflict` where an account would fall below
    its floor.
    """
    return post_many([NewPosting(key, tuple(lines), Kind.POST, None, policy, reason, at)], by=by)[0]


def hold(
    *, key: str, lines: Sequence[Line], by: Mandate, policy: str = "", reason: str = "", at: datetime | None = None
) -> Posted:
    """Hold amounts: what goes out is no longer available and not taken yet, until `settle` or `release`."""
    return post_many([NewPosting(key, tuple(lines), Kind.HOLD, None, policy, reason, at)], by=by)[0]


def settle(
    *, posting: UUID, by: Mandate, key: str = "", policy: str = "", reason: str = "", at: datetime | None = None
) -> Posted:
    """What was held is taken. Without a key of its own a hold is settled under one that follows from its id.

    Raises `Conflict` where it was released already.
    """
    return post_many([NewPosting(key or f"settle:{posting}", (), Kind.SETTLE, posting, policy, reason, at)], by=by)[0]


def release(
    *, posting: UUID, by: Mandate, key: str = "", policy: str = "", reason: str = "", at: datetime | None = None
) -> Posted:
    """What was held is free again, and nothing was taken. Raises `Conflict` where it was settled already."""
    return post_many([NewPosting(key or f"release:{posting}", (), Kind.RELEASE, posting, policy, reason, at)],
                     by=by)[0]


def reverse(
    *, posting: UUID, by: Mandate, key: str = "", policy: str = "", reason: str = "", at: datetime | None = None
) -> Posted:
    """Undo a posting or a settlement, whole and once, by the opposite lines. A hold is released, never reversed."""
    return post_many([NewPosting(key or f"reverse:{posting}", (), Kind.REVERSE, posting, policy, reason, at)],
                     by=by)[0]


def post_many(rows: Sequence[NewPosting], *, by: Mandate) -> list[Posted]:
    """Any number of postings of any kind, in the order given, by a handful of statements; all or none.

    What a row refers to stands before the batch. A key that made the same posting before gives that one back; with
    other content it raises `KeyReused`.
    """
    if not rows:
        return []
    _check_all(rows)
    with transaction.atomic():
        drafts = _drafts(rows, by)
        known = recording.accounts(list({line.account for one in drafts for line in one.lines}))
        _require(drafts, known, by)
        try:
            with transaction.atomic():
                fresh = recording.insert_postings(drafts)
                made = [one for one in drafts if one.id in fresh]
                if made:
                    recording.insert_legs(made)
                    recording.insert_entries(made, known, by=by)
        except IntegrityError as error:
            raise recording.explained(error) from error
        before = {} if len(made) == len(drafts) else _before([one for one in drafts if one.id not in fresh])
    return [
        Posted(before.get(one.row.key, one.id), one.row.key, one.row.kind, one.id in fresh) for one in drafts
    ]


def _check_all(rows: Sequence[NewPosting]) -> None:
    keys: set[str] = set()
    for row in rows:
        rules.check(row)
        if row.key in keys:
            raise InvalidInput("This key stands twice in the batch.", field="key", value=row.key,
                               expected="one key for each posting")
        keys.add(row.key)


def _drafts(rows: Sequence[NewPosting], by: Mandate) -> list[Draft]:
    wanted = [row.target for row in rows if row.target is not None]
    targets = {one.id: one for one in recording.stored(ids=wanted)} if wanted else {}
    drafts = []
    for row in rows:
        lines, at, recorded_at = row.lines, row.at or by.at, by.recorded_at
        if row.target is not None:
            target = _target(row, targets.get(row.target), at if row.at else None)
            lines = rules.lines_for(row.kind, target.lines)
            at, recorded_at = max(at, target.at), max(recorded_at, target.recorded_at)
        drafts.append(Draft(new_id(), row, lines, at, recorded_at))
    return drafts


def _target(row: NewPosting, found: Stored | None, at: datetime | None) -> Stored:
    if found is None:
        raise NotFound("There is no such posting.", field="target", value=row.target)
    if found.kind not in TARGETS[row.kind]:
        raise InvalidInput(f"A {found.kind} cannot be followed by a {row.kind}.", field="target", value=found.id,
                           expected="a posting of kind " + " or ".join(TARGETS[row.kind]))
    if at is not None and at < found.at:
        raise InvalidInput(f"A {row.kind} does not happen before its {found.kind}.", field="at", value=at.isoformat(),
                           expected=f"{found.at.isoformat()} or later")
    return found


def _require(drafts: Iterable[Draft], known: dict[UUID, recording.AccountInfo], by: Mandate) -> None:
    """The verb on the ground of each account; lines that sum to zero."""
    units = {account: info.unit for account, info in known.items()}
    allowed: set[tuple[str, str]] = set()
    for one in drafts:
        for line in one.lines:
            info = known.get(line.account)
            if info is None:
                raise NotFound("There is no such account.", field="account", value=line.account)
            if (one.row.kind, info.path) not in allowed:
                by.require(one.row.kind.value, info.path)
                allowed.add((one.row.kind, info.path))
        rules.check_balanced(one.lines, units)


def _before(drafts: Sequence[Draft]) -> dict[str, UUID]:
    """The ids under keys that were there already; raises `KeyReused` where one of them was another posting."""
    found = {one.key: one for one in recording.stored(keys=[one.row.key for one in drafts])}
    for one in drafts:
        old = found.get(one.row.key)
        if old is None:
            raise Conflict("Somebody else is posting under this key; repeat.", field="key", value=one.row.key)
        asked = (one.row.kind, one.row.policy, one.row.target, one.lines)
        if asked != (old.kind, old.policy, old.target, old.lines) or one.row.at not in (None, old.at):
            raise KeyReused("This key made another posting before.", field="key", value=one.row.key,
                            expected="the same lines, kind and policy, or a new key")
    return {key: one.id for key, one in found.items()}
