"""Columns as the journal keeps them, and the case that its entries add up to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.base.clock import from_us, to_us
from wangge.kernel.cases.state import CaseState


def plain(updates: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as the journal keeps them: ids as text, times as UTC microseconds."""
    return {name: value if type(value) in _AS_IS else _plain(value) for name, value in updates.items()}


_AS_IS = frozenset({str, int, type(None)})


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    if isinstance(value, UUID):
        return str(value)
    return value


def replay(entries: Iterable[tuple[UUID, int, Mapping[str, Any]]]) -> CaseState:
    """The case that these entries `(subject_id, seq, data)`, in the order of `seq`, add up to."""
    rows = list(entries)
    fields: dict[str, Any] = {"id": rows[-1][0], "version": rows[-1][1]}
    for name, value in fold(data for _, _, data in rows).items():
        reader = _READERS.get(name)
        fields[name] = reader(value) if reader and value is not None else value
    return CaseState(**fields)


def fold(entries: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The columns that the `data` of these entries set, as the journal keeps them: the last one holds."""
    columns: dict[str, Any] = {}
    for data in entries:
        columns |= data.get("set", {})
    return columns


def is_time(name: str) -> bool:
    """Whether this column of a case is a time."""
    return _READERS[name] is from_us


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    text = str(kind)
    if "datetime" in text:
        return from_us
    return UUID if "UUID" in text else None


_READERS = {name: _reader(kind) for name, kind in CaseState.__annotations__.items()}
