"""Which tables hold the present state of subjects: every concrete model that is `Versioned`."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.apps import apps
from django.db import connection

from wangge.base.errors import Moved
from wangge.kernel.journal.models import Versioned


class State(NamedTuple):
    """The row of a subject's present state: its table and version."""

    table: str
    version: int


def state_tables() -> list[str]:
    """Quoted names of the tables of all `Versioned` models, sorted."""
    return sorted(
        connection.ops.quote_name(model._meta.db_table)
        for model in apps.get_models()
        if issubclass(model, Versioned) and model._meta.managed and not model._meta.proxy
    )


def lock_state(subject_id: UUID) -> State | None:
    """The state row of a subject, locked until the transaction ends; None when it has none."""
    with connection.cursor() as cursor:
        for table in state_tables():
            cursor.execute(f"SELECT version FROM {table} WHERE id = %s FOR UPDATE", [subject_id])
            if row := cursor.fetchone():
                return State(table, row[0])
    return None


def move_state(subject_id: UUID, state: State, version: int) -> None:
    """Set the version of a locked state row to the head of its chain."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {state.table} SET version = %s WHERE id = %s AND version = %s",
            [version, subject_id, state.version],
        )
        if cursor.rowcount != 1:
            raise Moved("Somebody else acted on this first; look again and repeat.")
