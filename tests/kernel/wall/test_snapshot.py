"""What a display is sent: counts of the ground, the same for a replay of this very moment, and nothing of anybody."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from tests.interfaces.api.counting import statements
from tests.interfaces.world import INSIDE, PEOPLE, World
from tests.kernel.wall.making import closed_with_photos
from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.geometry import Point
from wangge.base.ids import new_id
from wangge.kernel.cases.models import Case, CaseClass
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.freezing import publish
from wangge.kernel.indicators.periods import beside, containing
from wangge.kernel.places.queries import PRESENT, AreaInfo, area_by_code, atlas
from wangge.kernel.wall.clearing import clear_photos
from wangge.kernel.wall.shapes import Replay, Snapshot
from wangge.kernel.wall.sharing import SHELF, past, present
from wangge.kernel.wall.slower import slow_of
from wangge.kernel.wall.snapshot import snapshot

ROOT = "320499001"
FIRST = "320499001/320499001001/320499001001001/"


def area(code: str = ROOT) -> AreaInfo:
    return area_by_code(code)


def taken(code: str = ROOT) -> Snapshot:
    """A fresh snapshot, as a display of this area is sent it."""
    SHELF.clear()
    by = mandates.display(area(code).path)
    return msgspec.json.decode(present(area(code), places=atlas(), by=by, now=now()).body, type=Snapshot)


def some(world: World) -> None:
    """Four cases of today: one new, one dispatched, one late, one closed."""
    world.report("甲")
    world.bring(world.report("乙"), "accept", "confirm", "register", "dispatch")
    late = world.bring(world.report("丙"), "accept", "confirm", "register", "dispatch", "sign")
    Case.objects.filter(id=late.id).update(stage_due_at=now() - timedelta(hours=1))
    closed_with_photos(world)


def test_the_snapshot_counts_what_came_stands_and_went_today(world: World) -> None:
    some(world)
    found = taken()
    assert (found.came.n, found.went.n) == (4, 1)
    assert sum(found.came.hours) == 4
    assert {state: counted for state, counted in found.stages.items() if counted[0]} == {
        "reported": (1, 0), "dispatched": (1, 0), "handling": (1, 1),
    }  # fmt: skip
    assert found.grids[FIRST][:2] == (3, 1)
    assert sum(grid[0] for grid in found.grids.values()) == 3
    assert [row[3:] for row in found.communities] == [(3, 1), (0, 0)]
    assert found.came.sources == [("resident", 4)]
    assert [(one[0], one[3]) for one in found.came.classes] == [("E04", 3), ("", 1)]
    assert [one.name for one in found.ended] == ["占道经营"]


def test_posts_are_counted_and_their_holders_are_not_named(world: World) -> None:
    staff = taken().slow.staff
    assert (staff.held, staff.seats) == (0, 22)  # both grid workers stand on grids, none of the eleven on a community


def test_nothing_of_anybody_is_sent(world: World) -> None:
    some(world)
    case, before, after = closed_with_photos(world, "张家门口的占道")
    clear_photos(case=case.id, before=before, after=after, by=world.by("operator"))
    sent = msgspec.json.encode(taken()).decode()
    names = [name for _, name, _ in PEOPLE.values()]
    people = [str(one) for one in world.persons.values()]
    kept = [case.number, str(case.id), "张家门口", "已清", "青禾路", *names, *people]
    assert [one for one in kept if one in sent] == []


def test_a_confidential_class_is_in_no_sum_and_a_restricted_one_in_no_story(world: World) -> None:
    some(world)
    before = taken()
    CaseClass.objects.filter(code="E0401").update(confidentiality="restricted")
    restricted = taken()
    assert restricted.stages == before.stages
    assert restricted.ended == []
    CaseClass.objects.filter(code="E0401").update(confidentiality="confidential")
    hidden = taken()
    assert (hidden.came.n, hidden.went.n, hidden.grids[FIRST][:2]) == (1, 0, (1, 0))


def test_a_published_standing_is_counted_anew_where_a_confidential_class_is_in_it(world: World) -> None:
    moment = now()
    last = beside(containing("month", moment, "Asia/Shanghai"), -1)
    assert last is not None
    for grid, classes in ((INSIDE, "E0401"), (Point(INSIDE.lon_e7, INSIDE.lat_e7 + 100000), "E0401")):
        one = world.bring(world.report(point=grid, case_class=classes), "accept", "confirm", "register")
        Case.objects.filter(id=one.id).update(reported_at=last.start, due_at=last.start + timedelta(days=3))
    by = mandates.console()
    publish(area=area(), period=last, places=atlas(), by=by, now=now())
    shown = taken().slow.standing
    assert shown is not None
    assert (shown.published, len(shown.rows)) == (True, 2)
    quiet = CaseClass.objects.get(code="E0401")
    quiet.pk, quiet.code, quiet.confidentiality = new_id(), "E0499", "confidential"
    quiet.save(force_insert=True)
    Case.objects.filter(path__startswith=area("320499001002").path).update(case_class=quiet.id)
    shown = taken().slow.standing
    assert shown is not None
    assert (shown.published, [one.name for one in shown.rows]) == (False, ["青禾社区"])


def test_the_time_to_the_first_answer_leaves_confidential_classes_out(world: World) -> None:
    some(world)
    assert taken().slow.first_answer is not None
    CaseClass.objects.update(confidentiality="confidential")
    Case.objects.filter(case_class=None).update(first_answer_at=None)
    assert taken().slow.first_answer is None


def test_a_display_of_a_community_counts_its_own_ground_only(world: World) -> None:
    some(world)
    assert taken("320499001002").came.n == 0
    assert taken("320499001001").came.n == 4
    assert set(taken("320499001002").grids) == {f"320499001/320499001002/32049900100200{n}/" for n in (1, 2)}


def test_the_last_frame_of_a_replay_is_the_snapshot_of_that_moment(world: World) -> None:
    some(world)
    moment, here, by = now(), area(), mandates.display("320499001/")
    # what made one case late behind the journal's back is not in a replay: it is folded from entries
    Case.objects.filter(state="handling").update(stage_due_at=now() + timedelta(days=1))
    slow = slow_of(here, places=atlas(), by=mandates.job("test"), now=moment)
    live = snapshot(here, places=atlas(), slow=slow, now=moment)
    day = live.day
    told = msgspec.json.decode(past(here, day, places=atlas(), by=by, now=moment).body, type=Replay)
    last = told.frames[-1]
    assert (last.came, last.went, last.stages) == (live.came.n, live.went.n, live.stages)
    grids = {told.paths[which]: (open_, late) for which, open_, late, _ in last.grids}
    assert grids == {path: one[:2] for path, one in live.grids.items() if one[0]}
    assert [(told.communities[which].path, n) for which, n, _ in last.communities] == [
        (row[0], row[3]) for row in live.communities if row[3]
    ]
    assert sum(told.came) == last.came
    assert (told.frames[0].came, told.frames[0].seconds) == (0, 0)
    assert [one[0] for one in told.classes] == [one[0] for one in live.came.classes]


def test_only_a_day_that_has_begun_is_replayed(world: World) -> None:
    by, tomorrow = mandates.display("320499001/"), (now() + timedelta(days=2)).date().isoformat()
    for day in (tomorrow, "2026-06", "gestern", ""):
        with pytest.raises(InvalidInput):
            past(area(), day, places=atlas(), by=by, now=now())


def test_one_snapshot_serves_every_display_and_costs_few_statements(world: World) -> None:
    some(world)
    SHELF.clear()
    places, by, operator = atlas(), mandates.display("320499001/"), world.by("operator")
    with PRESENT.fixed(places.version), statements() as sent:
        first = present(places.by_path["320499001/"], places=places, by=by, now=now())
    assert len(sent) <= 8, sent
    with statements() as sent:
        again = present(places.by_path["320499001/"], places=places, by=operator, now=now())
    assert sent == []
    assert again == first


def test_the_tag_moves_with_what_is_shown_and_with_nothing_else(world: World) -> None:
    some(world)
    by = mandates.display("320499001/")

    def tag() -> str:
        SHELF.clear()
        return present(area(), places=atlas(), by=by, now=now()).tag

    first = tag()
    assert tag() == first
    world.report("戊")
    assert tag() != first


def test_who_neither_watches_nor_sees_is_refused(world: World) -> None:
    for by in (mandates.public("320499001/"), world.by("admin"), mandates.display("320499001/320499001001/")):
        with pytest.raises(Forbidden):
            present(area(), places=atlas(), by=by, now=now())
