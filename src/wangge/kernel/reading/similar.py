"""Reports that may tell of the same thing: how alike the words are, among recent cases near by.

Compared are the bigrams that search keeps of masked text, without digits; an erased case has none and is not found.
The score is the share of the shorter one's bigrams that the other has as well, lowered where they differ much in
length. It suggests; nothing is merged by it.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.base.geometry import E7, Point, distance_m
from wangge.base.mandate import Mandate
from wangge.base.masking import bigrams, mask
from wangge.kernel.cases.access import after, readable_sql, visible_sql
from wangge.kernel.cases.recording import hot_cursor

LIKE_ENOUGH = 0.35
NEAR_METRES = 200
MOST_LOOKED_AT = 500
"""The newest so many cases of the neighbourhood are compared."""
_METRES_A_DEGREE = 111_320.0


class Similar(NamedTuple):
    """A case that may tell of the same. `score` is 0 to 1, `metres` how far off (None without two points), `words`
    what both say."""

    case_id: UUID
    number: str
    state: str
    reported_at: datetime
    score: float
    metres: int | None
    words: tuple[str, ...]


_SQL = """
SELECT c.id, c.number, c.state, c.reported_at, c.lon_e7, c.lat_e7, s.terms
FROM (SELECT c.* FROM cases_case c LEFT JOIN cases_class k ON k.id = c.case_class WHERE {conditions}
  ORDER BY c.reported_at DESC, c.id DESC LIMIT {most}) c
JOIN cases_search s ON s.case_id = c.id AND s.terms && %s
"""


def similar_reports(
    text: str, *, by: Mandate, near: Point | str, since: datetime, case_class: str | None = None,
    but: UUID | None = None, metres: int = NEAR_METRES, n: int = 5,
) -> list[Similar]:
    """Cases like the text that the mandate may see and read, reported since, likest first.

    `near` is a point, around which `metres` are searched, or the path of an area. `but` leaves one case out.
    """
    wanted = terms_of(text)
    if not wanted:
        return []
    visible, seen = visible_sql(by)
    readable, read = readable_sql(by)
    conditions = [visible, readable, "c.reported_at >= %s", "c.state <> 'void'"]
    values = [*seen, *read, since]
    if isinstance(near, Point):
        conditions.append("c.lon_e7 BETWEEN %s AND %s AND c.lat_e7 BETWEEN %s AND %s")
        values += _around(near, metres)
    else:
        conditions.append("c.path >= %s AND c.path < %s")
        values += [near, after(near)]
    if but is not None:
        conditions.append("c.id <> %s")
        values.append(but)
    if case_class is not None:
        conditions.append("k.code = %s")
        values.append(case_class)
    sql = _SQL.format(conditions=" AND ".join(conditions), most=MOST_LOOKED_AT)
    with hot_cursor() as cursor:
        rows = cursor.execute(sql, [*values, list(wanted)]).fetchall()
    found = [_compared(row, wanted, near) for row in rows]
    alike = [one for one in found if one.score >= LIKE_ENOUGH and (one.metres is None or one.metres <= metres)]
    return sorted(alike, key=lambda one: (-one.score, one.metres or 0, one.number))[:n]


def terms_of(text: str) -> list[str]:
    """The bigrams of a text that are compared, in order: numbers of houses and cases say nothing of the matter."""
    return without_digits(bigrams(mask(text)))


def without_digits(terms: Collection[str]) -> list[str]:
    """The terms that hold no digit."""
    return [term for term in terms if not any(letter.isdigit() for letter in term)]


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much of the shorter the longer has too, times the fourth root of how their lengths compare; 0 to 1."""
    left, right = set(one), set(other)
    shorter, longer = sorted((len(left), len(right)))
    if not shorter:
        return 0.0
    return float(len(left & right) / shorter * (shorter / longer) ** 0.25)


def _compared(row: tuple[object, ...], wanted: list[str], near: Point | str) -> Similar:
    case_id, number, state, reported_at, lon, lat, terms = row
    theirs = set(without_digits(terms))  # type: ignore[arg-type]  # rows come untyped
    metres = None
    if isinstance(near, Point) and isinstance(lon, int) and isinstance(lat, int):
        metres = round(distance_m(near, Point(lon, lat)))
    return Similar(
        case_id, number, state, reported_at,  # type: ignore[arg-type]
        round(likeness(wanted, theirs), 4), metres, shared(wanted, theirs),
    )


def shared(wanted: list[str], theirs: Collection[str], most: int = 3) -> tuple[str, ...]:
    """The longest pieces of the text whose bigrams the other has all: what both say."""
    pieces: list[str] = []
    last = ""
    for term in wanted:
        if term not in theirs:
            last = ""
        elif last and last[-1] == term[0]:
            pieces[-1] += term[1]
            last = term
        else:
            pieces.append(term)
            last = term
    return tuple(sorted(dict.fromkeys(pieces), key=lambda piece: -len(piece))[:most])


def _around(near: Point, metres: int) -> list[int]:
    up = metres / _METRES_A_DEGREE * E7
    aside = up / max(0.01, math.cos(math.radians(near.lat_e7 / E7)))
    return [
        max(-1_800_000_000, int(near.lon_e7 - aside)), min(1_800_000_000, int(near.lon_e7 + aside)),
        max(-900_000_000, int(near.lat_e7 - up)), min(900_000_000, int(near.lat_e7 + up)),
    ]

