"""Who is answerable for a place at a moment, past or present. Each question is one indexed statement.

Among the holders of a post on one area, those not on leave count: the regular ones; if none is there, the acting
ones; else the deputies. Where nobody is left the next area above answers; at the top the post is vacant (an empty
list, and a row of `vacancies`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from wangge.base.clock import now
from wangge.kernel.duties.catalogue import ELEVEN, STANDING
from wangge.kernel.duties.roster import Holding, Roster
from wangge.kernel.places.queries import ancestors, atlas

__all__ = [
    "Holding", "Roster", "Vacancy", "chain", "duties_below", "duties_during", "duties_of", "duties_of_organisations",
    "holders", "holders_many", "roster", "roster_at", "roster_over", "vacancies",
]


class Vacancy(NamedTuple):
    """A post of the standard group that nobody holds on an area; `on_leave` are regular holders who are absent."""

    area_path: str
    post: str
    on_leave: tuple[UUID, ...]


_SELECT = (
    "SELECT d.person_id, coalesce(p.name, o.name, ''), d.organisation_id, d.post_id, d.area_id, d.area_path,"
    " d.kind, d.id, lower(d.valid), upper(d.valid) FROM duties_assignment d"
    " LEFT JOIN people_person p ON p.id = d.person_id"
    " LEFT JOIN people_organisation o ON o.id = d.organisation_id WHERE "
)
_KNOWN = "upper_inf(d.recorded)"
_KNOWN_THEN = "d.recorded @> %s"


def _rows(where: str, params: list[Any], known_at: datetime | None) -> list[Holding]:
    known, more = (_KNOWN, []) if known_at is None else (_KNOWN_THEN, [known_at])
    with connection.cursor() as cursor:
        cursor.execute(f"{_SELECT}{where} AND {known}", [*params, *more])
        return [Holding(*row) for row in cursor.fetchall()]


def holders(
    area_path: str, post: str, at: datetime | None = None, *, known_at: datetime | None = None
) -> list[Holding]:
    """Who answers for `post` at a place at a moment (now, if none is given), looking upward from it.

    `known_at` asks what the record said at that time, before later corrections.
    """
    moment = at or now()
    rows = _rows("d.area_path = ANY(%s) AND d.post_id = %s AND d.valid @> %s",
                 [ancestors(area_path), post, moment], known_at)
    return Roster(rows).holders(area_path, post, moment)


def holders_many(
    pairs: Collection[tuple[str, str]], at: datetime | None = None
) -> dict[tuple[str, str], list[Holding]]:
    """The same for many (area path, post) pairs at one moment. One statement."""
    moment = at or now()
    paths = sorted({path for area_path, _ in pairs for path in ancestors(area_path)})
    rows = _rows("d.area_path = ANY(%s) AND d.post_id = ANY(%s) AND d.valid @> %s",
                 [paths, sorted({post for _, post in pairs}), moment], None)
    roster = Roster(rows)
    return {(path, post): roster.holders(path, post, moment) for path, post in pairs}


def chain(area_path: str, at: datetime | None = None, *, known_at: datetime | None = None) -> list[Holding]:
    """Everybody answerable for a place at a moment, from the place itself up to its root. One statement."""
    moment = at or now()
    rows = _rows("d.area_path = ANY(%s) AND d.valid @> %s", [ancestors(area_path), moment], known_at)
    return Roster(rows).chain(area_path, moment)


def roster_at(area_path: str, at: datetime) -> Roster:
    """Every duty held at a moment on the areas from a place up to its root. One statement."""
    return Roster(_rows("d.area_path = ANY(%s) AND d.valid @> %s", [ancestors(area_path), at], None))


def roster_over(area_paths: Collection[str], at: datetime) -> Roster:
    """Every duty held at a moment on the areas from any of these places up to its root. One statement."""
    paths = sorted({path for area_path in area_paths for path in ancestors(area_path)})
    return Roster(_rows("d.area_path = ANY(%s) AND d.valid @> %s", [paths, at], None))


def roster(root_path: str, area_paths: Sequence[str] = ()) -> Roster:
    """All duties ever recorded at and below a root (and on `area_paths`), for imports that ask about many moments."""
    rows = _rows("(d.area_path LIKE %s OR d.area_path = ANY(%s))",
                 [_prefix(root_path), list(area_paths) + ancestors(root_path)], None)
    return Roster(rows)


def duties_below(root_path: str, at: datetime | None = None) -> list[Holding]:
    """Every row held at a moment at and below a path, leave included, by area and post."""
    rows = _rows("d.area_path LIKE %s AND d.valid @> %s", [_prefix(root_path), at or now()], None)
    return sorted(rows, key=lambda row: (row.area_path, STANDING.get(row.post, 99), row.kind, row.valid_from))


def duties_during(root_path: str, begins: datetime, ends: datetime) -> list[Holding]:
    """Every row held at any time in [begins, ends) below a path and on the areas above it, as is known now."""
    return _rows("(d.area_path LIKE %s OR d.area_path = ANY(%s)) AND d.valid && tstzrange(%s, %s)",
                 [_prefix(root_path), ancestors(root_path), begins, ends], None)


def duties_of(person_id: UUID) -> list[Holding]:
    """Every duty of a person as it is known now, past ones included, newest first."""
    return sorted(_rows("d.person_id = %s", [person_id], None), key=lambda row: row.valid_from, reverse=True)


def duties_of_organisations(ids: Collection[UUID]) -> list[Holding]:
    """Every duty of some organisations as it is known now, past ones included."""
    return _rows("d.organisation_id = ANY(%s)", [list(ids)], None)


def vacancies(
    area_path: str, at: datetime | None = None, *, kinds: Collection[str] = ("community",),
    posts: Collection[str] = ELEVEN,
) -> list[Vacancy]:
    """Which of `posts` nobody exercises on the areas of `kinds` at and below a path, at a moment.

    The standard group is complete for each community (its scope is a choice of who asks).
    """
    moment = at or now()
    places = [area for area in atlas().below(area_path, at=moment) if area.kind in kinds]
    held = Roster(_rows("d.area_path LIKE %s AND d.valid @> %s", [_prefix(area_path), moment], None))
    return [
        Vacancy(area.path, post, held.on_leave(area.path, post, moment))
        for area in places for post in posts if not held.on(area.path, post, moment)
    ]


def _prefix(path: str) -> str:
    """Codes hold no character that LIKE knows."""
    return path + "%"
