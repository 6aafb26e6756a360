"""Findings: recorded once, never rewritten, cut and merged with an entry each; what the platform adds to a run."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.assessment.platform import told
from tests.town import POINTS, ROOT, Town, build
from wangge.assessment.core.run import run
from wangge.assessment.gathering import gather
from wangge.assessment.models import FindingRow
from wangge.assessment.services import NewFinding, amend_finding, merge_findings, record_findings
from wangge.assessment.trying import read_appeals, read_checks, read_figures, read_statement, shipped, try_policy
from wangge.base.clock import now
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound, WanggeError
from wangge.base.geometry import Point
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify

WHEN = datetime(2024, 2, 1, 2, tzinfo=UTC)


@pytest.fixture
def town(db: None) -> Town:
    return build()


def new(ref: str, area: str = "T-G11", points: str = "0.50", source: str = "city", **more: Any) -> NewFinding:
    return NewFinding(source, ref, area, more.pop("at", WHEN), Decimal(points), "E0417", **more)


def record(*rows: NewFinding) -> list[FindingRow]:
    return record_findings(rows, by=mandates.console())


def test_a_finding_is_one_entry_and_its_note_can_be_erased(town: Town) -> None:
    [one] = record(new("1", note="张三家门口"))
    entry = Entry.objects.get(subject_id=one.id)
    assert (entry.verb, entry.data["points"], "note" in entry.data) == ("record", 500, False)
    assert Content.objects.get(subject_id=one.id).value == "张三家门口"
    assert verify().clean
    erase(subject_id=one.id, reason_code="request", by=mandates.console())
    assert Content.objects.get(subject_id=one.id).value is None
    assert verify().clean


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (new("1", source="village"), "source"), (new(""), "id"), (new("a b"), "id"), (new("1=2"), "id"),
        (new("1", points="-0.1"), "points"), (new("1", points="0.0001"), "points"),
        (new("1", area="T-G99"), "area_code"),
        (new("1", occurred_at=WHEN + timedelta(days=1)), "occurred_at"), (new("1", note="x" * 1001), "note"),
        (new("1", at=datetime(2019, 1, 1, tzinfo=UTC)), "area_code"),
    ],
)
def test_what_cannot_be_recorded_is_named(town: Town, row: NewFinding, field: str) -> None:
    with pytest.raises(WanggeError) as caught:
        record(row)
    assert caught.value.field == field
    assert not FindingRow.objects.exists()


def test_a_number_counts_once_a_source(town: Town) -> None:
    record(new("1"), new("1", source="district"))
    with pytest.raises(Conflict):
        record(new("1", points="0.60"))
    assert FindingRow.objects.count() == 2


def test_only_who_may_records_and_cuts(town: Town) -> None:
    [one] = record(new("1"))
    worker = mandates.for_person(town.people["worker"], channel="desk")
    with pytest.raises(Forbidden):
        record_findings([new("2")], by=worker)
    with pytest.raises(Forbidden):
        amend_finding(finding=one.id, points=Decimal(0), ground="appeal", expected_version=1, by=worker)
    with pytest.raises(Forbidden):
        try_policy(shipped(), "2024Q1", by=worker)


def test_points_are_cut_once_each_and_what_was_found_stays(town: Town) -> None:
    by = mandates.console()
    [one] = record(new("1"))
    cut = amend_finding(finding=one.id, points=Decimal("0.30"), ground="appeal", expected_version=1, by=by)
    assert (cut.points, cut.found_points, cut.version) == (300, 500, 2)
    for points, ground, version, error in (
        ("0.30", "appeal", 2, InvalidInput), ("0.40", "appeal", 2, InvalidInput), ("0.10", "mercy", 2, InvalidInput),
        ("0.10", "appeal", 1, Conflict),
    ):
        with pytest.raises(error):
            amend_finding(finding=one.id, points=Decimal(points), ground=ground, expected_version=version, by=by)
    with pytest.raises(NotFound):
        amend_finding(finding=town.areas["C1"], points=Decimal(0), ground="appeal", expected_version=1, by=by)
    assert verify().clean


def test_a_duplicate_is_merged_once_and_the_citys_stays_the_citys(town: Town) -> None:
    by = mandates.console()
    first, second, district, third = record(new("1"), new("2"), new("3", source="district"), new("4"))
    with pytest.raises(InvalidInput, match="city's deduction stands"):
        merge_findings(finding=second.id, into=district.id, expected_version=1, by=by)
    with pytest.raises(InvalidInput):
        merge_findings(finding=first.id, into=first.id, expected_version=1, by=by)
    merge_findings(finding=second.id, into=first.id, expected_version=1, by=by)
    merge_findings(finding=district.id, into=first.id, expected_version=1, by=by)
    with pytest.raises(InvalidInput, match="no duplicate itself"):
        merge_findings(finding=third.id, into=second.id, expected_version=1, by=by)
    with pytest.raises(InvalidInput):
        merge_findings(finding=first.id, into=third.id, expected_version=1, by=by)
    facts = try_policy(shipped(), "2024Q1", by=by)
    assert facts["total"] == "1.00"
    assert {one["finding"]: one["standing"] for one in facts["findings"]}["city/2"] == "merged"
    assert verify().clean


@pytest.mark.parametrize("change", [
    "UPDATE assessment_finding SET points = 600", "UPDATE assessment_finding SET found_points = 700",
    "UPDATE assessment_finding SET source = 'district'", "DELETE FROM assessment_finding",
    "UPDATE assessment_finding SET merged_into = id",
])
def test_the_database_refuses_to_rewrite_a_finding(town: Town, change: str) -> None:
    record(new("1"))
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


SHEET = """id,source,area_code,class_code,occurred_at,discovered_at,points,note
1,city,T-G11,E0417,2024-02-01T09:00,2024-02-01T10:00,0.50,占道
2,city,T-G12,E0417,,2024-02-01,0.3,
3,self,T-G12,,2024-02-01T08:00,,,自查
4,city,T-G99,E0417,,2024-02-01,0.3,
5,moon,T-G12,E0417,,2024-02-01,0.3,
6,city,T-G12,E0417,,yesterday,0.3,
7,city,T-G12,E0417,,2024-02-01,lots,
1,city,T-G11,E0417,2024-02-01T09:00,2024-02-01T10:00,0.70,
8,city,T-G12,E0417,,,0.1,
"""


def test_a_sheet_is_imported_once_and_each_refused_row_is_named(town: Town, tmp_path: Path) -> None:
    sheet, report = tmp_path / "city.csv", tmp_path / "errors.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    facts = told("import_findings", str(sheet), "--errors", str(report))
    assert (facts["recorded"], facts["unchanged"], facts["rejected"]) == (3, 0, 6)
    assert [(one["line"], one["field"]) for one in facts["faults"]] == [
        (5, "area_code"), (6, "source"), (7, "discovered_at"), (8, "points"), (9, "points"), (10, "discovered_at"),
    ]
    assert report.read_text(encoding="utf-8").count("\n") == 7
    again = told("import_findings", str(sheet))
    assert (again["recorded"], again["unchanged"], again["rejected"]) == (0, 3, 6)
    one = FindingRow.objects.get(ref="1")
    assert (one.occurred_at.hour, one.discovered_at.hour) == (1, 2)
    assert FindingRow.objects.get(ref="3").discovered_at == FindingRow.objects.get(ref="3").occurred_at


def test_what_people_found_themselves_never_counts(town: Town) -> None:
    record(*(new(str(number), source="self", points="9") for number in range(5)))
    facts = try_policy(shipped(), "2024Q1", by=mandates.console())
    assert (facts["total"], facts["daily"], facts["streak"]) == ("0.00", [], "0")
    assert {one["standing"] for one in facts["findings"]} == {"self"}


def test_what_was_reported_before_is_exempt_inside_and_the_citys_deduction_stands(town: Town) -> None:
    """A report 22 m away, a minute before the inspector; one 220 m away exempts nothing."""
    by = mandates.console()
    near, far = Point(POINTS["G11"].lon_e7, POINTS["G11"].lat_e7 + 2000), Point(
        POINTS["G11"].lon_e7, POINTS["G11"].lat_e7 + 20_000)
    receipt = report_case(report=NewReport(description="占道经营", point=near, case_class="E0417", source="hotline"),
                          by=mandates.for_person(town.people["operator"], channel="desk"))
    later = now() + timedelta(minutes=1)
    record(new("1", points="1.20", point=POINTS["G11"], at=later),
           new("2", points="0.80", point=far, at=later),
           new("3", points="0.10", at=later))
    period = f"{later.year}Q{(later.month - 1) // 3 + 1}"
    given, _ = gather(shipped(), period, by=by)
    assert [(one.finding, one.report, one.metres) for one in given.earlier] == [("city/1", receipt.number, 23)]
    statement = run(shipped(), given)
    assert {one.finding: one.exempt for one in statement.determinations} == {
        "city/1": True, "city/2": False, "city/3": False}
    assert statement.total == 2100
    assert (statement.ticks, statement.gaps[0].ticks) == (110_000, 50_000)
    owed = {one.holder: one.ticks for one in statement.charges}
    assert owed[str(town.people["grid_leader"])] == 50_000  # of 11 units the exempt 1.20 of 2.10 points make 6


def test_the_streak_counts_checked_months_without_a_deduction(town: Town) -> None:
    record(new("1", at=datetime(2023, 10, 9, tzinfo=UTC)), new("2", points="0", at=datetime(2023, 11, 9, tzinfo=UTC)),
           new("3", points="0", at=datetime(2024, 1, 9, tzinfo=UTC)), new("4", points="0", at=WHEN))
    assert try_policy(shipped(), "2024Q1", by=mandates.console())["streak"] == "3"
    record(new("5", points="0.01", at=datetime(2024, 1, 20, tzinfo=UTC)))
    assert try_policy(shipped(), "2024Q1", by=mandates.console())["streak"] == "1"


def test_gathering_takes_seven_statements_whatever_their_number(town: Town) -> None:
    record(*(new(str(number), points="0.01") for number in range(200)))
    gather(shipped(), "2024Q1", by=mandates.console())
    with CaptureQueriesContext(connection) as asked:
        gather(shipped(), "2024Q1", by=mandates.console())
    assert len(asked) <= 7


def test_a_run_is_asked_for_rightly(town: Town, tmp_path: Path) -> None:
    by = mandates.console()
    for period in ("2024", "2024Q5", "2024-02", "Q1"):
        with pytest.raises(InvalidInput):
            try_policy(shipped(), period, by=by)
    with pytest.raises(NotFound):
        try_policy(shipped(), "2024Q1", by=by, area="NONE")
    assert try_policy(shipped(), "2024Q1", by=by, area=ROOT)["total"] == "0.00"
    record(new("1"))
    assert try_policy(shipped(), "2024Q1", by=by, area="T-C2")["total"] == "0.00"
    for text in ("city/1", "city/1=x", "city/9=0", "city/1=0.9"):
        with pytest.raises(InvalidInput):
            try_policy(shipped(), "2024Q1", by=by, appeals=read_appeals([text]))
    file = tmp_path / "x"
    for content, read in (("a,b\n", read_checks), ("source,area_code,at,checks\ncity,NONE,2024-01-01,1\n", read_checks),
                          ("subject,figure,value\na,due,1\na,due,2\n", read_figures),
                          ("subject,figure,value\na,due,1.5\n", read_figures), ("", read_statement),
                          ("[1]", read_statement)):
        file.write_text(content, encoding="utf-8")
        with pytest.raises(WanggeError):
            read(file)
