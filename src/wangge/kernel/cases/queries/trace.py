"""Tracing back (责任倒查): who reported, who answered for the case at each step, how long against what limit.

Read from the journal and from the duties that were held then: a change of holders in between shows as two
holders of one stage. Posts stand before names; a vacant post is named as such and charges nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.calendar import WorkingCalendar
from wangge.base.clock import from_us
from wangge.kernel.cases.lifecycle import LIVE, State
from wangge.kernel.cases.queries.timeline import Moment, timeline, timelines
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import ancestors

STAGE_POSTS: dict[str, tuple[str, ...]] = {
    State.REPORTED: ("acceptor", "operator"),
    State.VERIFYING: ("acceptor", "operator"),
    State.REGISTERED: ("operator",),
    State.HANDLED: ("inspector",),
}
"""The posts that answer for a stage; dispatched and handling are answered for by the addressee."""

CHAIN_POSTS = ("grid_worker", "grid_leader", "officer", "assessor", "secretary", "leader")
"""Who stands above a place, nearest first."""


class Held(NamedTuple):
    """Somebody's duty during a stretch of the case: `from_` to `to` (None: still) is the part that falls in it."""

    assignment: UUID
    post: str
    person: UUID | None
    person_name: str | None
    organisation: UUID | None
    organisation_name: str | None
    area_path: str
    kind: str
    from_: datetime
    to: datetime | None


class Stage(NamedTuple):
    """One stay in a state. `used` and `limit` count the calendar's working time, or calendar time for urgent
    limits; `late` is how far past its due time the stage ended (or is now). `answerable` are the holders of
    the posts that answered for it, `posts` the posts; a post without holders was vacant."""

    state: str
    from_: datetime
    to: datetime | None
    due_at: datetime | None
    used: timedelta
    limit: timedelta | None
    late: timedelta | None
    posts: tuple[str, ...]
    organisation: UUID | None
    answerable: tuple[Held, ...]
    begun_by: Moment
    ended_by: Moment | None

    @property
    def vacant(self) -> tuple[str, ...]:
        """The posts that nobody held during the stage."""
        held = {one.post for one in self.answerable}
        return tuple(post for post in self.posts if post not in held)


class Trace(NamedTuple):
    """The whole answer."""

    case: CaseState
    report: Moment
    stages: tuple[Stage, ...]
    chain: tuple[Held, ...]
    moments: tuple[Moment, ...]


class _Span(NamedTuple):
    state: str
    from_: datetime
    to: datetime | None
    due_at: datetime | None
    post: str | None
    post_path: str | None
    organisation: UUID | None
    limit_unit: str | None
    begun_by: Moment
    ended_by: Moment | None


def trace(case: CaseState, *, now: datetime, words: bool = True) -> Trace:
    """The trace of a case that the caller may see, by two statements; `words` as for `timeline`."""
    moments = timeline(case.id, words=words)
    spans = _spans(moments, imported=case.origin != "live")
    return _traced(case, moments, spans, _held(_ground(case), _units(spans), *_lasted(case, now)), now)


def trace_many(
    cases: Sequence[CaseState], *, also: Iterable[str] = (), start: datetime, end: datetime, now: datetime
) -> tuple[list[Trace], list[Held]]:
    """The traces of many cases that the caller may see, without words, by two statements; and every duty that was held
    between two moments on their grounds, on the paths `also`, and for the organisations that had one of them."""
    told = timelines([case.id for case in cases])
    spans = {case.id: _spans(told[case.id], imported=case.origin != "live") for case in cases}
    lasted = {case.id: _lasted(case, now) for case in cases}
    units = {unit for stays in spans.values() for unit in _units(stays)}
    every = _held(
        [*also, *(path for case in cases for path in _ground(case))], units,
        min([start, *(begun for begun, _ in lasted.values())]), max([end, *(ended for _, ended in lasted.values())]),
    )  # fmt: skip
    traces = []
    for case in cases:
        ground, own, (begun, ended) = set(_ground(case)), _units(spans[case.id]), lasted[case.id]
        held = [
            one for one in every
            if (one.area_path in ground or one.organisation in own)
            and one.from_ < ended and (one.to is None or one.to > begun)
        ]  # fmt: skip
        traces.append(_traced(case, told[case.id], spans[case.id], held, now))
    return traces, [one for one in every if one.from_ < end and (one.to is None or one.to > start)]


def _ground(case: CaseState) -> list[str]:
    return [*ancestors(case.born_path), *ancestors(case.path)]


def _units(spans: Sequence[_Span]) -> set[UUID]:
    return {span.organisation for span in spans if span.organisation}


def _lasted(case: CaseState, now: datetime) -> tuple[datetime, datetime]:
    return case.reported_at, max(case.closed_at or now, case.reported_at + timedelta(microseconds=1))


