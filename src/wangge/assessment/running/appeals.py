"""Appeals: filed by whom a line names, looked at by two people who are not, each for themselves.

What both reviewers grant is granted, to everybody whom the finding charged, without their asking. No appeal raises
anybody: the finding is cut, and the statement is reckoned anew as found and as it stands. A charge under appeal holds
the deposit and does not take it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.assessment.core import stages
from wangge.assessment.core.amounts import milli, points_text
from wangge.assessment.core.correcting import appealed
from wangge.assessment.core.run import run as reckon
from wangge.assessment.models import Appeal, FindingRow, Run, StatementLine
from wangge.assessment.running.holding import free, keep
from wangge.assessment.running.services import latest, locked, revise
from wangge.assessment.services import cut
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import Act, append

SUBJECT = "appeal"
REVIEW = "review_charge"
LONGEST_WORDS = 1000
VOID = -1
"""What a reviewer leaves who would void the finding: less than nothing, as a finding may count without points."""


@transaction.atomic
def file_appeal(*, run: UUID, line: str, finding: str, words: str, by: Mandate, photo: UUID | None = None) -> Appeal:
    """Say that a finding (`source/id`) of one's own line (by its key) is wrong.

    Everybody may who is named by the line, until the time for appeals is over. Raises `NotFound` for a line that is
    not one's own, `InvalidInput` without words or for a finding on which it does not rest, `Conflict` out of time and
    where an appeal against the finding is open already: its outcome counts for all.
    """
    one = locked(run, None, by=by)
    row, appellant = own_line(one, line, by)
    text = words.strip()
    if not text or len(text) > LONGEST_WORDS:
        raise InvalidInput("Say in a few words what is wrong.", field="words", value=f"{len(text)} characters",
                           expected=f"1 to {LONGEST_WORDS} characters")
    if finding not in row.findings:
        raise InvalidInput("The line does not rest on this finding.", field="finding", value=finding,
                           expected="one of " + ", ".join(row.findings))
    if one.stage != "notified" or one.appeal_until is None or by.at >= one.appeal_until:
        raise Conflict("The time for appeals is over, or notice was not given yet.", field="stage", value=one.stage,
                       expected="before " + (one.appeal_until.isoformat() if one.appeal_until else "the notice"))
    source, _, ref = finding.partition("/")
    found = FindingRow.objects.get(source=source, ref=ref)
    made = Appeal(
        id=new_id(), version=1, run=one, finding=found, area=found.area, area_path=found.area_path, line_key=row.key,
        holder=row.holder, appellant=appellant, state="open", filed_at=by.at, photo=photo,
        due_at=calendar_for(one.area_path).due(by.at, stages.APPEAL),
    )
    data = {
        "run": str(one.id), "finding": str(found.id), "path": made.area_path, "line": row.key,
        "holder": str(row.holder), "appellant": str(by.actor), "filed_at": to_us(by.at), "due_at": to_us(made.due_at),
        "photo": photo and str(photo),
    }
    append([Act(made.id, SUBJECT, "file", made.area_id, data, {"words": text})], by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "assessment_appeal_open_once" not in str(error):
            raise
        raise Conflict("An appeal against this finding is open; its outcome counts for everybody.", field="finding",
                       value=finding) from error
    keep(one, made, row.fen, by=by)
    return made


@transaction.atomic
def withdraw_appeal(*, appeal: UUID, expected_version: int, by: Mandate) -> Appeal:
    """Take back one's own appeal while nobody has decided about it."""
    one = _locked(appeal, expected_version)
    if by.actor is None or one.appellant != by.actor:
        raise NotFound("There is no such appeal of yours.", field="appeal", value=appeal)
    _open(one)
    one.state = "withdrawn"
    free(one, by=by)
    return _advance(one, "withdraw", {}, {}, by=by)


