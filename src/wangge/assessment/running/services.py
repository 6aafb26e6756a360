"""A period from its statement to the day it is final: assess, give notice, finish, drop. Posting stands in `posting`.

Inputs are frozen with the statement: assessing again compares, and writes another revision only where a fact differs.
Published statements stay; what changes later is a correction of the then current period.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.assessment.core import stages
from wangge.assessment.core.inputs import Checks, Figures, Inputs, thawed
from wangge.assessment.core.periods import parse_period
from wangge.assessment.core.policy import Policy
from wangge.assessment.core.results import Statement
from wangge.assessment.core.run import run as reckon
from wangge.assessment.gathering import VERB, gather
from wangge.assessment.models import PolicyVersion, Revision, Run
from wangge.assessment.policies import queries as policies
from wangge.assessment.policies.services import ship
from wangge.assessment.running.recording import advance, first_entry, told_of, write_revision
from wangge.assessment.trying import shipped
from wangge.assessment.waiting import waiting
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.places.queries import AreaInfo, area_by_code, atlas

NOTICE, SETTLE = "give_notice", "settle_run"


class Assessed(NamedTuple):
    """The run with its statement; `fresh` is False where the same facts stood already under the same digest."""

    run: Run
    statement: Statement
    fresh: bool


def assess_period(
    *, area: str, period: str, by: Mandate, checks: Sequence[Checks] = (), figures: Sequence[Figures] = (),
) -> Assessed:
    """Assess an ended period of a place by the policy in force, and put the statement on record as provisional.

    Needs `assess` there. Raises `InvalidInput` for a period that has not ended or that the policy does not assess, and
    `Conflict` where notice was given already.
    """
    place = area_by_code(area)
    by.require(VERB, place.path)
    policy_row = _policy(place, period, by)
    policy = policies.stated(policy_row.body)
    found = gather(policy, period, by=by, area=place.code, checks=checks, figures=figures)
    if found.inputs.period.ends > by.at:
        raise InvalidInput("This period has not ended.", field="period", value=period,
                           expected=f"a period that ended before {by.at.isoformat()}")
    statement = reckon(policy, found.inputs)
    with transaction.atomic():
        standing = Run.objects.select_for_update(of=("self",)).filter(area_id=place.id, period=period).exclude(
            stage="dropped").first()
        if standing is None:
            return Assessed(_insert(place, policy_row, statement, by), statement, True)
        if standing.stage != "provisional":
            raise Conflict("Notice of this period was given; its statement changes by appeals and corrections.",
                           field="period", value=period, expected="a period without notice",
                           extra={"present": {"id": str(standing.id), "stage": standing.stage}})
        if standing.digest == statement.digest:
            return Assessed(standing, statement, False)
        return Assessed(revise(standing, statement, "assess", by=by), statement, True)


def revise(run: Run, statement: Statement, reason: str, *, by: Mandate) -> Run:
    """Write another statement of a locked run as its newest revision."""
    run.revision += 1
    run.digest = statement.digest
    lines = write_revision(run, statement, reason, by=by)
    return advance(run, "revise", told_of(run, statement, lines, reason), by=by)


@transaction.atomic
def give_notice(*, run: UUID, expected_version: int, by: Mandate) -> Run:
    """Show the statement to those whom it names: from now on it can be appealed, for the policy's working days."""
    one = locked(run, expected_version, by=by)
    by.require(NOTICE, one.area_path)
    _stage(one, "provisional")
    policy = policies.stated(one.policy.body)
    one.stage, one.notified_at = "notified", by.at
    one.appeal_until = stages.appeal_until(by.at, calendar_for(one.area_path), policy.notice_days)
    return advance(one, "notify", {"notified_at": to_us(by.at), "appeal_until": to_us(one.appeal_until)}, by=by)


@transaction.atomic
def finish_run(*, run: UUID, expected_version: int, by: Mandate) -> Run:
    """The statement is final: the time for appeals is over and each is decided, and so is each contest of a finding of
    the period. A named person does this."""
    one = locked(run, expected_version, by=by)
    by.require(SETTLE, one.area_path)
    _stage(one, "notified")
    if one.notified_at is None:
        raise Conflict("No notice was given.", field="stage", value=one.stage)
    stages.check_final(one.notified_at, by.at, calendar_for(one.area_path), one.appeals.filter(state="open").count(),
                       policies.stated(one.policy.body).notice_days)
    if waits := waiting(one.area_path, parse_period(one.period, atlas().timezone(one.area_path))):
        raise Conflict("Contests of findings are open.", field="stage", value=waits, expected="a decision on each")
    one.stage, one.final_at, one.published = "final", by.at, one.revision
    return advance(one, "finish", {"final_at": to_us(by.at), "published": one.published}, by=by)


@transaction.atomic
def drop_run(*, run: UUID, expected_version: int, by: Mandate) -> Run:
    """Give up a statement of which no notice was given."""
    one = locked(run, expected_version, by=by)
    by.require(VERB, one.area_path)
    _stage(one, "provisional")
    one.stage = "dropped"
    return advance(one, "drop", {}, by=by)


def locked(run: UUID, expected_version: int | None, *, by: Mandate) -> Run:
    """The run, locked; None takes it at any version. Raises `NotFound`, `Moved`."""
    one = Run.objects.select_for_update(of=("self",)).select_related("policy", "area").filter(id=run).first()
    if one is None or not (one.area_path.startswith(by.scope_path) or by.scope_path.startswith(one.area_path)):
        raise NotFound("There is no such run.", field="run", value=run)
    if expected_version is not None and one.version != expected_version:
        raise Moved("The run has moved on.", field="expected_version", value=expected_version,
                    expected=str(one.version), extra={"present": {"version": one.version, "stage": one.stage}})
    return one


def latest(run: Run) -> tuple[Policy, Inputs]:
    """The policy and the frozen inputs of the newest revision."""
    row = Revision.objects.get(run=run, number=run.revision)
    return policies.stated(run.policy.body), thawed(row.inputs)


def _stage(run: Run, expected: str) -> None:
    if run.stage != expected:
        raise Conflict(f"This run is {run.stage}.", field="stage", value=run.stage, expected=expected,
                       extra={"present": {"version": run.version, "stage": run.stage}})


def _policy(place: AreaInfo, period: str, by: Mandate) -> PolicyVersion:
    """The version in force; where nobody approved any, the one that ships, which is then put on record."""
    span = parse_period(period, atlas().timezone(place.path))
    found = policies.in_force(place.path, span)
    return found or ship(area=place.code, policy=shipped(), by=by)


def _insert(place: AreaInfo, policy: PolicyVersion, statement: Statement, by: Mandate) -> Run:
    span = statement.inputs.period
    run = Run(
        id=new_id(), version=1, area_id=place.id, area_path=place.path, period=span.code, timezone=span.timezone,
        starts_at=span.starts, ends_at=span.ends, policy=policy, stage="provisional", revision=1,
        digest=statement.digest, assessed_at=by.at,
    )
    try:
        with transaction.atomic():
            run.save(force_insert=True)
    except IntegrityError as error:
        if "assessment_run_period_once" not in str(error):
            raise
        raise Conflict("Somebody else assesses this period; look again.", field="period", value=span.code) from error
    lines = write_revision(run, statement, "assess", by=by)
    first_entry(run, told_of(run, statement, lines, "assess"), by=by)
    return run
