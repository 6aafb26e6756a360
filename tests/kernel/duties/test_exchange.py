"""Out and in again changes nothing; bad rows are named with column and value, good rows are kept."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.management import call_command
from shapely.geometry import Polygon, box

from tests.kernel.duties.conftest import START, People
from wangge.base.errors import MalformedInput
from wangge.base.mandate import Mandate
from wangge.base.workbooks import Sheet, read, written
from wangge.kernel.duties import exporting, workbook
from wangge.kernel.duties.importing import COLUMNS, import_duties
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.models import Entry
from wangge.kernel.people.services import create_organisation, create_person
from wangge.kernel.places.exporting import collection
from wangge.kernel.places.importing import features_of, import_features
from wangge.kernel.places.models import Area, Boundary
from wangge.kernel.places.services import end_area, set_boundary

pytestmark = pytest.mark.django_db
ODD = Polygon([(119.9000000123, 31.6), (119.91, 31.6000000789), (119.9099999999, 31.61), (119.9, 31.61)])


@pytest.fixture
def furnished(by: Mandate, people: People) -> People:
    """Grounds with odd digits, twins, an organisation, a leave, a duty ahead and one that has ended."""
    set_boundary(area="G1", boundary=ODD, valid_from=START, by=by)
    set_boundary(area="A", boundary=box(119.9, 31.6, 119.92, 31.62), valid_from=START, by=by)
    twin = create_person(name="王示范", by=by)
    firm = create_organisation(code="firm", name="示例保洁", kind="contractor", by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=people.wang, by=by)
    assign(post="grid_worker", area="G1", valid_from=START, person=twin, kind="deputy", by=by)
    assign(post="cleaner", area="A", valid_from=START, organisation=firm, by=by)
    assign(post="grid_worker", area="G1", valid_from=by.at, valid_to=by.at + timedelta(days=9), person=people.wang,
           kind="leave", by=by)
    assign(post="grid_worker", area="G2", valid_from=by.at + timedelta(days=9), person=people.li, by=by)
    assign(post="grid_worker", area="G2", valid_from=START, valid_to=START + timedelta(days=9), person=people.li, by=by)
    return people


def entries() -> int:
    return Entry.objects.count()


def test_a_workbook_read_again_changes_nothing(by: Mandate, furnished: People) -> None:
    content = written(workbook.exported("", by.at, by=by))
    before = entries()
    found = workbook.imported(content, by=by)
    assert found.refused == []
    assert set(found.created.values()) == {0} == set(found.changed.values())
    assert found.unchanged == {"areas": 4, "people": 3, "duties": 5}
    assert entries() == before


def test_grounds_read_again_change_nothing_to_the_last_digit(by: Mandate, furnished: People) -> None:
    text = json.dumps(collection("", by.at, by=by))
    before, grounds = entries(), {bytes(row.geometry) for row in Boundary.objects.all()}
    found = import_features(list(enumerate(features_of(text.encode()), 1)), by=by)
    assert (found.created, found.changed, found.unchanged, found.rejected) == (0, 0, 4, [])
    assert entries() == before
    assert {bytes(row.geometry) for row in Boundary.objects.all()} == grounds


def test_commands_write_what_the_import_commands_read(by: Mandate, furnished: People, tmp_path) -> None:  # type: ignore[no-untyped-def]
    before = entries()
    call_command("export_duties", str(tmp_path / "duties.csv"), past=True)
    call_command("export_areas", str(tmp_path / "areas.geojson"))
    call_command("export_duties", str(tmp_path / "all.xlsx"))
    assert import_duties(tmp_path / "duties.csv", by=by).unchanged == 6
    call_command("import_areas", str(tmp_path / "areas.geojson"))
    assert workbook.imported((tmp_path / "all.xlsx").read_bytes(), by=by).refused == []
    assert entries() == before


def test_an_area_that_has_ended_is_not_written(by: Mandate, furnished: People) -> None:
    end_area(area="G2", at=by.at + timedelta(days=1), by=by)
    later = by.at + timedelta(days=2)
    codes = [one["properties"]["code"] for one in collection("S/", later, by=by)["features"]]
    assert codes == ["S", "A", "G1"]
    assert all(row["area_code"] != "G2" for row in exporting.rows("S/", later, by=by))


def test_bad_rows_are_named_and_good_ones_are_kept(by: Mandate, furnished: People) -> None:
    content = written([
        Sheet("areas", ("code", "name", "kind", "parent", "valid_from"), [
            ("G3", "三网格", "grid", "A", "2025-01-01"), ("g 4", "四网格", "grid", "A"),
            ("G5", "五网格", "castle", "A"),
            ("G6", "六网格", "grid", "NONE"), ("G1", "一号网格", "grid", "A"),
        ]),
        Sheet("people", ("id", "name"), [("", "新来者"), ("x", "某人"), ("", "王示范"), (str(furnished.li), "李改名")]),
        Sheet("duties", COLUMNS, [
            ("cleaner", "新来者", "", "", "G3", "2026-01-01", ""), ("king", "新来者", "", "", "G3", "2026-01-01", ""),
            ("cleaner", "新来者", "", "", "G3", "soon", ""), ("cleaner", "王示范", "", "", "G3", "2026-01-01", ""),
            ("grid_worker", "新来者", "", "", "G1", "2026-01-01", ""),
            ("cleaner", "新来者", "none", "", "G3", "2026-01-01", ""),
        ]),
    ])
    found = workbook.imported(content, by=by)
    told = [(sheet, fault.row, fault.column, fault.value) for sheet, fault, _cells in found.refused]
    assert told == [
        ("areas", 3, "code", "g 4"), ("areas", 4, "kind", "castle"), ("areas", 5, "parent", "NONE"),
        ("people", 3, "id", "x"), ("people", 4, "name", "王示范"),
        ("duties", 3, "post", "king"), ("duties", 4, "valid_from", "soon"), ("duties", 5, "person", "王示范"),
        ("duties", 6, "post", "grid_worker G1"), ("duties", 7, "organisation", "none"),
    ]
    assert found.created == {"areas": 1, "people": 1, "duties": 1}
    assert found.changed == {"areas": 1, "people": 1, "duties": 0}
    assert Area.objects.get(code="G1").name == "一号网格"
    assert all(fault.error.detail for _, fault, _ in found.refused)


@pytest.mark.parametrize("content", [b"", b"PK", b"<html>", written([Sheet("other", ("a",), [("b",)])]),
                                     written([Sheet("duties", ("post",), [("cleaner",)])])])
def test_what_is_no_such_workbook_is_refused(by: Mandate, content: bytes) -> None:
    with pytest.raises(MalformedInput):
        workbook.imported(content, by=by)


def test_text_stays_text_in_a_workbook() -> None:
    rows = [("=1+1", 7, None), ("+86 10", 0, "a\x07b")]
    [(title, found)] = read(written([Sheet("Posts", ("A", "b", "C"), rows)])).items()
    assert title == "posts"
    assert [row.number for row in found] == [2, 3]
    assert [row.cells for row in found] == [{"a": "=1+1", "b": "7", "c": ""}, {"a": "+86 10", "b": "0", "c": "ab"}]
