"""A town with accounts: deposits and points of two people, a firm's, and the town's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from tests import town as towns
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.ledger import services
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import NOTHING, Balance, sums
from wangge.kernel.ledger.services import Line, Posted


@dataclass
class Books:
    """The town, and its accounts by short names."""

    town: towns.Town
    accounts: dict[str, UUID] = field(default_factory=dict)

    def lines(self, from_: str, to: str, amount: int) -> tuple[Line, Line]:
        """An amount from one account to another."""
        return Line(self.accounts[from_], -amount), Line(self.accounts[to], amount)

    def post(self, from_: str, to: str, amount: int, *, key: str = "", by: Mandate | None = None) -> Posted:
        """Move it at once."""
        return services.post(key=key or fresh_key(), lines=self.lines(from_, to, amount), by=by or mandates.console())

    def hold(self, from_: str, to: str, amount: int, *, key: str = "", by: Mandate | None = None) -> Posted:
        """Hold it."""
        return services.hold(key=key or fresh_key(), lines=self.lines(from_, to, amount), by=by or mandates.console())

    def of(self, name: str, *, at: datetime | None = None, known_at: datetime | None = None) -> Balance:
        """What an account has."""
        return sums([self.accounts[name]], at=at, known_at=known_at).get(self.accounts[name], NOTHING)

    def all(self, *, at: datetime | None = None, known_at: datetime | None = None) -> dict[str, Balance]:
        """What every account has."""
        found = sums(list(self.accounts.values()), at=at, known_at=known_at)
        return {name: found.get(one, NOTHING) for name, one in self.accounts.items()}


def fresh_key() -> str:
    """A key that nobody used."""
    return f"test:{uuid4()}"


def build(town: towns.Town) -> Books:
    """Accounts in fen with and without a floor, and points."""
    by = mandates.console()
    books = Books(town)
    root = town.areas[towns.ROOT]
    rows = {
        "worker": ("person", town.people["worker"], "deposit", "cny", "T-G11", 0),
        "worker2": ("person", town.people["worker2"], "deposit", "cny", "T-G21", 0),
        "secretary": ("person", town.people["secretary"], "deposit", "cny", "T-C1", -50_000),
        "points": ("person", town.people["worker"], "score", "points", "T-G11", None),
        "firm": ("organisation", town.unit, "deposit", "cny", towns.ROOT, 0),
        "fund": ("area", root, "fund", "cny", towns.ROOT, None),
        "outside": ("area", root, "outside", "cny", towns.ROOT, None),
        "score": ("area", root, "score", "points", towns.ROOT, None),
    }
    opened = services.open_accounts([services.NewAccount(*row) for row in rows.values()], by=by)  # type: ignore[arg-type]
    books.accounts = {name: one.id for name, one in zip(rows, opened, strict=True)}
    return books


def account(books: Books, name: str) -> Account:
    """The row of an account."""
    return Account.objects.get(id=books.accounts[name])
