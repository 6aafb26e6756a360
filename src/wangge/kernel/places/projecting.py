"""Areas and their boundaries as the journal tells them.

The entries say the path; as a code is used once, the path says the parent. A boundary is told by its SHA-256.
"""

from __future__ import annotations

from typing import Any

from wangge.kernel.journal.services import Projection, State, Told, microseconds, project, stepping

_BOUNDARIES = f"""
LEFT JOIN places_area p ON p.id = s.parent_id
LEFT JOIN (
  SELECT area_id, jsonb_agg(jsonb_build_array({microseconds("valid_from")}, {microseconds("valid_to")},
    encode(sha256(geometry), 'hex'), repaired <> '') ORDER BY valid_from) AS known
  FROM places_boundary GROUP BY area_id
) b ON b.area_id = s.id
"""


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type="area",
            table="places_area",
            columns={
                "code": "s.code", "name": "s.name", "name_en": "s.name_en", "kind": "s.kind", "layer": "s.layer",
                "parent": "p.code", "path": "s.path", "valid_from": "s.valid_from", "valid_to": "s.valid_to",
                "successor": "s.successor_id", "timezone": "s.timezone", "region": "s.region",
                "residents": "s.residents",
                "boundaries": "coalesce(b.known, '[]')",
            },
            joins=_BOUNDARIES,
            told=stepping({
                "create": _created, "rename": _named, "rebound": _rebounded, "end": _ended, "reparent": _ended,
                "count": _counted,
            }),
            times=frozenset({"valid_from", "valid_to"}),
            texts=frozenset({"name", "name_en"}),
            label="code",
        )
    )
    project(
        Projection(
            subject_type="redrawing",
            table="places_redrawing",
            columns={
                "community": "s.community_id", "at": "s.at", "touched": "s.touched", "ended": "s.ended",
                "carried_out_at": "s.carried_out_at",
            },
            told=stepping({"redraw": _decided, "carry_out": _carried_out}),
            times=frozenset({"at", "carried_out_at"}),
        )
    )


def _decided(state: State, entry: Told) -> None:
    state |= {"community": entry.area, "carried_out_at": None}
    state |= {name: entry.data[name] for name in ("at", "touched", "ended")}


def _carried_out(state: State, entry: Told) -> None:
    state["carried_out_at"] = entry.data["carried_out_at"]


def _created(state: State, entry: Told) -> None:
    data = entry.data
    above = data["path"].split("/")[:-2]
    state |= {name: data[name] for name in ("code", "kind", "layer", "path", "valid_from", "timezone", "region")}
    state["residents"] = None
    state |= {"parent": above[-1] if above else None, "valid_to": None, "successor": None, "boundaries": []}
    _named(state, entry)
    _bounded(state, data)


def _named(state: State, entry: Told) -> None:
    state |= {"name": entry.text("name"), "name_en": entry.text("name_en")}


def _counted(state: State, entry: Told) -> None:
    state["residents"] = entry.data["residents"]


def _rebounded(state: State, entry: Told) -> None:
    _unbounded(state, entry.data["valid_from"])
    _bounded(state, entry.data)


def _ended(state: State, entry: Told) -> None:
    state |= {"valid_to": entry.data["valid_to"], "successor": entry.data["successor"]}
    _unbounded(state, entry.data["valid_to"])


def _bounded(state: State, data: Any) -> None:
    """A boundary is [valid_from, valid_to, SHA-256, whether it was repaired]."""
    if data["boundary"]:
        state["boundaries"].append([data["valid_from"], None, data["boundary"], data["repaired"]])


def _unbounded(state: State, at: int) -> None:
    if state["boundaries"] and state["boundaries"][-1][1] is None:
        state["boundaries"][-1][1] = at
