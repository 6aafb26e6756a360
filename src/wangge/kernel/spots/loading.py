"""Files from their rows: by id or number, locked for an act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases.rules import plain
from wangge.kernel.journal.services import Act, append
from wangge.kernel.spots.access import Owner, may_see, missing
from wangge.kernel.spots.lifecycle import State, Transition
from wangge.kernel.spots.models import SUBJECT, Remedy, Spot


def key_of(spot: UUID | str) -> UUID | str:
    """An id, or a number such as S000012. Raises `NotFound` for what can be neither."""
    if isinstance(spot, UUID):
        return spot
    text = spot.strip().upper()
    if text.startswith("S") and text[1:].isascii() and text[1:].isdigit() and len(text) <= 20:
        return text
    try:
        return UUID(spot)
    except ValueError:
        raise missing(spot) from None


def lock(spot: UUID | str, by: Mandate) -> Spot:
    """The file locked until the transaction ends. Raises `NotFound` where the mandate sees none."""
    key = key_of(spot)
    found = Spot.objects.select_for_update(of=("self",)).filter(
        **({"id": key} if isinstance(key, UUID) else {"number": key})
    ).first()
    if found is None or not may_see(found.path, owners_of(found.id), by):
        raise missing(spot)
    return found


def owners_of(spot_id: UUID) -> list[Owner]:
    """Who owns or owned a remedy of the file."""
    return [Owner(*row) for row in
            Remedy.objects.filter(spot_id=spot_id).values_list("organisation_id", "post_id")]


def path_of(spot_id: UUID) -> str:
    """Where a file lies."""
    return str(Spot.objects.values_list("path", flat=True).get(id=spot_id))


def advance(
    spot: Spot, verb: str, updates: dict[str, Any], *, by: Mandate, data: dict[str, Any] | None = None,
    content: dict[str, str] | None = None,
) -> int:
    """Write the entry of an act upon a locked file, save what it changed, and return the file's new version."""
    return advance_many([(spot, verb, updates, data or {})], by=by, contents=[content or {}])[0]


Step = tuple[Spot, str, dict[str, Any], dict[str, Any]]
"""A locked file, the act, the columns that it changes, and what else its entry holds."""


def advance_many(
    steps: Sequence[Step], *, by: Mandate, contents: Sequence[dict[str, str]] | None = None
) -> list[int]:
    """One act upon each of several locked files: their entries at once, then their rows. New versions, in order."""
    acts = []
    for at, (spot, verb, updates, data) in enumerate(steps):
        said = {**data, **({"set": plain(updates)} if updates else {})}
        acts.append(Act(spot.id, SUBJECT, verb, spot.area_id, said, contents[at] if contents else {}, spot.version))
    written = append(acts, by=by)
    for (spot, _, updates, _), one in zip(steps, written, strict=True):
        for name, value in updates.items():
            setattr(spot, _FIELDS.get(name, name), value)
        spot.version = one.seq
    changed = {_FIELDS.get(name, name) for _, _, updates, _ in steps for name in updates} | {"version"}
    Spot.objects.bulk_update([step[0] for step in steps], sorted(changed))
    return [one.seq for one in written]


_FIELDS = {"area": "area_id", "case_class": "case_class_id"}


def entering(spot: Spot, row: Transition, moment: datetime) -> dict[str, Any]:
    """The columns that the new state brings along."""
    if row.target is None or row.target == spot.state:
        return {}
    updates: dict[str, Any] = {"state": row.target.value}
    if row.target is State.RESOLVED:
        updates["resolved_at"] = moment
    elif spot.resolved_at is not None:
        updates["resolved_at"] = None
    if row.target is State.REOPENED:
        updates["reopens"] = spot.reopens + 1
    return updates


def moment_of(by: Mandate) -> datetime:
    """When an act counts as done: live acts by the server's time, played or imported ones by their own."""
    return by.at if by.clock_from_at else by.recorded_at
