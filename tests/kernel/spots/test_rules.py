"""The pure part: which cases make a file, against a slow and obvious reference; before and after; the table of acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.spots.making import METRE, NOW, days
from wangge.base.geometry import Point, distance_m
from wangge.kernel.duties.catalogue import SPOT_INTERNAL_VERBS, SPOT_VERBS
from wangge.kernel.spots import lifecycle
from wangge.kernel.spots.recurrence import Rate, change
from wangge.kernel.spots.rules import HISTORY, Centre, Rule, Sighting, cluster, comes_back

CLASSES = (UUID(int=1), UUID(int=2))
SINCE = NOW - timedelta(days=90)
World = tuple[list[Sighting], list[Centre]]
PATHS = {"a/": Rule(), "a/b/": Rule(needed=2, metres=20, days=10)}


def reference(
    sightings: list[Sighting], centres: list[Centre]
) -> tuple[list[tuple[UUID, set[UUID]]], dict[UUID, set[UUID]]]:
    """The sentence of the README, by looking at every pair."""
    places = [(one.spot, one.case_class, one.point, one.metres) for one in centres]
    opened: list[tuple[UUID, set[UUID]]] = []
    joined: dict[UUID, set[UUID]] = {}
    free: list[Sighting] = []
    for one in sorted(sightings, key=lambda one: (one.at, one.id)):
        reaching = [
            (distance_m(one.point, point), at)
            for at, (_, case_class, point, metres) in enumerate(places)
            if case_class == one.case_class and distance_m(one.point, point) <= metres
        ]
        if reaching:
            at = min(reaching)[1]
            if at < len(centres):
                joined.setdefault(centres[at].spot, set()).add(one.id)
            else:
                opened[at - len(centres)][1].add(one.id)
            continue
        rule = PATHS[one.path]
        near = [
            other for other in free
            if other.case_class == one.case_class and distance_m(one.point, other.point) <= rule.metres
            and other.at > one.at - HISTORY
        ]
        recent = [other for other in near if one.at - other.at <= timedelta(days=rule.days)]
        closed = [other for other in recent if other.closed_at and other.closed_at <= one.at]
        if one.at >= SINCE and closed and len(recent) >= rule.needed - 1:
            free = [other for other in free if other not in near]
            places.append((None, one.case_class, one.point, rule.metres))  # type: ignore[arg-type]
            opened.append((one.id, {one.id, *(other.id for other in near)}))
        else:
            free.append(one)
    return opened, joined


def point(north: int, east: int, lat: int) -> Point:
    return Point(1_200_000_000 + round(east * METRE), lat * 10_000_000 + round(north * METRE))


_PLACE = (st.integers(0, 200), st.integers(0, 60))
_CASE = st.tuples(*_PLACE, st.integers(0, 240), st.sampled_from([None, 0, 1, 9]), st.integers(0, 1), st.integers(0, 3))
_CENTRE = st.tuples(*_PLACE, st.integers(0, 1), st.sampled_from([20, 50]))


def world_of(lat: int, cases: list[tuple[int, ...]], files: list[tuple[int, ...]]) -> World:
    """Cases in a field of 200 m by 60 m within 120 days, by half days, so that both crowds and strays occur."""
    sightings = []
    for number, (north, east, halves, closed, case_class, path) in enumerate(cases):
        at = NOW - timedelta(days=halves / 2)
        sightings.append(Sighting(
            UUID(int=1000 + number), CLASSES[case_class], point(north, east, lat), at,
            None if closed is None else at + timedelta(days=closed), "a/b/" if path == 0 else "a/", None,
        ))
    return sightings, [
        Centre(UUID(int=9000 + at), CLASSES[case_class], point(north, east, lat), metres)
        for at, (north, east, case_class, metres) in enumerate(files)
    ]


def worlds() -> st.SearchStrategy[World]:
    """Some dozens of cases with files among them, at the equator, here, and far north and south."""
    return st.builds(world_of, st.sampled_from([0, 31, 60, -45]), st.lists(_CASE, min_size=1, max_size=40),
                     st.lists(_CENTRE, max_size=3))


@settings(max_examples=300, deadline=None)
@given(worlds())
def test_files_are_those_of_the_slow_reference(world: World) -> None:
    sightings, centres = world
    found = cluster(sightings, centres, PATHS.__getitem__, since=SINCE)
    opened = [(one.by.id, {member.id for member in one.members}) for one in found.openings]
    joined = {spot: set(cases) for spot, cases in found.joins.items()}
    assert (opened, joined) == reference(sightings, centres)


def test_the_worlds_of_that_test_hold_files_of_both_rules() -> None:
    """So that it cannot pass because nothing ever opens."""
    def seen(number: int, ago: int, path: str, north: int) -> Sighting:
        at = NOW - timedelta(days=ago)
        return Sighting(UUID(int=number), CLASSES[0], point(north, 0, 31), at, at + days(1), path, None)

    some = [seen(1, 20, "a/", 0), seen(2, 10, "a/", 30), seen(3, 1, "a/", 10), seen(4, 8, "a/b/", 190),
            seen(5, 1, "a/b/", 200)]
    opened, joined = reference(some, [])
    assert [members for _, members in opened] == [{UUID(int=1), UUID(int=2), UUID(int=3)}, {UUID(int=4), UUID(int=5)}]
    assert not joined


@settings(deadline=None)
@given(worlds(), st.integers(0, 40))
def test_only_the_openers_open(world: World, number: int) -> None:
    sightings, centres = world
    chosen = {sightings[number % len(sightings)].id}
    found = cluster(sightings, centres, PATHS.__getitem__, since=SINCE, openers=chosen)
    assert {one.by.id for one in found.openings} <= chosen


def test_a_resolved_file_comes_back_by_the_rules_number_within_its_days() -> None:
    rule = Rule(needed=3, days=30)
    times = [NOW, NOW - days(15), NOW - days(30)]
    assert comes_back(times, rule)
    assert comes_back([*times, NOW - days(300)], rule)
    assert not comes_back([NOW, NOW - days(15), NOW - days(30.1)], rule)
    assert not comes_back(times[:2], rule)


def at(*ago: float) -> list[datetime]:
    return [NOW - days(one) for one in ago]


def test_before_and_after_are_counted_over_the_days_there_were() -> None:
    found = change(at(100, 75, 60, 50, 20), NOW - days(45), now=NOW)
    assert found.before == Rate(4, 55)
    assert found.before.per_30 == 22  # 2.2 cases per 30 days
    assert (found.after, found.after.per_30, found.back_after) == (Rate(1, 45), 7, 25)


def test_few_days_are_not_blown_up_to_a_rate() -> None:
    found = change(at(12, 11), NOW - days(10), now=NOW)
    assert (found.before, found.before.per_30) == (Rate(2, 30), 20)
    assert (found.after, found.after.per_30, found.back_after) == (Rate(0, 10), None, None)


def test_at_most_ninety_days_are_looked_at_and_none_of_the_next_remedy() -> None:
    found = change(at(200, 190, 110, 3), NOW - days(100), now=NOW)
    assert (found.before, found.after) == (Rate(2, 90), Rate(0, 90))
    assert change(at(60, 40, 5), NOW - days(50), now=NOW, until=NOW - days(30)).after == Rate(1, 20)


def test_a_case_of_the_same_moment_came_before() -> None:
    assert change(at(10), NOW - days(10), now=NOW).before.cases == 1


def test_every_act_of_the_table_is_a_verb_of_the_catalogue() -> None:
    assert set(lifecycle.ACTS) == SPOT_VERBS
    assert lifecycle.INTERNAL | {"open_spot"} == SPOT_INTERNAL_VERBS


@pytest.mark.parametrize("state", list(lifecycle.State))
def test_cases_join_and_remedies_are_judged_in_every_state(state: lifecycle.State) -> None:
    assert {"join_spot", "rebound", "hold"} <= {row.act for row in lifecycle.TRANSITIONS if state in row.sources}
    assert lifecycle.possible(state)


def test_a_case_far_back_is_history() -> None:
    near = Sighting(UUID(int=1), CLASSES[0], point(0, 0, 31), NOW - HISTORY - days(8), NOW, "a/", None)
    later = [near._replace(id=UUID(int=2 + n), at=NOW - days(9 - n), closed_at=NOW - days(8)) for n in range(3)]
    [opening] = cluster([near, *later], [], PATHS.__getitem__, since=SINCE).openings
    assert near not in opening.members
