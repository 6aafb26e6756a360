"""A period is assessed in a handful of statements, whatever was found in it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.assessment import quarter
from tests.assessment.quarter import PERIOD, by
from tests.town import ROOT
from wangge.assessment.running.services import assess_period, drop_run
from wangge.assessment.services import NewFinding, record_findings
from wangge.base.geometry import Point


@pytest.mark.django_db
def test_a_hundred_times_the_findings_need_no_statement_more() -> None:
    town = quarter.town()
    [first, *_] = quarter.lost(town)
    counts = []
    for more in (0, 400):
        record_findings([
            NewFinding("city", f"more/{number}", "T-G11", first.discovered_at + timedelta(minutes=number),
                       Decimal("0.01"), "E0417", point=Point(1_200_100_000, 310_100_000))
            for number in range(more)
        ], by=by(town, "assessor"))
        with CaptureQueriesContext(connection) as asked:
            made = assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
        counts.append(len(asked))
        assert len(made.statement.determinations) == 8 + more
        drop_run(run=made.run.id, expected_version=made.run.version, by=by(town, "assessor"))
    assert counts[1] <= counts[0] < 36
