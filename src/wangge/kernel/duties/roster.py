"""Who answers for a post, told from duties in memory. Pure: the one rule of stand-ins and of looking upward.

Among the holders of a post on one area, those not on leave count: the regular ones; if none is there, the acting
ones; else the deputies. Where nobody is left the next area above answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.kernel.duties.catalogue import STANDING
from wangge.kernel.places.paths import ancestors

_STAND_INS = ("regular", "acting", "deputy")


class Holding(NamedTuple):
    """A post held on an area. `name` is '' after erasing, or the organisation's where no person is named."""

    person_id: UUID | None
    name: str
    organisation_id: UUID | None
    post: str
    area_id: UUID
    area_path: str
    kind: str
    assignment_id: UUID
    valid_from: datetime
    valid_to: datetime | None


class Roster:
    """Duties in memory, from which many questions are answered without another statement."""

    def __init__(self, rows: Iterable[Holding]) -> None:
        self._held: dict[tuple[str, str], list[Holding]] = defaultdict(list)
        self._posts: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            self._held[row.area_path, row.post].append(row)
            self._posts[row.area_path].add(row.post)

    def on(self, area_path: str, post: str, at: datetime) -> list[Holding]:
        """The answerable holders of a post on exactly this area, in the order of their beginning."""
        held = [row for row in self._held.get((area_path, post), ()) if _holds(row, at)]
        away = {row.person_id for row in held if row.kind == "leave"}
        present = [row for row in held if row.kind != "leave" and (row.kind != "regular" or row.person_id not in away)]
        for kind in _STAND_INS:
            found = [row for row in present if row.kind == kind]
            if found:
                return sorted(found, key=lambda row: (row.valid_from, row.assignment_id))
        return []

    def holders(self, area_path: str, post: str, at: datetime) -> list[Holding]:
        """The answerable holders on the nearest area upward that has any."""
        for path in reversed(ancestors(area_path)):
            found = self.on(path, post, at)
            if found:
                return found
        return []

    def chain(self, area_path: str, at: datetime) -> list[Holding]:
        """All answerable holders from the area up to its root; on each area who leads first."""
        found: list[Holding] = []
        for path in reversed(ancestors(area_path)):
            for post in sorted(self._posts.get(path, ()), key=lambda code: (STANDING.get(code, 99), code)):
                found += self.on(path, post, at)
        return found

    def on_leave(self, area_path: str, post: str, at: datetime) -> tuple[UUID, ...]:
        """Who is absent from this post on this area."""
        held = self._held.get((area_path, post), ())
        return tuple(row.person_id for row in held if row.kind == "leave" and row.person_id and _holds(row, at))


def _holds(row: Holding, at: datetime) -> bool:
    return row.valid_from <= at and (row.valid_to is None or at < row.valid_to)
