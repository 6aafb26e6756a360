"""The demo's directives and calls: in every state that a leader meets, with words and receipts, and on record."""

from __future__ import annotations

from tests.scenarios.conftest import NOW, Loaded
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.tasks.queries import Filters, listing


def test_directives_and_calls_stand_where_a_leader_meets_them(loaded: Loaded) -> None:
    rows = listing([mandates.console()], Filters()).rows
    found = {(row.task.kind, row.task.from_post, row.task.state) for row in rows}
    assert found == {
        ("directive", "leader", "done"), ("call", "grid_worker", "done"), ("directive", "leader", "issued"),
        ("directive", "secretary", "replied"), ("call", "grid_worker", "issued"),
    }  # fmt: skip
    assert all(row.words and row.task.issued_at <= NOW for row in rows)
    late = listing([mandates.console()], Filters(overdue=True, now=NOW)).rows
    assert [(row.task.from_post, row.task.reminders) for row in late] == [("grid_worker", 0), ("leader", 1)]
    assert verify().states["task"] == len(rows)
