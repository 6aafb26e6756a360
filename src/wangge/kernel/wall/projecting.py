"""Displays and clearances as the journal tells them: what was changed behind its back shows in `verify-journal`."""

from __future__ import annotations

from wangge.kernel.journal.services import Projection, State, Told, project, stepping
from wangge.kernel.wall.models import CLEARANCE, DISPLAY

_ISSUED = ("area", "digest", "language", "created_at", "expires_at")
_CLEARED = ("case", "before", "after", "cleared_at")


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type=DISPLAY,
            table="wall_display",
            columns={
                "area": "s.area_id", "digest": "encode(s.digest, 'hex')", "label": "s.label",
                **{name: f"s.{name}" for name in ("language", "created_at", "expires_at", "revoked_at")},
            },
            told=stepping({"issue_display": _issued, "revoke_display": _revoked, "erase": _erased}),
            times=frozenset({"created_at", "expires_at", "revoked_at"}),
            texts=frozenset({"label"}),
        )
    )
    project(
        Projection(
            subject_type=CLEARANCE,
            table="wall_clearance",
            columns={
                "case": "s.case_id", "before": "s.before_id", "after": "s.after_id", "cleared_at": "s.cleared_at",
                "retracted_at": "s.retracted_at",
            },
            told=stepping({"clear_photos": _cleared, "retract_photos": _retracted}),
            times=frozenset({"cleared_at", "retracted_at"}),
        )
    )


def _issued(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _ISSUED} | {"label": entry.text("label"), "revoked_at": None}


def _revoked(state: State, entry: Told) -> None:
    state["revoked_at"] = entry.data["revoked_at"]


def _erased(state: State, _: Told) -> None:
    state["label"] = ""


def _cleared(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _CLEARED} | {"retracted_at": None}


def _retracted(state: State, entry: Told) -> None:
    state["retracted_at"] = entry.data["retracted_at"]
