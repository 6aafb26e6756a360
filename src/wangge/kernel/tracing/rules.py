"""Who answered, what reached them, what they did: told from traces and duties in memory. Pure.

What reached somebody is what the platform put before them: cases in their hands by the stage and its addressee, cases
that rose to their tier, calls to their organisation. That somebody might have looked is not said of anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from wangge.kernel.cases.queries import Held, Moment, Stage, Trace
from wangge.kernel.cases.queries.trace import CHAIN_POSTS
from wangge.kernel.duties.catalogue import ELEVEN, STANDING
from wangge.kernel.places.queries import ancestors
from wangge.kernel.tracing.shapes import Deed, Holder, InHand, Reached, Vacant

EXPECTED: tuple[str, ...] = tuple(dict.fromkeys((*ELEVEN, *CHAIN_POSTS, "operator", "inspector")))
"""The posts that should stand at a place or above it; who is missing is named as vacant."""
TIER_POSTS: dict[str, tuple[str, ...]] = {
    "grid": ("grid_leader",), "community": ("secretary",), "subdistrict": ("leader",),
}
"""Who answers for a tier that a case rises to."""
Stretch = tuple[datetime, datetime | None]


def holders(
    traces: Sequence[Trace], held: Sequence[Held], path: str, start: datetime, end: datetime
) -> tuple[Holder, ...]:
    """One for each duty above the place, and for each that had one of the cases in hand, the nearest first."""
    duties: dict[UUID, list[Held]] = defaultdict(list)
    for one in held:
        duties[one.assignment].append(one)
    above, units = set(ancestors(path)), {one for trace in traces for one in _units(trace)}
    seats: dict[tuple[str, str], set[object]] = defaultdict(set)
    for one in held:
        seats[one.post, one.area_path].add(one.person or one.organisation)
    found = []
    for parts in duties.values():
        first = parts[0]
        in_hand = tuple(_in_hand(traces, first.assignment, start, end))
        if not in_hand and first.area_path not in above and first.organisation not in units:
            continue
        if first.organisation is not None and not in_hand and first.post in ("unit_clerk", "contractor"):
            continue
        stretches = tuple((max(one.from_, start), one.to if one.to and one.to < end else None) for one in parts)
        deeds = tuple(_deeds(traces, first.assignment, end))
        reached = tuple(sorted(_reached(traces, parts, end), key=lambda one: (one.at, one.number, one.seq)))
        changed = len(seats[first.post, first.area_path]) > 1 and any(
            one.from_ > start or (one.to is not None and one.to < end) for one in parts
        )
        found.append(Holder(first, stretches, in_hand, reached, deeds, changed))
    return tuple(sorted(found, key=_nearest))


def _nearest(one: Holder) -> tuple[int, int, datetime, str]:
    held = one.held
    return -held.area_path.count("/"), STANDING.get(held.post, 99), one.stretches[0][0], str(held.assignment)


def _units(trace: Trace) -> Iterator[UUID]:
    for stage in trace.stages:
        if stage.organisation:
            yield stage.organisation


def when(trace: Trace, moment: Moment) -> datetime:
    """When an entry counts as written: live ones by the server's clock, played and imported ones by their own."""
    return moment.recorded_at if trace.case.origin == "live" else moment.at


def _in_hand(traces: Sequence[Trace], duty: UUID, start: datetime, end: datetime) -> Iterator[InHand]:
    for trace in traces:
        for stage in trace.stages:
            for one in stage.answerable:
                ended = one.to or stage.to
                if one.assignment == duty and one.from_ < end and (ended is None or ended > start):
                    late = stage.late if _ran_over(stage, end) else None
                    yield InHand(trace.case.number, trace.case.id, stage.state, one.from_, ended, stage.due_at, late)


def _deeds(traces: Sequence[Trace], duty: UUID, end: datetime) -> Iterator[Deed]:
    for trace in traces:
        for moment in trace.moments:
            at = when(trace, moment)
            if moment.duty == duty and at < end:
                yield Deed(trace.case.number, trace.case.id, moment.seq, moment.verb, at)


def _reached(traces: Sequence[Trace], parts: Sequence[Held], end: datetime) -> Iterator[Reached]:
    duty = parts[0].assignment
    for trace in traces:
        told: dict[int, Reached] = {}
        for seq, moment, at, how in (*_by_hand(trace, duty), *_by_rank(trace, parts)):
            if at < end and moment.duty != duty and seq not in told:
                told[seq] = Reached(trace.case.number, trace.case.id, seq, moment.verb, at, how)
        yield from told.values()


def _by_hand(trace: Trace, duty: UUID) -> Iterator[tuple[int, Moment, datetime, str]]:
    """What put the case into the duty's hands, and what was written while it lay there."""
    for stage in trace.stages:
        for one in stage.answerable:
            if one.assignment != duty:
                continue
            begun = stage.begun_by
            took_over = one.from_ > stage.from_
            yield begun.seq, begun, max(one.from_, stage.from_), "took_over" if took_over else "handed"
            ended = one.to or stage.to
            for moment in trace.moments:
                at = when(trace, moment)
                if at > one.from_ and at >= stage.from_ and (ended is None or at < ended) and moment.seq != begun.seq:
                    yield moment.seq, moment, at, "meanwhile"


def _by_rank(trace: Trace, parts: Sequence[Held]) -> Iterator[tuple[int, Moment, datetime, str]]:
    """What raised the case to the duty's tier, and what called its organisation."""
    ground = {*ancestors(trace.case.born_path), *ancestors(trace.case.path)}
    for moment in trace.moments:
        changed, at = moment.data.get("set", {}), when(trace, moment)
        for one in parts:
            if at < one.from_ or (one.to is not None and at >= one.to):
                continue
            risen = moment.verb in ("escalate", "send_up") and one.post in TIER_POSTS.get(changed.get("tier", ""), ())
            if risen and one.area_path in ground:
                yield moment.seq, moment, at, "came_up"
            if one.organisation is not None and changed.get("called") == str(one.organisation):
                yield moment.seq, moment, at, "called"


def vacancies(held: Sequence[Held], path: str, start: datetime, end: datetime) -> tuple[Vacant, ...]:
    """The stretches in which nobody held a post that should stand at the place or above it."""
    above = set(ancestors(path))
    found = []
    for post in EXPECTED:
        there = [(one.from_, one.to) for one in held if one.post == post and one.area_path in above]
        found += [Vacant(post, *gap) for gap in uncovered(there, start, end)]
    return tuple(found)


def uncovered(stretches: Sequence[Stretch], start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """What is left of [start, end) when these half-open stretches are taken out of it."""
    gaps, reached = [], start
    for begun, ended in sorted(stretches, key=lambda one: one[0]):
        if begun > reached:
            gaps.append((reached, min(begun, end)))
        reached = max(reached, ended or end)
        if reached >= end:
            break
    if reached < end:
        gaps.append((reached, end))
    return [gap for gap in gaps if gap[0] < gap[1]]


def late_then(trace: Trace, end: datetime) -> bool:
    """Whether a stage of the case had run over its time by the end of what was asked for."""
    return any(_ran_over(stage, end) for stage in trace.stages)


def _ran_over(stage: Stage, end: datetime) -> bool:
    return bool(stage.late) and stage.due_at is not None and stage.due_at < min(stage.to or end, end)
