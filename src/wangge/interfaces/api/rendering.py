"""From what the queries return to what goes out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from wangge.interfaces.api import schemas as out
from wangge.interfaces.api.listing import limit, part
from wangge.kernel.cases.clocks import ClockSum
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.cases.queries import Candidate, CaseDetail, Moment, QueueRow, Stage, Trace
from wangge.kernel.cases.queries.trace import Held
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.queries import Holding
from wangge.kernel.places.queries import AreaInfo, Atlas


def area_ref(area: AreaInfo) -> out.AreaRef:
    """An area in short."""
    return out.AreaRef(area.code, area.name, area.name_en, area.kind)


def area(info: AreaInfo, places: Atlas) -> out.AreaOut:
    """An area with its dates; `parent` is the parent's code."""
    above = places.by_id.get(info.parent) if info.parent else None
    return out.AreaOut(
        id=info.id,
        code=info.code,
        name=info.name,
        name_en=info.name_en,
        kind=info.kind,
        layer=info.layer,
        parent=above.code if above else None,
        path=info.path,
        valid_from=info.valid_from,
        valid_to=info.valid_to,
    )


def place(case: CaseState, address: str | None, places: Atlas) -> out.Place:
    """Where a case is."""
    above = places.above(case.path)
    deepest = places.by_id.get(case.area) if case.area else None
    location = None
    if case.lon_e7 is not None and case.lat_e7 is not None:
        location = out.Location(case.lon_e7 / 1e7, case.lat_e7 / 1e7)
    return out.Place(
        location, address, area_ref(deepest) if deepest else None, case.path, [area_ref(one) for one in above]
    )


def _named(key: UUID | None, name: str | None) -> out.Named | None:
    return out.Named(key, name) if key is not None else None


def _columns(case: CaseState, now: datetime) -> dict[str, Any]:
    """The fields that a list and a page share, straight from the state."""
    same = (
        "id",
        "number",
        "version",
        "state",
        "tier",
        "source",
        "channel",
        "origin",
        "condition",
        "post",
        "reported_at",
        "registered_at",
        "dispatched_at",
        "signed_at",
        "handled_at",
        "closed_at",
        "stage_since",
        "stage_due_at",
        "due_at",
        "returns",
        "reworks",
        "reopens",
        "reminders",
        "external_id",
        "merged_into",
        "self_disposed",
        "forced",
        "timeout_exempt",
        "request",
        "supervision_due_at",
        "tier_due_at",
    )
    late = case.stage_due_at is not None and case.stage_due_at < now and case.state in LIVE
    return {name: getattr(case, name) for name in same} | {"overdue": late}


def item(row: QueueRow, places: Atlas, now: datetime) -> out.CaseItem:
    """One line of a list."""
    case = row.case
    known = None
    if row.class_code is not None:
        known = out.ClassRef(row.class_code, row.class_name or "", row.class_name_en or "")
    return out.CaseItem(
        **_columns(case, now),
        case_class=known,
        description=row.description,
        place=place(case, row.address, places),
        organisation=_named(case.organisation, row.organisation_name),
        handler=_named(case.handler, row.handler_name),
    )


def detail(
    found: CaseDetail, places: Atlas, now: datetime, *, allowed: Sequence[str], answerable: Sequence[Holding]
) -> out.CaseOut:
    """A case with everything its page shows."""
    case, info = found.case, found.class_info
    return out.CaseOut(
        **_columns(case, now),
        case_class=out.ClassRef(info.code, info.name, info.name_en) if info else None,
        description=found.description,
        place=place(case, found.address, places),
        organisation=_named(case.organisation, found.names.get(case.organisation) if case.organisation else None),
        handler=_named(case.handler, found.names.get(case.handler) if case.handler else None),
        allowed_actions=list(allowed),
        clock=clock(found.clock),
        answerable=[holder(one) for one in answerable],
        files=[out.FileOut(*file) for file in found.files],
        erased=found.erased,
        has_contact=found.has_contact,
        suggestion=_suggestion(found),
        withheld=found.withheld,
        part=part(found.part, places) if found.part else None,
        life=out.Life(**{name: getattr(case, name) for name in out.Life.__struct_fields__}),
    )


