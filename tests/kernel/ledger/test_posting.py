"""Postings: what they move, what is refused, and that a key makes one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.ledger.books import Books, account, fresh_key
from tests.town import ROOT, SINCE
from wangge.base.errors import Conflict, Forbidden, InvalidInput, KeyReused, NotFound
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.ledger import services
from wangge.kernel.ledger.models import Account, Leg, Posting
from wangge.kernel.ledger.queries import Balance
from wangge.kernel.ledger.services import Kind, Line, NewPosting


def test_a_posting_moves_what_it_says_and_leaves_one_entry(books: Books) -> None:
    lines = books.lines("outside", "worker", 500_000)
    made = services.post(key="p1", lines=lines, by=mandates.console(), policy="policy:2019/3", reason="缴纳保证金")
    assert (made.key, made.kind, made.fresh) == ("p1", Kind.POST, True)
    assert books.of("worker") == Balance(500_000, 0, 0)
    assert books.of("outside") == Balance(-500_000, 0, 0)
    [entry] = Entry.objects.filter(subject_id=made.id)
    assert (entry.subject_type, entry.verb, entry.seq) == ("posting", "post", 1)
    assert entry.area == books.town.areas["G11"]
    assert entry.data["lines"] == [[str(books.accounts["outside"]), -500_000], [str(books.accounts["worker"]), 500_000]]
    assert "缴纳保证金" not in str(entry.data)
    assert Content.objects.get(subject_id=made.id).value == "缴纳保证金"
    stored = Posting.objects.get(id=made.id)
    assert (stored.at, stored.recorded_at, stored.policy) == (entry.at, entry.recorded_at, "policy:2019/3")


def test_what_is_held_is_not_taken_and_no_longer_available(books: Books) -> None:
    books.post("outside", "worker", 500_000)
    held = books.hold("worker", "fund", 300_000)
    assert books.of("worker") == Balance(500_000, 300_000, 0)
    assert books.of("worker").available == 200_000
    assert books.of("fund") == Balance(0, 0, 300_000)
    with pytest.raises(Conflict, match="not so much available") as refused:
        books.post("worker", "fund", 200_001)
    assert refused.value.extra["account"] == str(books.accounts["worker"])
    services.settle(posting=held.id, by=mandates.console())
    assert books.of("worker") == Balance(200_000, 0, 0)
    assert books.of("fund") == Balance(300_000, 0, 0)


def test_what_is_released_is_free_again(books: Books) -> None:
    books.post("outside", "worker", 500_000)
    held = books.hold("worker", "fund", 500_000)
    with pytest.raises(Conflict):
        books.hold("worker", "fund", 1)
    services.release(posting=held.id, by=mandates.console())
    assert books.of("worker") == Balance(500_000, 0, 0)
    books.post("worker", "fund", 500_000)
    assert books.of("fund") == Balance(500_000, 0, 0)


def test_what_is_expected_is_not_available_before_it_came(books: Books) -> None:
    held = books.hold("outside", "worker", 1000)
    assert (books.of("worker").expected, books.of("worker").available) == (1000, 0)
    with pytest.raises(Conflict):
        books.post("worker", "fund", 1)
    services.settle(posting=held.id, by=mandates.console())
    books.post("worker", "fund", 1000)


@pytest.mark.parametrize(("first", "second"), [
    (services.settle, services.release), (services.release, services.settle),
])
def test_a_hold_ends_once(books: Books, first: Any, second: Any) -> None:
    books.post("outside", "worker", 1000)
    held = books.hold("worker", "fund", 900)
    done = first(posting=held.id, by=mandates.console())
    before = books.all()
    with pytest.raises(Conflict, match="already"):
        second(posting=held.id, by=mandates.console())
    with pytest.raises(Conflict, match="already"):
        first(posting=held.id, by=mandates.console(), key="another")
    again = first(posting=held.id, by=mandates.console())
    assert (again.id, again.fresh) == (done.id, False)
    assert books.all() == before


def test_a_reversal_restores_every_balance_once(books: Books) -> None:
    books.post("outside", "worker", 1000)
    before = books.all()
    posted = books.post("worker", "fund", 900)
    done = services.reverse(posting=posted.id, by=mandates.console(), reason="申诉成立")
    assert books.all() == before
    with pytest.raises(Conflict, match="reversed already"):
        services.reverse(posting=posted.id, by=mandates.console(), key="twice")
    assert services.reverse(posting=posted.id, by=mandates.console()).id == done.id
    assert books.all() == before


def test_a_settlement_can_be_reversed_but_no_hold_release_or_reversal(books: Books) -> None:
    books.post("outside", "worker", 1000)
    held = books.hold("worker", "fund", 900)
    with pytest.raises(InvalidInput, match="hold cannot be followed by a reverse"):
        services.reverse(posting=held.id, by=mandates.console())
    settled = services.settle(posting=held.id, by=mandates.console())
    undone = services.reverse(posting=settled.id, by=mandates.console())
    assert books.of("worker") == Balance(1000, 0, 0)
    with pytest.raises(InvalidInput):
        services.reverse(posting=undone.id, by=mandates.console())
    with pytest.raises(InvalidInput):
        services.settle(posting=settled.id, by=mandates.console())
    free = services.release(posting=books.hold("worker", "fund", 1).id, by=mandates.console())
    with pytest.raises(InvalidInput):
        services.reverse(posting=free.id, by=mandates.console())
    with pytest.raises(NotFound):
        services.reverse(posting=uuid4(), by=mandates.console())


def test_a_reversal_that_would_break_a_floor_is_refused(books: Books) -> None:
    paid_in = books.post("outside", "worker", 1000)
    books.post("worker", "fund", 900)
    with pytest.raises(Conflict, match="available"):
        services.reverse(posting=paid_in.id, by=mandates.console())
    assert books.of("worker") == Balance(100, 0, 0)


def test_the_same_key_and_content_is_the_same_posting(books: Books) -> None:
    first = books.post("outside", "worker", 700, key="k")
    again = books.post("outside", "worker", 700, key="k")
    assert (again.id, again.fresh) == (first.id, False)
    assert books.of("worker").balance == 700
    assert Entry.objects.filter(subject_type="posting").count() == 1


@pytest.mark.parametrize("other", ["amount", "account", "kind", "policy", "at"])
def test_the_same_key_with_other_content_is_refused(books: Books, other: str) -> None:
    by = mandates.console()
    lines = books.lines("outside", "worker", 700)
    services.post(key="k", lines=lines, by=by)
    changed: dict[str, Any] = {"key": "k", "lines": lines, "by": by}
    if other == "amount":
        changed["lines"] = books.lines("outside", "worker", 701)
    elif other == "account":
        changed["lines"] = books.lines("outside", "worker2", 700)
    elif other == "policy":
        changed["policy"] = "other"
    elif other == "at":
        changed["at"] = by.at - timedelta(days=1)
    with pytest.raises(KeyReused):
        (services.hold if other == "kind" else services.post)(**changed)
    assert books.of("worker").balance == 700
    assert Posting.objects.count() == 1


def test_units_balance_each_for_itself(books: Books) -> None:
    lines = (*books.lines("outside", "worker", 500), *books.lines("points", "score", 1500))
    services.post(key=fresh_key(), lines=lines, by=mandates.console())
    assert (books.of("worker").balance, books.of("points").balance) == (500, -1500)
    mixed = (Line(books.accounts["outside"], -500), Line(books.accounts["score"], 500))
    with pytest.raises(InvalidInput, match="do not sum to zero"):
        services.post(key=fresh_key(), lines=mixed, by=mandates.console())


@pytest.mark.parametrize("amounts", [
    (), (0, 0), (5,), (5, -4), (True, -1), (1.5, -1.5), (10**15 + 1, -(10**15) - 1), (1,) * 1000 + (-1000,),
])
def test_no_posting_has_such_amounts(books: Books, amounts: tuple[Any, ...]) -> None:
    lines = [Line(books.accounts["fund"], amount) for amount in amounts]
    with pytest.raises(InvalidInput):
        services.post(key="k", lines=lines, by=mandates.console())
    assert not Posting.objects.exists()


@pytest.mark.parametrize(("field", "value"), [
    ("key", ""), ("key", "two words"), ("key", "x" * 201), ("key", "k\n"), ("policy", "因为他不好"),
    ("policy", "p" * 201), ("reason", "x" * 1001),
])
def test_keys_and_references_are_codes(books: Books, field: str, value: str) -> None:
    given: dict[str, Any] = {"key": "k", field: value}
    with pytest.raises(InvalidInput) as refused:
        services.post(lines=books.lines("outside", "worker", 1), by=mandates.console(), **given)
    assert refused.value.field == field


def test_a_batch_stands_as_a_whole_or_not_at_all(books: Books) -> None:
    rows = [NewPosting(f"b{n}", books.lines("outside", "worker", 100)) for n in range(5)]
    with pytest.raises(Conflict):
        services.post_many([*rows, NewPosting("b5", books.lines("worker", "fund", 501))], by=mandates.console())
    assert not Posting.objects.exists()
    made = services.post_many([NewPosting("b5", books.lines("worker", "fund", 500)), *rows], by=mandates.console())
    assert [one.key for one in made] == ["b5", "b0", "b1", "b2", "b3", "b4"]  # the floor is looked at after the batch
    assert books.of("worker").balance == 0
    with pytest.raises(InvalidInput, match="twice"):
        services.post_many([rows[0], rows[0]], by=mandates.console())
    assert services.post_many([], by=mandates.console()) == []


def test_a_batch_repeated_with_more_makes_only_what_is_new(books: Books) -> None:
    rows = [NewPosting(f"b{n}", books.lines("outside", "worker", 100)) for n in range(4)]
    first = services.post_many(rows[:2], by=mandates.console())
    second = services.post_many(rows, by=mandates.console())
    assert [one.fresh for one in second] == [False, False, True, True]
    assert [one.id for one in second[:2]] == [one.id for one in first]
    assert books.of("worker").balance == 400


def test_a_thousand_postings_of_all_kinds_take_as_many_statements_as_one(books: Books) -> None:
    by = mandates.console()
    paid = services.post_many([NewPosting(f"in{n}", books.lines("outside", "worker", 10)) for n in range(300)], by=by)
    held = services.post_many(
        [NewPosting(f"h{n}", books.lines("worker", "fund", 10), Kind.HOLD) for n in range(300)], by=by)
    rows = [NewPosting(f"p{n}", books.lines("outside", "fund", 1)) for n in range(100)]
    rows += [NewPosting(f"s{n}", (), Kind.SETTLE if n % 2 else Kind.RELEASE, held[n].id) for n in range(300)]
    rows += [NewPosting(f"r{n}", (), Kind.REVERSE, paid[n].id) for n in range(100)]
    with CaptureQueriesContext(connection) as counted:
        services.post_many(rows, by=by)
    assert len([one for one in counted.captured_queries if "SAVEPOINT" not in one["sql"]]) == 6
    assert books.of("worker") == Balance(3000 - 1500 - 1000, 0, 0)
    assert Leg.objects.count() == 2 * (600 + 500)


def test_who_posts_needs_the_verb_on_the_ground_of_every_account(books: Books) -> None:
    for name, verb in (("worker", "post"), ("secretary", "post"), ("operator", "post"), ("auditor", "reverse")):
        with pytest.raises(Forbidden):
            books.town.by(name).require(verb, books.town.root)
    with pytest.raises(Forbidden):
        books.post("outside", "worker", 1, by=books.town.by("secretary"))
    posted = books.post("outside", "worker", 1)
    assert services.reverse(posting=posted.id, by=books.town.by("leader")).fresh
    officer = books.town.people["officer"]
    assign(post="assessor", area=ROOT, valid_from=SINCE, person=officer, by=mandates.console())
    assessor = mandates.for_person(officer, channel="desk", verb="post", path=books.town.root)
    held = books.hold("outside", "worker", 1, by=assessor)
    with pytest.raises(Forbidden):
        services.reverse(posting=posted.id, by=assessor)
    with pytest.raises(Forbidden):
        services.settle(posting=held.id, by=books.town.by("secretary"))
    assert not Posting.objects.filter(resolves=held.id).exists()
    with pytest.raises(NotFound):
        services.post(key="k", lines=[Line(uuid4(), 1), Line(books.accounts["fund"], -1)], by=mandates.console())


def test_nothing_refers_to_what_happened_later(books: Books) -> None:
    by = mandates.console()
    held = books.hold("outside", "fund", 5, by=by)
    with pytest.raises(InvalidInput, match="before its hold"):
        services.settle(posting=held.id, by=by, at=by.at - timedelta(seconds=1))
    early = by.recorded_at - timedelta(seconds=1)  # an act that began before, and came to it after
    settled = services.settle(posting=held.id, by=mandates.job("test", at=early, recorded_at=early))
    stored, entry = Posting.objects.get(id=settled.id), Entry.objects.get(subject_id=settled.id)
    assert (stored.at, stored.recorded_at) == (entry.at, entry.recorded_at) == (by.at, by.recorded_at)


def test_an_account_is_opened_once(books: Books) -> None:
    by = mandates.console()
    given: dict[str, Any] = {"owner_kind": "person", "owner": books.town.people["worker"], "purpose": "deposit",
                             "unit": "cny", "area": "T-G11", "floor": 0, "by": by}
    assert services.open_account(**given).id == books.accounts["worker"]
    assert Entry.objects.filter(subject_id=books.accounts["worker"]).count() == 1
    for changed in ({"floor": None}, {"area": "T-G12"}):
        with pytest.raises(Conflict, match="stands already"):
            services.open_account(**given | changed)
    other = services.open_account(**given | {"unit": "minutes"})
    assert other.id != books.accounts["worker"]


@pytest.mark.parametrize(("field", "value", "error"), [
    ("owner_kind", "cat", InvalidInput), ("owner", uuid4(), NotFound), ("purpose", "Deposit!", InvalidInput),
    ("unit", "usd", InvalidInput), ("area", "NOWHERE", NotFound), ("floor", 1, InvalidInput),
    ("owner_kind", "area", NotFound),
])
def test_an_account_that_cannot_be_is_refused(books: Books, field: str, value: Any, error: type[Exception]) -> None:
    given: dict[str, Any] = {"owner_kind": "person", "owner": books.town.people["worker"], "purpose": "other",
                             "unit": "cny", "area": "T-G11", "floor": 0}
    before = Account.objects.count()
    with pytest.raises(error):
        services.open_account(**given | {field: value}, by=mandates.console())
    assert Account.objects.count() == before


def test_an_account_moves_by_an_entry_and_only_by_whoever_opens_accounts(books: Books) -> None:
    moved = services.move_account(account=books.accounts["worker"], area="T-G21", by=mandates.console())
    assert (moved.version, moved.area_path) == (2, books.town.paths["G21"])
    assert account(books, "worker").area_path == books.town.paths["G21"]
    assert services.move_account(account=moved.id, area="T-G21", by=mandates.console()).version == 2
    with pytest.raises(Forbidden):
        services.move_account(account=moved.id, area="T-G11", by=books.town.by("secretary"))
    with pytest.raises(NotFound):
        services.move_account(account=moved.id, area="NOWHERE", by=mandates.console())
