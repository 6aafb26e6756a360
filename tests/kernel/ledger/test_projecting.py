"""Who rewrites an account, a posting or a line behind the journal's back is named with both values."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.kernel.ledger.books import Books
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify, verify_on
from wangge.kernel.ledger import services

FLIPS = [
    ("UPDATE ledger_leg SET amount = amount * 10 WHERE posting_id = '{posting}'", "posting", "lines = [['", "-9000"),
    ("DELETE FROM ledger_leg WHERE posting_id = '{posting}'", "posting", "lines = [['", "[]"),
    ("UPDATE ledger_leg SET account_id = '{worker2}' WHERE posting_id = '{posting}' AND line = 1", "posting",
     "{worker}", "{worker2}"),
    ("UPDATE ledger_posting SET kind = 'hold' WHERE id = '{posting}'", "posting", "kind = post", "hold"),
    ("UPDATE ledger_posting SET key = 'other' WHERE id = '{posting}'", "posting", "key = charge", "other"),
    ("UPDATE ledger_posting SET policy = 'other' WHERE id = '{posting}'", "posting", "policy = policy:1", "other"),
    ("UPDATE ledger_posting SET at = '2020-01-01Z' WHERE id = '{posting}'", "posting", "at = 2", "2020-01-01T00:00"),
    ("UPDATE ledger_posting SET recorded_at = '2020-01-01Z' WHERE id = '{posting}'", "posting", "recorded_at = 2",
     "2020-01-01T00:00"),
    ("UPDATE ledger_posting SET reverses_id = NULL WHERE id = '{undo}'", "undo", "reverses = {posting}", "None"),
    ("UPDATE ledger_posting SET resolves_id = '{posting}' WHERE id = '{settled}'", "settled", "resolves = {held}",
     "{posting}"),
    ("UPDATE ledger_account SET floor = -1 WHERE id = '{worker}'", "worker", "floor = 0", "-1"),
    ("UPDATE ledger_account SET owner = '{worker2}' WHERE id = '{worker}'", "worker", "owner = ", "{worker2}"),
    ("UPDATE ledger_account SET purpose = 'mine' WHERE id = '{worker}'", "worker", "purpose = deposit", "mine"),
    ("UPDATE ledger_account SET unit = 'points' WHERE id = '{worker}'", "worker", "unit = cny", "points"),
    ("UPDATE ledger_account SET owner_kind = 'area' WHERE id = '{worker}'", "worker", "owner_kind = person", "area"),
    ("UPDATE ledger_account SET area_path = '320499-T/' WHERE id = '{worker}'", "worker", "path = 320499-T/T-C2/",
     "320499-T/"),
]
TABLES = ("ledger_account", "ledger_posting", "ledger_leg", "ledger_level")


def rogue(owner: psycopg.Connection[Any]) -> None:
    """Triggers and constraints off."""
    for table in TABLES:
        owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    for table, name in owner.execute(
        "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('f', 'c')"
        " AND conrelid = ANY(%s::regclass[])", [list(TABLES)],
    ).fetchall():
        owner.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")


def test_what_is_rewritten_is_named(committed_books: Books, owner_connection: psycopg.Connection[Any]) -> None:
    books, by = committed_books, mandates.console()
    books.post("outside", "worker", 5000)
    posting = services.post(key="charge", lines=books.lines("worker", "fund", 900), by=by, policy="policy:1").id
    undo = services.reverse(posting=posting, by=by).id
    held = books.hold("worker", "fund", 900).id
    settled = services.settle(posting=held, by=by).id
    services.move_account(account=books.accounts["worker"], area="T-G21", by=by)
    report = verify()
    assert (report.clean, report.untold) == (True, {})
    assert (report.states["ledger_account"], report.states["posting"]) == (8, 5)
    ids = {**books.accounts, "posting": posting, "undo": undo, "held": held, "settled": settled}
    for sql, who, said, there in FLIPS:
        with owner_connection.transaction(force_rollback=True):
            rogue(owner_connection)
            assert owner_connection.execute(sql.format(**ids)).rowcount in (1, 2), sql
            found = verify_on(owner_connection).faults
        assert {(fault.kind, fault.subject_id) for fault in found} == {("state-differs", ids[who])}, sql
        told, _, held_there = found[0].detail.partition(", the table")
        assert said.format(**ids) in told, (sql, told)
        assert there.format(**ids) in held_there, (sql, held_there)


@pytest.mark.parametrize(("table", "who"), [("ledger_account", "worker2"), ("ledger_posting", "posting")])
def test_a_row_that_is_gone_is_named(
    committed_books: Books, owner_connection: psycopg.Connection[Any], table: str, who: str
) -> None:
    ids = {**committed_books.accounts, "posting": committed_books.post("outside", "fund", 1).id}
    rogue(owner_connection)
    owner_connection.execute(f"DELETE FROM {table} WHERE id = %s", [ids[who]])
    [fault] = verify().faults
    assert (fault.kind, fault.subject_id) == ("state-missing", ids[who])
