"""What cases do to files: they open them, join them, show whether a remedy held. By a job, not on a report's way in.

`look` reads the journal from where it stopped (and a little before, since entries are numbered before they are
committed) and takes the cases that were acted on; `look_back` takes every case of the last days, so that what was
missed is found at night. Both do each case once, by batches of one transaction with the mark moved in it: a worker that
dies leaves whole batches, and what it had not committed is done by the next. One sweep runs at a time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties import mandates
from wangge.kernel.spots.filing import file, one_at_a_time
from wangge.kernel.spots.judging import judge
from wangge.kernel.spots.loading import moment_of
from wangge.kernel.spots.models import Mark
from wangge.kernel.spots.rules import LOOK_BACK, cluster
from wangge.kernel.spots.ruling import rules
from wangge.kernel.spots.sighting import centres_near, openers_of, reach_of, sightings_near

BATCH = 500
ENTRIES = 5_000
"""So many entries of the journal are looked through in a transaction."""
OVERLAP = 5_000
"""So many entries before the mark are looked through again: some get their number early and are committed late."""
Progress = Callable[[int], None]


class Done(NamedTuple):
    """What a sweep came to, in files; `joined` counts cases."""

    opened: int = 0
    joined: int = 0
    rebounded: int = 0
    held: int = 0
    reopened: int = 0

    def plus(self, other: Done) -> Done:
        """Both together."""
        return Done(*(one + two for one, two in zip(self, other, strict=True)))


def silent(count: int) -> None:
    """Nobody is told."""


def look(*, by: Mandate | None = None, progress: Progress = silent) -> Done:
    """The cases that were acted on since the last look, then the remedies. The first look takes the last days."""
    by = by or mandates.job("spots")
    mark = Mark.objects.values_list("ordinal", flat=True).first()
    if mark is None:
        return look_back(by=by, progress=progress)
    done, start = Done(), max(0, mark - OVERLAP)
    while True:
        with transaction.atomic():
            one_at_a_time()
            last, cases = _acted_on(start)
            if last is None:
                break
            part = _batch(cases, by)
            Mark.objects.filter(ordinal__lt=last).update(ordinal=last)
        done, start = done.plus(part), last
        progress(part.opened + part.joined)
    return done.plus(Done(**judge(by)))


def look_back(*, by: Mandate | None = None, progress: Progress = silent) -> Done:
    """Every case that counts and was reported within the last days, oldest first, then the remedies."""
    by = by or mandates.job("spots")
    top, done = _top(), Done()
    until, start = moment_of(by), (moment_of(by) - LOOK_BACK, UUID(int=0))
    while True:
        with transaction.atomic():
            one_at_a_time()
            found = _reported(start, until)
            part = _batch([one for one, _ in found], by)
        done = done.plus(part)
        progress(part.opened + part.joined)
        if len(found) < BATCH:
            break
        start = (found[-1][1], found[-1][0])
    with transaction.atomic():
        one_at_a_time()
        Mark.objects.get_or_create(only=True, defaults={"ordinal": top})
    return done.plus(Done(**judge(by)))


def _top() -> int:
    with hot_cursor() as cursor:
        row = cursor.execute("SELECT coalesce(max(ordinal), 0) FROM journal_entry").fetchone()
    assert row is not None
    return int(row[0])


def _acted_on(start: int) -> tuple[int | None, list[UUID]]:
    """The ordinal of the last of the next entries after `start`, None at the end; and the cases that they are about."""
    with hot_cursor() as cursor:
        row = cursor.execute(
            "WITH e AS (SELECT ordinal, subject_id, subject_type FROM journal_entry WHERE ordinal > %s"
            " ORDER BY ordinal LIMIT %s)"
            " SELECT max(ordinal), array_agg(DISTINCT subject_id) FILTER (WHERE subject_type = 'case') FROM e",
            [start, ENTRIES],
        ).fetchone()
    assert row is not None
    return row[0], row[1] or []


_REPORTED = (
    "SELECT c.id, c.reported_at FROM cases_case c WHERE (c.reported_at, c.id) > (%s, %s) AND c.reported_at <= %s"
    " ORDER BY c.reported_at, c.id LIMIT %s"
)


def _reported(start: tuple[datetime, UUID], until: datetime) -> list[tuple[UUID, datetime]]:
    with hot_cursor() as cursor:
        return cursor.execute(_REPORTED, [*start, until, BATCH]).fetchall()


def _batch(cases: Sequence[UUID], by: Mandate) -> Done:
    """Those of the cases that count and are in no file yet, with all that is near them."""
    if not cases:
        return Done()
    known, now = rules(), moment_of(by)
    reach = reach_of(known)
    acted_on, sightings = sightings_near(cases, now, reach)
    if not acted_on:
        return Done()
    openers = openers_of(acted_on, sightings, reach)
    found = cluster(sightings, centres_near(acted_on, reach), known.at, since=now - LOOK_BACK, openers=openers)
    opened, joined = file(found, by)
    return Done(opened=opened, joined=joined)
