"""Random acts upon the books, on PostgreSQL: sums stay zero, floors hold, reversals restore, the past stays."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.ledger.books import Books
from wangge.base.errors import Conflict
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger import queries, services
from wangge.kernel.ledger.models import Account, Level
from wangge.kernel.ledger.queries import Balance
from wangge.kernel.ledger.services import Kind, Line, NewPosting

MONEY = ("worker", "worker2", "secretary", "firm", "fund", "outside")
FLOORS = {"worker": 0, "worker2": 0, "secretary": -50_000, "firm": 0}
START = datetime(2026, 1, 1, tzinfo=UTC)
STEP = st.tuples(
    st.sampled_from(["post", "hold", "settle", "release", "reverse", "batch", "again"]),
    st.lists(st.tuples(st.sampled_from(MONEY), st.integers(-60_000, 60_000)), min_size=1, max_size=3),
    st.integers(0, 99), st.integers(0, 3),
)


class Shadow:
    """The books by another way: a dictionary of balances and of what is held."""

    def __init__(self) -> None:
        self.balance = dict.fromkeys(MONEY, 0)
        self.open: dict[UUID, list[tuple[str, int]]] = {}
        self.posted: dict[UUID, list[tuple[str, int]]] = {}

    def of(self, name: str) -> Balance:
        pending = [amount for lines in self.open.values() for who, amount in lines if who == name]
        out, into = (sum(one for one in pending if sign * one > 0) for sign in (-1, 1))
        return Balance(self.balance[name], -out, into)

    def whole(self) -> bool:
        return all(self.of(name).available >= floor for name, floor in FLOORS.items())

    def apply(self, kind: str, made: UUID, lines: list[tuple[str, int]], target: UUID | None) -> None:
        if kind == "hold":
            self.open[made] = lines
        else:
            if kind in ("settle", "release") and target is not None:
                del self.open[target]
            if kind != "release":
                for name, amount in lines:
                    self.balance[name] += amount
                self.posted[made] = lines
            if kind == "reverse" and target is not None:
                del self.posted[target], self.posted[made]


def lines_of(pairs: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The pairs without zeros, and one line more that brings the sum to zero."""
    kept = [(name, amount) for name, amount in pairs if amount]
    rest = sum(amount for _, amount in kept)
    return [*kept, ("outside", -rest)] if rest else [*kept, ("outside", 7), ("fund", -7)]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=25, max_size=25))
def test_no_sequence_of_acts_breaks_the_books(books: Books, steps: list[Any]) -> None:
    with transaction.atomic():  # examples share a transaction; each undoes what it did
        play(books, steps)
        transaction.set_rollback(True)


def play(books: Books, steps: list[Any]) -> None:
    shadow, names = Shadow(), {one: name for name, one in books.accounts.items()}
    before = books.all()
    past: list[tuple[datetime, dict[str, Balance]]] = []
    last: tuple[NewPosting, UUID] | None = None
    for number, (kind, pairs, pick, days) in enumerate(steps):
        moment = START + timedelta(hours=number)
        by = mandates.job("test", at=moment - timedelta(days=days) if kind == "post" else moment, recorded_at=moment)
        if kind == "again":
            if last is not None:
                [same] = services.post_many([last[0]], by=by)
                assert (same.id, same.fresh) == (last[1], False)
            continue
        rows = rows_for(books, shadow, str(number), kind, pairs, pick)
        trial = deepcopy(shadow)
        for row in rows:
            trial.apply(row.kind, uuid4(), named(row, trial, names), row.target)
        try:
            made = services.post_many(rows, by=by)
        except Conflict:
            assert not trial.whole()
        else:
            assert trial.whole()
            for row, one in zip(rows, made, strict=True):
                shadow.apply(row.kind, one.id, named(row, shadow, names), row.target)
                last = row, one.id
        have = books.all()
        assert {name: have[name] for name in MONEY} == {name: shadow.of(name) for name in MONEY}
        past.append((moment, have))
    check(books, past)
    undo(books, shadow, before)


def rows_for(
    books: Books, shadow: Shadow, key: str, kind: str, pairs: list[tuple[str, int]], pick: int
) -> list[NewPosting]:
    """The postings of a step; where there is nothing to settle, release or reverse, a posting."""
    targets = list(shadow.posted if kind == "reverse" else shadow.open)
    if kind in ("settle", "release", "reverse") and targets:
        return [NewPosting(key, (), Kind(kind), targets[pick % len(targets)])]
    lines = tuple(Line(books.accounts[name], amount) for name, amount in lines_of(pairs))
    opposite = tuple(Line(line.account, -line.amount) for line in lines)
    if kind == "batch":  # what would not fit alone may fit as a whole
        return [NewPosting(f"{key}:{n}", lines if n % 2 else opposite) for n in range(3)]
    return [NewPosting(key, lines, Kind.HOLD if kind == "hold" else Kind.POST)]


def named(row: NewPosting, shadow: Shadow, names: dict[UUID, str]) -> list[tuple[str, int]]:
    if row.target is None:
        return [(names[line.account], line.amount) for line in row.lines]
    if row.kind is Kind.REVERSE:
        return [(name, -amount) for name, amount in shadow.posted[row.target]]
    return shadow.open[row.target]


def check(books: Books, past: list[tuple[datetime, dict[str, Balance]]]) -> None:
    """Sums, floors and levels; each past instant is what it was then; all keys of the database hold."""
    found = queries.trial_balance()
    assert found.balanced
    assert {one.unit for one in found.units} <= {"cny", "points"}
    for level in Level.objects.select_related("account"):
        assert level.balance - level.held >= level.floor == level.account.floor
    for moment, have in past:
        assert books.all(known_at=moment) == have
        assert all((one.total, one.pending) == (0, 0) for one in queries.trial_balance(known_at=moment).units)
    connection.check_constraints()
    assert verify().clean


def undo(books: Books, shadow: Shadow, before: dict[str, Balance]) -> None:
    """Release what is open and reverse all that stands, as one batch: every balance is what it was."""
    by = mandates.job("undo", recorded_at=START + timedelta(days=90))
    rows = [NewPosting(f"undo:{one}", (), Kind.RELEASE, one) for one in shadow.open]
    rows += [NewPosting(f"undo:{one}", (), Kind.REVERSE, one) for one in shadow.posted]
    services.post_many(rows, by=by)
    assert books.all() == before
    assert Account.objects.count() == len(books.accounts)

