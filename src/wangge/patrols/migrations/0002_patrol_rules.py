"""What the database itself holds: states, facts that stay, tracks within a patrol, functions that are switched off."""

from __future__ import annotations

from django.db import migrations

from wangge.kernel.journal.migrating import app_rights, versioned_key
from wangge.patrols.schema import SWITCHED, TRACK, UNSWITCHED, UNTRACK, drop, lifecycle

LIVES = {
    "patrols_patrol": (
        "planned", (("planned", "dropped"), ("planned", "started"), ("started", "ended")),
        ("id", "person", "post", "area", "path", "author", "planned_from", "planned_to", "stops"),
        "SELECT, INSERT, UPDATE (version, state, tracked, started_at, ended_at, points)",
    ),
    "patrols_switch": (
        "asked", (("asked", "on"), ("asked", "refused"), ("on", "ended")),
        ("id", "function", "area", "path", "scene", "document", "asked_by", "asked_at", "begins", "expires"),
        "SELECT, INSERT, UPDATE (version, state, approver, decided_at, ended_at)",
    ),
    "patrols_observation": (
        "open", (("contested", "struck"), ("contested", "upheld"), ("open", "contested")),
        ("id", "patrol", "switch", "observer", "worker", "duty", "post", "area", "path", "outcome", "grade", "witness",
         "lon_e7", "lat_e7", "seen_at", "told_at", "contest_until"),
        "SELECT, INSERT, UPDATE (version, state, contested_at, decider, decided_at)",
    ),
}


class Migration(migrations.Migration):
    dependencies = [("patrols", "0001_patrols"), ("journal", "0002_erased_by_entry")]
    operations = [
        operation
        for table, (begins, pairs, facts, rights) in LIVES.items()
        for operation in (
            migrations.RunSQL(lifecycle(table, begins, pairs, facts), drop(table)),
            versioned_key(table),
            app_rights(table, rights),
        )
    ] + [
        migrations.RunSQL(TRACK, UNTRACK),
        migrations.RunSQL(SWITCHED, UNSWITCHED),
        app_rights("patrols_track_point", "SELECT, INSERT, DELETE"),
    ]
