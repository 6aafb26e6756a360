"""What is put into the simulated past: the article's number over nine classes, by the shares that are stated."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from shapely.geometry import Point as Spot

from wangge.base.calendar import WorkingCalendar
from wangge.scenarios.nanxiashu import ground
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.arrivals import events, minors, split
from wangge.scenarios.nanxiashu.past.clockface import day_of

CALENDAR = WorkingCalendar(holidays=frozenset({date(2018, 10, 1), date(2018, 10, 2)}))


def test_the_inputs_are_the_articles_number_over_nine_classes() -> None:
    counts = split(given.EVENTS, given.CLASSES)
    assert sum(counts.values()) == given.EVENTS == 32_789
    assert len(counts) == 9
    assert {minor.major for minor in minors()} == set(counts)
    assert all(abs(number - given.EVENTS * given.CLASSES[major] / 1000) < 1 for major, number in counts.items())


@pytest.mark.parametrize("shares", [given.CLASSES, {name: one.share for name, one in given.SOURCES.items()}])
def test_shares_add_up(shares: dict[str, int]) -> None:
    assert sum(shares.values()) == 1000


@pytest.mark.parametrize("total", [0, 1, 8, 100, 999])
def test_what_is_split_adds_up(total: int) -> None:
    parts = split(total, given.CLASSES)
    assert sum(parts.values()) == total
    assert min(parts.values()) >= 0


def test_events_come_in_order_within_the_time_and_inside_their_grid() -> None:
    found = events(2000, 7, CALENDAR)
    assert [event.at for event in found] == sorted(event.at for event in found)
    assert {event.number for event in found} == set(range(2000))
    assert min(day_of(event.at) for event in found) >= given.BEGINS
    assert max(day_of(event.at) for event in found) <= given.ENDS
    assert Counter(event.code[:3] for event in found) == split(2000, given.CLASSES)
    shapes = ground.tiling().grids
    for event in found[:100]:
        assert event.place.point is not None
        assert shapes[event.grid].contains(Spot(event.place.point.lon_e7 / 1e7, event.place.point.lat_e7 / 1e7))


def test_holidays_and_sundays_are_quieter() -> None:
    days = Counter(day_of(event.at) for event in events(20_000, 7, CALENDAR))
    assert days[date(2018, 10, 1)] < days[date(2018, 10, 8)]
    weekdays = Counter[int]()
    for day, number in days.items():
        weekdays[day.weekday()] += number
    assert weekdays[6] < weekdays[0]


def test_the_same_seed_gives_the_same_events() -> None:
    assert events(300, 7, CALENDAR) == events(300, 7, CALENDAR)
    assert events(300, 7, CALENDAR) != events(300, 8, CALENDAR)
