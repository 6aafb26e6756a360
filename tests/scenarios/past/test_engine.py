"""The clock of the simulation: people work in their hours, one thing at a time, what is due first comes first."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from wangge.kernel.duties import mandates
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.clockface import DAY, day_of, local_seconds, moment, seconds_of
from wangge.scenarios.nanxiashu.past.crews import Person, Seat, Team
from wangge.scenarios.nanxiashu.past.engine import Engine, Life, Pause, Thread, Work

MONDAY = local_seconds(date(2018, 9, 3))
WORKDAYS = {day: day_of(day * DAY).weekday() < 5 for day in range(MONDAY // DAY - 10, MONDAY // DAY + 100)}
NOBODY = mandates.job("test", at=datetime(2018, 9, 1, tzinfo=UTC), recorded_at=datetime(2018, 9, 1, tzinfo=UTC))
HOUR = 3600


def person(*, share: int = 100, on_call: bool = False, off: frozenset[date] = frozenset(), number: int = 0) -> Person:
    """Works 08:20-11:40 and 13:50-17:40 on workdays; no duty on the first weekend."""
    crew = given.Crew(1, "desk", share, on_call)
    return Person(number, crew, speed=1.0, off=off, rota=0, workdays=WORKDAYS)


def at(day: int, hour: float) -> int:
    return MONDAY + day * DAY + round(hour * HOUR)


@pytest.mark.parametrize(
    ("start", "expected"),
    [(at(0, 6), at(0, 8 + 1 / 3)), (at(0, 9), at(0, 9)), (at(0, 12), at(0, 13 + 5 / 6)), (at(4, 18), at(7, 8 + 1 / 3))],
)
def test_work_begins_in_ones_hours(start: int, expected: int) -> None:
    assert person().next_start(start, urgent=False) == expected


def test_what_does_not_fit_goes_on_after_the_break_and_on_the_next_day() -> None:
    assert person().finish(at(0, 11), 60, urgent=False) == at(0, 14 + 1 / 6)
    assert person().finish(at(0, 17), 60, urgent=False) == at(1, 8 + 2 / 3)


def test_cases_get_their_share_of_the_hours_and_urgent_ones_all_of_them() -> None:
    assert person(share=50).finish(at(0, 9), 30, urgent=False) == at(0, 10)
    assert person(share=50).finish(at(0, 9), 30, urgent=True) == at(0, 9.5)


def test_urgent_matters_are_taken_after_hours_by_whoever_is_on_call() -> None:
    assert person(on_call=True).next_start(at(5, 21), urgent=True) == at(5, 21)
    assert person().next_start(at(5, 21), urgent=True) == at(7, 8 + 1 / 3)


def test_nobody_works_on_a_day_off() -> None:
    assert person(off=frozenset({date(2018, 9, 3)})).next_start(at(0, 9), urgent=False) == at(1, 8 + 1 / 3)


def test_the_clock_is_that_of_china() -> None:
    assert moment(at(0, 9)) == datetime(2018, 9, 3, 1, tzinfo=UTC)
    assert seconds_of(moment(at(3, 7.5))) == at(3, 7.5)


class Stage:
    """A team of some people, and lives of one task each that tell when it was done."""

    def __init__(self, people: int = 1) -> None:
        self.engine = Engine()
        self.team = Team(("post", "X/"), by_arrival=False)
        self.people = [person(number=number) for number in range(people)]
        for one in self.people:
            Seat(one, self.team, NOBODY)
        self.done: list[tuple[str, int]] = []

    def task(self, name: str, minutes: float, rank: int, *, urgent: bool = False) -> Thread:
        thread = Thread(self._life(name, minutes, rank, urgent))
        self.engine.lead(thread)
        return thread

    def _life(self, name: str, minutes: float, rank: int, urgent: bool) -> Life:
        seat = yield Work(self.team, minutes, urgent, rank)
        self.done.append((name if seat is not None else f"{name} called off", self.engine.now))


def test_one_does_one_thing_at_a_time_and_what_is_due_first() -> None:
    stage = Stage()
    stage.engine.run(at(0, 9))
    for name, rank in (("first", 5), ("late", 9), ("soon", 1)):
        stage.task(name, 30, rank)
        stage.engine.run(at(0, 9))
    stage.engine.run(at(1, 0))
    assert stage.done == [("first", at(0, 9.5)), ("soon", at(0, 10)), ("late", at(0, 10.5))]


def test_two_share_a_queue() -> None:
    stage = Stage(people=2)
    stage.engine.run(at(0, 9))
    for number in range(4):
        stage.task(str(number), 30, number)
    stage.engine.run(at(1, 0))
    assert [when for _, when in stage.done] == [at(0, 9.5), at(0, 9.5), at(0, 10), at(0, 10)]


def test_work_that_comes_at_night_is_begun_in_the_morning() -> None:
    stage = Stage()
    stage.engine.run(at(0, 22))
    stage.task("night", 10, 1)
    stage.engine.run(at(2, 0))
    assert stage.done == [("night", at(1, 8.5))]


def test_what_is_put_to_the_front_comes_next_and_what_is_called_off_is_not_done() -> None:
    stage = Stage()
    stage.engine.run(at(0, 9))
    stage.task("running", 30, 1)
    stage.engine.run(at(0, 9))
    stage.task("ordinary", 30, 2)
    gone, risen = stage.task("gone", 30, 3), stage.task("risen", 30, 4)
    stage.engine.to_the_front(risen)
    assert stage.engine.call_off(gone)
    assert not stage.engine.call_off(gone)
    stage.engine.run(at(1, 0))
    assert [name for name, _ in stage.done] == ["gone called off", "running", "risen", "ordinary"]


def test_a_pause_ends_when_it_should() -> None:
    engine, seen = Engine(), []

    def life() -> Life:
        yield Pause(at(0, 10))
        seen.append(engine.now)

    engine.lead(Thread(life()))
    engine.run(at(0, 9))
    assert seen == []
    engine.run(at(0, 11))
    assert seen == [at(0, 10)]


def test_who_stands_in_takes_work_on_those_days_only() -> None:
    engine, team = Engine(), Team(("post", "X/"), by_arrival=False)
    absent, stand_in = person(off=frozenset({date(2018, 9, 3)})), person(number=1)
    Seat(absent, team, NOBODY)
    acting = Seat(stand_in, team, NOBODY, range(MONDAY // DAY, MONDAY // DAY + 1))
    seen: list[Seat | None] = []

    def life() -> Life:
        seen.append((yield Work(team, 10, False, 1)))

    for day in (0, 1):
        engine.run(at(day, 9))
        engine.lead(Thread(life()))
        engine.run(at(day, 12))
    assert seen[0] is acting
    assert seen[1] is not None
    assert seen[1].person is absent
