"""What a charge under appeal holds of a deposit, until it is decided. It takes nothing."""

from __future__ import annotations

from wangge.assessment.models import Appeal, Run
from wangge.assessment.running import books
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.ledger import services as ledger
from wangge.kernel.ledger.models import Posting
from wangge.kernel.ledger.queries import lock
from wangge.kernel.ledger.rules import Line


def key_of(appeal: Appeal) -> str:
    """The key under which an appeal holds."""
    return f"hold/{appeal.id}"


def keep(run: Run, appeal: Appeal, fen: int, *, by: Mandate) -> None:
    """Hold what the appealed line would take, as far as the deposit has it; nothing where no deposit is charged."""
    if run.policy.mode != "deposit" or not fen:
        return
    account = books.deposits([appeal.holder]).get(appeal.holder)
    if account is None:
        return
    amount = min(fen, lock([account.id])[account.id].available)
    if amount > 0:
        job = as_job(by)
        other = books.counter(run.area, "cny", by=job)
        ledger.hold(key=key_of(appeal), lines=[Line(account.id, -amount), Line(other.id, amount)],
                    policy=f"policy/{run.policy_id}", by=job)


def free(appeal: Appeal, *, by: Mandate) -> None:
    """Let go what the appeal holds, if it holds anything."""
    found = Posting.objects.filter(key=key_of(appeal), kind="hold", resolutions__isnull=True).first()
    if found is not None:
        ledger.release(posting=found.id, by=as_job(by))


def free_all(run: Run, *, by: Mandate) -> None:
    """Let go whatever is still held for a run, before it is taken."""
    for appeal in run.appeals.exclude(state="open"):
        free(appeal, by=by)


def as_job(by: Mandate) -> Mandate:
    """What follows from an act, at its times."""
    return mandates.job("assessment", at=by.at, recorded_at=by.recorded_at, clock_from_at=by.clock_from_at)
