"""Counts that were taken already and still hold.

A statement with the same values gives the same answer as long as the database shows the same transactions, and
PostgreSQL says which those are (`pg_current_snapshot`). Whoever reads while nobody writes gets what was counted; after
any write it is counted anew. Nothing is remembered within a transaction, which sees what it wrote itself.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from django.db import connection

SHOWN = "pg_current_snapshot()::text"
"""A column that says which transactions a statement saw."""
MOST = 64

_kept: OrderedDict[tuple[Any, ...], Sequence[Any]] = OrderedDict()


def recall(shown: str, sql: str, values: Sequence[Any]) -> Sequence[Any] | None:
    """The row that this statement gave when the database showed the same, if it is remembered."""
    if not shown or connection.in_atomic_block:
        return None
    return _kept.get(_key(shown, sql, values))


def remember(shown: str, sql: str, values: Sequence[Any], row: Sequence[Any]) -> None:
    """Keep the row that a statement gave when the database showed this."""
    if connection.in_atomic_block:
        return
    _kept[_key(shown, sql, values)] = row
    while len(_kept) > MOST:
        _kept.popitem(last=False)


def _key(shown: str, sql: str, values: Sequence[Any]) -> tuple[Any, ...]:
    return connection.settings_dict["NAME"], shown, sql, *values
