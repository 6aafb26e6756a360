"""When a file opens and when it is open again: pure rules over reports of one class near one another.

Only what was found true counts: a report that nobody has verified yet, a void one, one that was merged into another,
and a part of a shared case are no case of a place (`COUNTED`). A case lies at its report: `at` is when it was reported.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from wangge.base.geometry import Point
from wangge.kernel.cases.lifecycle import State as CaseState
from wangge.kernel.spots.near import Near

COUNTED = tuple(
    state.value for state in CaseState if state not in (CaseState.REPORTED, CaseState.VERIFYING, CaseState.VOID)
)
"""The states of cases that count."""


class Rule(NamedTuple):
    """`needed` cases of one class within `metres` and `days`, after at least one of them was closed, open a file.

    A finished remedy must hold for `hold_days`. The defaults take the field's rate of recurrence (复发率): the same
    class within 50 m and 30 days (domain reference, 1.6); two may be chance, three are a place.
    """

    needed: int = 3
    metres: int = 50
    days: int = 30
    hold_days: int = 30


BOUNDS: Mapping[str, tuple[int, int]] = {"needed": (2, 50), "metres": (5, 500), "days": (1, 365), "hold_days": (1, 365)}
"""The least and the most that a rule may say."""

HISTORY = timedelta(days=365)
"""When a file opens, earlier cases of the place join it, so far back."""

LOOK_BACK = timedelta(days=90)
"""A case that was reported longer ago opens no file any more."""


class Sighting(NamedTuple):
    """A case that counts and is in no file yet, as the rule sees it."""

    id: UUID
    case_class: UUID
    point: Point
    at: datetime
    closed_at: datetime | None
    path: str
    area: UUID | None


class Centre(NamedTuple):
    """Where a file's place lies, and how far it reaches."""

    spot: UUID
    case_class: UUID
    point: Point
    metres: int


class Opening(NamedTuple):
    """A file that opens: the case that opens it, the rule, and all its cases in the order of their reports."""

    by: Sighting
    rule: Rule
    members: tuple[Sighting, ...]


class Clusters(NamedTuple):
    """What the rule makes of some cases: files that open, and by file the cases that join it."""

    openings: list[Opening]
    joins: dict[UUID, list[UUID]]


def cluster(
    sightings: Iterable[Sighting],
    centres: Sequence[Centre],
    rule_of: Callable[[str], Rule],
    *,
    since: datetime,
    openers: Collection[UUID] | None = None,
) -> Clusters:
    """Go through the cases in the order of their reports; each joins the nearest file that reaches it, or may open one.

    A case opens a file where it makes the rule's number complete: with others of its class, in no file yet, within the
    rule's metres, reported within the rule's days up to it (both inclusive), one of them closed before it was reported.
    `since`: what was reported earlier opens nothing; `openers`: only these may.
    """
    ordered = sorted(sightings, key=lambda one: (one.at, one.id))
    rules = {path: rule_of(path) for path in {one.path for one in ordered}}
    farthest = max([one.metres for one in centres] + [rule.metres for rule in rules.values()], default=1)
    steepest = max((abs(one.point.lat) for one in ordered), default=0.0)
    places: Near[_Place] = Near(farthest, steepest)
    passed: Near[Sighting] = Near(farthest, steepest)
    for centre in centres:
        places.add(centre.case_class, centre.point, _Place(centre.spot, centre.metres, []))
    openings: list[tuple[Sighting, Rule, _Place]] = []
    joins: dict[UUID, list[UUID]] = {}
    filed: set[UUID] = set()
    for one in ordered:
        place = _nearest(one, places, farthest)
        if place is not None:
            place.members.append(one)
            if place.spot is not None:
                joins.setdefault(place.spot, []).append(one.id)
            continue
        rule = rules[one.path]
        if one.at >= since and (openers is None or one.id in openers):
            near = [other.it for other in passed.around(one.case_class, one.point, rule.metres)
                    if other.it.id not in filed and other.it.at > one.at - HISTORY]
            if opens(one, near, rule):
                filed |= {other.id for other in near}
                made = _Place(None, rule.metres, sorted((*near, one), key=lambda other: (other.at, other.id)))
                places.add(one.case_class, one.point, made)
                openings.append((one, rule, made))
                continue
        passed.add(one.case_class, one.point, one)
    return Clusters([Opening(by, rule, tuple(made.members)) for by, rule, made in openings], joins)


def opens(one: Sighting, near: Sequence[Sighting], rule: Rule) -> bool:
    """Whether this case makes the number complete with those near by that were reported before it."""
    recent = [other for other in near if other.at >= one.at - timedelta(days=rule.days)]
    came_back = any(other.closed_at is not None and other.closed_at <= one.at for other in recent)
    return came_back and len(recent) + 1 >= rule.needed


def comes_back(times: Iterable[datetime], rule: Rule) -> bool:
    """Whether so many cases were reported within the rule's days that a resolved file must open again."""
    ordered, span = sorted(times), timedelta(days=rule.days)
    return any(last - first <= span for first, last in zip(ordered, ordered[rule.needed - 1 :], strict=False))


class _Place(NamedTuple):
    """A file that stands, or one that opens here (`spot` empty), and what joined it."""

    spot: UUID | None
    metres: int
    members: list[Sighting]


def _nearest(one: Sighting, places: Near[_Place], farthest: int) -> _Place | None:
    """The nearest place that reaches the case; of two as near the one that was known first."""
    found = [near for near in places.around(one.case_class, one.point, farthest) if near.metres <= near.it.metres]
    return min(found, key=lambda near: (near.metres, near.order)).it if found else None
