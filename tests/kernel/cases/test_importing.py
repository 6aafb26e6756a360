"""Histories of other systems: every row is a case or stands in the error report; times are the source's."""

from __future__ import annotations

import csv
import lzma
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.town import ROOT, Town
from wangge.base.errors import InvalidInput, MalformedInput
from wangge.kernel.cases.classes.crosswalk import Link, load_crosswalk
from wangge.kernel.cases.importing import Mapping, import_histories, read_mapping, read_rows
from wangge.kernel.cases.importing.importer import Outcome
from wangge.kernel.cases.importing.reader import lookups_at
from wangge.kernel.cases.importing.report import write_faults
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.queries import timeline
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify

TOML = f"""
source = "old"
root = "{ROOT}"
timezone = "Asia/Shanghai"
time_format = "%Y-%m-%d %H:%M"
[columns]
id = "no"
created = "made"
closed = "done"
due = "until"
status = "state"
class = "kind"
organisation = "unit"
description = ["words"]
address = "where"
lon = "x"
lat = "y"
area_name = "grid"
[states]
open = "open"
done = "closed"
gone = "void"
"""
HEADER = ["no", "made", "done", "until", "state", "kind", "unit", "words", "where", "x", "y", "grid"]
GOOD = [
    "1",
    "2026-03-02 09:00",
    "2026-03-02 15:00",
    "2026-03-02 16:00",
    "done",
    "E0417",
    "市政养护",
    "占道",
    "东门",
    "120.01",
    "31.01",
    "西社区第一网格",
]


def row(**changes: str) -> list[str]:
    return [changes.get(name, value) for name, value in zip(HEADER, GOOD, strict=True)]


def load(town: Town, folder: Path, rows: list[list[str]]) -> Outcome:
    (folder / "map.toml").write_text(TOML, "utf-8")
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    mapping = read_mapping(folder / "map.toml")
    return import_histories(
        read_rows(folder / "rows.csv", mapping),
        mapping,
        by=mandates.imported("old", town.root),
        lookups=lookups_at(town.root),
    )


def test_a_history_is_replayed_with_its_own_times(town: Town, tmp_path: Path) -> None:
    outcome = load(town, tmp_path, [row()])
    assert (outcome.imported, outcome.on_time, outcome.agrees, outcome.compared) == (1, 1, 1, 1)
    case = Case.objects.get(external_id="1")
    assert (case.state, case.origin, case.path, case.organisation_id) == (
        "closed",
        "imported",
        town.paths["G11"],
        town.unit,
    )
    assert case.due_at == datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    moments = timeline(case.id)
    assert [(one.verb, one.at) for one in moments] == [
        ("report", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)),
        ("dispatch", datetime(2026, 3, 2, 1, 0, tzinfo=UTC)),
        ("close", datetime(2026, 3, 2, 7, 0, tzinfo=UTC)),
    ]
    assert moments[1].data["inferred"] == "created"
    assert verify().clean


def test_a_second_load_changes_nothing(town: Town, tmp_path: Path) -> None:
    load(town, tmp_path, [row(), row(no="2", state="open", done="")])
    before = Entry.objects.count()
    again = load(town, tmp_path, [row(), row(no="2", state="open", done="")])
    assert (again.imported, again.unchanged, again.changed) == (0, 2, 0)
    assert Entry.objects.count() == before


def test_a_changed_row_amends_its_case_by_an_entry(town: Town, tmp_path: Path) -> None:
    load(town, tmp_path, [row(state="open", done="")])
    outcome = load(town, tmp_path, [row()])
    assert (outcome.changed, outcome.unchanged) == (1, 0)
    case = Case.objects.get(external_id="1")
    assert (case.state, case.version) == ("closed", 3)
    assert timeline(case.id)[-1].verb == "amend"
    assert load(town, tmp_path, [row()]).unchanged == 1
    assert verify().clean


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"no": ""}, "no"),
        ({"made": ""}, "made"),
        ({"made": "yesterday"}, "made"),
        ({"state": "odd"}, "state"),
        ({"done": ""}, "done"),
        ({"kind": "E9999"}, "kind"),
        ({"unit": "谁"}, "unit"),
        ({"x": "31.01", "y": "120.01"}, "x/y.lat"),
        ({"x": "nan"}, "x/y.lon"),
        ({"y": ""}, "x/y.lat"),
        ({"words": "a\x00b"}, "description"),
        ({"where": "长" * 301}, "address"),
    ],
)
def test_a_row_that_cannot_be_a_case_is_named_with_its_reason(
    town: Town, tmp_path: Path, changes: dict[str, str], field: str
) -> None:
    outcome = load(town, tmp_path, [row(no="9"), row(**changes)])
    assert (outcome.imported, outcome.rejected) == (1, 1)
    [fault] = [fault for fault in outcome.faults if fault.rejected]
    assert (fault.line, fault.field) == (3, field)
    assert fault.reason


