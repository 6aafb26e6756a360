"""What cases do when told: open cases move along when their area ends, each by an entry of its own."""

from __future__ import annotations

from uuid import UUID

import msgspec

from wangge.base.events import subscribe
from wangge.kernel.cases import moving
from wangge.kernel.cases.access import after
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.classes.stating import move_sets
from wangge.kernel.cases.lifecycle import LIVE, State
from wangge.kernel.cases.loading import lock_many
from wangge.kernel.cases.parts.services import move_parts
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.rules import SUBJECT, plain
from wangge.kernel.cases.settling import move_settings
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act, Head
from wangge.kernel.places.events import AreasEnded, GroundRedrawn, Move
from wangge.kernel.places.queries import atlas

OPEN = [state.value for state in (*LIVE, State.SUSPENDED)]


def register() -> None:
    """Subscribe (called once, when the application is ready)."""
    subscribe(AreasEnded, move_open_cases)
    subscribe(GroundRedrawn, moving.relocate)


def move_open_cases(event: AreasEnded) -> None:
    """Open cases of an ended area go to its successor, or to the area above where there is none.

    What the area worked by (classes, routing, limits, controls) goes to the successor along with them.
    """
    for move in event.moves:
        found = lock_many(
            "c.path >= %s AND c.path < %s AND c.state = ANY(%s)", [move.old_path, after(move.old_path), OPEN]
        )
        if found:
            changes = [_moved(state, head, move) for state, head in found]
            record(changes, draw("journal_entry_ordinal", len(changes)), by=event.by)
        move_parts(move, event.by)
        if move.new_id is not None:
            move_sets(move.old_id, move.new_id, event.by)
            move_settings(move.old_id, move.new_id, event.by)


def _moved(state: CaseState, head: Head, move: Move) -> Change:
    if move.new_path is not None and move.new_id is not None:
        path = move.new_path + state.path[len(move.old_path) :]
        area: UUID | None = move.new_id
    else:
        path = move.old_path.rstrip("/").rpartition("/")[0] + "/"
        above = atlas().by_path.get(path)
        area = above.id if above else None
    updates: dict[str, object] = {"path": path if path != "/" else state.path}
    if state.area == move.old_id:
        updates["area"] = area
    if move.new_path is not None and (state.post_path or "").startswith(move.old_path):
        updates["post_path"] = move.new_path + (state.post_path or "")[len(move.old_path) :]
    act = Act(state.id, SUBJECT, "move", state.area, {"set": plain(updates)}, version=state.version)
    return Change(msgspec.structs.replace(state, version=state.version + 1, **updates), (act,), state, head)
