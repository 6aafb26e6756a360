"""What is kept and shifts, as the journal tells them."""

from __future__ import annotations

from wangge.kernel.desk.keeping import COLUMNS
from wangge.kernel.desk.models import SHIFT, SUBJECT
from wangge.kernel.desk.shifts import SHIFT_COLUMNS
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_IDS = frozenset({"owner", "post", "area", "giver", "taker"})


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=SUBJECT,
        table="desk_kept",
        columns={name: f"s.{name}{'_id' if name in _IDS else ''}" for name in COLUMNS} | {"text": "s.text"},
        told=stepping({"keep": _kept, "drop": _changed, "move": _changed, "erase": _erased}),
        texts=frozenset({"text"}),
    ))
    project(Projection(
        subject_type=SHIFT,
        table="desk_shift",
        columns={name: f"s.{name}{'_id' if name in _IDS else ''}" for name in SHIFT_COLUMNS},
        told=stepping({"close_shift": _changed, "take_shift": _changed}),
        times=frozenset({"begins", "ends", "taken_at"}),
    ))


def _changed(state: State, entry: Told) -> None:
    state |= entry.data["set"]


def _kept(state: State, entry: Told) -> None:
    state |= {**entry.data["set"], "text": entry.text("text")}


def _erased(state: State, _: Told) -> None:
    state |= {"text": "", "active": False}
