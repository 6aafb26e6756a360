"""Running the simulated past: stored once as a root of its own, or only told (other seeds, missing staff)."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction

from wangge.base import clock
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import draw, without_collector
from wangge.kernel.journal.services import seal
from wangge.kernel.places.models import Area
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.arrivals import events
from wangge.scenarios.nanxiashu.past.books import Books, Tally, percent
from wangge.scenarios.nanxiashu.past.clockface import DAY, local_seconds
from wangge.scenarios.nanxiashu.past.docket import Case
from wangge.scenarios.nanxiashu.past.inspected import counted, record
from wangge.scenarios.nanxiashu.past.names import ROOT, STORED, TOLD
from wangge.scenarios.nanxiashu.past.recount import recounted
from wangge.scenarios.nanxiashu.past.rounds import Matter, matter, seen, visits
from wangge.scenarios.nanxiashu.past.town import Town
from wangge.scenarios.nanxiashu.past.world import World, make, workdays

Progress = Callable[[int, int], None]


def load_past(*, by: Mandate, seed: int, count: int = given.EVENTS, progress: Progress) -> dict[str, Any]:
    """Make the root and its history, whole or not at all. Where it is there already, only count it."""
    began = time.perf_counter()
    if Area.objects.filter(code=ROOT).exists():
        facts = recounted() | counted()
        return {**_head(), **facts, "stored": True, "unchanged": facts["events"], "seconds": _since(began)}
    done = 0

    def step(stored: int) -> None:
        nonlocal done
        done += stored
        progress(done, count)

    with transaction.atomic():
        world = make(STORED, share=1.0, seed=seed, by=by, accounts=True)
        books, matters = Books(by, step), list[Matter]()

        def ended(case: Case) -> None:
            books.add(case)
            if (left := matter(case, seed)) is not None:
                matters.append(left)

        live_through(world, seed, draw("cases_case_number_seq", count), ended)
        books.flush()
        days = workdays(world)
        visited = visits(seed, days)
        record(visited, seen(visited, matters, days, seed), STORED, by=by)
    seal(by=by)
    drawn = {"seed": seed, "staff": 1.0}
    return {**_head(), **drawn, **books.facts(), **counted(), "stored": True, "unchanged": 0,
            "seconds": _since(began)}


def tell_past(*, by: Mandate, seed: int, share: float = 1.0, count: int = given.EVENTS, progress: Progress
              ) -> dict[str, Any]:
    """The same past by the same decisions, with `share` of the staff; only counted, nothing is stored."""
    began = time.perf_counter()
    if not 0 < share <= 1:
        raise InvalidInput("There is no such share of the staff.", field="staff", value=share,
                           expected="more than 0, at most 1")
    tally = Tally()
    with transaction.atomic():
        world = make(TOLD, share=share, seed=seed, by=by)
        live_through(world, seed, range(1, count + 1), tally.add, lambda done: progress(done, count))
        transaction.set_rollback(True)
    drawn = {"seed": seed, "staff": share}
    return {**_head(), **drawn, **tally.facts(), "stored": False, "seconds": _since(began)}


def spread_of_past(
    *, by: Mandate, seed: int, seeds: int, share: float = 1.0, count: int = given.EVENTS, progress: Progress
) -> dict[str, Any]:
    """The past of so many seeds, this one first: each outcome, and what lies between the least and the most."""
    began = time.perf_counter()
    if seeds < 1:
        raise InvalidInput("A spread needs a seed.", field="seeds", value=seeds, expected="1 or more")

    def from_then_on(number: int) -> Progress:
        return lambda done, total: progress(number * total + done, seeds * total)

    runs = [
        tell_past(by=by, seed=seed + number, share=share, count=count, progress=from_then_on(number))
        for number in range(seeds)
    ]
    return {**runs[0], "seeds": [_short(run) for run in runs], "spread": _spread(runs), "seconds": _since(began)}


def _short(run: dict[str, Any]) -> dict[str, Any]:
    return {name: run[name] for name in ("seed", "closed", "closed_percent", "on_time_percent", "by_tier_percent",
                                         "digest", "seconds")}


def _spread(runs: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The least and the most of each share, and how far they lie apart, in per cent of all."""
    found = {}
    columns = {"closed_percent": [run["closed_percent"] for run in runs],
               "on_time_percent": [run["on_time_percent"] for run in runs]}
    for tier in ("grid", "community", "subdistrict"):
        columns[f"{tier}_percent"] = [run["by_tier_percent"][tier] for run in runs]
    for name, values in columns.items():
        known = sorted(int(value.replace(".", "")) for value in values if value is not None)
        if known:
            found[name] = {"least": percent(known[0], 10_000), "most": percent(known[-1], 10_000),
                           "apart": percent(known[-1] - known[0], 10_000)}
    return found


def _head() -> dict[str, Any]:
    return {"scenario": "nanxiashu", "history": True, "root": ROOT,
            "begins": given.BEGINS.isoformat(), "ends": given.ENDS.isoformat(), "end_is_assumed": True}


def _since(began: float) -> float:
    return round(time.perf_counter() - began, 2)


def live_through(
    world: World, seed: int, numbers: Sequence[int], ended: Callable[[Case], None],
    progress: Callable[[int], None] = lambda done: None,
) -> None:
    """Let the events happen, and count or store every case."""
    town = Town(world, seed=seed, recorded_at=clock.now(), ended=ended)
    with without_collector():
        for event, drawn in zip(events(len(numbers), seed, world.ground.setting.calendar), numbers, strict=True):
            town.engine.run(event.at)
            town.report(event, drawn)
            if event.number % 500 == 499:
                progress(event.number + 1)
        town.engine.run(local_seconds(given.ENDS) + DAY + given.NIGHT)
    for case in town.open_cases():
        ended(case)
