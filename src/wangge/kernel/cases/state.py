"""A case as a value: the columns of `cases_case`, frozen. `decide` takes one and gives the next."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from wangge.kernel.journal.writing import Act, Head


class CaseState(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of `cases_case`. Times are UTC; coordinates 1e-7 degree in WGS 84 / CGCS2000.

    `born_path` is the path of the place at intake and never changes; `path` is the present one.
    The addressee of a dispatch is an `organisation`, or a `post` on the area at `post_path`.
    `handler` is the person who signed; `inspector` who found the work good. `due_at` is when handling
    must be handed back; `stage_due_at` when the present stage must end.
    """

    id: UUID
    version: int
    number: str
    state: str
    origin: str = "live"
    source: str = "resident"
    channel: str = "public"
    case_class: UUID | None = None
    condition: int | None = None
    area: UUID | None = None
    born_path: str = ""
    path: str = ""
    tier: str = "grid"
    lon_e7: int | None = None
    lat_e7: int | None = None
    crs: str | None = None
    reporter: UUID | None = None
    reported_at: datetime
    registered_at: datetime | None = None
    dispatched_at: datetime | None = None
    signed_at: datetime | None = None
    handled_at: datetime | None = None
    closed_at: datetime | None = None
    stage_since: datetime
    stage_due_at: datetime | None = None
    due_at: datetime | None = None
    limit_amount: int | None = None
    limit_unit: str | None = None
    organisation: UUID | None = None
    post: str | None = None
    post_path: str | None = None
    handler: UUID | None = None
    handler_duty: UUID | None = None
    inspector: UUID | None = None
    inspected_at: datetime | None = None
    returns: int = 0
    reworks: int = 0
    reopens: int = 0
    external_source: str | None = None
    external_id: str | None = None


COLUMNS: tuple[str, ...] = CaseState.__struct_fields__


class Change(NamedTuple):
    """What was decided about one case: where it stood, where it stands, and the acts that led there.

    `before` is None for a new case; `head` is its newest entry, None for a new case. The acts follow one
    another; `after.version` is `before.version` plus their number. `times` says when each act happened where
    that is not the mandate's own time (histories).
    """

    after: CaseState
    acts: tuple[Act, ...]
    before: CaseState | None = None
    head: Head | None = None
    times: tuple[datetime, ...] | None = None
