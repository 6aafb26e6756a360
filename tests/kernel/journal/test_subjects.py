"""Every table of a `Versioned` model is known to the journal, and tied to it by the database."""

from __future__ import annotations

from typing import Any

import psycopg

from wangge.kernel.journal.subjects import state_tables


def test_each_state_table_has_its_deferred_key_to_the_journal(owner_connection: psycopg.Connection[Any]) -> None:
    rows = owner_connection.execute(
        "SELECT conrelid::regclass::text, condeferred FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid = 'journal_entry'::regclass"
        " AND conrelid <> 'journal_content'::regclass"
    ).fetchall()
    deferred = {table.strip('"') for table, condeferred in rows if condeferred}
    assert {table.strip('"') for table in state_tables()} <= deferred
