"""A final statement goes into the books, once: each holder has at most one posting of points and one of money.

The keys of postings follow from run, revision and holder, and the run's row is locked: a crash before the commit leaves
nothing, a retry after it finds everything there. What the statement says never changes by this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Sum

from wangge.assessment.models import Run, StatementLine
from wangge.assessment.money import guards
from wangge.assessment.running import books, holding
from wangge.assessment.running.recording import advance
from wangge.assessment.running.services import SETTLE, locked
from wangge.base.clock import to_us
from wangge.base.errors import Conflict
from wangge.base.mandate import Mandate
from wangge.kernel.ledger import services as ledger
from wangge.kernel.ledger.queries import lock
from wangge.kernel.ledger.rules import Line, NewPosting


class Owed(NamedTuple):
    """What one holder answers for by a revision: thousandths of a point, and fen."""

    holder: books.Holder
    points: int
    fen: int


class Taken(NamedTuple):
    """What became of a holder's money: asked, taken, and what limited it (a code of `guards.LIMITS`, or '')."""

    holder: UUID
    asked: int
    taken: int
    limit: str

    @property
    def shortfall(self) -> int:
        """What was not covered: it lapses with the period, and is never set against pay."""
        return self.asked - self.taken


@transaction.atomic
def post_run(*, run: UUID, expected_version: int | None, by: Mandate) -> Run:
    """Post a final statement; doing it again changes nothing. A named person does this: who decides each charge.

    Raises `Conflict` for a statement that is not final, or where nobody is named.
    """
    one = locked(run, None, by=by)
    by.require(SETTLE, one.area_path)
    if one.stage == "posted":
        return one
    one = locked(run, expected_version, by=by)
    if one.stage != "final":
        raise Conflict(f"This run is {one.stage}.", field="stage", value=one.stage, expected="final")
    if by.actor is None and one.policy.mode != "points":
        raise Conflict("A person decides each charge.", field="actor", expected="somebody who may settle runs")
    owed = owed_by(one, one.published or one.revision)
    post_points(one, one.published or one.revision, owed, by=by)
    holding.free_all(one, by=by)
    taken = take(one, one.published or one.revision, owed, by=by)
    one.stage, one.posted_at = "posted", by.at
    return advance(one, "post", {
        "posted_at": to_us(by.at), "points": sum(row.points for row in owed), "fen": sum(row.taken for row in taken),
        "limited": [[str(row.holder), row.asked, row.taken, row.limit] for row in taken if row.shortfall],
    }, by=by)


def owed_by(run: Run, revision: int) -> list[Owed]:
    """What everybody answers for by a revision of a run, by holder."""
    rows = StatementLine.objects.filter(run=run, revision=revision).values("holder", "holder_kind").annotate(
        lost=Sum("points"), money=Sum("fen")).order_by("holder")
    return [Owed(books.Holder(row["holder"], row["holder_kind"]), row["lost"], row["money"]) for row in rows]


def post_points(run: Run, revision: int, owed: Sequence[Owed], *, by: Mandate) -> None:
    """One posting of points for each holder who lost any."""
    some = [one for one in owed if one.points]
    if not some:
        return
    accounts = books.scores([one.holder for one in some], run.area, by=by)
    other = books.counter(run.area, "points", by=by)
    ledger.post_many([
        NewPosting(key_of(run, revision, one.holder.id, "points"),
                   (Line(accounts[one.holder.id].id, -one.points), Line(other.id, one.points)),
                   policy=f"policy/{run.policy_id}")
        for one in some
    ], by=by)


def take(run: Run, revision: int, owed: Sequence[Owed], *, by: Mandate) -> list[Taken]:
    """Take the money of a revision, in the mode of its policy and within what the law and the accounts allow."""
    some = [one for one in owed if one.fen]
    if run.policy.mode == "points" or not some:
        return []
    limits = guards.limits(run, {one.holder for one in some})
    if run.policy.mode == "deposit":
        return [take_deposit(run, key_of(run, revision, one.holder.id, "money"), one.holder.id, one.fen,
                             limits.get(one.holder.id), by=by) for one in some]
    return _withhold(run, revision, some, limits, by=by)


def take_deposit(run: Run, key: str, holder: UUID, fen: int, limit: guards.Limit | None, *, by: Mandate) -> Taken:
    """Take from a deposit what is there, at most `fen`: it never falls below zero, however many charge it at once."""
    if limit is not None and limit.most == 0:
        return Taken(holder, fen, 0, limit.code)
    account = books.deposits([holder]).get(holder)
    if account is None:
        return Taken(holder, fen, 0, "no_deposit")
    with transaction.atomic():
        amount = max(0, min(fen, lock([account.id])[account.id].available))
        if amount:
            other = books.counter(run.area, "cny", by=by)
            ledger.post(key=key, lines=[Line(account.id, -amount), Line(other.id, amount)],
                        policy=f"policy/{run.policy_id}", by=by)
    return Taken(holder, fen, amount, "" if amount == fen else "deposit_empty")


def _withhold(run: Run, revision: int, owed: Sequence[Owed], limits: Mapping[UUID, guards.Limit], *,
              by: Mandate) -> list[Taken]:
    """Withhold of performance pay, never below the floor; organisations are charged under contract by invoice."""
    taken = []
    for one in owed:
        limit = limits.get(one.holder.id, guards.UNKNOWN)
        taken.append(Taken(one.holder.id, one.fen, min(one.fen, limit.most),
                           "" if one.fen <= limit.most else limit.code))
    holders = {one.holder.id: one.holder for one in owed}
    some = [one for one in taken if one.taken]
    if some:
        accounts = books.withheld([holders[one.holder] for one in some], run.area, by=by)
        other = books.counter(run.area, "cny", by=by)
        ledger.post_many([
            NewPosting(key_of(run, revision, one.holder, "money"),
                       (Line(accounts[one.holder].id, -one.taken), Line(other.id, one.taken)),
                       policy=f"policy/{run.policy_id}")
            for one in some
        ], by=by)
    return taken


def key_of(run: Run, revision: int, holder: UUID, what: str) -> str:
    """The key of a holder's posting: `run/<id>/<revision>/<holder>/points`."""
    return f"run/{run.id}/{revision}/{holder}/{what}"
