"""A small journal to try things on: subjects with state rows, contents, an erasure, seals, a loose end."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from wangge.base.ids import id_from
from wangge.base.mandate import Mandate
from wangge.kernel.journal import services
from wangge.kernel.journal.services import Act, Written, append

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TABLE = "journal_thing"
#: A table like that of a Versioned model; created by the fixture `things`.
CREATE = f"""
CREATE TABLE {TABLE} (id uuid PRIMARY KEY, version int NOT NULL, name text);
ALTER TABLE {TABLE} ADD CONSTRAINT {TABLE}_version_is_head FOREIGN KEY (id, version)
  REFERENCES journal_entry (subject_id, seq) DEFERRABLE INITIALLY DEFERRED;
"""


def mandate(
    *may: str,
    at: datetime = START,
    recorded_at: datetime | None = None,
    scope: str = "",
    actor: UUID | None = None,
) -> Mandate:
    """A mandate for the verbs given."""
    return Mandate(
        actor=actor,
        duty=None,
        post="tester",
        organisation=None,
        scope_path=scope,
        may=frozenset(may),
        channel="test",
        at=at,
        recorded_at=recorded_at or at,
    )


CLERK = mandate("seal", "erase", "prove")


def subject(number: int) -> UUID:
    """The id of the nth subject."""
    return id_from(f"thing {number}", START)


def tell(
    number: int,
    version: int = 0,
    *,
    by: Mandate = CLERK,
    content: dict[str, str] | None = None,
    verb: str = "noted",
    **data: object,
) -> Written:
    """One entry about the nth thing, its state row moved along."""
    with transaction.atomic():
        [written] = append([Act(subject(number), "thing", verb, None, data, content or {}, version)], by=by)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (id, version) VALUES (%s, %s)"
                " ON CONFLICT (id) DO UPDATE SET version = excluded.version",
                [written.subject_id, written.seq],
            )
    return written


def populate(seed: int, subjects: int = 12, seals: int = 3) -> None:
    """Chains with every kind of column filled, in `seals` seals, and some entries not sealed."""
    draw = random.Random(seed)
    heads = dict.fromkeys(range(subjects), 0)
    for part in range(seals + 1):
        for number in sorted(draw.sample(range(subjects), subjects * 2 // 3)):
            _entry(draw, number, heads)
            if draw.random() < 0.4:
                _entry(draw, number, heads)
        if part == 1:
            number = next(number for number, seq in heads.items() if seq)
            heads[number] = _erased(number)
        if part < seals:
            services.seal(by=CLERK)


def _entry(draw: random.Random, number: int, heads: dict[int, int]) -> None:
    at = START + timedelta(minutes=draw.randrange(10_000), microseconds=draw.randrange(1_000_000))
    by = Mandate(
        actor=subject(1000 + draw.randrange(5)),
        duty=subject(2000 + draw.randrange(5)),
        post="tester",
        organisation=None,
        scope_path="",
        may=frozenset(),
        channel=draw.choice(["desk", "field"]),
        at=at,
        recorded_at=START + timedelta(days=1),
    )
    data = {
        "count": draw.randrange(-5, 2**40),
        "codes": ["甲", "b", None, True],
        "deep": {"x": draw.randrange(9)},
    }
    content = (
        {"note": f"井盖 {draw.random()} 破损", "phone": f"{draw.randrange(10**10)}"} if draw.random() < 0.7 else {}
    )
    with transaction.atomic():
        [written] = append([Act(subject(number), "thing", "noted", subject(3000), data, content, heads[number])], by=by)
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {TABLE} (id, version) VALUES (%s, %s)"
                " ON CONFLICT (id) DO UPDATE SET version = excluded.version",
                [written.subject_id, written.seq],
            )
    heads[number] = written.seq


def _erased(number: int) -> int:
    done = services.erase(subject_id=subject(number), reason_code="asked", by=CLERK)
    assert done.entry is not None
    return done.entry.seq


def kinds(faults: Iterable[object]) -> set[str]:
    """The kinds of some faults."""
    return {getattr(fault, "kind") for fault in faults}  # noqa: B009
