"""Histories of other systems as cases: replayed with the source's own times, and marked as imported.

A history says when a request was created, by whom it was handled, when it was due and when it was closed.
The dispatch is inferred from the creation and marked so; the due time is the source's. What the source does
not say (who inspected, when it was signed) stays empty. The same history again changes nothing; a changed
one is amended by an entry of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.reporting import Identity, Place, check_text
from wangge.kernel.cases.rules import SUBJECT, plain
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act, Head


class History(msgspec.Struct, frozen=True, kw_only=True):
    """One request of another system. Times are UTC; `digest` tells a changed row from the same one."""

    external_source: str
    external_id: str
    description: str
    address: str = ""
    lon_e7: int | None = None
    lat_e7: int | None = None
    crs: str = "wgs84"
    class_id: UUID | None = None
    organisation: UUID | None = None
    source: str = "import"
    created_at: datetime
    due_at: datetime | None = None
    closed_at: datetime | None = None
    void: bool = False
    digest: bytes = b""


class Stored(NamedTuple):
    """What is known of a history that was imported before."""

    state: CaseState
    head: Head


def decide_history(history: History, place: Place, identity: Identity, *, by: Mandate) -> tuple[Change, dict[str, str]]:
    """The case that a new history makes, with its entries: report, dispatch (inferred), close or void.

    Also returns the texts, for the search index.
    """
    by.require("report", place.path)
    texts = {name: text for name in ("description", "address") if (text := check_text(name, getattr(history, name)))}
    created = history.created_at
    fields: dict[str, Any] = {
        "number": identity.number,
        "state": State.REPORTED.value,
        "origin": "imported",
        "source": history.source,
        "channel": by.channel,
        "born_path": place.path,
        "path": place.path,
        "reported_at": created,
        "stage_since": created,
        "external_source": history.external_source,
        "external_id": history.external_id,
    }
    if history.lon_e7 is not None:
        fields |= {"lon_e7": history.lon_e7, "lat_e7": history.lat_e7, "crs": history.crs}
    if place.area is not None:
        fields["area"] = place.area
    if history.class_id is not None:
        fields["case_class"] = history.class_id
    data: dict[str, Any] = {"set": plain(fields)}
    if place.outside:
        data["outside"] = True
    acts = [Act(identity.case_id, SUBJECT, "report", place.area, data, texts)]
    times = [created]
    for verb, moment, updates in _steps(history):
        fields |= updates
        step: dict[str, Any] = {"set": plain(updates)}
        if verb == "dispatch":
            step["inferred"] = "created"
        acts.append(Act(identity.case_id, SUBJECT, verb, place.area, step, version=len(acts)))
        times.append(moment)
    after = CaseState(id=identity.case_id, version=len(acts), **fields)
    return Change(after, tuple(acts), times=tuple(times)), texts


def decide_amendment(history: History, place: Place, stored: Stored) -> Change | None:
    """What a changed history makes of its case: one `amend` entry with the columns that differ, or None."""
    fields: dict[str, Any] = {
        "reported_at": history.created_at,
        "case_class": history.class_id,
        "lon_e7": history.lon_e7,
        "lat_e7": history.lat_e7,
        "area": place.area,
        "path": place.path,
        "source": history.source,
        "state": State.REPORTED.value,
        "organisation": None,
        "closed_at": None,
    }
    for _, _, updates in _steps(history):
        fields |= updates
    updates = {name: value for name, value in fields.items() if getattr(stored.state, name) != value}
    if not updates:
        return None
    state = stored.state
    act = Act(state.id, SUBJECT, "amend", place.area, {"set": plain(updates)}, version=state.version)
    after = msgspec.structs.replace(state, version=state.version + 1, **updates)
    return Change(after, (act,), state, stored.head)


def _steps(history: History) -> Sequence[tuple[str, datetime, dict[str, Any]]]:
    """What followed the report: (verb, time, columns)."""
    created = history.created_at
    steps: list[tuple[str, datetime, dict[str, Any]]] = []
    if history.organisation is not None:
        steps.append(
            (
                "dispatch",
                created,
                {
                    "state": State.DISPATCHED.value,
                    "organisation": history.organisation,
                    "registered_at": created,
                    "dispatched_at": created,
                    "due_at": history.due_at,
                    "stage_since": created,
                    "stage_due_at": history.due_at,
                },
            )
        )
    elif history.due_at is not None:
        steps.append(("register", created, {"registered_at": created, "due_at": history.due_at}))
    if history.closed_at is not None:
        state = State.VOID if history.void else State.CLOSED
        steps.append(
            (
                "void" if history.void else "close",
                history.closed_at,
                {
                    "state": state.value,
                    "closed_at": history.closed_at,
                    "stage_since": history.closed_at,
                    "stage_due_at": None,
                },
            )
        )
    return steps
