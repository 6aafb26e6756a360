"""Who sits where (岗位表): the seats of areas × posts at a moment, with vacancies and how long they have lasted.

A seat is vacant where nobody holds it regularly (or acting) and is there; deputies are named beside it. The rule of
who answers is `roster`'s; this only lays it out. Two statements for any number of areas.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.duties.roster import Holding
from wangge.kernel.places.queries import AreaInfo, Atlas


class Seat(NamedTuple):
    """A post on an area at a moment. `holders` hold it and are there; `acting` stand in with an end or until one comes.

    `away` are regular holders on leave, `left` since when all of them are, `back` when the first returns. `since` is
    when the seat fell vacant, None while it is filled; where nobody ever held it, since the area exists.
    """

    area: AreaInfo
    post: str
    holders: tuple[Holding, ...] = ()
    acting: tuple[Holding, ...] = ()
    deputies: tuple[Holding, ...] = ()
    away: tuple[Holding, ...] = ()
    left: datetime | None = None
    back: datetime | None = None
    since: datetime | None = None

    @property
    def vacant(self) -> bool:
        """Whether nobody holds it or acts in it."""
        return self.since is not None


class Board(NamedTuple):
    """The seats by area and post, and every duty held below the root at that moment (leaves included)."""

    at: datetime
    areas: tuple[AreaInfo, ...]
    posts: tuple[str, ...]
    seats: dict[tuple[str, str], Seat]
    held: tuple[Holding, ...]

    @property
    def vacant(self) -> list[Seat]:
        """The vacant seats, the longest vacant first."""
        empty = [seat for seat in self.seats.values() if seat.since is not None]
        return sorted(empty, key=lambda seat: (seat.since or self.at, seat.area.path, seat.post))


def board(
    places: Atlas, root_path: str, at: datetime, *, kinds: Collection[str] = ("community", "village"),
    posts: Sequence[str] = ELEVEN, held: Sequence[Holding] | None = None,
) -> Board:
    """The seats of `posts` on the areas of `kinds` at and below a path. Pass `held` where it was read anyway."""
    areas = tuple(area for area in places.below(root_path, at=at)
                  if area.kind in kinds and area.layer == "administrative")
    rows = tuple(duties_below(root_path, at) if held is None else held)
    by_seat: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for row in rows:
        by_seat[row.area_path, row.post].append(row)
    laid = {(area.path, post): lay(area, post, by_seat.get((area.path, post), ())) for area in areas for post in posts}
    empty = [seat for seat in laid.values() if not (seat.holders or seat.acting)]
    ends = _last_ends([seat.area.path for seat in empty], at) if empty else {}
    for seat in empty:
        ended = ends.get((seat.area.path, seat.post))
        laid[seat.area.path, seat.post] = seat._replace(since=seat.left or ended or seat.area.valid_from)
    return Board(at, areas, tuple(posts), laid, rows)


def lay(area: AreaInfo, post: str, rows: Sequence[Holding]) -> Seat:
    """One seat from the duties held on it at a moment; whether it fell vacant is the caller's to tell."""
    leaves = {row.person_id: row for row in rows if row.kind == "leave"}
    of: dict[str, list[Holding]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.valid_from, row.assignment_id)):
        of["away" if row.kind == "regular" and row.person_id in leaves else row.kind].append(row)
    gone = [leaves[row.person_id] for row in of["away"]]
    left = max((one.valid_from for one in gone), default=None)
    back = min((one.valid_to for one in gone if one.valid_to), default=None)
    return Seat(
        area, post, tuple(of["regular"]), tuple(of["acting"]), tuple(of["deputy"]), tuple(of["away"]), left, back
    )


class Past(NamedTuple):
    """A duty as it was recorded, with its note where one was written and nobody erased it."""

    held: Holding
    recorded: bool
    note: str


_PAST = """
SELECT d.person_id, coalesce(p.name, o.name, ''), d.organisation_id, d.post_id, d.area_id, d.area_path, d.kind, d.id,
  lower(d.valid), upper(d.valid), upper_inf(d.recorded), coalesce(n.value, '')
FROM duties_assignment d
LEFT JOIN people_person p ON p.id = d.person_id LEFT JOIN people_organisation o ON o.id = d.organisation_id
LEFT JOIN journal_content n ON n.subject_id = d.id AND n.seq = 1 AND n.field = 'note'
WHERE d.area_path = %s AND d.post_id = %s ORDER BY lower(d.valid) DESC, d.id DESC LIMIT 200
"""


def past_of(area_path: str, post: str) -> list[Past]:
    """Every duty ever recorded on a seat, the newest first, superseded rows included. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PAST, [area_path, post])
        return [Past(Holding(*row[:10]), row[10], row[11]) for row in cursor.fetchall()]


_ENDS = """
SELECT d.area_path, d.post_id, max(upper(d.valid)) FROM duties_assignment d
WHERE d.area_path = ANY(%s) AND upper_inf(d.recorded) AND d.kind IN ('regular', 'acting') AND upper(d.valid) <= %s
GROUP BY 1, 2
"""


def _last_ends(paths: Sequence[str], at: datetime) -> dict[tuple[str, str], datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_ENDS, [sorted(set(paths)), at])
        return {(path, post): ended for path, post, ended in cursor.fetchall()}


class Candidate(NamedTuple):
    """A person who may be put into a post: the name, and one duty that they hold now, if any."""

    person_id: UUID
    name: str
    post: str
    area_path: str


_CANDIDATES = """
SELECT DISTINCT ON (p.name, p.id) p.id, p.name, coalesce(d.post_id, ''), coalesce(d.area_path, '')
FROM people_person p JOIN duties_assignment d ON d.person_id = p.id AND upper_inf(d.recorded)
WHERE p.name <> '' AND d.area_path LIKE %s
ORDER BY p.name, p.id, (d.valid @> %s::timestamptz) DESC, lower(d.valid) DESC LIMIT %s
"""


def candidates(root_path: str, at: datetime, most: int = 500) -> list[Candidate]:
    """Who holds or held any duty at and below a path, by name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, [root_path + "%", at, most])
        return [Candidate(*row) for row in cursor.fetchall()]
