"""The demo begins with two assessed quarters, so that statements, flags, appeals and the daily limit can be seen."""

from __future__ import annotations

import json
from datetime import timedelta
from random import Random

import msgspec

from tests.scenarios.conftest import NOW, Loaded
from wangge.assessment.models import Appeal, Revision, Run
from wangge.assessment.running.daily import of_day
from wangge.base.ids import new_id
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.queries import holders, roster
from wangge.kernel.people.models import Account
from wangge.kernel.places.queries import atlas
from wangge.scenarios.nanxiashu.play import Stage, _actor
from wangge.scenarios.nanxiashu.reviews import last_quarters

ROOT = "320412-NXS/"


def test_the_last_quarters_are_the_ones_that_ended() -> None:
    for days, expected in ((0, ["2025Q4", "2026Q1"]), (20, ["2025Q4", "2026Q1"]), (21, ["2026Q1", "2026Q2"]),
                           (-161, ["2025Q2", "2025Q3"]), (-160, ["2025Q3", "2025Q4"])):
        assert [one.period.code for one in last_quarters(NOW + timedelta(days=days))] == expected


def test_one_quarter_is_in_the_books_and_one_can_be_appealed(loaded: Loaded) -> None:
    runs = list(Run.objects.filter(area_path=ROOT).order_by("period"))
    assert [(one.period, one.stage) for one in runs] == [("2025Q4", "posted"), ("2026Q1", "notified")]
    assert runs[1].appeal_until is not None
    assert runs[1].appeal_until > NOW
    facts = json.loads(Revision.objects.get(run=runs[1], number=1).facts)
    assert (facts["total"], facts["units"], facts["streak"]) == ("1.35", "3", "0")
    flags = {one["flag"]: one["area"] for one in facts["ranking"] if one["flag"]}
    assert flags["snail"] == "NXS-13"
    assert "steed" in flags
    [appeal] = Appeal.objects.filter(run=runs[1])
    assert appeal.state == "open"


def test_the_demos_accounts_find_something_of_their_own(loaded: Loaded) -> None:
    run = Run.objects.get(area_path=ROOT, period="2026Q1")
    for name in ("worker", "secretary", "leader"):
        person = Account.objects.get(username=name).person_id
        assert run.lines.filter(holder=person, points__gt=0).exists(), name
    day = of_day(ROOT, NOW, atlas())
    assert [(one.found, one.above) for one in day.rows] == [(4, 1)]


def test_who_handles_a_case_does_not_agree_to_its_extension(loaded: Loaded) -> None:
    path = f"{ROOT}NXS-03/NXS-03-01/"
    [secretary] = holders(path, "secretary", NOW)
    stage = Stage(ROOT, {}, roster(ROOT), {}, 1)
    case = CaseState(id=new_id(), version=1, number="1", state="handling", path=path, reported_at=NOW, stage_since=NOW)
    assert _actor("endorse_extension", case, NOW, stage, Random(1)).person_id == secretary.person_id
    handled = msgspec.structs.replace(case, handler=secretary.person_id)
    assert _actor("endorse_extension", handled, NOW, stage, Random(1)).post == "leader"
