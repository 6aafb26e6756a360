"""A statement does not become final while a contest of one of its findings waits."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.assessment import quarter
from tests.assessment.quarter import AFTER, LATER, PERIOD, by
from tests.town import ROOT, Town
from wangge.assessment.models import FindingRow, Run
from wangge.assessment.running import services
from wangge.base.errors import Conflict
from wangge.inspections.contesting import contest_finding, decide_contest
from wangge.inspections.models import Contest

MONDAY = datetime(2023, 12, 4, 2, tzinfo=UTC)
"""The working day after the findings were recorded."""


def finish(town: Town, run: Run) -> Run:
    run.refresh_from_db()
    return services.finish_run(run=run.id, expected_version=run.version, by=by(town, "leader", LATER))


@pytest.mark.django_db
def test_it_waits_for_each_contest_of_its_own_findings() -> None:
    town = quarter.town()
    quarter.lost(town)
    one = FindingRow.objects.get(source="subdistrict", ref="1")
    contest_finding(finding=one.id, reason="当时已清走", expected_version=one.version, by=by(town, "worker", MONDAY))
    run = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor")).run
    run = services.give_notice(run=run.id, expected_version=run.version, by=by(town, "leader", AFTER))
    with pytest.raises(Conflict, match="Contests of findings are open"):
        finish(town, run)
    row = Contest.objects.get()
    decide_contest(contest=row.id, points=None, reason="照片为证", expected_version=row.version,
                   by=by(town, "reviewer", LATER))
    assert finish(town, run).stage == "final"
