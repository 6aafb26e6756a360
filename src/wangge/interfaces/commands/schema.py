"""Where the database's schema stands against the code: behind, equal, ahead."""

from __future__ import annotations

from dataclasses import dataclass

from django.apps import apps
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@dataclass(frozen=True, slots=True)
class Schema:
    """`applied` counts migrations done; `pending` are to be done; `unknown` were done by newer code."""

    applied: int
    pending: tuple[str, ...]
    unknown: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """No migration was ever applied."""
        return self.applied == 0


def state() -> Schema:
    """Compare the recorded migrations with those of the installed applications."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    plan = executor.migration_plan(loader.graph.leaf_nodes())
    installed = {config.label for config in apps.get_app_configs()}
    recorded = set(executor.recorder.applied_migrations())
    known = set(loader.disk_migrations or ())
    unknown = sorted(f"{app}.{name}" for app, name in recorded - known if app in installed)
    return Schema(len(recorded), tuple(f"{m.app_label}.{m.name}" for m, _ in plan), tuple(unknown))


def applied() -> set[str]:
    """The recorded migrations of the installed applications, as `app.name`."""
    installed = {config.label for config in apps.get_app_configs()}
    recorded = MigrationExecutor(connection).recorder.applied_migrations()
    return {f"{app}.{name}" for app, name in recorded if app in installed}


def known() -> set[str]:
    """The migrations that this code has."""
    return {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations or ()}
