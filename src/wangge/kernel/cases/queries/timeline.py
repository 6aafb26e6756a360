"""The story of a case: its journal with words, names and duties. How to reach a reporter is left out (`contacts`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.kernel.cases.recording import hot_cursor


class Moment(NamedTuple):
    """One entry. `content` maps each field to its text, None where it was erased; `post` is the duty's."""

    seq: int
    verb: str
    at: datetime
    recorded_at: datetime
    channel: str
    actor: UUID | None
    actor_name: str | None
    duty: UUID | None
    post: str | None
    post_area: str | None
    data: dict[str, Any]
    content: dict[str, str | None]
    digest: bytes
    sealed: bool


_SELECT = """
SELECT e.seq, e.verb, e.at, e.recorded_at, e.channel, e.actor, p.name, e.duty, s.post_id, s.area_path, e.data,
  {words}, e.digest, EXISTS (SELECT 1 FROM journal_seal z WHERE z.covers @> e.ordinal){more}
FROM journal_entry e
LEFT JOIN people_person p ON p.id = e.actor
LEFT JOIN duties_assignment s ON s.id = e.duty
"""
_WORDS = (
    "coalesce((SELECT json_object_agg(t.field, t.value) FROM journal_content t WHERE t.subject_id = e.subject_id"
    " AND t.seq = e.seq AND t.field NOT IN ('contact_name', 'contact_phone')), '{}'::json)"
)
_SQL = _SELECT.format(words=_WORDS, more="") + "WHERE e.subject_id = %s ORDER BY e.seq"
_MANY = (
    _SELECT.format(words="'{}'::json", more=", e.subject_id")
    + "WHERE e.subject_id = ANY(%s) ORDER BY e.subject_id, e.seq"
)


def timeline(case_id: UUID, *, words: bool = True) -> list[Moment]:
    """Every entry about the case, oldest first, by one statement. The caller has checked who may see it, and says
    whether its words may be read (`access.may_read`)."""
    with hot_cursor() as cursor:
        moments = [_moment(row) for row in cursor.execute(_SQL, [case_id], prepare=True).fetchall()]
    return moments if words else [moment._replace(content={}) for moment in moments]


def timelines(case_ids: Sequence[UUID]) -> dict[UUID, list[Moment]]:
    """The entries about many cases, without words, by one statement."""
    found: dict[UUID, list[Moment]] = {case_id: [] for case_id in case_ids}
    with hot_cursor() as cursor:
        for row in cursor.execute(_MANY, [list(case_ids)], prepare=True).fetchall():
            found[row[14]].append(_moment(row))
    return found


def _moment(row: tuple[Any, ...]) -> Moment:
    # Django leaves jsonb as text on its connections.
    data = msgspec.json.decode(row[10]) if isinstance(row[10], str) else row[10]
    return Moment._make((*row[:10], data, row[11], bytes(row[12]), row[13]))
