"""`wangge trace --area --day`: the answer in lines, and as facts."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.town import POINTS, Town, build
from wangge.base.clock import now
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.queries import atlas


@pytest.fixture
def town(db: None) -> Town:
    return build()


def today(town: Town) -> date:
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo(atlas().timezone(town.root))).date()


def test_a_place_is_traced_back_in_lines_and_as_facts(town: Town) -> None:
    number = report_case(report=NewReport(description="占道", point=POINTS["G11"]), by=town.public()).number
    out = StringIO()
    call_command("trace", "--area", "T-G11", "--day", today(town).isoformat(), stdout=out)
    said = out.getvalue()
    names = ("Full-time grid worker 样例worker", "Subdistrict leader 样例leader", "Environment cleaner: vacant")
    for line in (number, *names, f"had {number} reported", "report reached them (handed)"):
        assert line in said, line
    out = StringIO()
    call_command("trace", "--area", "T-G11", "--day", today(town).isoformat(), "--class", "P", "--json", stdout=out)
    assert json.loads(out.getvalue())["cases"] == []
    assert Entry.objects.filter(subject_type="tracing").count() == 2


def test_what_is_missing_is_said(town: Town) -> None:
    for given in ([], ["--area", "T-G11"], ["--area", "nowhere", "--day", "2026-06-10"]):
        with pytest.raises(CommandError, match=r"area|day"):
            call_command("trace", *given)
