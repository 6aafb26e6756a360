"""Due times against a slow, obvious reference: a hand that moves one minute at a time and counts what is worked.

Ten thousand random lives of a clock, each with a limit, random hours, holidays and make-up days, and up to two
extensions and one suspension. The reference knows nothing of the arithmetic under test: it looks at each minute.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.cases.making import mandate
from tests.kernel.cases.test_rules import case
from wangge.base.calendar import WorkingCalendar
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.clockwork import clock_changes
from wangge.kernel.cases.facts import Facts
from wangge.kernel.cases.lifecycle import Clock
from wangge.kernel.cases.state import CaseState

SHANGHAI = timedelta(hours=8)
"""China has kept one offset and no summer time since 1991, so that the wall can be read by adding it."""
MINUTE = timedelta(minutes=1)
USUAL = ((8 * 60, 12 * 60), (14 * 60, 18 * 60))
EXAMPLES = 10_000
SHARES = 4


class Life(NamedTuple):
    """A clock's life in minutes after its start: extensions granted, and one suspension from a minute to another."""

    start: datetime
    limit: Limit
    calendar: WorkingCalendar
    extended: tuple[int, ...]
    suspended: tuple[int, int] | None


def hand(life: Life) -> Iterator[bool]:
    """For each minute after the start, whether it counts for the limit; read off the wall, day after day."""
    wall = (life.start + SHANGHAI).replace(tzinfo=None)
    calendar, minute, urgent = life.calendar, wall.hour * 60 + wall.minute, life.limit.unit.is_calendar
    hours = [False] * 1440
    for start, end in calendar.windows:
        hours[start:end] = [True] * (end - start)
    for number in range(10_000):
        day = wall.date() + timedelta(days=number)
        weekday = day.weekday() < 5 or day in calendar.workdays
        on = weekday and day not in calendar.holidays
        for one in range(minute, 1440):
            yield urgent or (on and hours[one])
        minute = 0


def reference(life: Life) -> tuple[datetime, int, bool]:
    """(due, extensions that came in time, whether the suspension did): each minute is looked at, one after another."""
    one = left = life.limit.amount * minutes_of(life)
    extensions, held = 0, False
    begins, ends = life.suspended or (-1, -1)
    for passed, counts in enumerate(hand(life)):
        if not left:
            return life.start + passed * MINUTE, extensions, held
        if passed in life.extended:
            left, extensions = left + one * life.extended.count(passed), extensions + life.extended.count(passed)
        if begins <= passed < ends:
            held = True
        elif counts:
            left -= 1
    raise AssertionError("not reached")


def minutes_of(life: Life) -> int:
    """Minutes of one unit of the limit; a working day is a day's hours of work."""
    kind = life.limit.unit.split("_")[1]
    if kind == "day":
        return 24 * 60 if life.limit.unit.is_calendar else day_of(life.calendar)
    return {"minute": 1, "hour": 60}[kind]


def day_of(calendar: WorkingCalendar) -> int:
    """Minutes in a day's hours of work."""
    return sum(end - start for start, end in calendar.windows)


def told(life: Life) -> tuple[datetime, int, bool]:
    """The same by the arithmetic of the house: the columns that each act's clock sets, in the order of their times."""
    state = case(state="handling", registered_at=None, due_at=None)
    state = moved(state, Clock.START, life.start, life)
    moments = [(minute, 1, Clock.EXTEND) for minute in life.extended]
    if life.suspended is not None:
        moments += [(life.suspended[0], 2, Clock.PAUSE), (life.suspended[1], 0, Clock.CONTINUE)]
    held = False
    for minute, _, clock in sorted(moments):
        at = life.start + minute * MINUTE
        assert state.due_at is not None
        if (clock is Clock.CONTINUE and not held) or (clock is not Clock.CONTINUE and not held and at >= state.due_at):
            continue  # refused by its own rule: only what is not yet late is extended or suspended
        held = clock is Clock.PAUSE if clock is not Clock.EXTEND else held
        state = moved(state, clock, at, life)
    assert state.due_at is not None
    return state.due_at, state.extensions, state.suspensions > 0


def moved(state: CaseState, clock: Clock, at: datetime, life: Life) -> CaseState:
    facts = Facts(mandate("operator", "/", at=at), life.calendar, limit=life.limit)
    return msgspec.structs.replace(state, **clock_changes(clock, state, facts))


def some_calendars(luck: random.Random) -> Iterator[WorkingCalendar]:
    """The usual hours and odd ones; holidays and make-up days round National Day 2026."""
    days = [date(2026, 9, 18) + timedelta(days=number) for number in range(30)]
    for number in range(96):
        holidays = frozenset(luck.sample(days, luck.randint(0, 8)))
        workdays = frozenset(luck.sample(days, luck.randint(0, 3))) - holidays
        marks = sorted(luck.sample(range(28, 81), luck.choice((2, 4))))
        odd = tuple((marks[at] * 15, marks[at + 1] * 15) for at in range(0, len(marks) - 1, 2))
        yield WorkingCalendar("Asia/Shanghai", odd if number % 2 else USUAL, holidays, workdays)


CALENDARS = tuple(some_calendars(random.Random(20261001)))


@st.composite
def lives(draw: st.DrawFn, units: tuple[LimitUnit, ...]) -> Life:
    start = datetime(2026, 9, 18, tzinfo=UTC) + draw(st.integers(0, 24 * 1440)) * MINUTE  # National Day lies ahead
    calendar = draw(st.sampled_from(CALENDARS))
    unit = draw(st.sampled_from(units))
    limit = Limit(draw(st.integers(1, {"minute": 600, "hour": 16, "day": 2}[unit.split("_")[1]])), unit)
    extended = tuple(sorted(draw(st.lists(st.integers(0, 2 * 1440), max_size=2))))
    begins = draw(st.none() | st.integers(0, 2 * 1440))
    suspended = None if begins is None else (begins, begins + draw(st.integers(1, 4 * 1440)))
    if suspended is not None:  # nothing is granted while the clock stands
        extended = tuple(minute for minute in extended if not suspended[0] <= minute < suspended[1])
    return Life(start, limit, calendar, extended, suspended)


WORKING = (LimitUnit.WORKING_HOUR, LimitUnit.WORKING_DAY, LimitUnit.WORKING_MINUTE)


@pytest.mark.parametrize("share", range(SHARES))
def test_due_times_equal_the_hand_that_moves_minute_by_minute(share: int) -> None:
    units = WORKING if share else tuple(LimitUnit)
    held = extended = seen = 0

    @settings(max_examples=EXAMPLES // SHARES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(lives(units))
    def compare(life: Life) -> None:
        nonlocal held, extended, seen
        due, extensions, stood = reference(life)
        assert told(life) == (due, extensions, stood)
        held, extended, seen = held + stood, extended + bool(extensions), seen + 1

    compare()
    assert seen >= EXAMPLES // SHARES
    assert held  # the random lives do hold suspensions and extensions that count
    assert extended