def candidate(one: Candidate) -> out.CandidateOut:
    """A case that may be about the same thing."""
    known = None
    if one.class_code is not None:
        known = out.ClassRef(one.class_code, one.class_name or "", one.class_name_en or "")
    return out.CandidateOut(one.id, one.number, one.state, known, one.description, one.reported_at, one.metres)


def _suggestion(found: CaseDetail) -> dict[str, Any] | None:
    if found.suggestion is None:
        return None
    target = found.suggestion.target
    return {
        "reason": found.suggestion.reason,
        "post": target.post if target else None,
        "area": target.post_path if target else None,
        "organisation": target.organisation if target else None,
        "holders": [holder(one) for one in found.suggestion.holders],
    }


def clock(sums: ClockSum) -> out.ClockOut:
    """The due time as a sum."""
    return out.ClockOut(
        limit=limit(sums.limit) if sums.limit else None,
        start=sums.start,
        due_at=sums.due_at,
        stopped_at=sums.stopped_at,
        left_seconds=seconds(sums.left),
        running=sums.running,
        on_time=sums.on_time,
        given=sums.given,
        steps=[out.ClockStep(step.day.isoformat(), step.from_, step.to, int(step.seconds)) for step in sums.steps],
        granted_seconds=seconds(sums.granted),
        events=[out.ClockEventOut(event.kind, event.act, event.at) for event in sums.events],
    )


def seconds(span: timedelta | None) -> int | None:
    """Whole seconds."""
    return None if span is None else int(span.total_seconds())


def holder(held: Holding) -> out.Holder:
    """Who holds a post where."""
    return out.Holder(
        post=held.post,
        area=_code(held.area_path),
        kind=held.kind,
        person=_named(held.person_id, held.name),
        organisation=held.organisation_id,
        assignment=held.assignment_id,
    )


def _code(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def entry(moment: Moment) -> out.EntryOut:
    """One entry of the journal, without the reporter's contact: that is read with a reason, and the look is kept."""
    content = {name: text for name, text in moment.content.items() if not name.startswith("contact_")}
    return out.EntryOut(
        seq=moment.seq,
        verb=moment.verb,
        at=moment.at,
        recorded_at=moment.recorded_at,
        channel=moment.channel,
        actor=_named(moment.actor, moment.actor_name),
        duty=moment.duty,
        post=moment.post,
        area=_code(moment.post_area) if moment.post_area else None,
        data=moment.data,
        content=content,
        digest=moment.digest.hex(),
        sealed=moment.sealed,
    )


def _stage_holder(held: Held) -> out.StageHolder:
    return out.StageHolder(
        post=held.post,
        area=_code(held.area_path),
        kind=held.kind,
        person=_named(held.person, held.person_name),
        organisation=_named(held.organisation, held.organisation_name),
        assignment=held.assignment,
        start=held.from_,
        end=held.to,
    )


def _stage(stage: Stage) -> out.StageOut:
    return out.StageOut(
        state=stage.state,
        start=stage.from_,
        end=stage.to,
        due_at=stage.due_at,
        used_seconds=seconds(stage.used) or 0,
        limit_seconds=seconds(stage.limit),
        late_seconds=seconds(stage.late),
        posts=list(stage.posts),
        vacant=list(stage.vacant),
        answerable=[_stage_holder(one) for one in stage.answerable],
        begun_by=entry(stage.begun_by),
        ended_by=entry(stage.ended_by) if stage.ended_by else None,
    )


def trace(found: Trace) -> out.TraceOut:
    """Tracing back."""
    return out.TraceOut(
        id=found.case.id,
        number=found.case.number,
        state=found.case.state,
        report=entry(found.report),
        stages=[_stage(stage) for stage in found.stages],
        chain=[_stage_holder(one) for one in found.chain],
    )
