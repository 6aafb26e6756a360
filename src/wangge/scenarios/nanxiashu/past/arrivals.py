"""What is reported, where and when: the inputs. Pure, from the seed; nothing here is an outcome."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from wangge.base.calendar import WorkingCalendar
from wangge.scenarios.nanxiashu import ground, spots
from wangge.scenarios.nanxiashu.layout import COMMUNITIES
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.clockface import local_seconds
from wangge.scenarios.nanxiashu.rulebook import table

PLACES_A_GRID = 40
"""Reports come from so many places of a grid: the same spots come back."""


class Event(NamedTuple):
    """Something that is reported: `at` in local seconds; `minutes` of work, `wait` in hours (0: none).

    `truth` says what there is to it: real, no_matter or not_found.
    """

    number: int
    at: int
    code: str
    source: str
    grid: spots.Grid
    place: spots.Place
    truth: str
    minutes: float
    wait: float

    def luck(self, seed: int) -> Random:
        """A generator of its own for what happens to it, so that one event's fate does not change another's."""
        return Random(f"past {seed} life {self.number}")  # noqa: S311 - a simulation, not a secret


class Minor(NamedTuple):
    """A sub-class with its share of its class."""

    code: str
    major: str
    share: int


def minors() -> tuple[Minor, ...]:
    """The sub-classes of the nine classes, as the shipped table has them."""
    found: dict[str, Minor] = {}
    for row in table("governance_classes.csv"):
        major = f"G{row['major_code']}"
        code = major + row["minor_code"]
        found.setdefault(code, Minor(code, major, given.TIERS[row["starting_tier"]]))
    return tuple(found.values())


def split(total: int, shares: Mapping[str, int]) -> dict[str, int]:
    """`total` by shares, to whole numbers that add up: the largest remainders are rounded up."""
    whole = sum(shares.values())
    parts = {name: divmod(total * share, whole) for name, share in shares.items()}
    left = total - sum(number for number, _ in parts.values())
    raised = sorted(parts, key=lambda name: (-parts[name][1], name))[:left]
    return {name: number + (name in raised) for name, (number, _) in parts.items()}


def events(count: int, seed: int, calendar: WorkingCalendar) -> list[Event]:
    """So many events in the order of their time."""
    rng = Random(f"past {seed} events")  # noqa: S311 - a simulation, not a secret
    codes = [code for major, number in split(count, given.CLASSES).items() for code in _codes(major, number, rng)]
    rng.shuffle(codes)
    days = _days(calendar)
    chosen = rng.choices(list(days), list(days.values()), k=count)
    sources = rng.choices(list(given.SOURCES), [one.share for one in given.SOURCES.values()], k=count)
    places = _places(rng)
    grids, weights = _grids()
    drawn = [
        (_moment(day, source, rng), code, source, rng.choices(grids, weights)[0])
        for day, source, code in zip(chosen, sources, codes, strict=True)
    ]
    drawn.sort()
    return [_event(number, *one, places, seed) for number, one in enumerate(drawn)]


def _codes(major: str, number: int, rng: Random) -> list[str]:
    own = [minor for minor in minors() if minor.major == major]
    return rng.choices([minor.code for minor in own], [minor.share for minor in own], k=number)


def _days(calendar: WorkingCalendar) -> dict[date, int]:
    """Each day of the time with its weight."""
    found = {}
    for number in range((given.ENDS - given.BEGINS).days + 1):
        day = given.BEGINS + timedelta(days=number)
        found[day] = given.MONTHS[day.month] * given.WEEKDAYS[day.weekday()]
        if day in calendar.holidays:
            found[day] = found[day] * given.HOLIDAY // 100
    return found


def _moment(day: date, source: str, rng: Random) -> int:
    hours = given.SOURCES[source].hours
    hour = rng.choices(list(hours), list(hours.values()))[0]
    return local_seconds(day) + hour * 3600 + rng.randrange(3600)


def _grids() -> tuple[list[spots.Grid], list[int]]:
    """Grids and how much comes from each: a community's more than a village's, as more people live there."""
    kinds = {community.code: community.kind for community in COMMUNITIES}
    grids = sorted(ground.tiling().grids)
    return grids, [{"community": 3, "village": 2}[kinds[community]] for community, _ in grids]


def _places(rng: Random) -> dict[spots.Grid, Sequence[spots.Place]]:
    return {
        grid: [spots.somewhere("estate", rng, grid) for _ in range(PLACES_A_GRID)]
        for grid in sorted(ground.tiling().grids)
    }


def _event(
    number: int, at: int, code: str, source: str, grid: spots.Grid,
    places: Mapping[spots.Grid, Sequence[spots.Place]], seed: int,
) -> Event:
    luck = Random(f"past {seed} event {number}")  # noqa: S311 - a simulation, not a secret
    work = given.WORK[code[:3]]
    here = places[grid]
    place = here[int(len(here) * luck.random() ** 1.6)]  # some spots are worse than others
    drawn = luck.random() * 1000
    truth = "no_matter" if drawn < given.NO_MATTER else "real"
    if given.NO_MATTER <= drawn < given.NO_MATTER + given.NOT_FOUND:
        truth = "not_found"
    waits = luck.random() * 100 < work.waits
    wait = work.hours * math.exp(luck.gauss(0, 0.8)) if waits else 0.0
    return Event(number, at, code, source, grid, place, truth, around(work.minutes, luck), wait)


def around(median: float, luck: Random) -> float:
    """Minutes drawn around their median, at least half a minute."""
    return max(0.5, median * math.exp(luck.gauss(0, given.SPREAD)))
