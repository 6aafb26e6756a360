"""What the database refuses by itself, whoever writes: each rule by its name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests import databases
from tests.kernel.ledger.books import Books
from wangge.base.clock import now
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger import queries, services
from wangge.kernel.ledger.models import Account, Posting
from wangge.runtime import backup
from wangge.settings import databases as configured


@contextmanager
def refused(name: str) -> Iterator[None]:
    """The block breaks the constraint of this name, now or where all deferred ones are checked."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():  # noqa: PT012 -- the block is the caller's
        yield
        connection.check_constraints()
    cause = caught.value.__cause__
    assert isinstance(cause, psycopg.Error)
    assert cause.diag.constraint_name == name


def insert_posting(kind: str = "post", *, key: str | None = None, **columns: Any) -> UUID:
    """A bare row, without entry and legs."""
    row = {"id": uuid4(), "version": 1, "kind": kind, "key": str(uuid4()) if key is None else key, "policy": "",
           "at": now(), "recorded_at": now(), "first_line": 1, **columns}
    run(f"INSERT INTO ledger_posting ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})", *row.values())
    return row["id"]


def insert_legs(*legs: tuple[UUID, int, UUID, int]) -> None:
    """Bare rows by one statement."""
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(legs))
    run(f"INSERT INTO ledger_leg (posting_id, line, account_id, amount) VALUES {rows}",
        *[value for leg in legs for value in leg])


def run(sql: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_lines_of_a_posting_sum_to_zero_for_each_unit(books: Books) -> None:
    fund, outside, score = (books.accounts[name] for name in ("fund", "outside", "score"))
    with refused("ledger_leg_zero_sum"):
        one = insert_posting()
        insert_legs((one, 1, fund, 5), (one, 2, outside, -4))
    with refused("ledger_leg_zero_sum"):
        one = insert_posting()
        insert_legs((one, 1, fund, 5), (one, 2, score, -5))
    with refused("ledger_leg_zero_sum"):  # two postings that would balance together
        one, two = insert_posting(), insert_posting()
        insert_legs((one, 1, fund, 5), (two, 1, outside, -5))


def test_no_line_is_added_later_and_none_is_left_out(books: Books) -> None:
    fund, outside = books.accounts["fund"], books.accounts["outside"]
    made = books.post("outside", "fund", 5)
    with refused("ledger_leg_at_once"):
        insert_legs((made.id, 3, fund, 5), (made.id, 4, outside, -5))
    with refused("ledger_leg_pkey"):
        insert_legs((made.id, 1, fund, 5), (made.id, 2, outside, -5))
    with refused("ledger_leg_at_once"):
        one = insert_posting()
        insert_legs((one, 1, fund, 5), (one, 3, outside, -5))


def test_a_posting_without_lines_or_without_entry_is_refused_at_commit(books: Books) -> None:
    with refused("ledger_posting_has_legs"):
        insert_posting()
    with refused("ledger_posting_version_is_head"):
        one = insert_posting()
        insert_legs((one, 1, books.accounts["fund"], 5), (one, 2, books.accounts["outside"], -5))
    with refused("ledger_posting_begins_at_line_1"):
        insert_posting(first_line=2)


@pytest.mark.parametrize("sql", [
    "UPDATE ledger_leg SET amount = amount * 2", "DELETE FROM ledger_leg", "TRUNCATE ledger_leg CASCADE",
    "UPDATE ledger_posting SET policy = 'x'", "DELETE FROM ledger_posting", "UPDATE ledger_account SET floor = -9",
    "DELETE FROM ledger_account", "UPDATE ledger_level SET balance = 10", "DELETE FROM ledger_level",
    "INSERT INTO ledger_level SELECT id, 0, 0, -9 FROM ledger_account WHERE floor IS NULL",
])
def test_nothing_is_rewritten_neither_by_the_owner_nor_by_the_serving_role(
    committed_books: Books, owner_connection: psycopg.Connection[Any], sql: str
) -> None:
    committed_books.post("outside", "fund", 5)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation) as caught:
        owner_connection.execute(sql)
    assert caught.value.diag.constraint_name == "ledger_only_grows"
    with pytest.raises(ProgrammingError, match="permission denied"):
        run(sql)


def test_what_a_posting_refers_to_has_its_kind_and_its_lines(books: Books) -> None:
    fund, outside = books.accounts["fund"], books.accounts["outside"]
    posted, held = books.post("outside", "fund", 5), books.hold("outside", "fund", 5)
    with refused("ledger_posting_target"):
        insert_posting("settle", resolves_id=posted.id)
    with refused("ledger_posting_target"):
        insert_posting("reverse", reverses_id=held.id)
    for columns in ({"kind": "settle"}, {"kind": "post", "reverses_id": posted.id},
                    {"kind": "reverse", "resolves_id": held.id}, {"kind": "other"}):
        with refused("ledger_posting_kind_and_target"):
            insert_posting(**columns)  # type: ignore[arg-type]
    for kind, column, target, amount in (
        ("settle", "resolves_id", held.id, 4), ("reverse", "reverses_id", posted.id, 5),
        ("release", "resolves_id", held.id, -5),
    ):
        with refused("ledger_leg_as_its_target"):
            one = insert_posting(kind, **{column: target})
            insert_legs((one, 1, outside, -amount), (one, 2, fund, amount))
    with refused("ledger_leg_as_its_target"):
        one = insert_posting("settle", resolves_id=held.id)
        insert_legs((one, 1, outside, -5), (one, 2, fund, 5), (one, 3, outside, 1), (one, 4, fund, -1))


