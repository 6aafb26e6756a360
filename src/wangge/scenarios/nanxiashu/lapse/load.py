"""Loading the bad past: whole or not at all; a second load changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.assessment.models import Appeal, Run
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import draw
from wangge.kernel.duties.hours import fill_calendar
from wangge.kernel.duties.models import Calendar
from wangge.kernel.journal.services import seal
from wangge.kernel.people.services import create_account
from wangge.kernel.places.models import Area
from wangge.runtime import secrets
from wangge.scenarios.nanxiashu.lapse import inputs as given
from wangge.scenarios.nanxiashu.lapse import play
from wangge.scenarios.nanxiashu.lapse.inputs import at
from wangge.scenarios.nanxiashu.past.books import Books
from wangge.scenarios.nanxiashu.past.inspected import counted
from wangge.scenarios.nanxiashu.past.load import live_through
from wangge.scenarios.nanxiashu.past.names import BAD
from wangge.scenarios.nanxiashu.past.world import World, make

ACCOUNTS = {
    "bad-leader": ("leader", "", "街道领导: /desk/runs, the board, the lab; gives notice, makes final, posts"),
    "bad-secretary": ("secretary", "NXS-01", "社区书记: /desk/mine, one's own charge; the statement at the board"),
    "bad-worker": ("grid_worker", "NXS-01-02", "专职网格员: /desk/mine, can appeal for five working days from now"),
    "bad-inspector": ("inspector", "", "核查员: /desk/appeals, reviews the open appeal first"),
    "bad-inspector2": ("inspector", "", "核查员: /desk/appeals, reviews it second, which decides"),
}


def load_lapse(
    *, by: Mandate, seed: int, count: int = given.EVENTS, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Make the root, play its ten months and their quarters. Where it is there already, only tell how it stands."""
    began = time.perf_counter()
    fresh = not Area.objects.filter(code=BAD.root).exists()
    if fresh:
        with transaction.atomic():
            _make(by, seed, count, progress)
        seal(by=by)
    return {**_told(), "fresh": fresh, "seconds": round(time.perf_counter() - began, 2)}


def _make(by: Mandate, seed: int, count: int, progress: Callable[[int, int], None]) -> None:
    world = make(BAD, share=1.0, seed=seed, by=by)
    [calendar] = Calendar.objects.filter(area__code=BAD.root)
    fill_calendar(calendar=calendar, years=range(play.now().year, play.now().year + 2), by=by)
    books = Books(by, lambda done: progress(done, count))
    live_through(world, seed, draw("cases_case_number_seq", count), books.add)
    books.flush()
    cast = _cast(world)
    _accounts(cast, by)
    play.changes(cast)
    play.inspect(cast, seed)
    _quarters(cast)


def _cast(world: World) -> play.Cast:
    """Who holds which post, by the codes of the demo; of the posts of the root the first ones."""
    held: dict[tuple[str, str], UUID] = {}
    inspectors = []
    for person, member in zip(world.staff.people, world.staff.members, strict=True):
        code = world.codes.plain(member.area)
        held.setdefault((member.post, "" if member.area == world.codes.root else code), person)
        if member.post == "inspector":
            inspectors.append(person)
    return play.Cast(world.codes, held["leader", ""], (inspectors[0], inspectors[1]), held)


def _accounts(cast: play.Cast, by: Mandate) -> None:
    reviewers = iter(cast.reviewers)
    for name, (post, code, _) in ACCOUNTS.items():
        person = next(reviewers) if post == "inspector" else cast.held[post, code]
        create_account(username=name, password=secrets.demo_password(), person=person, by=by, check_strength=False)


def _quarters(cast: play.Cast) -> None:
    """Ten months in four quarters; the last one is told today, with an appeal that waits."""
    held = cast.held
    play.settled(cast, play.assessed(cast, "2018Q3", at(date(2018, 10, 9))), at(date(2018, 10, 18)))
    run = play.assessed(cast, "2018Q4", at(date(2019, 1, 7)))
    first = play.appealed(cast, run, held["secretary", "NXS-01"], "3", "当天已按通知整改，附照片，请核减。",
                          at(date(2019, 1, 8)))
    second = play.appealed(cast, run, held["secretary", "NXS-02"], "2", "不在本网格范围内。", at(date(2019, 1, 8), 11))
    play.reviewed(cast, first, "0.30", ("照片与通知一致，多数已整改。", "同意，保留 0.30。"), at(date(2019, 1, 10)))
    play.reviewed(cast, second, None, ("地图上就在网格内。", "位置无误，维持。"), at(date(2019, 1, 10), 11))
    play.settled(cast, run, at(date(2019, 1, 16)))
    play.corrected(cast, run, "1", "0.20", at(date(2019, 1, 25)))
    play.money(cast, at(date(2019, 1, 2)))
    play.policy(cast, 2, "2019-01-01", at(date(2019, 1, 3)), **{
        "mode: points": f"mode: deposit\n    basis: {play.BASIS}", "仅作模拟，不收取": "从风险金中扣",
    })
    run = play.assessed(cast, "2019Q1", at(date(2019, 4, 8)))
    third = play.appealed(cast, run, held["grid_leader", "NXS-03"], "5", "下雨天无法清运。", at(date(2019, 4, 9)))
    play.reviewed(cast, third, None, ("当日无雨。", "气象记录无雨，维持。"), at(date(2019, 4, 11)))
    play.settled(cast, run, at(date(2019, 4, 18)))
    play.corrected(cast, run, "5", "0.10", at(date(2019, 4, 25)))
    play.policy(cast, 3, "2019-04-01", at(date(2019, 4, 2)), **{
        "    steed: 1": "    steed: 0", "仅作模拟，不收取": "仅作模拟，不收取；本季不授骏马旗",
    })
    run = play.assessed(cast, "2019Q2", play.now())
    play.appealed(cast, run, held["grid_worker", "NXS-06-01"], "7", "检查前一天已上报。", play.now())


def _told() -> dict[str, Any]:
    root = f"{BAD.root}/"
    runs = Run.objects.filter(area_path=root).select_related("policy").order_by("period")
    appeals = Appeal.objects.filter(run__area_path=root).select_related("run", "finding").order_by("filed_at")
    return {
        "scenario": "nanxiashu", "history": True, "bad": True, "root": BAD.root, **counted(root),
        "runs": [{"period": one.period, "stage": one.stage, "revision": one.revision, "mode": one.policy.mode}
                 for one in runs],
        "appeals": [{"period": one.run.period, "finding": f"{one.finding.source}/{one.finding.ref}",
                     "state": one.state} for one in appeals],
        "accounts": {name: words for name, (_, _, words) in ACCOUNTS.items()},
    }
