"""The story of a finding: its entries, those of its contests and of its rectifications, by one statement.

Contests and rectifications are told from their entries, whose sums the tables are.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from wangge.base.clock import from_us
from wangge.kernel.cases.replaying import fold

_SQL = """
SELECT e.subject_id, e.subject_type, e.seq, e.verb, e.at, e.recorded_at, e.channel, e.actor, coalesce(p.name, ''),
  coalesce(s.post_id, ''), e.data,
  coalesce((SELECT json_object_agg(t.field, t.value) FROM journal_content t
    WHERE t.subject_id = e.subject_id AND t.seq = e.seq), '{}'::json)
FROM journal_entry e
LEFT JOIN people_person p ON p.id = e.actor
LEFT JOIN duties_assignment s ON s.id = e.duty
WHERE e.subject_id = ANY(ARRAY(
  SELECT %(key)s::uuid
  UNION ALL SELECT c.id FROM inspections_contest c WHERE c.finding = %(key)s
  UNION ALL SELECT r.id FROM inspections_rectification r WHERE r.finding = %(key)s))
ORDER BY e.ordinal
"""


class Told(NamedTuple):
    """An entry about a finding: `subject` is finding, contest or rectification; an erased text is None."""

    id: UUID
    subject: str
    seq: int
    verb: str
    at: datetime
    recorded_at: datetime
    channel: str
    actor: UUID | None
    name: str
    post: str
    data: dict[str, Any]
    words: dict[str, str | None]


class Round(NamedTuple):
    """A rectification as its entries tell it."""

    id: UUID
    version: int
    number: int
    post: str | None
    organisation: UUID | None
    due_at: datetime
    ordered_at: datetime
    state: str
    done_by: UUID | None
    done_at: datetime | None


class Contested(NamedTuple):
    """A contest as its entries tell it."""

    id: UUID
    version: int
    contester: UUID
    state: str
    points: int | None


class Story(NamedTuple):
    """Everything that is told, oldest first; rounds and contests in their order."""

    told: list[Told]
    rounds: list[Round]
    contests: list[Contested]

    @property
    def first(self) -> Told:
        """The entry by which the finding was recorded."""
        return self.told[0]

    @property
    def note(self) -> str | None:
        """What was written beside it: '' for nothing, None where it was erased."""
        return self.first.words.get("note", "")

    @property
    def open_round(self) -> Round | None:
        """The rectification that waits."""
        return next((one for one in self.rounds if one.state in ("ordered", "reported")), None)

    @property
    def open_contest(self) -> Contested | None:
        """The contest that waits for a decision."""
        return next((one for one in self.contests if one.state == "open"), None)


def story(finding: UUID) -> Story:
    """The story of one finding; the caller has seen that the reader may read it."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"key": finding})
        rows = cursor.fetchall()
    told = [Told._make((*row[:10], _json(row[10]), _json(row[11]))) for row in rows]
    entries: dict[tuple[str, UUID], list[Told]] = defaultdict(list)
    for one in told:
        entries[one.subject, one.id].append(one)
    rounds = [_round(key, rows) for (subject, key), rows in entries.items() if subject == "rectification"]
    contests = [_contest(key, rows) for (subject, key), rows in entries.items() if subject == "contest"]
    return Story(told, sorted(rounds, key=lambda one: one.number), contests)


def _round(key: UUID, rows: list[Told]) -> Round:
    told = fold(one.data for one in rows)
    return Round(
        key, rows[-1].seq, told["round"], told["post"], _id(told["organisation"]), from_us(told["due_at"]),
        from_us(told["ordered_at"]), told["state"], _id(told["done_by"]),
        from_us(told["done_at"]) if told["done_at"] is not None else None,
    )


def _contest(key: UUID, rows: list[Told]) -> Contested:
    told = fold(one.data for one in rows)
    return Contested(key, rows[-1].seq, UUID(told["contester"]), told["state"], told["points"])


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _json(value: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found
