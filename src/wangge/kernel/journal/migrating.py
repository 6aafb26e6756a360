"""Pieces for migrations: the key that ties a subject to its journal, and the rights of the two roles."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import migrations


def versioned_key(table: str) -> migrations.RunSQL:
    """A deferrable foreign key (id, version) → journal entry, checked at commit."""
    name = f"{table}_version_is_head"
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (id, version) "
        "REFERENCES journal_entry (subject_id, seq) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {table} DROP CONSTRAINT {name}",
    )


def app_rights(table: str, rights: str) -> migrations.RunPython:
    """Leave the application's role exactly `rights` (for example "SELECT, INSERT") on `table`.

    Does nothing where one role does both jobs; the triggers still hold there.
    """

    def grant(apps: Any, schema_editor: Any) -> None:
        role = getattr(settings, "WANGGE_APP_ROLE", None)
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(
                "SELECT current_user::text, EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role]
            )
            current, exists = cursor.fetchone()
        if not role or role == current or not exists:
            return
        quoted = schema_editor.quote_name(role)
        schema_editor.execute(f"REVOKE ALL ON {table} FROM {quoted}")
        schema_editor.execute(f"GRANT {rights} ON {table} TO {quoted}")

    return migrations.RunPython(grant, migrations.RunPython.noop)
