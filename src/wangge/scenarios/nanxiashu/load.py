"""Loading the scenario: everything in one transaction, or nothing; a second load changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from django.db import transaction

from wangge.base import clock
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import Case, Part
from wangge.kernel.cases.parts.services import put_parts
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.queries import roster, vacancies
from wangge.kernel.journal.services import seal
from wangge.kernel.places.models import Area
from wangge.kernel.places.services import count_residents, create_areas
from wangge.runtime import secrets
from wangge.scenarios.nanxiashu import areas, errands, people, rebounds, reviews, rulebook, things
from wangge.scenarios.nanxiashu.layout import COMMUNITIES, RESIDENTS, ROOT
from wangge.scenarios.nanxiashu.plan import plans
from wangge.scenarios.nanxiashu.play import Stage, play

SINCE = datetime(2024, 1, 1, tzinfo=UTC) - timedelta(hours=8)
SEED = 2018


def load(
    *, by: Mandate, seed: int = SEED, progress: Callable[[int, int], None] = lambda done, total: None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """Make the subdistrict and its cases. Times count back from `now`, rounded down to the hour.

    Answers with the facts of the JSON line; where the subdistrict is there already it only counts.
    """
    began = time.perf_counter()
    moment = (now or clock.now()).replace(minute=0, second=0, microsecond=0)
    unchanged = Case.objects.filter(path__startswith=f"{ROOT}/").count()
    if not Area.objects.filter(code=ROOT).exists():
        with transaction.atomic():
            _make(by, seed, moment, progress)
        seal(by=by)
    return {"scenario": "nanxiashu", **_counted(moment), "unchanged": unchanged,
            "seconds": round(time.perf_counter() - began, 2)}


def _make(by: Mandate, seed: int, now: datetime, progress: Callable[[int, int], None]) -> None:
    made = create_areas(areas.rows(SINCE), by=by)
    for code, residents in RESIDENTS.items():
        count_residents(area=code, residents=residents, by=by)
    by_code = {area.code: area for area in made}
    root = by_code[ROOT]
    units = people.create_units(by)
    staff = people.staff_up(units, since=SINCE, now=now, rng=_rng(seed, "people"), by=by)
    people.create_accounts(staff, secrets.demo_password(), by=by)
    communities = {community.code: by_code[community.code] for community in COMMUNITIES}
    years = range(now.year - 1, now.year + 2)
    rulebook.set_up(root, units, communities, since=SINCE, years=years, by=by)
    stage = Stage(
        root.path,
        {(community.code, number): by_code[areas.grid_code(community.code, number)].path
         for community in COMMUNITIES for number in range(1, community.grids + 1)},
        roster(root.path), units, seed,
    )
    planned = plans(_rng(seed, "cases"), now, calendar_for(root.path))
    put_parts(parts=things.parts(planned, units), by=by)
    for number, plan in enumerate(planned):
        play(plan, number, stage)
        progress(number + 1, len(planned))
    rebounds.tell(stage, seed, now)
    errands.tell(stage, now)
    reviews.tell(root.path, seed, now, SINCE)


def _rng(seed: int, what: str) -> Random:
    return Random(f"nanxiashu {seed} {what}")  # noqa: S311 - a demo, not a secret


def _counted(now: datetime) -> dict[str, Any]:
    """What stands in the database."""
    prefix = f"{ROOT}/"
    kinds: dict[str, int] = {}
    for kind in Area.objects.filter(path__startswith=prefix).values_list("kind", flat=True):
        kinds[kind] = kinds.get(kind, 0) + 1
    states: dict[str, int] = {}
    for state in Case.objects.filter(path__startswith=prefix).values_list("state", flat=True):
        states[state] = states.get(state, 0) + 1
    held = Assignment.objects.filter(area_path__startswith=prefix, recorded__upper_inf=True)
    return {
        "areas": sum(kinds.values()),
        "grids": kinds.get("grid", 0),
        "communities": kinds.get("community", 0) + kinds.get("village", 0),
        "people": held.exclude(person=None).values("person").distinct().count(),
        "assignments": held.count(),
        "vacancies": len(vacancies(prefix, now, kinds=("community", "village"))),
        "parts": Part.objects.filter(path__startswith=prefix).count(),
        "cases": sum(states.values()),
        "by_state": dict(sorted(states.items())),
    }
