"""Contesting a finding (申诉核查结果): within three working days of its being told, decided by another.

The term is that of `assessment.core.stages`. What is granted cuts the finding for everybody.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.assessment.core.amounts import milli, points_text
from wangge.assessment.core.stages import contest_until
from wangge.assessment.models import FindingRow
from wangge.assessment.services import cut
from wangge.base.errors import Conflict, InvalidInput, Moved
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.inspections.models import Contest
from wangge.inspections.queries import answering_of, recorded, require_seen
from wangge.inspections.recording import locked, missing
from wangge.inspections.rules import check_contest, check_counts, check_decider, check_person
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.partaking import partaking
from wangge.patrols.recording import advance, begin

SUBJECT = "contest"
CONTEST, DECIDE = "contest_finding", "decide_contest"


@transaction.atomic
def contest_finding(*, finding: UUID, reason: str, expected_version: int | None, by: Mandate) -> Contest:
    """Say why a finding is wrong. Needs no verb: it is the right of who answered for the place on that day.

    Raises `NotFound`, `Forbidden`, `InvalidInput`, `Conflict` out of time and where a contest is open or one's own was
    decided: its outcome counts for everybody.
    """
    one = locked_finding(finding, expected_version, by)
    check_counts(one)
    moment = moment_of(by)
    until = contest_until(recorded(one.id).recorded_at, calendar_for(one.area_path))
    actor = check_contest(answering_of(one), until, moment, by)
    row = Contest(
        id=new_id(), version=1, finding=one, area_id=one.area_id, path=one.area_path, contester_id=actor,
        filed_at=moment, until=until, state="open",
    )
    try:
        with transaction.atomic():
            return begin(row, SUBJECT, CONTEST, area=one.area_id, by=by, content=words_of("reason", reason))
    except IntegrityError as error:
        if not any(name in str(error) for name in ("inspections_contest_one_open", "inspections_contest_once")):
            raise
        raise Conflict("This finding is contested already; the outcome counts for everybody.", field="finding",
                       value=f"{one.source}/{one.ref}") from error


@transaction.atomic
def decide_contest(
    *, contest: UUID, points: Decimal | None, reason: str, expected_version: int | None, by: Mandate
) -> Contest:
    """Let the finding stand (`points` None), or leave it so many points; 0 voids it.

    By who neither recorded nor contested it, nor answers for the place. Raises `NotFound`, `Forbidden`,
    `InvalidInput`, `Conflict`.
    """
    row = locked(Contest, SUBJECT, contest, expected_version, DECIDE)
    require_seen(row.finding, by)
    by.require(DECIDE, row.path)
    one = FindingRow.objects.select_for_update(of=("self",)).get(id=row.finding_id)
    actor, moment = check_person(by), moment_of(by)
    check_decider(
        answering_of(one), partaking(actor, moment), one.area_path, (one.discovered_at, moment),
        {"Who contests it does not decide.": row.contester_id,
         "Who found it does not decide.": recorded(one.id).actor},
    )
    content = words_of("reason", reason)
    updates: dict[str, Any] = {"state": "refused", "decider": actor, "decided_at": moment}
    if points is not None:
        left = milli(points, "points")
        check_counts(one)
        if left >= one.points and left:
            raise InvalidInput("Points are only cut.", field="points", value=points,
                               expected=f"less than {points_text(one.points)}; 0 voids it, once")
        updates |= {"state": "granted", "points": left}
        cut(one, left, "contest", by=by)
    return advance(row, SUBJECT, DECIDE, updates, area=row.area_id, by=by, content=content)


def locked_finding(finding: UUID, expected_version: int | None, by: Mandate) -> FindingRow:
    """The finding, locked at the version that was seen. Raises `NotFound` where the reader sees none, `Conflict`."""
    one = FindingRow.objects.select_for_update(of=("self",)).filter(id=finding).first()
    if one is None:
        raise missing("finding", finding)
    require_seen(one, by)
    if expected_version is None:
        raise InvalidInput("Say which version you saw.", field="expected_version", expected="its version")
    if one.version != expected_version:
        raise Moved("The finding has moved on.", field="expected_version", value=expected_version,
                    expected=str(one.version), extra={"present": {"version": one.version}})
    return one


def words_of(field: str, text: str, *, must: bool = True) -> dict[str, str]:
    """The words of an act as erasable content. Raises `InvalidInput` where they are missing or too long."""
    words = check_text(field, text)
    if must and not words:
        raise InvalidInput("Write a few words.", field=field, expected="some words")
    return {field: words} if words else {}
