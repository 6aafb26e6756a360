"""After a statement was posted: facts that turned out otherwise are reckoned anew, and the difference is booked now.

The published statement stays. Each holder whose sums changed has the old postings reversed by counter-entries and what
holds now posted, both in the current period. A refund first clears what earlier charges of the period did not cover.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from wangge.assessment.core.inputs import Inputs
from wangge.assessment.core.run import run as reckon
from wangge.assessment.gathering import gather
from wangge.assessment.models import Run
from wangge.assessment.money import guards
from wangge.assessment.running import books, posting
from wangge.assessment.running.recording import advance, told_of, write_revision
from wangge.assessment.running.services import SETTLE, latest, locked
from wangge.base.errors import Conflict
from wangge.base.mandate import Mandate
from wangge.kernel.ledger import services as ledger
from wangge.kernel.ledger.models import Leg, Posting
from wangge.kernel.ledger.rules import Kind, NewPosting

LONGEST_QUARTER = timedelta(days=93)


class Change(NamedTuple):
    """What a correction does for one holder: points and fen before and after."""

    holder: UUID
    points: tuple[int, int]
    fen: tuple[int, int]


class Corrected(NamedTuple):
    """The run, and whose sums changed; nothing where the facts are the same."""

    run: Run
    changes: tuple[Change, ...]


@transaction.atomic
def correct_run(*, run: UUID, by: Mandate) -> Corrected:
    """Reckon a posted period anew from the facts as they are known now, under the same version of the policy.

    Raises `Conflict` for a run that was not posted: before that it is assessed again, or appealed.
    """
    one = locked(run, None, by=by)
    by.require(SETTLE, one.area_path)
    if one.stage != "posted":
        raise Conflict(f"This run is {one.stage}.", field="stage", value=one.stage, expected="posted")
    policy, before = latest(one)
    now = gather(
        policy, one.period, by=by, area=one.area.code, checks=before.checks, figures=before.figures, kept=True
    ).inputs
    statement = reckon(policy, _as_before(now, before))
    if statement.digest == one.digest:
        return Corrected(one, ())
    was = {row.holder: row for row in posting.owed_by(one, one.revision)}
    one.revision += 1
    one.digest = statement.digest
    lines = write_revision(one, statement, "correction", by=by)
    becomes = {row.holder: row for row in posting.owed_by(one, one.revision)}
    changes = []
    standing: dict[str, list[Posting]] = defaultdict(list)
    for made in books.standing(f"run/{one.id}/"):
        standing["/".join(made.key.split("/")[-2:])].append(made)
    for holder in sorted(was.keys() | becomes.keys()):
        old = was.get(holder, posting.Owed(holder, 0, 0))
        new = becomes.get(holder, posting.Owed(holder, 0, 0))
        if (old.points, old.fen) != (new.points, new.fen):
            changes.append(Change(holder.id, (old.points, new.points), (old.fen, new.fen)))
            _book(one, old, new, standing, by=by)
    advance(one, "correct", {
        **told_of(one, statement, lines, "correction"),
        "changes": [[str(row.holder), *row.points, *row.fen] for row in changes],
    }, by=by)
    for change in changes:
        cover(change.holder, by=by)
    return Corrected(one, tuple(changes))


def _as_before(now: Inputs, before: Inputs) -> Inputs:
    """The facts of now; the months before the period as they were published."""
    return replace(now, months=before.months)


def _book(run: Run, old: posting.Owed, new: posting.Owed, standing: dict[str, list[Posting]],
          *, by: Mandate) -> None:
    """Counter-entries for what changed of points and of money, then what holds now."""
    for what, before, after in (("points", old.points, new.points), ("money", old.fen, new.fen)):
        if before == after:
            continue
        ledger.post_many([
            NewPosting(f"reverse/{one.id}", (), Kind.REVERSE, one.id, policy=f"policy/{run.policy_id}")
            for one in standing.get(f"{old.holder.id}/{what}", ())
        ], by=by)
    if old.points != new.points:
        posting.post_points(run, run.revision, [new], by=by)
    if old.fen != new.fen:
        posting.take(run, run.revision, [new], by=by)


def cover(holder: UUID, *, by: Mandate) -> int:
    """What earlier charges of the current period did not cover is taken before a refund is left; how many fen.

    A shortfall lapses at the end of the period in which it was posted.
    """
    taken = 0
    for run in Run.objects.select_related("policy", "area").filter(
        stage="posted", posted_at__gte=by.at - LONGEST_QUARTER, policy__mode="deposit", lines__holder=holder
    ).distinct():
        if run.posted_at is None or run.posted_at < _quarter_of(by.at, run.timezone):
            continue
        owed = [one for one in posting.owed_by(run, run.revision) if one.holder.id == holder and one.fen]
        for one in owed:
            standing = [row for row in books.standing(f"run/{run.id}/") if row.key.endswith(f"/{holder}/money")]
            had = -sum(Leg.objects.filter(posting__in=standing, account__owner=holder).values_list("amount", flat=True))
            limit = guards.limits(run, {one.holder}).get(holder)
            if had < one.fen:
                key = posting.key_of(run, run.revision, holder, f"{len(standing)}/{holder}/money")
                taken += posting.take_deposit(run, key, holder, one.fen - had, limit, by=by).taken
    return taken


def _quarter_of(at: datetime, timezone: str) -> datetime:
    """The midnight at the place with which its quarter of a moment begins."""
    local = at.astimezone(ZoneInfo(timezone))
    return local.replace(month=(local.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
