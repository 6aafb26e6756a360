"""The working calendar: when a limit that starts now is due, and the sum that shows why.

Windows are wall-clock time of the calendar's zone. A window lasts from the first moment at which the clock
shows its start until the first at which it shows its end, so a window across a change to summer time is
shorter, and one across the change back longer. Whether the table of holidays reaches as far as a due day is
the caller's concern. Nothing here rounds: arithmetic is in whole microseconds.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from wangge.base.clock import from_us, to_us
from wangge.base.errors import InvalidInput
from wangge.base.units import Limit

DEFAULT_WINDOWS = ((480, 720), (840, 1080))
"""08:00-12:00 and 14:00-18:00, the standard windows of digital urban management."""

_DAY_MINUTES = 24 * 60
_SECOND_US = 1_000_000


class Step(NamedTuple):
    """One stretch that counted: local day, from and to (aware, the calendar's zone), whole seconds."""

    day: date
    from_: datetime
    to: datetime
    seconds: int


class _Year(NamedTuple):
    """The windows of one local year in UTC microseconds; `after[i]`: working time to the end of window i."""

    starts: list[int]
    ends: list[int]
    after: list[int]


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time of one place.

    `timezone` is an IANA name. `windows` are minutes of the local day, half open, in order, not overlapping.
    Monday to Friday are workdays, except `holidays`; `workdays` are make-up days (调休) on which people work.
    Raises `InvalidInput` for an unknown zone, bad windows, or a day that is both.
    Safe to share between threads; every year is laid out once, on first use.
    """

    timezone: str = "Asia/Shanghai"
    windows: tuple[tuple[int, int], ...] = DEFAULT_WINDOWS
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    _zone: ZoneInfo = field(init=False, repr=False, compare=False)
    _standard_day: int = field(init=False, repr=False, compare=False)
    _years: dict[int, _Year] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        _check_windows(self.windows)
        both = self.holidays & self.workdays
        if both:
            raise InvalidInput(
                "A day is both a holiday and a make-up workday.", field="holidays", value=min(both),
                expected="one of them",
            )
        object.__setattr__(self, "_zone", _zone(self.timezone))
        object.__setattr__(self, "_standard_day", sum(end - start for start, end in self.windows) * 60)

    @property
    def standard_day(self) -> timedelta:
        """What one working day counts: the sum of the windows."""
        return timedelta(seconds=self._standard_day)

    def is_workday(self, day: date) -> bool:
        """Whether people work on this local day."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def due(self, start: datetime, limit: Limit) -> datetime:
        """When a limit that starts at `start` (aware) is due, UTC.

        A start outside the windows counts from the next one. A due time on the end of a window stays there.
        Raises `InvalidInput` where the calendar holds no such time, ValueError for a naive start.
        """
        length = timedelta(seconds=limit.seconds(self._standard_day))
        return from_us(to_us(start)) + length if limit.unit.is_calendar else self.after(start, length)

    def after(self, start: datetime, worked: timedelta) -> datetime:
        """When this much working time has passed since `start` (aware), UTC. The inverse of `worked`.

        Raises `InvalidInput` where the calendar holds no such time, ValueError for a naive start.
        """
        begin, length = to_us(start), worked // timedelta(microseconds=1)
        number = start.astimezone(self._zone).year
        year = self._year(number)
        target = _worked_until(year, begin) + length
        while not year.after or target > year.after[-1]:
            target -= year.after[-1] if year.after else 0
            number += 1
            year = self._year(number)
        at = bisect_left(year.after, target)
        return from_us(year.ends[at] - (year.after[at] - target))

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Working time between two aware moments; ValueError where `end` lies before `start`."""
        if end < start:
            raise ValueError(f"{end} lies before {start}")
        first, last = start.astimezone(self._zone).year, end.astimezone(self._zone).year
        total = _worked_until(self._year(last), to_us(end)) - _worked_until(self._year(first), to_us(start))
        for number in range(first, last):
            total += _total(self._year(number))
        return timedelta(microseconds=total)

    def explain(self, start: datetime, limit: Limit) -> tuple[Step, ...]:
        """The stretches from `start` to `due(start, limit)`; their seconds add up to the limit exactly."""
        return self.stretches(start, self.due(start, limit), calendar=limit.unit.is_calendar)

    def stretches(self, start: datetime, end: datetime, *, calendar: bool = False) -> tuple[Step, ...]:
        """The stretches of working time between two aware moments; of calendar time there is one.

        Where `start` has a fraction of a second, a step counts the whole seconds that are full when it ends, so
        that the sum stays exact. Nothing where `end` does not lie after `start`.
        """
        if end <= start:
            return ()
        if calendar:
            local = start.astimezone(self._zone)
            return (Step(local.date(), local, end.astimezone(self._zone), (end - start) // timedelta(seconds=1)),)
        begin, finish = to_us(start), to_us(end)
        steps, counted = [], 0
        for number in range(start.astimezone(self._zone).year, end.astimezone(self._zone).year + 1):
            year = self._year(number)
            for at in range(bisect_right(year.ends, begin), len(year.ends)):
                low, high = max(begin, year.starts[at]), min(finish, year.ends[at])
                if low >= high:
                    break
                shown, counted = counted // _SECOND_US, counted + high - low
                opened = self._local(low)
                steps.append(Step(opened.date(), opened, self._local(high), counted // _SECOND_US - shown))
        return tuple(steps)

    def _local(self, moment: int) -> datetime:
        return from_us(moment).astimezone(self._zone)

    def _year(self, number: int) -> _Year:
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._lay_out(number)
        return found

    def _lay_out(self, number: int) -> _Year:
        """The windows of a year. Two threads may both do it: the results are equal."""
        if not 2 <= number <= 9990:
            raise InvalidInput(
                "The calendar does not reach so far.", field="year", value=number, expected="2 to 9990"
            )
        starts, ends = [], []
        day, one = date(number, 1, 1), timedelta(days=1)
        while day.year == number:
            if self.is_workday(day):
                for start, end in self.windows:
                    low, high = _moment(self._zone, day, start), _moment(self._zone, day, end)
                    if low < high:  # a day that the zone skipped, or an hour in a gap, is empty
                        starts.append(low)
                        ends.append(high)
            day += one
        lengths = (high - low for low, high in zip(starts, ends, strict=True))
        return _Year(starts, ends, list(accumulate(lengths)))


def _worked_until(year: _Year, moment: int) -> int:
    """Working microseconds of the year before `moment`."""
    at = bisect_right(year.ends, moment)
    before = year.after[at - 1] if at else 0
    if at < len(year.starts) and moment > year.starts[at]:
        before += moment - year.starts[at]
    return before


def _total(year: _Year) -> int:
    return year.after[-1] if year.after else 0


def _moment(zone: ZoneInfo, day: date, minute: int) -> int:
    """The first UTC microsecond at which the zone's clock shows this minute of this day, or a later one."""
    if minute == _DAY_MINUTES:
        day, minute = day + timedelta(days=1), 0
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    early, late = local.utcoffset(), local.replace(fold=1).utcoffset()
    assert early is not None
    assert late is not None
    shown = local.replace(tzinfo=UTC)
    if late <= early:  # an ordinary time, or one that is shown twice: the first time counts
        return to_us(shown - early)
    return _jump(zone, to_us(shown - late), to_us(shown - early), late)


def _jump(zone: ZoneInfo, low: int, high: int, after: timedelta) -> int:
    """The second between two UTC microseconds at which the clock jumps ahead to the offset `after`."""
    low, high = low // _SECOND_US, high // _SECOND_US
    while high - low > 1:
        middle = (low + high) // 2
        if from_us(middle * _SECOND_US).astimezone(zone).utcoffset() == after:
            high = middle
        else:
            low = middle
    return high * _SECOND_US


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InvalidInput(
            "This time zone is not known.", field="timezone", value=name,
            expected="an IANA name such as Asia/Shanghai",
        ) from None


def _check_windows(windows: tuple[tuple[int, int], ...]) -> None:
    last = 0
    for start, end in windows:
        if not last <= start < end <= _DAY_MINUTES:
            raise InvalidInput(
                "The working windows do not follow one another within a day.", field="windows", value=windows,
                expected="pairs of minutes such as (480, 720), (840, 1080), in order",
            )
        last = end
    if not windows:
        raise InvalidInput(
            "A working calendar needs a window.", field="windows", expected="at least one pair of minutes"
        )
