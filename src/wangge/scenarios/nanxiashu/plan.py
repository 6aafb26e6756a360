"""What will have happened: for each case its class, place, words and the time of every act. Pure, from the seed."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from random import Random
from typing import NamedTuple

from wangge.base.calendar import WorkingCalendar
from wangge.base.units import Limit, LimitUnit
from wangge.scenarios.nanxiashu import spots, stories
from wangge.scenarios.nanxiashu.people import HANDOVERS, VACANT, midnight
from wangge.scenarios.nanxiashu.rulebook import UNROUTED, limit_of
from wangge.scenarios.nanxiashu.spots import Place
from wangge.scenarios.nanxiashu.stories import Story

DAYS = 60
HOURS = range(6, 22)
"""When people report, on the clock in China."""
PHOTOS = 30
SOURCES = ("resident",) * 9 + ("grid_worker",) * 6 + ("patrol",) * 3 + ("hotline",) * 3 + ("video", "city_inspection")
_CHINA = timedelta(hours=8)
_DELAYS = {
    "accept": (3, 24), "register": (5, 80), "dispatch": (3, 26), "dispatch_by_hand": (3, 26), "sign": (4, 50),
    "inspect": (10, 100), "close": (1, 10), "return_unit": (15, 90), "return_desk": (5, 25), "recall": (5, 40),
    "rework": (10, 100), "comment": (5, 20), "reject": (5, 28), "void": (10, 90), "reopen": (500, 1500),
    "reopen_void": (60, 400), "ask_suspension": (10, 40), "suspend": (10, 40), "ask_extension": (10, 40),
    "endorse_extension": (5, 30), "extend": (5, 30), "supervise": (30, 120),
}
"""Least and most minutes that an act takes, in the kind of time that the case's limit counts in."""
_IN_LIMIT = frozenset({"dispatch", "dispatch_by_hand", "sign", "return_unit", "recall", "ask_suspension", "suspend",
                       "ask_extension", "endorse_extension", "extend"})
"""Acts that use up the limit before the work begins: a tenth of it at most."""


class Text(NamedTuple):
    """A row of texts.csv."""

    code: str
    condition: int
    spot: str
    text: str


class Plan(NamedTuple):
    """One case to be played. `times` has the report's moment first, then one for each act of the story."""

    story: Story
    text: Text
    place: Place
    source: str
    times: tuple[datetime, ...]
    photos: bool = False


@cache
def texts() -> tuple[Text, ...]:
    """What people say is wrong, by class and condition."""
    return tuple(Text(row["code"], int(row["condition"]), row["spot"], row["text"]) for row in _rows("texts.csv"))


@cache
def words(use: str) -> tuple[str, ...]:
    """What is said with an act."""
    return tuple(row["text"] for row in _rows("words.csv") if row["use"] == use)


def _rows(name: str) -> list[dict[str, str]]:
    file = resources.files("wangge.scenarios.nanxiashu") / "data" / name
    return list(csv.DictReader(file.read_text("utf-8").splitlines()))


def plans(rng: Random, now: datetime, calendar: WorkingCalendar) -> list[Plan]:
    """All cases in the order of their reports."""
    by_name = {story.name: story for story in stories.STORIES}
    left = {story.name: story.cases for story in stories.STORIES}
    clock = _Clock(rng, now, calendar)
    made: list[Plan] = []
    for wanted in stories.WANTED:
        left[wanted.story] -= wanted.cases
        for number in range(wanted.cases):
            text = _text(rng, (wanted.codes[number % len(wanted.codes)],))
            made.append(_plan(by_name[wanted.story], text, _near(text, rng, wanted.grid), rng, clock))
    for community, post, codes in stories.SPANNING:
        days = next(days for area, held, days in HANDOVERS if (area, held) == (community, post))
        for code in codes:
            text = _text(rng, (code,))
            made.append(_plan(by_name["closed"], text, _near(text, rng, (community, 1)), rng, clock,
                              midnight(now, days)))
            left["closed"] -= 1
    for story in stories.STORIES:
        for _ in range(left[story.name]):
            text = _text(rng, UNROUTED if not story.routed else ())
            made.append(_plan(story, text, _where(story, text, rng), rng, clock))
    made.sort(key=lambda plan: (plan.times[0], plan.place.address, plan.text.text))
    return _with_photos(made, rng)


def _text(rng: Random, codes: Sequence[str]) -> Text:
    return rng.choice([text for text in texts() if (text.code in codes if codes else text.code not in UNROUTED)])


def _near(text: Text, rng: Random, grid: spots.Grid) -> Place:
    return spots.somewhere(text.spot, rng, grid)


