"""What the database itself holds: states, what was ordered and filed stays, one entry for each version."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key
from wangge.patrols.schema import drop, lifecycle

LIVES = {
    "inspections_contest": (
        "open", (("open", "granted"), ("open", "refused")),
        ("id", "finding", "area", "path", "contester", "filed_at", "until"),
        "SELECT, INSERT, UPDATE (version, state, points, decider, decided_at)",
    ),
    "inspections_rectification": (
        "ordered", (("ordered", "dropped"), ("ordered", "reported"), ("reported", "dropped"), ("reported", "failed"),
                    ("reported", "passed")),
        ("id", "finding", "round", "area", "path", "post", "organisation", "ordered_by", "ordered_at", "due_at"),
        "SELECT, INSERT, UPDATE (version, state, done_by, done_at, checked_by, checked_at)",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_inspections"), ("journal", "0002_erased_by_entry")]
    operations = [
        operation
        for table, (begins, pairs, facts, rights) in LIVES.items()
        for operation in (
            migrations.RunSQL(lifecycle(table, begins, pairs, facts), drop(table)),
            versioned_key(table),
            app_rights(table, rights),
        )
    ]
