"""Inspections on record: what a score is divided by, and months that the city checked without finding anything."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError
from django.db import DatabaseError, connection, transaction

from tests.assessment.platform import areas, duties, findings, told
from wangge.assessment.models import Inspection
from wangge.kernel.journal.verifying import verify

ROWS = (
    "id,source,area_code,at,checks\n"
    "1,subdistrict,C1,2019-01-08T10:00,6\n2,subdistrict,C2,2019-01-09T10:00,6\n"
    "1,city,S,2018-11-20T10:00,4\n2,city,G3,2018-12-20T10:00,4\n3,city,G3,2019-02-20T10:00,4\n"
)


@pytest.fixture
def platform(db: None, tmp_path: Path) -> Path:
    areas(tmp_path)
    duties(tmp_path, [("secretary", "甲书记", "C1")])
    findings(tmp_path, [(1, "G1", "2019-01-10T09:00", "0.30")])
    return tmp_path


def imported(folder: Path, text: str) -> dict[str, object]:
    file = folder / "inspections.csv"
    file.write_text(text, encoding="utf-8")
    return told("import_inspections", str(file))


def test_a_quarter_is_ranked_by_what_is_on_record(platform: Path) -> None:
    assert imported(platform, ROWS) == {"recorded": 5, "unchanged": 0}
    facts = told("assess", "2019Q1", "--dry-run")
    ranked = {one["area"]: (one["place"], one["checks"], one["score"], one["flag"]) for one in facts["ranking"]}
    assert ranked == {"C2": ("1", "10", "100.00", "steed"), "C1": ("2", "6", "99.50", ""), "C3": (None, "0", None, "")}
    assert facts["streak"] == "1", "January cost points; February was checked, March was not"
    assert told("assess", "2018Q4", "--dry-run")["streak"] == "2"


def test_a_second_import_changes_nothing_and_another_value_is_refused(platform: Path) -> None:
    imported(platform, ROWS)
    assert imported(platform, ROWS)["unchanged"] == 5
    for row in ("1,city,S,2018-11-20T10:00,5", "9,self,S,2018-11-20T10:00,5", "9,city,S,,5", "9,city,X,2018-11-20,5",
                "9,city,S,2018-11-20,0", "a b,city,S,2018-11-20,1"):
        with pytest.raises(CommandError):
            imported(platform, f"id,source,area_code,at,checks\n{row}\n")
    assert Inspection.objects.count() == 5


def test_what_is_on_record_stays_and_verifies(platform: Path) -> None:
    imported(platform, ROWS)
    assert verify().clean
    for change in ("UPDATE assessment_inspection SET checks = 9", "DELETE FROM assessment_inspection"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_an_inspection_that_is_brought_along_too_counts_once(platform: Path) -> None:
    imported(platform, ROWS)
    table = platform / "more.csv"
    table.write_text("source,area_code,at,checks\nsubdistrict,C1,2019-01-08T10:00,6\nsubdistrict,C3,2019-01-08,2\n",
                     encoding="utf-8")
    facts = told("assess", "2019Q1", "--dry-run", "--inspections", str(table))
    assert {one["area"]: one["checks"] for one in facts["ranking"]} == {"C1": "6", "C2": "10", "C3": "2"}
