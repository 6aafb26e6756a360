"""A case as a value: the columns of `cases_case`, frozen. `decide` takes one and gives the next."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from wangge.base.mandate import Mandate
from wangge.kernel.journal.writing import Act, Head


class CaseState(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One row of `cases_case`. Times are UTC; coordinates 1e-7 degree in WGS 84 / CGCS2000.

    `born_path` is the path of the place at intake and never changes; `path` is the present one.
    The addressee of a dispatch is an `organisation`, or a `post` on the area at `post_path`.
    `handler` is the person who signed; `inspector` who found the work good; `verifier` who found the report true.
    `due_at` is when handling must be handed back; `stage_due_at` when the present stage must end; `tier_due_at` when
    the tier must let go; `warn_at` when the next warning is due, `warned` how many were given (1: soon, 2: overdue).
    `accepted_at` is when it was accepted; `register_due_at`, `dispatch_due_at` and `inspect_due_at` when registering,
    dispatching and inspecting should have been done by, kept from the stage that they ended.
    `first_answer_at` is when a person other than the reporter first acted on it (第一时间).
    `request` is what its handler asks for (extension, suspension, appeal), `request_step` the act that it waits
    for, `request_by` who asked, `request_first` who agreed first, `request_until` the end that was asked for.
    `called` is the organisation called to the spot (吹哨); `supervisor` gave the order (督办) that waits for an answer
    until `supervision_due_at`. `merged_into` is the case whose fate it shares, `parent` the one it is a part of,
    `parts` how many parts it has. `sampled` says whether a self-disposed case was drawn for review.
    `reminders` is how often it was reminded of (催办), `reminded_at` when last.
    `meeting` is called or ruled, after the second `refusals` of departments.
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
    verified_at: datetime | None = None
    verifier: UUID | None = None
    first_answer_at: datetime | None = None
    tier_since: datetime | None = None
    tier_due_at: datetime | None = None
    warn_at: datetime | None = None
    warned: int = 0
    extensions: int = 0
    suspensions: int = 0
    suspended_at: datetime | None = None
    suspended_until: datetime | None = None
    request: str | None = None
    request_step: str | None = None
    request_by: UUID | None = None
    request_first: UUID | None = None
    request_until: datetime | None = None
    appealed: bool = False
    timeout_exempt: bool = False
    supervisor: UUID | None = None
    supervised_at: datetime | None = None
    supervision_due_at: datetime | None = None
    supervisions: int = 0
    called: UUID | None = None
    call_due_at: datetime | None = None
    refusals: int = 0
    meeting: str | None = None
    self_disposed: bool = False
    sampled: bool | None = None
    forced: bool = False
    merged_into: UUID | None = None
    parent: UUID | None = None
    parts: int = 0
    part: UUID | None = None
    satisfaction: int | None = None
    accepted_at: datetime | None = None
    register_due_at: datetime | None = None
    dispatch_due_at: datetime | None = None
    inspect_due_at: datetime | None = None
    reminders: int = 0
    reminded_at: datetime | None = None


COLUMNS: tuple[str, ...] = CaseState.__struct_fields__
DEFAULTS: dict[str, str | int | bool] = {
    field.name: field.default
    for field in msgspec.structs.fields(CaseState)
    if field.default is not msgspec.NODEFAULT and field.default is not None
}
"""The columns that are neither required nor empty where nothing is said. Encoded rows leave defaults out."""


class Change(NamedTuple):
    """What was decided about one case: where it stood, where it stands, and the acts that led there.

    `before` is None for a new case; `head` is its newest entry, None for a new case. The acts follow one
    another; `after.version` is `before.version` plus their number. `times` says when each act happened where
    that is not the mandate's own time (histories); `by` who did each, where several people did.
    """

    after: CaseState
    acts: tuple[Act, ...]
    before: CaseState | None = None
    head: Head | None = None
    times: tuple[datetime, ...] | None = None
    by: tuple[Mandate, ...] | None = None