def _where(story: Story, text: Text, rng: Random) -> Place:
    if story.where == "outside":
        return spots.outside(rng)
    if story.where == "nowhere":
        return spots.address_only(rng)
    if not story.routed:
        vacant = sorted(area for area, post in VACANT if post == "property_manager")
        return spots.somewhere("village", rng, (rng.choice(vacant), rng.choice((1, 2))))
    return spots.somewhere(text.spot, rng)


def _plan(story: Story, text: Text, place: Place, rng: Random, clock: _Clock,
          crossing: datetime | None = None) -> Plan:
    times = clock.times(story, limit_of(text.code, text.condition), crossing)
    source = "resident" if place.grid is None else rng.choice(SOURCES)
    return Plan(story, text, place, source, times)


def _with_photos(made: list[Plan], rng: Random) -> list[Plan]:
    handled = [number for number, plan in enumerate(made) if "handle" in plan.story.acts and plan.story.cases < 40]
    plain = [number for number, plan in enumerate(made) if plan.story.name in ("closed", "being handled", "waiting")]
    chosen = set(rng.sample(handled, PHOTOS // 2) + rng.sample(plain, PHOTOS - PHOTOS // 2))
    return [plan._replace(photos=number in chosen) for number, plan in enumerate(made)]


class _Clock:
    """Finds moments at which a story can have been lived through by now."""

    def __init__(self, rng: Random, now: datetime, calendar: WorkingCalendar) -> None:
        self._rng, self._now, self._calendar = rng, now, calendar

    def times(self, story: Story, limit: Limit, crossing: datetime | None) -> tuple[datetime, ...]:
        """The report's moment and one for each act, the last before now."""
        urgent = limit.unit.startswith("calendar")
        delays = list(self._delays(story, limit))
        for start in self._starts(story, crossing):
            found = [start]
            for delay in delays:
                found.append(self._after(found[-1], delay, urgent))
            if found[-1] < self._now and self._fits(story, found, limit, crossing):
                return tuple(found)
        raise AssertionError(f"no time for {story.name}")

    def _delays(self, story: Story, limit: Limit) -> Iterator[int]:
        whole = _minutes(limit)
        for act in story.acts:
            if act == "handle":
                share = self._rng.randrange(115, 180) if story.late else self._rng.randrange(25, 80)
                yield max(2, whole * share // 100)
                continue
            least, most = _DELAYS[act]
            minutes = self._rng.randrange(least, most + 1)
            yield min(minutes, max(1, whole // 10)) if act in _IN_LIMIT else minutes

    def _starts(self, story: Story, crossing: datetime | None) -> Iterator[datetime]:
        """Moments to try, ever earlier."""
        if crossing is not None:
            start, step = crossing, 23
        elif story.recent or (story.late and "close" not in story.acts):
            slow = story.recent and story.acts[-1:] in (("sign",), ("rework",))
            start, step = self._now - timedelta(minutes=self._rng.randrange(600 if slow else 20)), 7
        else:
            start, step = self._now - timedelta(minutes=self._rng.randrange(60, (DAYS - 12) * 1440)), 37
        start -= timedelta(seconds=self._rng.randrange(5, 300))
        for _ in range(9000):
            start -= timedelta(minutes=step)
            if (start + _CHINA).hour in HOURS:
                yield start

    def _fits(self, story: Story, found: list[datetime], limit: Limit, crossing: datetime | None) -> bool:
        if crossing is not None:
            acts = ("report", *story.acts)
            return found[acts.index("sign")] < crossing <= found[acts.index("handle")]
        if story.late and "close" not in story.acts:
            registered = found[2] if len(found) > 2 else found[0]
            due = self._calendar.due(registered, limit if len(found) > 2 else Limit(4, LimitUnit.WORKING_HOUR))
            return due < self._now - timedelta(minutes=self._rng.randrange(30, 1500))
        return True

    def _after(self, moment: datetime, minutes: int, urgent: bool) -> datetime:
        unit = LimitUnit.CALENDAR_MINUTE if urgent else LimitUnit.WORKING_MINUTE
        due = self._calendar.due(moment, Limit(minutes, unit))
        return due + timedelta(seconds=self._rng.randrange(0, 50))


_MINUTES: dict[str, int] = {
    "calendar_hour": 60, "calendar_day": 1440, "working_hour": 60, "working_day": 480, "calendar_minute": 1,
    "working_minute": 1,
}


def _minutes(limit: Limit) -> int:
    return limit.amount * _MINUTES[str(limit.unit)]


Progress = Callable[[int, int], None]
