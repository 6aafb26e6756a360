"""Due times of limits: the edge cases of the domain by name, and a slow reference that steps minute by minute."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wangge.base.calendar import Step, WorkingCalendar
from wangge.base.errors import InvalidInput
from wangge.base.units import Limit, LimitUnit

SHANGHAI = ZoneInfo("Asia/Shanghai")
NATIONAL_DAY = WorkingCalendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
"""National Day 2026: seven days off, with a make-up Sunday before and a make-up Saturday after."""


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        pytest.param("2026-11-23T17:50", 4, "working_hour", "2026-11-24T11:50", id="ten to six, 10 min today"),
        pytest.param("2026-11-23T10:00", 4, "working_hour", "2026-11-23T16:00", id="over the midday break"),
        pytest.param("2026-11-21T09:00", 4, "working_hour", "2026-11-23T12:00", id="filed on a Saturday"),
        pytest.param("2026-11-20T17:50", 4, "working_hour", "2026-11-23T11:50", id="Friday evening to Monday"),
        pytest.param("2026-11-23T13:00", 1, "working_hour", "2026-11-23T15:00", id="filed in the midday break"),
        pytest.param("2026-11-23T22:00", 1, "working_hour", "2026-11-24T09:00", id="filed at night"),
        pytest.param("2026-11-23T08:00", 4, "working_hour", "2026-11-23T12:00", id="due at the end of the morning"),
        pytest.param("2026-11-23T08:00", 1, "working_day", "2026-11-23T18:00", id="a day ends at six"),
        pytest.param("2026-11-23T12:00", 4, "working_hour", "2026-11-23T18:00", id="filed as the morning ends"),
        pytest.param("2026-11-23T18:00", 1, "working_minute", "2026-11-24T08:01", id="filed as the day ends"),
        pytest.param("2026-11-23T10:00", 2, "working_day", "2026-11-25T10:00", id="two days are sixteen hours"),
        pytest.param("2026-09-30T16:00", 4, "working_hour", "2026-10-08T10:00", id="over National Day"),
        pytest.param("2026-10-09T16:00", 4, "working_hour", "2026-10-10T10:00", id="into the make-up Saturday"),
        pytest.param("2026-10-10T16:00", 4, "working_hour", "2026-10-12T10:00", id="from the make-up Saturday"),
        pytest.param("2026-09-20T09:00", 1, "working_hour", "2026-09-20T10:00", id="on the make-up Sunday"),
        pytest.param("2026-09-30T16:00", 2, "calendar_hour", "2026-09-30T18:00", id="urgent hours"),
        pytest.param("2026-10-03T23:30", 2, "calendar_hour", "2026-10-04T01:30", id="urgent hours in a holiday night"),
        pytest.param("2026-09-30T16:00", 2, "calendar_day", "2026-10-02T16:00", id="urgent days run through"),
        pytest.param("2026-12-31T17:59", 2, "working_minute", "2027-01-01T08:01", id="over the turn of the year"),
    ],
)  # fmt: skip
def test_due(start: str, amount: int, unit: str, due: str) -> None:
    found = NATIONAL_DAY.due(local(start), Limit(amount, LimitUnit(unit)))
    assert found.astimezone(SHANGHAI) == local(due)
    assert found.tzinfo is UTC


def test_a_holiday_that_the_table_lacks_counts_as_a_workday() -> None:
    # a missing table is for the caller to notice: the calendar answers from what it was given
    due = WorkingCalendar().due(local("2026-09-30T17:00"), Limit(2, LimitUnit.WORKING_HOUR))
    assert due == local("2026-10-01T09:00")


def test_seconds_and_microseconds_are_kept() -> None:
    start = local("2026-11-23T17:59:59.250001")
    assert NATIONAL_DAY.due(start, Limit(1, LimitUnit.WORKING_MINUTE)) == local("2026-11-24T08:00:59.250001")


def test_a_limit_may_span_years() -> None:
    due = WorkingCalendar().due(local("2026-01-01T08:00"), Limit(5220, LimitUnit.WORKING_DAY))
    assert due.astimezone(SHANGHAI).hour == 18  # twenty years of weekdays end with a day
    assert WorkingCalendar().worked(local("2026-01-01T08:00"), due) == timedelta(hours=5220 * 8)


def test_windows_keep_to_the_clock_on_the_wall_when_summer_time_comes_and_goes() -> None:
    zone = ZoneInfo("America/New_York")
    calendar, limit = WorkingCalendar("America/New_York"), Limit(2, LimitUnit.WORKING_HOUR)
    assert calendar.due(local("2026-03-05T17:00", zone), limit) == datetime(2026, 3, 6, 14, tzinfo=UTC)
    assert calendar.due(local("2026-03-06T17:00", zone), limit) == datetime(2026, 3, 9, 13, tzinfo=UTC)
    assert calendar.due(local("2026-10-30T17:00", zone), limit) == datetime(2026, 11, 2, 14, tzinfo=UTC)


@pytest.mark.parametrize(
    ("windows", "day", "hours"),
    [
        (((0, 360),), date(2026, 3, 8), 5),  # 02:00-03:00 is missing
        (((120, 180),), date(2026, 3, 8), 0),  # wholly missing
        (((150, 240),), date(2026, 3, 8), 1),  # 02:30 does not exist: from 03:00
        (((0, 360),), date(2026, 11, 1), 7),  # 01:00-02:00 comes twice
        (((0, 90),), date(2026, 11, 1), 1.5),  # until 01:30 is shown for the first time
        (((0, 1440),), date(2026, 11, 1), 25),
    ],
)
def test_night_shifts_on_the_day_of_change(windows: tuple[tuple[int, int], ...], day: date, hours: float) -> None:
    zone = ZoneInfo("America/New_York")
    calendar = WorkingCalendar("America/New_York", windows, workdays=frozenset({day}))
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    end = datetime(day.year, day.month, day.day + 1, tzinfo=zone)
    assert calendar.worked(start, end) == timedelta(hours=hours)


def test_a_day_that_the_zone_skipped_is_empty() -> None:
    zone = ZoneInfo("Pacific/Apia")  # went over the date line: there was no 2011-12-30, a Friday
    due = WorkingCalendar("Pacific/Apia").due(local("2011-12-29T17:00", zone), Limit(2, LimitUnit.WORKING_HOUR))
    assert due == local("2012-01-02T09:00", zone)


def test_explain_lists_the_stretches_that_make_up_the_limit() -> None:
    steps = NATIONAL_DAY.explain(local("2026-09-30T17:50"), Limit(4, LimitUnit.WORKING_HOUR))
    assert steps == (
        Step(date(2026, 9, 30), local("2026-09-30T17:50"), local("2026-09-30T18:00"), 600),
        Step(date(2026, 10, 8), local("2026-10-08T08:00"), local("2026-10-08T11:50"), 13_800),
    )


def test_explain_of_a_calendar_limit_is_one_stretch() -> None:
    start = local("2026-11-21T23:00")
    (step,) = NATIONAL_DAY.explain(start, Limit(2, LimitUnit.CALENDAR_DAY))
    assert step == (date(2026, 11, 21), start, start + timedelta(days=2), 172_800)


def test_worked_refuses_an_end_before_its_start() -> None:
    with pytest.raises(ValueError, match="lies before"):
        NATIONAL_DAY.worked(local("2026-11-23T10:00"), local("2026-11-23T09:00"))


def test_a_start_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        NATIONAL_DAY.due(datetime(2026, 11, 23, 10), Limit(1, LimitUnit.WORKING_HOUR))  # noqa: DTZ001 - meant


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("timezone", {"timezone": "Asia/Nowhere"}),
        ("timezone", {"timezone": "../etc/passwd"}),
        ("timezone", {"timezone": ""}),
        ("windows", {"windows": ()}),
        ("windows", {"windows": ((720, 480),)}),
        ("windows", {"windows": ((480, 480),)}),
        ("windows", {"windows": ((480, 720), (700, 1080))}),
        ("windows", {"windows": ((840, 1080), (480, 720))}),
        ("windows", {"windows": ((-1, 720),)}),
        ("windows", {"windows": ((480, 1441),)}),
        ("holidays", {"holidays": frozenset({date(2026, 10, 1)}), "workdays": frozenset({date(2026, 10, 1)})}),
    ],
)
def test_impossible_calendars_are_refused(field: str, given: dict[str, object]) -> None:
    with pytest.raises(InvalidInput) as refused:
        WorkingCalendar(**given)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_a_time_that_the_calendar_does_not_reach_is_refused() -> None:
    with pytest.raises(InvalidInput, match="does not reach"):
        NATIONAL_DAY.due(datetime(9995, 1, 1, tzinfo=UTC), Limit(1, LimitUnit.WORKING_DAY))


def test_calendars_are_equal_by_what_they_say() -> None:
    assert WorkingCalendar() == WorkingCalendar()
    assert len({WorkingCalendar(), WorkingCalendar(), NATIONAL_DAY}) == 2
    WorkingCalendar().due(local("2026-11-23T10:00"), Limit(1, LimitUnit.WORKING_DAY))
    assert WorkingCalendar() != NATIONAL_DAY


# --- the slow, obvious reference ---------------------------------------------------------------------------

ZONES = ("Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "UTC")
MINUTE = timedelta(minutes=1)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


class Stepper:
    """Looks at the clock on the wall, minute after minute."""

    def __init__(self, calendar: WorkingCalendar, start: datetime) -> None:
        self.calendar, self.zone = calendar, ZoneInfo(calendar.timezone)
        self.moment = start
        self.day, self.shown = date.min, -1
        early = start - timedelta(days=1)
        while early < start:  # what the clock has shown so far on the day on which we start
            self._look(early)
            early += MINUTE

    def _look(self, moment: datetime) -> None:
        wall = moment.astimezone(self.zone)
        minute = wall.hour * 60 + wall.minute
        self.shown = max(self.shown, minute) if wall.date() == self.day else minute
        self.day = wall.date()

    def open_then_step(self) -> bool:
        """Whether the present minute is worked; then goes on to the next."""
        self._look(self.moment)
        self.moment += MINUTE
        return self.calendar.is_workday(self.day) and any(a <= self.shown < b for a, b in self.calendar.windows)


@st.composite
def calendars(draw: st.DrawFn, start: date) -> WorkingCalendar:
    marks = sorted(draw(st.sets(st.integers(0, 96), min_size=2, max_size=6)))
    windows = tuple((marks[at] * 15, marks[at + 1] * 15) for at in range(0, len(marks) - 1, 2))
    near = st.integers(-2, 12).map(lambda days: start + timedelta(days=days))
    holidays = draw(st.frozensets(near, max_size=5))
    workdays = draw(st.frozensets(near, max_size=3)) - holidays
    return WorkingCalendar(draw(st.sampled_from(ZONES)), windows, holidays, workdays)


# round the changes of summer time, the turn of the year and a leap day
STARTS = st.sampled_from(
    ["2026-03-07", "2026-03-08", "2026-04-04", "2026-09-05", "2026-10-03", "2026-10-31", "2026-12-30", "2028-02-28"]
)  # fmt: skip


@settings(max_examples=120, deadline=None)
@given(data=st.data(), day=STARTS, minute=st.integers(0, 2 * 1440), amount=st.integers(1, 1200))
def test_due_explain_and_worked_equal_the_clock_on_the_wall(
    data: st.DataObject, day: str, minute: int, amount: int
) -> None:
    start = datetime.fromisoformat(day).replace(tzinfo=UTC) + minute * MINUTE
    calendar = data.draw(calendars(start.date()))
    limit = Limit(amount, LimitUnit.WORKING_MINUTE)
    due = calendar.due(start, limit)
    assume(due - start < timedelta(days=25))

    stepper, left = Stepper(calendar, start), amount
    while left:
        left -= stepper.open_then_step()
    assert due == stepper.moment

    assert calendar.worked(start, due) == amount * MINUTE
    steps = calendar.explain(start, limit)
    assert sum(step.seconds for step in steps) == amount * 60
    assert steps[-1].to == due
    assert all(step.seconds == (step.to.astimezone(UTC) - step.from_.astimezone(UTC)).total_seconds() for step in steps)
    assert all(step.day == step.from_.date() and calendar.is_workday(step.day) for step in steps)


@settings(max_examples=200, deadline=None)
@given(
    start=MOMENTS,
    amount=st.integers(1, 40), unit=st.sampled_from(LimitUnit), zone=st.sampled_from(ZONES),
)  # fmt: skip
def test_sums_are_exact_to_the_microsecond(start: datetime, amount: int, unit: LimitUnit, zone: str) -> None:
    calendar, limit = WorkingCalendar(zone), Limit(amount, unit)
    length = timedelta(seconds=limit.seconds(8 * 3600))
    due, steps = calendar.due(start, limit), calendar.explain(start, limit)
    assert sum(step.seconds for step in steps) == length.total_seconds()
    assert (calendar.worked(start, due) if not unit.is_calendar else due - start) == length
    assert steps[-1].to == due
    assert steps[0].from_ >= start


@settings(max_examples=200, deadline=None)
@given(st.lists(MOMENTS, min_size=3, max_size=3))
def test_working_time_adds_up(moments: list[datetime]) -> None:
    early, middle, late = sorted(moments)
    parts = NATIONAL_DAY.worked(early, middle) + NATIONAL_DAY.worked(middle, late)
    assert parts == NATIONAL_DAY.worked(early, late)
