"""Redrawing grids: what tiles, how a drawing changes, and what a redrawing does on its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import LineString, Point, box

from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.base.geometry import Point as Place
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.queries import holders
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_person
from wangge.kernel.places.drawing import Drawn, carve, merge, move_corner, plan, reshape, shared, split
from wangge.kernel.places.models import Area, Redrawing
from wangge.kernel.places.queries import atlas
from wangge.kernel.places.redrawing import carry_out, due, new_faults, planned, present, redraw
from wangge.kernel.places.rules import NewArea
from wangge.kernel.places.services import create_areas, set_boundary
from wangge.kernel.places.tiling import faults, same_ground

START = datetime(2024, 1, 1, tzinfo=UTC)
WEST, SOUTH, STEP = 119.9, 31.6, 0.01
GROUND = box(WEST, SOUTH, WEST + 3 * STEP, SOUTH + STEP)


def cell(column: int) -> shapely.Polygon:
    return box(WEST + column * STEP, SOUTH, WEST + (column + 1) * STEP, SOUTH + STEP)


def three() -> list[Drawn]:
    return [Drawn(f"C-0{number + 1}", f"第{number + 1}网格", "", cell(number)) for number in range(3)]


def tiled(drawn: Sequence[Drawn]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.kind, one.codes) for one in faults(GROUND, {one.code or one.name: one.shape for one in drawn})]


def test_gaps_overlaps_and_what_reaches_outside_are_named_with_their_size() -> None:
    one, two, three_ = (one.shape for one in three())
    assert faults(GROUND, {"a": one, "b": two, "c": three_}) == []
    [gap] = faults(GROUND, {"a": one, "c": three_})
    assert (gap.kind, gap.codes) == ("gap", ("a", "c"))
    assert gap.square_metres == pytest.approx(111_320**2 * STEP**2 * 0.8517, rel=0.01)
    wide = box(WEST - STEP, SOUTH, WEST + 1.5 * STEP, SOUTH + STEP)
    assert [(one.kind, one.codes) for one in faults(GROUND, {"a": wide, "b": two, "c": three_})] == [
        ("outside", ("a",)), ("overlap", ("a", "b")),
    ]


@given(st.floats(-4e-7, 4e-7), st.floats(-4e-7, 4e-7))
def test_what_is_narrower_than_ten_centimetres_is_rounding(left: float, right: float) -> None:
    grids = {"a": box(WEST, SOUTH, WEST + STEP + left, SOUTH + STEP), "b": box(WEST + STEP + right, SOUTH,
             WEST + 3 * STEP, SOUTH + STEP)}
    assert faults(GROUND, grids) == []


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9))
def test_a_split_tiles_what_was_there_and_merged_again_it_is_the_same(top: float, bottom: float) -> None:
    line = LineString([(WEST + STEP * (1 + bottom), SOUTH), (WEST + STEP * (1 + top), SOUTH + STEP)])
    cut = split(three(), "C-02", line, "新网格")
    assert tiled(cut) == []
    assert sorted(one.code for one in cut) == ["", "C-01", "C-02", "C-03"]
    named = [one if one.code else Drawn("C-04", one.name, "", one.shape) for one in cut]
    again = merge(named, ["C-04"], "C-02")
    assert tiled(again) == []
    assert same_ground(next(one.shape for one in again if one.code == "C-02"), cell(1))


def test_a_line_that_does_not_cut_once_is_refused() -> None:
    inside = LineString([(WEST + 1.2 * STEP, SOUTH + 0.5 * STEP), (WEST + 1.4 * STEP, SOUTH + 0.5 * STEP)])
    for line in (inside, LineString([(0, 0), (1, 1)])):
        with pytest.raises(InvalidInput, match="does not cut"):
            split(three(), "C-02", line, "")
    with pytest.raises(InvalidInput, match="no such grid"):
        split(three(), "C-09", inside, "")
    with pytest.raises(InvalidInput, match="do not touch"):
        merge(three(), ["C-01"], "C-03")


def test_a_corner_moves_in_every_grid_that_has_it() -> None:
    moved = move_corner(shared(three()), Point(WEST + STEP, SOUTH), Point(WEST + 1.3 * STEP, SOUTH))
    assert tiled(moved) == []
    first = next(one for one in moved if one.code == "C-01")
    assert first.shape.area > cell(0).area
    with pytest.raises(InvalidInput, match="No corner"):
        move_corner(three(), Point(WEST + 0.5 * STEP, SOUTH), Point(WEST, SOUTH))
    with pytest.raises(InvalidInput, match="cross itself"):
        move_corner(three(), Point(WEST, SOUTH), Point(WEST + 0.9 * STEP, SOUTH + 1.5 * STEP))


@given(st.floats(0.05, 0.95), st.floats(0.05, 0.95))
def test_another_outline_takes_from_the_neighbours_and_leaves_to_them(left: float, right: float) -> None:
    shape = box(WEST + STEP * left, SOUTH, WEST + STEP * (2 + right), SOUTH + STEP)
    assert tiled(reshape(three(), "C-02", shape)) == []
    smaller = box(WEST + STEP * (1 + left / 3), SOUTH, WEST + STEP * (1.5 + right / 3), SOUTH + STEP)
    assert tiled(reshape(three(), "C-02", smaller)) == []


def test_a_new_grid_is_cut_out_and_one_that_is_wholly_covered_ends() -> None:
    middle = box(WEST + 0.5 * STEP, SOUTH - STEP, WEST + 2.5 * STEP, SOUTH + 2 * STEP)
    drawn = carve(three(), middle, GROUND, "中间")
    assert tiled(drawn) == []
    told = plan({one.code: one for one in three()}, drawn, lambda: "C-04")
    assert [one.code for one in told.rebound] == ["C-01", "C-03"]
    assert [(one.code, origin) for one, origin in told.created] == [("C-04", "C-02")]
    assert told.ended == (("C-02", "C-04"),)
    with pytest.raises(InvalidInput, match="not one piece"):
        carve(three(), box(0, 0, 1, 1), GROUND, "别处")


# what a redrawing does


@pytest.fixture
def by(db: None) -> Mandate:
    mandate = mandates.console()
    create_areas(
        [
            NewArea("S", "样例街道", "subdistrict", START, region="320412", boundary=GROUND.buffer(STEP)),
            NewArea("C", "甲社区", "community", START, "S", boundary=GROUND),
            *(NewArea(one.code, one.name, "grid", START, "C", boundary=one.shape) for one in three()),
        ],
        by=mandate,
    )
    return mandate


LINE = LineString([(WEST + 1.4 * STEP, SOUTH), (WEST + 1.4 * STEP, SOUTH + STEP)])


def cut(by: Mandate) -> tuple[list[Drawn], str]:
    now = present("C", by=by)
    return split(list(now.grids.values()), "C-02", LINE, "丁网格"), now.basis


def where(lon: float, at: datetime) -> str | None:
    found = atlas().locate(Place(round((WEST + lon * STEP) * 1e7), round((SOUTH + 0.5 * STEP) * 1e7)), at=at).area
    return found.code if found else None


@pytest.mark.django_db
def test_a_split_for_a_day_ahead_is_dated_now_and_the_code_is_the_next_one(by: Mandate) -> None:
    drawn, basis = cut(by)
    at = by.at + timedelta(days=3)
    made = redraw(community="C", drawn=drawn, at=at, basis=basis, by=by)
    assert made.carried_out_at is None
    assert (where(1.2, by.at), where(1.2, at)) == ("C-02", "C-04")
    assert where(1.7, at) == "C-02"
    person = create_person(name="王示范", by=by)
    assign(post="grid_leader", area="C-04", valid_from=at, person=person, by=by)
    assert due(at - timedelta(seconds=1)) == []
    assert due(at) == [made.id]
    with pytest.raises(Conflict, match="waits"):
        redraw(community="C", drawn=three(), at=at + timedelta(days=1), basis=present("C", by=by).basis, by=by)
    done = carry_out(redrawing=made.id, by=mandates.job("redraw"))
    assert done.carried_out_at is not None
    assert carry_out(redrawing=made.id, by=mandates.job("redraw")).version == done.version == 2
    assert verify().faults == []


@pytest.mark.django_db
def test_merging_ends_a_grid_and_its_duties_go_on_where_a_seat_is_free(by: Mandate) -> None:
    people = [create_person(name=name, by=by).id for name in ("王示范", "李样例", "张演示")]
    assign(post="grid_leader", area="C-01", valid_from=START, person=people[0], by=by)
    assign(post="grid_leader", area="C-02", valid_from=START, person=people[1], by=by)
    assign(post="cleaner", area="C-02", valid_from=START, person=people[2], by=by)
    now = present("C", by=by)
    at = by.at + timedelta(days=2)
    redraw(community="C", drawn=merge(list(now.grids.values()), ["C-02"], "C-01"), at=at, basis=now.basis, by=by)
    ended = Area.objects.get(code="C-02")
    assert ended.successor is not None
    assert (ended.valid_to, ended.successor.code) == (at, "C-01")
    assert [one.person_id for one in holders("S/C/C-01/", "grid_leader", at)] == [people[0]]
    assert [one.person_id for one in holders("S/C/C-01/", "cleaner", at)] == [people[2]]
    assert [one.person_id for one in holders("S/C/C-02/", "grid_leader", at - timedelta(seconds=1))] == [people[1]]
    assert not Assignment.objects.filter(area=ended, recorded__upper_inf=True, valid__upper_inf=True).exists()
    carry_out(redrawing=Redrawing.objects.get().id, by=mandates.job("redraw"))
    assert verify().faults == []


@pytest.mark.django_db
def test_what_may_not_be_changes_nothing(by: Mandate) -> None:
    drawn, basis = cut(by)
    now = present("C", by=by)
    holes = [one for one in drawn if one.code != "C-03"]
    again = {"community": "C", "at": by.at, "basis": basis, "by": by}
    with pytest.raises(InvalidInput, match="do not tile"):
        redraw(drawn=[*holes], **again)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="Nothing changes"):
        redraw(drawn=list(now.grids.values()), **again)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="now or on a day ahead"):
        redraw(community="C", drawn=drawn, at=by.at - timedelta(days=1), basis=basis, by=by)
    with pytest.raises(Moved):
        redraw(community="C", drawn=drawn, at=by.at, basis="other", by=by)
    with pytest.raises(InvalidInput, match="used already"):
        redraw(drawn=[Drawn("S", one.name, "", one.shape) if not one.code else one for one in drawn], **again)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput, match="divided into grids"):
        present("C-01", by=by)
    with pytest.raises(Forbidden):
        carry_out(redrawing=redraw(drawn=drawn, community="C", at=by.at + timedelta(days=1), basis=basis, by=by).id,
                  by=mandates.public("S/"))
    assert Redrawing.objects.count() == 1


@pytest.mark.django_db
def test_a_grid_with_areas_in_it_keeps_its_code(by: Mandate) -> None:
    create_areas([NewArea("C-02-E", "小区", "estate", START, "C-02")], by=by)
    now = present("C", by=by)
    with pytest.raises(InvalidInput, match="Other areas stand"):
        redraw(community="C", drawn=merge(list(now.grids.values()), ["C-02"], "C-01"), at=by.at, basis=now.basis, by=by)
    redraw(community="C", drawn=merge(list(now.grids.values()), ["C-01"], "C-02"), at=by.at, basis=now.basis, by=by)
    assert where(0.5, by.at) == "C-02"


@pytest.mark.django_db
def test_what_was_not_tiled_before_is_not_held_against_a_change(by: Mandate) -> None:
    set_boundary(area="C-03", boundary=box(WEST + 2.1 * STEP, SOUTH, WEST + 3 * STEP, SOUTH + STEP),
                 valid_from=START + timedelta(days=1), by=by)
    now = present("C", by=by)
    assert [one.kind for one in now.faults] == ["gap"]
    drawn = split(list(now.grids.values()), "C-01", LineString([(WEST + 0.4 * STEP, SOUTH),
                                                                (WEST + 0.4 * STEP, SOUTH + STEP)]), "")
    assert new_faults(now, drawn) == []
    assert [one.code for one, _ in planned(now, drawn).created] == ["C-04"]
    assert redraw(community="C", drawn=drawn, at=by.at, basis=now.basis, by=by).carried_out_at is not None


@pytest.mark.usefixtures("committed_db")
def test_an_unknown_community_is_named_where_nothing_is_locked() -> None:
    with pytest.raises(NotFound, match="no area with this code"):
        present("nowhere", by=mandates.console())
