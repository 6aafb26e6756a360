"""Balances at past instants, statements, who sees what, and that each look at another's lines is on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.ledger.books import Books, fresh_key
from tests.town import PEOPLE, SINCE
from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger import queries, services
from wangge.kernel.ledger.access import may_see, visible_to
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import Balance
from wangge.kernel.ledger.statements import access_subject, read_statement
from wangge.kernel.places.services import end_area

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def on(day: int, recorded: int) -> Mandate:
    """A job of which the server learned on a day after the beginning of the year."""
    return mandates.job("test", at=START + day * DAY, recorded_at=START + recorded * DAY)


def test_a_balance_at_an_instant_counts_what_had_happened_or_what_was_known(books: Books) -> None:
    books.post("outside", "worker", 1000, by=on(1, 1))
    books.post("worker", "fund", 300, by=on(5, 20))  # happened on the 5th, came to be known on the 20th
    held = books.hold("worker", "fund", 200, by=on(7, 7))
    services.settle(posting=held.id, by=on(9, 9))

    def have(at: int | None = None, known: int | None = None) -> Balance:
        return books.of("worker", at=None if at is None else START + at * DAY,
                        known_at=None if known is None else START + known * DAY)

    assert have(at=0) == Balance(0, 0, 0)
    assert have(at=1) == Balance(1000, 0, 0)
    assert have(at=6) == Balance(700, 0, 0)
    assert have(known=6) == Balance(1000, 0, 0)
    assert have(at=8) == Balance(700, 200, 0)
    assert (have(known=8), have(known=8).available) == (Balance(1000, 200, 0), 800)
    assert have(known=10) == Balance(800, 0, 0)
    assert have() == have(at=30, known=30) == Balance(500, 0, 0)
    assert have(at=6, known=19) == Balance(1000, 0, 0)
    for instant in (0, 6, 8, 30):
        found = queries.trial_balance(at=START + instant * DAY, known_at=START + 19 * DAY)
        assert all((one.total, one.pending) == (0, 0) for one in found.units)


def test_a_statement_has_each_line_with_a_running_balance(books: Books) -> None:
    first = books.post("outside", "worker", 1000, by=on(1, 1))
    charge = services.post(key="c", lines=books.lines("worker", "fund", 300), by=on(5, 20), policy="policy:1")
    held = books.hold("worker", "fund", 200, by=on(7, 7))
    free = services.release(posting=held.id, by=on(9, 9))
    undone = services.reverse(posting=charge.id, by=on(10, 21))
    period = {"account_id": books.accounts["worker"], "begins": START + 5 * DAY, "ends": START + 10 * DAY,
              "by": books.town.by("worker")}
    found = read_statement(**period)
    assert [(line.posting, line.amount, line.pending, line.balance) for line in found.lines] == [
        (charge.id, -300, 0, 700), (held.id, 0, -200, 700), (free.id, 0, 200, 700)]
    assert [line.policy for line in found.lines] == ["policy:1", "", ""]
    assert found.lines[2].target == held.id
    assert (found.opening, found.closing) == (1000, 700)
    before = read_statement(**period | {"known_at": START + 19 * DAY})
    assert [line.posting for line in before.lines] == [held.id, free.id]
    assert (before.opening, before.closing) == (1000, 1000)
    whole = read_statement(**period | {"begins": START, "ends": START + 99 * DAY})
    assert (whole.lines[0].posting, whole.lines[-1].posting, whole.closing) == (first.id, undone.id, 1000)
    empty = read_statement(**period | {"begins": START + 90 * DAY, "ends": START + 99 * DAY})
    assert (empty.lines, empty.opening, empty.closing) == ((), 1000, 1000)
    with pytest.raises(InvalidInput, match="ends before"):
        read_statement(**period | {"ends": START})


def look(books: Books, name: str, of: str, reason: str = "") -> int:
    """How many lines they see."""
    found = read_statement(account_id=books.accounts[of], begins=SINCE, ends=now() + DAY, by=books.town.by(name),
                           reason=reason)
    return len(found.lines)


def test_each_look_at_another_persons_lines_is_on_record_and_ones_own_is_not(books: Books) -> None:
    books.post("outside", "worker", 1000)
    subject = access_subject(books.accounts["worker"])
    assert look(books, "worker", "worker") == 1
    assert look(books, "leader", "fund") == 0
    assert not Entry.objects.filter(subject_type="access").exists()
    for reason in ("", "  ", "x" * 1001):
        with pytest.raises(InvalidInput, match="why"):
            look(books, "leader", "worker", reason)
    assert look(books, "leader", "worker", "申诉复核") == 1
    assert look(books, "secretary", "worker", "季度谈话") == 1
    entries = list(Entry.objects.filter(subject_id=subject).order_by("seq"))
    assert [(entry.verb, entry.actor) for entry in entries] == [
        ("read_statement", books.town.people["leader"]), ("read_statement", books.town.people["secretary"])]
    assert entries[0].data["account"] == str(books.accounts["worker"])
    assert list(Content.objects.filter(subject_id=subject).order_by("seq").values_list("value", flat=True)) == [
        "申诉复核", "季度谈话"]
    assert verify().clean


@pytest.mark.parametrize(("name", "of"), [
    ("worker2", "worker"), ("secretary2", "worker"), ("operator", "worker"), ("admin", "worker"), ("worker", "fund"),
    ("worker", "firm"), ("secretary", "fund"),
])
def test_what_one_may_not_see_is_not_found(books: Books, name: str, of: str) -> None:
    with pytest.raises(NotFound):
        look(books, name, of, "好奇")
    with pytest.raises(NotFound):
        queries.balance(books.accounts[of], books.town.by(name))
    assert queries.balances(books.town.by(name), ids=[books.accounts[of]]) == {}
    assert not Entry.objects.filter(subject_type="access").exists()


SEEN = {
    "worker": {"worker", "points"}, "worker2": {"worker2"}, "secretary": {"worker", "points", "secretary"},
    "secretary2": {"worker2"}, "clerk": {"firm"}, "operator": set(), "admin": set(), "officer": set(),
    "leader": {"worker", "worker2", "secretary", "points", "firm", "fund", "outside", "score"},
}


@pytest.mark.parametrize("name", SEEN)
def test_a_person_sees_their_own_a_community_its_peoples_a_leader_all_below(books: Books, name: str) -> None:
    seen = set(queries.accounts(books.town.by(name)).values_list("id", flat=True))
    assert {one for one, account in books.accounts.items() if account in seen} == SEEN[name]
    assert set(queries.balances(books.town.by(name))) == seen


def test_the_condition_in_sql_is_the_rule_in_python(books: Books) -> None:
    checked = 0
    everybody = [books.town.by(name) for name in (*(one for one, _, _ in PEOPLE), "clerk")]
    for by in (*everybody, mandates.console(), mandates.public(books.town.root), mandates.job("x")):
        seen = set(Account.objects.filter(visible_to(by)).values_list("id", flat=True))
        for account in Account.objects.all():
            assert (account.id in seen) == may_see(account, by), (by.post, account.purpose)
            checked += 1
    assert checked == 17 * 8


def test_balances_of_many_accounts_take_two_statements(books: Books) -> None:
    books.post("outside", "worker", 10)
    with CaptureQueriesContext(connection) as counted:
        found = queries.balances(mandates.console())
    assert len(counted) == 2
    assert (found[books.accounts["worker"]].balance, found[books.accounts["firm"]]) == (10, Balance(0, 0, 0))
    with pytest.raises(NotFound):
        queries.balance(uuid4(), mandates.console())


def test_accounts_follow_their_area_to_its_successor_or_above(books: Books) -> None:
    end_area(area="T-G11", at=now() + DAY, by=mandates.console())
    account = Account.objects.get(id=books.accounts["worker"])
    assert (account.area_path, account.version) == (books.town.paths["C1"], 2)
    assert [entry.verb for entry in Entry.objects.filter(subject_id=account.id).order_by("seq")] == [
        "open_account", "move"]
    assert services.post(key=fresh_key(), lines=books.lines("outside", "worker", 5), by=mandates.console()).fresh
    assert verify().clean
