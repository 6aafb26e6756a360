"""Django's `migrate`, as the owner of the tables, followed by the grants of the serving role."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangoMigrate

from wangge.interfaces.commands import grants


class Command(DjangoMigrate):
    """Update the schema and give the serving role its rights."""

    help = "Bring the database's schema up to date (as its owner) and grant the serving role its rights."

    def handle(self, *args: Any, **options: Any) -> str | None:
        """Migrate, then grant."""
        result: str | None = super().handle(*args, **options)
        if not (options["plan"] or options["check_unapplied"]):
            grants.apply()
        return result
