"""Names behind ids, for pages: one statement each, for as many ids as a page has."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from wangge.kernel.cases.recording import hot_cursor


class Names(NamedTuple):
    """Names by id; `english` only of organisations that have an English one."""

    names: dict[UUID, str]
    english: dict[UUID, str]


def names_of(persons: Iterable[UUID | None], organisations: Iterable[UUID | None]) -> Names:
    """The name of each person and organisation (an erased person has none)."""
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT id, name, '' FROM people_person WHERE id = ANY(%s)"
            " UNION ALL SELECT id, name, name_en FROM people_organisation WHERE id = ANY(%s)",
            [[one for one in persons if one], [one for one in organisations if one]],
            prepare=True,
        ).fetchall()
    return Names({row[0]: row[1] for row in rows}, {row[0]: row[2] for row in rows if row[2]})
