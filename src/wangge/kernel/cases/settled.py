"""Routing rules, limits and controls as the journal tells them."""

from __future__ import annotations

from datetime import datetime

from wangge.base.clock import to_us
from wangge.kernel.cases.settling import COLUMNS, CONTROL, LIMIT, NOTHING_SAID, RULE
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_SQL = {"passed_over": "to_jsonb(s.passed_over)"} | {
    name: f"s.{name}_id"
    for name in ("area", "post", "organisation", "fallback_post", "fallback_organisation", "requested_by")
}
_TIMES = frozenset({"valid_from", "valid_to"})


def register() -> None:
    """Called once, when the application is ready."""
    for kind, table, label, steps in (
        (RULE, "cases_routing_rule", "class_prefix", ("state", "set", "precedent", "end", "move")),
        (LIMIT, "cases_stage_limit", "state", ("state", "set", "move")),
    ):
        project(
            Projection(
                subject_type=kind,
                table=table,
                columns={name: _SQL.get(name, f"s.{name}") for name in COLUMNS[kind]},
                told=stepping(dict.fromkeys(steps, _set)),
                times=_TIMES & set(COLUMNS[kind]),
                label=label,
            )
        )
    project(
        Projection(
            subject_type=CONTROL,
            table="cases_control",
            columns={name: _SQL.get(name, f"s.{name}") for name in COLUMNS[CONTROL]}
            | {"text": "s.text", "text_en": "s.text_en"},
            told=stepping({"set": _controlled, "end": _control_ended, "move": _set, "erase": _control_erased}),
            times=_TIMES,
            texts=frozenset({"text", "text_en"}),
            label="class_prefix",
        )
    )


def _set(state: State, entry: Told) -> None:
    state |= entry.data["set"]


def _controlled(state: State, entry: Told) -> None:
    """Older entries name the prefix and the times only."""
    state["text"] = entry.text("text")
    if "set" in entry.data:
        state |= entry.data["set"]
        state["text_en"] = entry.text("text_en")
    else:
        times = {"valid_from": _us(entry.data["from"]), "valid_to": _us(entry.data["to"])}
        state |= {"area": entry.area, "class_prefix": entry.data["prefix"], **times}


def _control_ended(state: State, entry: Told) -> None:
    state |= entry.data["set"] if "set" in entry.data else {"valid_to": _us(entry.data["to"])}


def _control_erased(state: State, entry: Told) -> None:
    """What an older entry held in the row alone goes with the text."""
    erased = {field for _, field in entry.data["erased"]}
    for name, mark in NOTHING_SAID.items():
        if name in erased or ("text" in erased and name not in state):
            state[name] = mark


def _us(text: str) -> int:
    return to_us(datetime.fromisoformat(text))
