"""Areas: creating, boundaries, ending, re-parenting, and where a point lies."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import shapely
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.kernel.places.conftest import START, box
from wangge.base import events
from wangge.base.errors import Conflict, Forbidden, InvalidInput, NotFound
from wangge.base.geometry import Point, parse_point
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Content, Entry
from wangge.kernel.places import queries
from wangge.kernel.places.events import AreasEnded
from wangge.kernel.places.models import Area, Boundary
from wangge.kernel.places.reorganising import reparent_area
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import (
    count_residents,
    create_area,
    create_areas,
    end_area,
    rename_area,
    set_boundary,
)

pytestmark = pytest.mark.django_db
LATER = datetime(2025, 7, 1, tzinfo=UTC)


def at(x: float, y: float) -> Point:
    return parse_point(120 + x / 1000, 31.7 + y / 1000)


def test_paths_follow_from_parents_in_whatever_order_they_come(world: None) -> None:
    assert sorted(Area.objects.values_list("path", flat=True)) == [
        "S/", "S/A/", "S/A/A-E/", "S/A/A1/", "S/A/A2/", "S/B/",
    ]


def test_each_area_begins_with_an_entry_that_holds_codes_and_keeps_the_name_as_content(world: None) -> None:
    area = Area.objects.get(code="A1")
    entry = Entry.objects.get(subject_id=area.id)
    assert (entry.verb, entry.seq, entry.area) == ("create", 1, area.id)
    assert entry.data["path"] == "S/A/A1/"
    assert "甲一" not in str(entry.data)
    assert Content.objects.get(subject_id=area.id, field="name").value == "甲一网格"


def test_a_code_is_never_used_again_even_after_its_area_ended(world: None, by: Mandate) -> None:
    end_area(area="B", at=LATER, by=by)
    with pytest.raises(Conflict, match="once, for ever"):
        create_area(code="B", name="又一个", kind="community", valid_from=LATER, parent="S", by=by)


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("code", {"code": "小写a"}), ("name", {"name": " "}), ("kind", {"kind": "planet"}),
        ("layer", {"layer": "No Layer"}), ("parent", {"parent": "NOWHERE"}), ("region", {"region": "32041"}),
        ("timezone", {"timezone": "Mars/Base"}), ("valid_from", {"valid_from": START - timedelta(days=1)}),
        ("boundary", {"boundary": b"no wkb"}), ("boundary", {"boundary": shapely.box(0, 0, 200, 1)}),
        ("boundary", {"boundary": shapely.LineString([(0, 0), (1, 1)])}),
        ("boundary", {"boundary": {"type": "Polygon"}}), ("boundary", {"boundary": shapely.Polygon()}),
    ],
)
def test_what_is_wrong_with_an_area_is_named(
    world: None, by: Mandate, field: str, change: dict[str, object]
) -> None:
    given = {"code": "C", "name": "丙", "kind": "grid", "valid_from": START, "parent": "S"} | change
    with pytest.raises(InvalidInput) as caught:
        create_area(**given, by=by)  # type: ignore[arg-type]  # wrong on purpose
    assert caught.value.field == field
    assert not Area.objects.filter(code="C").exists()


def test_areas_that_are_each_others_parents_are_refused(by: Mandate) -> None:
    with pytest.raises(InvalidInput, match="each other's parents"):
        create_areas([NewArea("X", "x", "grid", START, "Y"), NewArea("Y", "y", "grid", START, "X")], by=by)


def test_only_who_manages_areas_there_may_change_them(world: None) -> None:
    with pytest.raises(Forbidden):
        create_area(code="C", name="丙", kind="grid", valid_from=START, parent="S", by=mandates.public("S/"))


def test_a_point_is_in_the_deepest_area_and_never_in_an_estate(world: None) -> None:
    assert queries.locate(at(2, 5)).path == "S/A/A1/"
    assert queries.locate(at(5.5, 5)).path == "S/A/A2/"
    assert queries.locate(at(15, 5)).path == "S/B/"
    assert [area.code for area in queries.locate(at(2, 5)).candidates] == ["A1", "A", "S"]


def test_a_point_outside_is_answered_as_outside(world: None) -> None:
    located = queries.locate(at(50, 5))
    assert located.outside
    assert located.area_id is None
    assert queries.locate(at(15, 5), root_path="S/A/").outside
    assert queries.locate(at(2, 5), layer="police").outside
    assert queries.locate(at(2, 5), at=START - timedelta(seconds=1)).outside


def test_on_a_shared_border_the_smaller_ground_then_the_lower_code_wins(world: None, by: Mandate) -> None:
    assert queries.locate(at(5, 5)).path == "S/A/A1/"
    create_area(code="A3", name="甲三", kind="grid", valid_from=START, parent="A", boundary=box(4, 0, 6, 1), by=by)
    assert queries.locate(at(5, 0.5)).path == "S/A/A3/"


def test_a_boundary_holds_from_its_day_on_and_the_old_one_stays_on_record(world: None, by: Mandate) -> None:
    set_boundary(area="A1", boundary=box(0, 0, 3, 10), valid_from=LATER, by=by)
    set_boundary(area="A2", boundary=box(3, 0, 10, 10), valid_from=LATER, by=by)
    assert queries.locate(at(4, 5), at=LATER).path == "S/A/A2/"
    assert queries.locate(at(4, 5), at=LATER - timedelta(microseconds=1)).path == "S/A/A1/"
    assert Area.objects.get(code="A1").version == 2
    with pytest.raises(InvalidInput, match="begins later"):
        set_boundary(area="A1", boundary=box(0, 0, 1, 1), valid_from=LATER, by=by)


def test_an_invalid_polygon_is_repaired_and_named(world: None, by: Mandate) -> None:
    bow = shapely.Polygon([(120.03, 31.7), (120.04, 31.71), (120.04, 31.7), (120.03, 31.71)])
    create_area(code="BOW", name="蝴蝶结", kind="grid", valid_from=START, parent="S", boundary=bow, by=by)
    kept = Boundary.objects.get(area__code="BOW")
    assert kept.repaired.startswith("Self-intersection")
    assert shapely.from_wkb(bytes(kept.geometry)).is_valid
    assert Entry.objects.get(subject_id=kept.area_id).data["repaired"] is True


def test_an_area_ends_only_when_nothing_stands_below_it(world: None, by: Mandate) -> None:
    with pytest.raises(InvalidInput, match="3 areas still stand"):
        end_area(area="A", at=LATER, by=by)
    end_area(area="A1", at=LATER, by=by)
    assert queries.locate(at(2, 5), at=LATER).path == "S/A/"
    assert queries.locate(at(2, 5), at=START).path == "S/A/A1/"
    with pytest.raises(InvalidInput, match="ended already"):
        end_area(area="A1", at=LATER, by=by)
    with pytest.raises(NotFound):
        end_area(area="NONE", at=LATER, by=by)


def test_reparenting_ends_a_tree_and_opens_successors_elsewhere(world: None, by: Mandate) -> None:
    heard: list[AreasEnded] = []
    events.subscribe(AreasEnded, heard.append)
    successor = reparent_area(area="A", parent="B", at=LATER, by=by, codes={"A": "A-NEW"})
    events._receivers[AreasEnded].remove(heard.append)
    assert successor.path == "S/B/A-NEW/"
    old = Area.objects.get(code="A1")
    assert (old.path, old.valid_to) == ("S/A/A1/", LATER)
    assert old.successor is not None
    assert old.successor.path == "S/B/A-NEW/A1-R2/"
    assert queries.locate(at(2, 5), at=LATER).path == "S/B/A-NEW/A1-R2/"
    assert queries.locate(at(2, 5), at=START).path == "S/A/A1/"
    assert [move.old_path for move in heard[0].moves][-1] == "S/A/"
    with pytest.raises(InvalidInput, match="below itself"):
        reparent_area(area="B", parent="A-NEW", at=LATER + timedelta(days=1), by=by)


def test_reparenting_keeps_how_many_people_live_there(world: None, by: Mandate) -> None:
    count_residents(area="A", residents=812, by=by)
    count_residents(area="A1", residents=0, by=by)
    reparent_area(area="A", parent="B", at=LATER, by=by, codes={"A": "A-NEW"})
    assert dict(Area.objects.filter(path__startswith="S/B/A-NEW/").values_list("code", "residents")) == {
        "A-NEW": 812, "A1-R2": 0, "A2-R2": None, "A-E-R2": None,
    }
    assert Area.objects.get(code="A").residents == 812
    told = Entry.objects.filter(subject_id=Area.objects.get(code="A-NEW").id, verb="count")
    assert [one.data["residents"] for one in told] == [812]


def test_the_database_keeps_codes_paths_and_boundaries(world: None) -> None:
    for statement in (
        "UPDATE places_area SET code = 'Z' WHERE code = 'B'",
        "UPDATE places_area SET path = 'S/Z/' WHERE code = 'B'",
        "DELETE FROM places_area WHERE code = 'B'",
        "UPDATE places_boundary SET geometry = ''",
        "DELETE FROM places_boundary",
    ):
        # A trigger refuses, and for deleting the serving role has no right either.
        with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_rolled_back_change_leaves_no_trace_in_the_snapshot(world: None, by: Mandate) -> None:
    before = queries.places_version()
    try:
        with transaction.atomic():
            rename_area(area="A", name="别名社区", by=by)
            assert queries.atlas().name("S/A/") == "别名社区"
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass
    assert queries.places_version() == before
    assert queries.atlas().name("S/A/") == "甲社区"


def test_the_nearest_time_zone_wins_and_the_root_has_the_region(world: None) -> None:
    atlas = queries.atlas()
    assert atlas.timezone("S/A/A1/") == "Asia/Shanghai"
    assert atlas.timezone("S/B/") == "Asia/Urumqi"
    assert atlas.root("S/A/A1/").region == "320412"
    assert atlas.default_root == "S/"


def test_the_map_shows_the_ground_of_a_time(world: None, by: Mandate) -> None:
    set_boundary(area="A1", boundary=None, valid_from=LATER, by=by)
    shown = queries.areas_geojson("S/A/", kinds=["grid"], at=LATER)
    assert [one["properties"]["code"] for one in shown["features"]] == ["A2"]
    shown = queries.areas_geojson("S/", at=START, simplify=5)
    assert next(one["id"] for one in shown["features"]) == "S"


def test_five_thousand_areas_are_made_by_a_few_statements(by: Mandate) -> None:
    rows = [NewArea("S", "样例街道", "subdistrict", START, region="320412")]
    rows += [NewArea(f"H{n}", f"{n}幢", "building", START, "S", boundary=box(n, 0, n + 1, 1)) for n in range(5000)]
    with CaptureQueriesContext(connection) as statements:
        create_areas(rows, by=by)
    assert len(statements) < 30
    assert Entry.objects.filter(subject_type="area").count() == 5001
