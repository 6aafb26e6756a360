"""What inspectors see in the simulated past: they come to spots at drawn times, and what is there is there. Pure.

Where they go is an input. What they find follows from the matters of the simulation: how long each lay there before it
was reported, and how long until it was handled. The city comes again when its term is over, and takes points off for
what lies there still; so the months without a loss are an outcome.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from random import Random
from typing import NamedTuple

from wangge.scenarios.nanxiashu import ground, spots
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.arrivals import PLACES_A_GRID
from wangge.scenarios.nanxiashu.past.clockface import DAY, local_seconds, seconds_of
from wangge.scenarios.nanxiashu.past.docket import Case

Spot = tuple[int, int]


class Matter(NamedTuple):
    """Something that lies on a spot from `arisen` until `gone` (local seconds; None: it lies there still)."""

    number: int
    grid: spots.Grid
    spot: Spot
    code: str
    arisen: int
    gone: int | None

    def lies(self, at: int) -> bool:
        """Whether it is there at a moment."""
        return self.arisen <= at and (self.gone is None or at < self.gone)


class Visit(NamedTuple):
    """An inspector of a source looks at some spots of a grid."""

    source: str
    number: int
    grid: spots.Grid
    at: int


class Seen(NamedTuple):
    """What was found on a visit; points in thousandths."""

    source: str
    number: int
    grid: spots.Grid
    spot: Spot
    code: str
    at: int
    points: int


def matter(case: Case, seed: int) -> Matter | None:
    """What lay behind a case; None where there was nothing."""
    event, state = case.event, case.state
    if event.truth != "real" or state.state == "void" or event.place.point is None:
        return None
    luck = Random(f"past {seed} seen {event.number}")  # noqa: S311 - a simulation, not a secret
    unseen = given.UNSEEN * math.exp(luck.gauss(0, 1.0))
    done = state.handled_at or state.closed_at
    point = event.place.point
    return Matter(event.number, event.grid, (point.lon_e7, point.lat_e7), event.code, event.at - round(unseen * 3600),
                  None if done is None else seconds_of(done))


def visits(seed: int, workdays: Mapping[int, bool]) -> list[Visit]:
    """Where inspectors go, in the order of time."""
    rng = Random(f"past {seed} rounds")  # noqa: S311 - a simulation, not a secret
    grids, found = sorted(ground.tiling().grids), []
    for source, plan in given.ROUNDS.items():
        number = 0
        for day in _days(source, workdays):
            for grid in rng.sample(grids, plan.grids):
                number += 1
                found.append(Visit(source, number, grid, local_seconds(day) + rng.randrange(9 * 3600, 17 * 3600)))
    return sorted(found, key=lambda one: (one.at, one.source, one.number))


def seen(visited: Sequence[Visit], matters: Iterable[Matter], workdays: Mapping[int, bool], seed: int
         ) -> Iterator[Seen]:
    """What they find there, in the order of the visits."""
    by_spot: dict[tuple[spots.Grid, Spot], list[Matter]] = defaultdict(list)
    for one in matters:
        by_spot[one.grid, one.spot].append(one)
    bad: dict[spots.Grid, list[Spot]] = defaultdict(list)
    for grid, spot in sorted(by_spot):
        bad[grid].append(spot)
    numbers: dict[str, int] = defaultdict(int)
    for visit in visited:
        rng = Random(f"past {seed} visit {visit.source} {visit.number}")  # noqa: S311
        for place in sorted(rng.sample(range(PLACES_A_GRID), given.ROUNDS[visit.source].spots)):
            here = by_spot[visit.grid, bad[visit.grid][place]] if place < len(bad[visit.grid]) else []
            for one in sorted(here, key=lambda one: one.number):
                if one.lies(visit.at):
                    numbers[visit.source] += 1
                    yield Seen(visit.source, numbers[visit.source], visit.grid, _near(one.spot, rng), one.code,
                               visit.at, _points(visit, one, workdays))


def _points(visit: Visit, one: Matter, workdays: Mapping[int, bool]) -> int:
    """The city takes off what lies there still when its term is over; the others what they see."""
    if visit.source != "city":
        return given.POINTS
    again, left = visit.at, given.CITY_TERM
    while left:
        again += DAY
        left -= workdays[again // DAY]
    return given.POINTS if one.lies(again) else 0


def _near(spot: Spot, rng: Random) -> Spot:
    """Where the inspector stood: some metres beside it."""
    return spot[0] + rng.randrange(-900, 901), spot[1] + rng.randrange(-900, 901)


def _days(source: str, workdays: Mapping[int, bool]) -> Iterator[date]:
    """The days of a source's rounds: every workday, one weekday, or the first workday from some days of a month on."""
    plan = given.ROUNDS[source]
    for number in range((given.ENDS - given.BEGINS).days + 1):
        day = given.BEGINS + timedelta(days=number)
        works = workdays[local_seconds(day) // DAY]
        if plan.month_days:
            start = next((first for first in reversed(plan.month_days) if first <= day.day), None)
            since = [day - timedelta(days=back) for back in range(1, day.day - start + 1)] if start else []
            if start and works and not any(workdays[local_seconds(one) // DAY] for one in since):
                yield day
        elif works and plan.weekday in (None, day.weekday()):
            yield day
