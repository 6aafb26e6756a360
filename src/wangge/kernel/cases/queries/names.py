"""Names behind ids, for pages: one statement each, for as many ids as a page has."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wangge.kernel.cases.recording import hot_cursor


def names_of(persons: Iterable[UUID | None], organisations: Iterable[UUID | None]) -> dict[UUID, str]:
    """The name of each person and organisation (an erased person has none)."""
    with hot_cursor() as cursor:
        return dict(
            cursor.execute(
                "SELECT id, name FROM people_person WHERE id = ANY(%s)"
                " UNION ALL SELECT id, name FROM people_organisation WHERE id = ANY(%s)",
                [[one for one in persons if one], [one for one in organisations if one]],
                prepare=True,
            ).fetchall()
        )