@transaction.atomic
def review_appeal(
    *, appeal: UUID, points: Decimal | None, words: str, expected_version: int, by: Mandate
) -> Appeal:
    """One reviewer's view: how many points the finding should have. None: as it is, which refuses; 0 voids it.

    The second view decides: what both grant is granted, and the statement is reckoned anew. Raises `Forbidden` for who
    may not review here, `Conflict` for who appealed, found it, answers for it, or has reviewed it already.
    """
    one = _locked(appeal, expected_version)
    run = locked(one.run_id, None, by=by)
    _check_reviewer(one, run, by)
    _open(one)
    if not words.strip() or len(words) > LONGEST_WORDS:
        raise InvalidInput("Say why, in a few words.", field="words", value=f"{len(words)} characters",
                           expected=f"1 to {LONGEST_WORDS} characters")
    left = one.finding.points if points is None else milli(points, "points") or VOID
    if left > one.finding.points:
        raise InvalidInput("An appeal never raises points.", field="points", value=points,
                           expected=f"at most {points_text(one.finding.points)}")
    said = {"words": words.strip()}
    if one.first_reviewer is None:
        one.first_reviewer, one.first_points = by.actor, left
        return _advance(one, "review", {"points": left, "reviewer": str(by.actor)}, said, by=by)
    one.second_reviewer, one.second_points = by.actor, left
    one.outcome = left if one.first_points is None else max(left, one.first_points)
    granted = one.outcome < one.finding.points
    one.state, one.decided_at = "granted" if granted else "refused", by.at
    _advance(one, "decide", {
        "points": left, "reviewer": str(by.actor), "outcome": one.outcome, "state": one.state,
        "decided_at": to_us(by.at),
    }, said, by=by)
    if granted:
        _grant(one, run, by=by)
    return one


def own_line(run: Run, key: str, by: Mandate) -> tuple[StatementLine, UUID]:
    """A line of the newest revision that names the actor, or the organisation for which they act; and the actor."""
    holders = [one for one in (by.actor, by.organisation) if one is not None]
    found = StatementLine.objects.filter(run=run, revision=run.revision, key=key, holder__in=holders).first()
    if found is None or by.actor is None:
        raise NotFound("There is no such line of yours.", field="line", value=key)
    return found, by.actor


def answering(run: Run, finding: str) -> set[UUID]:
    """Everybody whom a line resting on this finding names, in any revision of the run."""
    return set(StatementLine.objects.filter(run=run, findings__contains=[finding]).values_list("holder", flat=True))


def _grant(one: Appeal, run: Run, *, by: Mandate) -> None:
    finding, left = one.finding, max(0, one.outcome or 0)
    cut(finding, left, "appeal", by=by)
    policy, inputs = latest(run)
    granted = appealed(inputs, {f"{finding.source}/{finding.ref}": left})
    revise(run, reckon(policy, granted), "appeal", by=by)
    free(one, by=by)


def _check_reviewer(one: Appeal, run: Run, by: Mandate) -> None:
    """Two people decide, neither of whom has a part in it. A reviewer of another community may look: it is crossed."""
    if REVIEW not in by.may or by.actor is None:
        raise Forbidden(f"The post “{by.post}” may not {REVIEW}.", field="action", value=REVIEW,
                        expected="a post that reviews appeals")
    finding = f"{one.finding.source}/{one.finding.ref}"
    finder = Entry.objects.filter(subject_id=one.finding_id, seq=1).values_list("actor", flat=True).first()
    involved: dict[str, set[UUID | None]] = {
        "Who appeals does not decide.": {one.appellant, one.holder},
        "Who found it does not decide.": {finder},
        "Nobody decides on what they answer for themselves.": {*answering(run, finding)},
        "The second review is another person's.": {one.first_reviewer},
    }
    for said, people in involved.items():
        if by.actor in people:
            raise Conflict(said, field="reviewer", value=by.actor, expected="somebody who has no part in it")


def _locked(appeal: UUID, expected_version: int) -> Appeal:
    one = Appeal.objects.select_for_update(of=("self",)).select_related("finding").filter(id=appeal).first()
    if one is None:
        raise NotFound("There is no such appeal.", field="appeal", value=appeal)
    if one.version != expected_version:
        raise Moved("The appeal has moved on.", field="expected_version", value=expected_version,
                    expected=str(one.version), extra={"present": {"version": one.version, "state": one.state}})
    return one


def _open(one: Appeal) -> None:
    if one.state != "open":
        raise Conflict("This appeal is decided.", field="state", value=one.state, expected="open")


def _advance(one: Appeal, verb: str, data: dict[str, Any], content: dict[str, str], *, by: Mandate) -> Appeal:
    [written] = append([Act(one.id, SUBJECT, verb, one.area_id, data, content, one.version)], by=by)
    one.version = written.seq
    one.save(force_update=True, update_fields=[
        "version", "state", "first_reviewer", "first_points", "second_reviewer", "second_points", "outcome",
        "decided_at",
    ])
    return one
