"""Cutting, voiding and merging at the desk: as whoever found it corrected it, by somebody who has no part in it.

The rules of what may be cut or merged are the assessment's (`amend_finding`, `merge_findings`); here stands who may.
"""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from django.db import transaction

from wangge.assessment.models import FindingRow
from wangge.assessment.services import AMEND, amend_finding, merge_findings
from wangge.base.mandate import Mandate
from wangge.inspections.contesting import locked_finding, words_of
from wangge.inspections.queries import answering_of
from wangge.inspections.rules import check_decider, check_person
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.duties.partaking import partaking


@transaction.atomic
def amend(*, finding: UUID, points: Decimal, reason: str, expected_version: int | None, by: Mandate) -> FindingRow:
    """Cut what a finding costs, with the words why; 0 voids it. Raises `NotFound`, `Forbidden`, `InvalidInput`, and
    `Conflict` for who answers for the place or is bound to who works there, or where it moved on."""
    one = locked_finding(finding, expected_version, by)
    _apart(one, by)
    return amend_finding(finding=one.id, points=points, ground="source", expected_version=one.version, by=by,
                         content=words_of("reason", reason))


@transaction.atomic
def merge(*, finding: UUID, into: UUID, expected_version: int | None, by: Mandate) -> FindingRow:
    """Say that a finding repeats another one, by somebody who has no part in either. Raises the same."""
    rows = FindingRow.objects.select_for_update(of=("self",)).filter(id__in=[finding, into]).order_by("id")
    both = {row.id: row for row in rows}  # locked in one order: two merges never wait for each other
    one = locked_finding(finding, expected_version, by)
    for each in both.values():
        _apart(each, by)
    return merge_findings(finding=one.id, into=into, expected_version=one.version, by=by)


def _apart(one: FindingRow, by: Mandate) -> None:
    by.require(AMEND, one.area_path)
    actor, moment = check_person(by), moment_of(by)
    check_decider(answering_of(one), partaking(actor, moment), one.area_path, (one.discovered_at, moment), {})