def test_what_ended_ends_once_and_a_key_stands_once(books: Books) -> None:
    posted, held = books.post("outside", "fund", 5, key="k"), books.hold("outside", "fund", 5)
    services.release(posting=held.id, by=mandates.console())
    services.reverse(posting=posted.id, by=mandates.console())
    with refused("ledger_posting_resolved_once"):
        insert_posting("settle", resolves_id=held.id)
    with refused("ledger_posting_reversed_once"):
        insert_posting("reverse", reverses_id=posted.id)
    with refused("ledger_posting_key_once"):
        insert_posting(key="k")


@pytest.mark.parametrize(("column", "value", "name"), [
    ("key", "", "ledger_posting_key_form"), ("key", "two words", "ledger_posting_key_form"),
    ("key", "k\n", "ledger_posting_key_form"), ("policy", "因为他不好", "ledger_posting_policy_form"),
    ("key", "k" * 201, "ledger_posting_codes_short"), ("policy", "p" * 201, "ledger_posting_codes_short"),
])
def test_keys_and_references_are_short_codes(books: Books, column: str, value: str, name: str) -> None:
    with refused(name):
        insert_posting(**{column: value})


def test_a_floor_and_an_amount_have_bounds(books: Books) -> None:
    with refused("ledger_level_floor"):
        one = insert_posting()
        insert_legs((one, 1, books.accounts["worker"], -1), (one, 2, books.accounts["fund"], 1))
    with refused("ledger_leg_amount_in_bounds"):
        insert_legs((insert_posting(), 1, books.accounts["fund"], 0))
    given = ("person", uuid4(), "x", "cny", books.town.areas["G11"], books.town.paths["G11"])
    sql = ("INSERT INTO ledger_account (id, version, owner_kind, owner, purpose, unit, area_id, area_path, floor)"
           " VALUES (%s, 1, %s, %s, %s, %s, %s, %s, %s)")
    with refused("ledger_account_floor_not_above_zero"):
        run(sql, uuid4(), *given, 1)
    with refused("ledger_account_true"):
        run(sql, uuid4(), *given[:5], books.town.paths["G12"], None)
    with refused("ledger_account_version_is_head"):
        run(sql, uuid4(), *given, None)
    with refused("ledger_account_once"):
        run(sql, uuid4(), "person", books.town.people["worker"], "deposit", *given[3:], None)


def test_a_level_that_a_rogue_changed_is_found(
    committed_books: Books, owner_connection: psycopg.Connection[Any]
) -> None:
    committed_books.post("outside", "worker", 500)
    assert queries.trial_balance().balanced
    owner_connection.execute("ALTER TABLE ledger_level DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE ledger_level SET balance = 900 WHERE balance = 500")
    found = queries.trial_balance()
    assert (found.balanced, found.levels_off) == (False, (committed_books.accounts["worker"],))


def test_a_restored_ledger_has_the_same_levels_and_the_same_floors(
    committed_books: Books, committed_db: str, tmp_path: Path
) -> None:
    books, name = committed_books, f"wangge_restored_{uuid4().hex[:12]}"
    books.post("outside", "worker", 500)
    books.hold("worker", "fund", 200)
    (tmp_path / "files").mkdir()
    source = {**configured.of_role("owner"), "NAME": committed_db}
    backup.make(tmp_path / "b", database=source, files=tmp_path / "files", version="1", migrations=[], at=now())
    with databases.connect("owner", databases.maintenance()) as owner:
        owner.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    try:
        backup.load(tmp_path / "b", database={**configured.of_role("owner"), "NAME": name}, files=tmp_path / "new")
        with databases.connect("owner", name) as there, there.transaction(force_rollback=True):
            levels = there.execute("SELECT balance, held FROM ledger_level WHERE balance > 0").fetchall()
            assert levels == [(500, 200)]
            one = uuid4()
            there.execute("INSERT INTO ledger_posting (id, version, kind, key, policy, at, recorded_at, first_line)"
                          " VALUES (%s, 1, 'post', 'after', '', now(), now(), 1)", [one])
            with pytest.raises(psycopg.errors.CheckViolation, match="ledger_level_floor"):
                there.execute("INSERT INTO ledger_leg (posting_id, line, account_id, amount)"
                              " VALUES (%(one)s, 1, %(worker)s, -301), (%(one)s, 2, %(fund)s, 301)",
                              {"one": one, **books.accounts})
    finally:
        databases.drop(name)


def test_erasing_the_reason_of_a_posting_moves_its_version_and_nothing_else(books: Books) -> None:
    made = services.post(key="k", lines=books.lines("outside", "worker", 5), by=mandates.console(), reason="家里困难")
    erased = erase(subject_id=made.id, reason_code="request", by=mandates.console())
    assert erased.fields == ((1, "reason"),)
    assert Posting.objects.get(id=made.id).version == 2
    report = verify()
    assert (report.clean, report.erased) == (True, 1)
    assert Account.objects.get(id=books.accounts["worker"]).level.balance == 5
