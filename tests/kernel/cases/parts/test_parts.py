"""Public parts: the register, its import, and reports that find their part and its keeper."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from tests.town import POINTS, Town
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.geometry import Point
from wangge.kernel.cases import queries
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case, Part
from wangge.kernel.cases.parts.importing import import_parts
from wangge.kernel.cases.parts.queries import parts_list, parts_near
from wangge.kernel.cases.parts.rules import NewPart
from wangge.kernel.cases.parts.services import put_parts
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_organisation
from wangge.kernel.places.services import end_area

CODE = "3204990101000001"


def off(point: Point, metres: float) -> Point:
    """A point so far north of another."""
    return Point(point.lon_e7, point.lat_e7 + round(metres * 10_000_000 / 111_195))


def part(town: Town, **fields: Any) -> NewPart:
    """A manhole cover in the first grid, kept by the unit, changed as the test says."""
    return NewPart(**{"code": CODE, "point": POINTS["G11"], "keeper": town.unit} | fields)


def test_a_part_is_registered_with_its_class_place_and_keeper(town: Town) -> None:
    assert put_parts(parts=[part(town, note="东侧")], by=mandates.console()).results == ("created",)
    held = Part.objects.get()
    assert (held.class_code, held.path, held.name) == ("P0101", town.paths["G11"], "上水井盖")
    entry = Entry.objects.get(subject_id=held.id)
    assert (entry.verb, entry.data["set"]["code"]) == ("create", CODE)
    assert "note" in entry.data["content"]
    assert "东侧" not in str(entry.data)


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"code": "320499010100001"}, "code", "15 characters"),
        ({"code": "3204990199000001"}, "code", "no class “P0199”"),
        ({"code": "3204120101000001"}, "code", "its code says 320412"),
        ({"point": POINTS["outside"]}, "location", "outside every area"),
        ({"state": "gone"}, "state", "no such state"),
        ({"name": "x" * 101}, "name", "cannot be kept"),
        ({"note": "two\nlines"}, "note", "cannot be kept"),
    ],
)
def test_what_a_part_may_not_be_is_named(town: Town, fields: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        put_parts(parts=[part(town, **fields)], by=mandates.console())
    assert refused.value.field == field
    assert words in refused.value.detail
    assert refused.value.expected
    assert not Part.objects.exists()


def test_a_keeper_of_another_subdistrict_is_refused(town: Town) -> None:
    from wangge.kernel.places.services import create_area

    far = create_area(code="FAR", name="别处", kind="subdistrict", valid_from=now(), by=mandates.console())
    unit = create_organisation(code="ELSE", name="别处单位", kind="department", area=far.id, by=mandates.console())
    with pytest.raises(InvalidInput, match="No such organisation serves"):
        put_parts(parts=[part(town, keeper=unit.id)], by=mandates.console())


def test_parts_need_the_verb_on_their_ground(town: Town) -> None:
    put_parts(parts=[part(town)], by=town.by("admin"))
    with pytest.raises(Forbidden):
        put_parts(parts=[part(town, code="3204990101000002")], by=town.by("operator"))
    with pytest.raises(InvalidInput, match="twice"):
        put_parts(parts=[part(town), part(town)], by=town.by("admin"))


def test_the_database_keeps_a_part_for_ever(town: Town) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    for sql in (
        "DELETE FROM cases_part",
        "UPDATE cases_part SET code = '3204990101000009'",
        "UPDATE cases_part SET class_code = 'P0102'",
        "UPDATE cases_part SET state = 'gone'",
    ):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert Part.objects.get().code == CODE


def test_a_report_near_a_part_of_its_class_links_to_it_and_goes_to_its_keeper(town: Town) -> None:
    keeper = create_organisation(code="WATER", name="自来水", kind="enterprise", by=mandates.console())
    put_parts(parts=[part(town, keeper=keeper.id)], by=mandates.console())
    known = Part.objects.get()
    receipt = report_case(report=NewReport(description="井盖翘起", point=off(POINTS["G11"], 14), case_class="P0101"),
                          by=town.public())
    case = Case.objects.get(id=receipt.case_id)
    assert case.part_id == known.id
    entry = Entry.objects.get(subject_id=case.id, seq=1)
    assert entry.data["part"] == {"code": CODE, "metres": 14}
    by = town.by("operator")
    act(case_id=case.id, command=Command(act="accept"), expected_version=1, by=by)
    act(case_id=case.id, command=Command(act="confirm"), expected_version=2, by=by)
    registered = act(case_id=case.id, command=Command(act="register"), expected_version=3, by=by)
    detail = queries.case_detail(case.id, by, now=now())
    assert detail.part is not None
    assert detail.part.code == CODE
    assert detail.part.keeper is not None
    assert detail.part.keeper.name == "自来水"
    assert detail.suggestion is not None
    assert (detail.suggestion.reason, detail.suggestion.target.organisation) == ("keeper", keeper.id)  # type: ignore[union-attr]
    sent = act(case_id=case.id, command=Command(act="dispatch"), expected_version=registered.version, by=by)
    assert sent.organisation == keeper.id


@pytest.mark.parametrize(
    ("case_class", "metres"), [("P0101", 16), ("E0417", 1)], ids=["too far away", "of another class"]
)
def test_a_report_about_something_else_finds_no_part(town: Town, case_class: str, metres: int) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    found = report_case(
        report=NewReport(description="不是它", point=off(POINTS["G11"], metres), case_class=case_class),
        by=town.public(),
    )
    assert Case.objects.get(id=found.case_id).part_id is None


def test_the_distance_is_configured(town: Town, settings: Any) -> None:
    settings.PART_METRES = 30
    put_parts(parts=[part(town)], by=mandates.console())
    found = report_case(
        report=NewReport(description="井盖", point=off(POINTS["G11"], 29), case_class="P0101"), by=town.public()
    )
    assert Case.objects.get(id=found.case_id).part_id is not None


def test_of_two_parts_the_nearer_is_meant_and_one_that_is_gone_is_not(town: Town) -> None:
    near = part(town, code="3204990101000002", point=off(POINTS["G11"], 4))
    put_parts(parts=[part(town, point=off(POINTS["G11"], 9)), near], by=mandates.console())
    asked = NewReport(description="井盖", point=POINTS["G11"], case_class="P0101")
    first = Case.objects.get(id=report_case(report=asked, by=town.public()).case_id)
    assert Part.objects.get(id=first.part_id).code == near.code
    put_parts(parts=[near._replace(state="removed")], by=mandates.console())
    second = Case.objects.get(id=report_case(report=asked, by=town.public()).case_id)
    assert Part.objects.get(id=second.part_id).code == CODE


def test_a_class_that_is_named_later_finds_the_part_then(town: Town) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    case = report_case(report=NewReport(description="井盖翘起", point=POINTS["G11"]), by=town.public())
    by = town.by("operator")
    assert Case.objects.get(id=case.case_id).part_id is None
    act(case_id=case.case_id, command=Command(act="accept"), expected_version=1, by=by)
    act(case_id=case.case_id, command=Command(act="confirm"), expected_version=2, by=by)
    named = Command(act="register", case_class="P0101", condition=1)
    act(case_id=case.case_id, command=named, expected_version=3, by=by)
    assert Case.objects.get(id=case.case_id).part_id == Part.objects.get().id
    assert Entry.objects.get(subject_id=case.case_id, seq=4).data["part"]["code"] == CODE


def test_without_parts_there_is_no_index(town: Town) -> None:
    from wangge.kernel.cases.reference import reference

    assert reference().parts is None
    put_parts(parts=[part(town)], by=mandates.console())
    first = reference().parts
    assert first is not None
    with connection.cursor() as cursor:  # something else moves: the index stays
        cursor.execute("UPDATE cases_class SET name_en = name_en")
    assert reference().parts is first


def table(file: Path, *rows: tuple[str, ...], header: str = "code,name,lon,lat,keeper,state,initial_date,note") -> Path:
    """A CSV file with these rows."""
    with file.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header.split(","))
        writer.writerows(rows)
    return file


ROW = (CODE, "井盖甲", "120.010", "31.010", "T-UNIT", "完好", "2021/03/05", "路口")


def test_an_import_twice_changes_nothing_and_a_change_is_an_entry(town: Town, tmp_path: Path) -> None:
    other = ("3204990101000002", "", "120.030", "31.010", "市政养护", "", "", "")
    file = table(tmp_path / "parts.csv", ROW, other)
    first = import_parts(file, by=mandates.console())
    assert (first.created, first.changed, first.unchanged, first.faults) == (2, 0, 0, [])
    entries = Entry.objects.count()
    again = import_parts(file, by=mandates.console())
    assert (again.created, again.changed, again.unchanged) == (0, 0, 2)
    assert Entry.objects.count() == entries
    table(file, (*ROW[:5], "破损", *ROW[6:]))
    third = import_parts(file, by=mandates.console())
    assert (third.created, third.changed, third.unchanged, third.absent) == (0, 1, 0, 1)
    changed = Part.objects.get(code=CODE)
    assert (changed.state, changed.version) == ("damaged", 2)
    assert Entry.objects.get(subject_id=changed.id, seq=2).data["set"] == {"state": "damaged"}
    assert Part.objects.filter(code=other[0], state="intact").exists()


def test_a_row_that_is_refused_leaves_the_others(town: Town, tmp_path: Path) -> None:
    bad = [
        (CODE, "", "120.010", "31.010", "", "", "", ""),  # twice
        ("123", "", "120.010", "31.010", "", "", "", ""),
        ("3204990101000003", "", "north", "31.010", "", "", "", ""),
        ("3204990101000004", "", "120.010", "31.010", "NOBODY", "", "", ""),
        ("3204990101000005", "", "120.010", "31.010", "", "", "yesterday", ""),
        ("3204990101000006", "", "100.0", "31.010", "", "", "", ""),
    ]
    found = import_parts(table(tmp_path / "p.csv", ROW, *bad), by=mandates.console())
    assert (found.created, len(found.faults)) == (1, 6)
    assert [fault.line for fault in found.faults] == [3, 5, 6, 7, 4, 8]
    assert {fault.field for fault in found.faults} == {"code", "location.lon", "keeper", "initial_date", "location"}
    assert all(fault.expected for fault in found.faults)


def test_the_national_names_of_columns_are_read_and_missing_ones_named(town: Town, tmp_path: Path) -> None:
    file = table(tmp_path / "n.csv", (CODE, "120.010", "31.010", "T-UNIT"), header="ObjID,经度,纬度,DeptCode3")
    assert import_parts(file, by=mandates.console()).created == 1
    assert Part.objects.get().keeper_id == town.unit
    with pytest.raises(InvalidInput, match="no column “lon”"):
        import_parts(table(tmp_path / "m.csv", header="code,lat"), by=mandates.console())


def test_positions_are_converted_and_keep_their_system(town: Town, tmp_path: Path) -> None:
    import_parts(table(tmp_path / "p.csv", ROW), by=mandates.console(), crs="gcj02")
    held = Part.objects.get()
    assert held.crs == "gcj02"
    assert abs(held.lon_e7 - 1_200_100_000) > 10_000


def test_parts_are_found_near_a_point_in_a_box_and_on_an_area(town: Town) -> None:
    rows = [part(town, code=f"320499010100000{n}", point=off(POINTS["G11"], n * 10)) for n in range(1, 6)]
    put_parts(parts=[*rows, part(town, code="3204990101000009", point=POINTS["G22"])], by=mandates.console())
    near = parts_near(POINTS["G11"], 25)
    assert [(one.code[-1], one.metres) for one in near] == [("1", 10), ("2", 20)]
    assert [one.code[-1] for one in parts_list(path=town.paths["C2"])] == ["9"]
    box = (1_200_000_000, 310_000_000, 1_200_200_000, 310_102_000)
    assert [one.code[-1] for one in parts_list(bbox=box)] == ["1", "2"]
    assert [one.code[-1] for one in parts_list(after_code="3204990101000002", limit=2)] == ["3", "4"]
    assert parts_list(class_prefix="P02") == []


def test_parts_move_along_when_their_area_ends(town: Town) -> None:
    put_parts(parts=[part(town)], by=mandates.console())
    end_area(area="T-G11", at=now(), by=mandates.console())
    held = Part.objects.get()
    assert (held.path, held.area_id, held.version) == (town.paths["C1"], town.areas["C1"], 2)


def test_verifying_compares_parts_with_their_entries(committed_town: Town) -> None:
    put_parts(parts=[part(committed_town)], by=mandates.console())
    put_parts(parts=[part(committed_town, state="damaged", name="井盖乙")], by=mandates.console())
    assert verify().clean
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_part SET keeper_id = NULL, name = 'x'")
    faults = [fault.detail for fault in verify().faults]
    assert len(faults) == 2
    assert any("keeper" in fault for fault in faults)
    assert any("another text" in fault for fault in faults)
