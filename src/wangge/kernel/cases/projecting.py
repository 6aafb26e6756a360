"""The table of cases as the journal tells it: what lists and deadlines are read from is what the entries add up to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from wangge.kernel.cases.replaying import fold, is_time, plain
from wangge.kernel.cases.rules import SUBJECT
from wangge.kernel.cases.state import COLUMNS, CaseState
from wangge.kernel.journal.services import Projection, State, Told, project

_COMPARED = tuple(name for name in COLUMNS if name not in ("id", "version"))  # these two are the heads' matter


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type=SUBJECT,
            table="cases_case",
            columns={name: f"s.{name}" for name in _COMPARED},
            told=told,
            times=frozenset(filter(is_time, _COMPARED)),
            label="number",
        )
    )


def told(entries: Sequence[Told]) -> State:
    """Every column: as the last entry that names it says, else as a new case has it."""
    return _NEW | fold(entry.data for entry in entries)


def _new() -> dict[str, Any]:
    defaults = {one.name: one.default for one in msgspec.structs.fields(CaseState)}
    return plain({name: None if value is msgspec.NODEFAULT else value for name, value in defaults.items()})


_NEW = _new()