def _traced(
    case: CaseState, moments: Sequence[Moment], spans: Sequence[_Span], held: Sequence[Held], now: datetime
) -> Trace:
    calendar = calendar_for(case.path)
    stages = tuple(_stage(span, held, calendar, now) for span in spans)
    above = set(ancestors(case.path))
    chain = tuple(one for post in CHAIN_POSTS for one in held if one.post == post and one.area_path in above)
    return Trace(case, moments[0], stages, chain, tuple(moments))


def _spans(moments: Sequence[Moment], *, imported: bool) -> list[_Span]:
    """The stays between the entries that changed the state; the columns that matter are folded on the way."""
    spans: list[_Span] = []
    columns: dict[str, Any] = {}
    for moment in moments:
        changed = moment.data.get("set", {})
        columns |= changed
        if "state" not in changed and "due_at" not in changed:
            continue
        at = moment.at if imported else moment.recorded_at
        if spans and "state" in changed:
            spans[-1] = spans[-1]._replace(to=at, ended_by=moment)
        if "state" not in changed:
            continue
        due = columns.get("stage_due_at")
        spans.append(
            _Span(
                columns["state"],
                at,
                None,
                from_us(due) if due is not None else None,
                columns.get("post"),
                columns.get("post_path"),
                UUID(columns["organisation"]) if columns.get("organisation") else None,
                columns.get("limit_unit"),
                moment,
                None,
            )
        )
    return spans


def _stage(span: _Span, held: Sequence[Held], calendar: WorkingCalendar, now: datetime) -> Stage:
    posts: tuple[str, ...] = STAGE_POSTS.get(span.state, ())
    organisation = None
    if span.state in (State.DISPATCHED, State.HANDLING):
        posts = (span.post,) if span.post else ()
        organisation = span.organisation
    ended = span.to or (now if span.state in LIVE else span.from_)
    answerable = tuple(
        one._replace(from_=max(one.from_, span.from_), to=_least(one.to, span.to))
        for one in held
        if one.from_ < max(ended, span.from_ + timedelta(microseconds=1))
        and (one.to is None or one.to > span.from_)
        and (one.post in posts or (organisation is not None and one.organisation == organisation))
        and (one.post != span.post or span.post_path is None or one.area_path == span.post_path)
    )
    urgent = span.state == State.HANDLING and (span.limit_unit or "").startswith("calendar")

    def between(start: datetime, end: datetime) -> timedelta:
        if end <= start:
            return timedelta()
        return end - start if urgent else calendar.worked(start, end)

    return Stage(
        span.state,
        span.from_,
        span.to,
        span.due_at,
        between(span.from_, ended),
        between(span.from_, span.due_at) if span.due_at else None,
        between(span.due_at, ended) if span.due_at and ended > span.due_at else None,
        posts,
        organisation,
        answerable,
        span.begun_by,
        span.ended_by,
    )


def _least(one: datetime | None, other: datetime | None) -> datetime | None:
    times = [moment for moment in (one, other) if moment is not None]
    return min(times) if times else None


def _held(paths: Iterable[str], organisations: Iterable[UUID], start: datetime, end: datetime) -> list[Held]:
    """Every duty on these areas or for these organisations that was held and exercised between two moments, as
    known today: a holder's leave is cut out of their duty."""
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT s.id, s.post_id, s.person_id, p.name, s.organisation_id, o.name, s.area_path, s.kind,"
            " lower(s.valid), upper(s.valid) FROM duties_assignment s"
            " LEFT JOIN people_person p ON p.id = s.person_id"
            " LEFT JOIN people_organisation o ON o.id = s.organisation_id"
            " WHERE (s.area_path = ANY(%s) OR s.organisation_id = ANY(%s)) AND s.valid && tstzrange(%s, %s)"
            " AND upper_inf(s.recorded) ORDER BY s.area_path DESC, lower(s.valid), s.id",
            [sorted(set(paths)), list(organisations), start, end],
            prepare=True,
        ).fetchall()
    every = [Held(*row) for row in rows]
    leaves = [one for one in every if one.kind == "leave"]
    return [part for one in every if one.kind != "leave" for part in _present(one, leaves)]


def _present(duty: Held, leaves: Sequence[Held]) -> list[Held]:
    """The stretches of a duty outside its holder's leaves; only regular holders go on leave from a post."""
    parts = [duty]
    for leave in leaves:
        same = (leave.person, leave.post, leave.area_path) == (duty.person, duty.post, duty.area_path)
        if duty.kind == "regular" and same:
            parts = [rest for part in parts for rest in _without(part, leave.from_, leave.to)]
    return parts


def _without(part: Held, start: datetime, end: datetime | None) -> list[Held]:
    before = part._replace(to=_least(part.to, start))
    after = [] if end is None else [part._replace(from_=max(part.from_, end))]
    return [rest for rest in (before, *after) if rest.to is None or rest.from_ < rest.to]
