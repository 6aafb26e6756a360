"""Conflicts of interest (须回避): who would judge, check or audit what the same person answers for, or is bound to.

Pure. Two sources: two posts of one person on overlapping ground that do not go together (`INCOMPATIBLE`), and a
declared relation to an organisation that works on that ground (`interests`). A conflict bars nobody by itself: the
pages show it, and who leads the ground lets another do the judging.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from wangge.kernel.duties.catalogue import ELEVEN, POSTS
from wangge.kernel.duties.roster import Holding

_HANDLES = frozenset({*ELEVEN, "officer", "unit_clerk", "contractor"})
_ANSWERS = _HANDLES | {"secretary", "leader"}
INCOMPATIBLE: tuple[tuple[str, frozenset[str], str], ...] = (
    ("assessor", _ANSWERS, "assesses"),
    ("inspector", _HANDLES, "inspects"),
    ("inspector", frozenset({"operator"}), "referee"),
    ("auditor", frozenset(POSTS) - {"auditor"}, "audits"),
    ("admin", frozenset(POSTS) - {"admin"}, "administers"),
)
"""A post, the posts that the same person should not hold on the same ground, and why: they would assess or inspect
their own work, be player and referee (the desk's two centres are separate), audit or administer what they do."""
CHECKERS = frozenset({"assessor", "inspector", "auditor"})
"""Posts that check without answering for the ground that they check."""
WATCHES = frozenset({"assessor", "inspector", "secretary", "grid_leader", "city_inspector", "party_supervisor",
                     "property_manager", "operator", "officer", "leader"})
"""Posts that check, choose or pay what an organisation does: a relation to it matters there."""


class Interest(NamedTuple):
    """A declared relation of a person to an organisation: `kind` is kin, stake or former."""

    id: UUID
    person_id: UUID
    organisation_id: UUID
    kind: str


class Conflict(NamedTuple):
    """A duty of a person, why it conflicts, and the other duty, None for a relation to an organisation."""

    duty: Holding
    why: str
    other: Holding | None = None
    organisation_id: UUID | None = None


def conflicts(held: Iterable[Holding], interests: Sequence[Interest] = ()) -> list[Conflict]:
    """Every conflict among duties that are held at one moment, by area and post. Leaves count not."""
    rows = [row for row in held if row.kind != "leave"]
    of_person: dict[UUID, list[Holding]] = defaultdict(list)
    at_work: dict[UUID, list[Holding]] = defaultdict(list)
    for row in rows:
        if row.person_id:
            of_person[row.person_id].append(row)
        if row.organisation_id:
            at_work[row.organisation_id].append(row)
    found = [one for duties in of_person.values() for one in _of_posts(duties)]
    for interest in interests:
        for duty in of_person.get(interest.person_id, ()):
            other = next((row for row in at_work.get(interest.organisation_id, ()) if _overlap(row, duty)), None)
            if duty.post in WATCHES and other is not None:
                found.append(Conflict(duty, interest.kind, other, interest.organisation_id))
    return sorted(found, key=lambda one: (one.duty.area_path, one.duty.post, one.why, one.duty.assignment_id))


def part_by(duty: Holding, person: UUID | None, path: str, bound: Container[tuple[UUID | None, UUID | None]]) -> str:
    """What part this duty gives a person in what is checked at a place: `answers`, `bound` by a declared relation
    (`bound` holds pairs of person and organisation), or '' for none. A leave gives none."""
    if duty.kind == "leave" or not (path.startswith(duty.area_path) or duty.area_path.startswith(path)):
        return ""
    if duty.person_id == person and duty.post not in CHECKERS:
        return "answers"
    return "bound" if (person, duty.organisation_id) in bound else ""


def _of_posts(duties: Sequence[Holding]) -> Iterable[Conflict]:
    """One for each duty that judges; the other side is named in it."""
    for duty in duties:
        for post, others, why in INCOMPATIBLE:
            if duty.post != post:
                continue
            other = next((row for row in duties if row.post in others and _overlap(row, duty)), None)
            if other is not None:
                yield Conflict(duty, why, other)


def _overlap(one: Holding, two: Holding) -> bool:
    return one.area_path.startswith(two.area_path) or two.area_path.startswith(one.area_path)