def test_an_id_that_stands_twice_is_rejected_once(town: Town, tmp_path: Path) -> None:
    outcome = load(town, tmp_path, [row(), row()])
    assert (outcome.imported, outcome.rejected) == (1, 1)


def test_points_outside_and_without_are_cases_and_are_counted(town: Town, tmp_path: Path) -> None:
    outcome = load(town, tmp_path, [row(x="1", y="2"), row(no="2", x="", y="")])
    assert (outcome.imported, outcome.outside, outcome.without_point) == (2, 1, 1)
    assert [fault.field for fault in outcome.faults] == ["location"]
    assert set(Case.objects.values_list("path", flat=True)) == {town.root}


def test_the_error_report_is_a_table_without_formulas(town: Town, tmp_path: Path) -> None:
    outcome = load(town, tmp_path, [row(no="=1+1", made="x")])
    write_faults(tmp_path / "deep" / "errors.csv", outcome.faults)
    lines = list(csv.reader((tmp_path / "deep" / "errors.csv").read_text("utf-8").splitlines()))
    assert lines[1][:3] == ["2", "'=1+1", "rejected"]


def test_a_mapping_that_names_nothing_real_is_refused(town: Town, tmp_path: Path) -> None:
    (tmp_path / "bad.toml").write_text(TOML.replace('done = "closed"', 'done = "finished"'), "utf-8")
    with pytest.raises(InvalidInput, match="maps to no state"):
        read_mapping(tmp_path / "bad.toml")
    (tmp_path / "bad.toml").write_text("= no toml", "utf-8")
    with pytest.raises(MalformedInput):
        read_mapping(tmp_path / "bad.toml")
    for bomb in ("x = " + "[" * 20_000, "a." * 100_000 + "b = 1"):
        (tmp_path / "bad.toml").write_text(bomb, "utf-8")
        with pytest.raises((InvalidInput, MalformedInput)):
            read_mapping(tmp_path / "bad.toml")
    (tmp_path / "bad.toml").write_text(TOML + "\nextra = 1\n", "utf-8")
    with pytest.raises(InvalidInput):
        read_mapping(tmp_path / "bad.toml")


def test_a_table_without_a_named_column_is_refused(town: Town, tmp_path: Path) -> None:
    (tmp_path / "map.toml").write_text(TOML, "utf-8")
    mapping: Mapping = read_mapping(tmp_path / "map.toml")
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(InvalidInput, match="has no column"):
        list(read_rows(tmp_path / "rows.csv", mapping))
    (tmp_path / "rows.csv.xz").write_bytes(lzma.compress(b"\xff\xfe,\xff"))
    with pytest.raises((InvalidInput, MalformedInput)):
        list(read_rows(tmp_path / "rows.csv.xz", mapping))


def test_codes_of_another_numbering_are_carried_over_and_never_by_bare_numbers(town: Town, tmp_path: Path) -> None:
    load_crosswalk(links=[Link("old-list", "E0501", "test", "E0417")], by=mandates.console())
    mapped = TOML.replace('time_format', 'class_scheme = "old-list"\ntime_format')
    (tmp_path / "map.toml").write_text(mapped, "utf-8")
    rows = [row(), row(no="2", kind="E0501"), row(no="3", kind="占道经营"), row(no="4", kind="E0417")]
    rows[0] = row(no="1", kind="")
    with (tmp_path / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([HEADER, *rows])
    mapping = read_mapping(tmp_path / "map.toml")
    outcome = import_histories(
        read_rows(tmp_path / "rows.csv", mapping), mapping, by=mandates.imported("old", town.root),
        lookups=lookups_at(town.root),
    )  # fmt: skip
    assert (outcome.imported, outcome.rejected) == (3, 1)
    [fault] = outcome.faults
    assert (fault.line, fault.field, fault.value) == (5, "kind", "E0417")
    assert "old-list" in fault.reason
    found = {case.external_id: case.case_class and case.case_class.code for case in Case.objects.all()}
    assert found == {"1": None, "2": "E0417", "3": "E0417"}
