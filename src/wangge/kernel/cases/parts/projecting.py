"""Parts as the journal tells them."""

from __future__ import annotations

from wangge.kernel.cases.parts.rules import COLUMNS
from wangge.kernel.cases.parts.services import SUBJECT
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_SQL = {"area": "s.area_id", "owner": "s.owner_id", "supervisor": "s.supervisor_id", "keeper": "s.keeper_id",
        "initial_on": "s.initial_on::text", "changed_on": "s.changed_on::text"}


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type=SUBJECT,
            table="cases_part",
            columns={"name": "s.name"} | {name: _SQL.get(name, f"s.{name}") for name in COLUMNS},
            told=stepping({"create": _set, "change": _set, "move": _set}),
            texts=frozenset({"name"}),
            label="code",
        )
    )


def _set(state: State, entry: Told) -> None:
    state |= entry.data["set"]
    if "name" in entry.data.get("content", {}):
        state["name"] = entry.text("name")
