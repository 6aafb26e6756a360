"""`wangge signals`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.signals.making import solved_at_once, this_quarter
from tests.town import ROOT, Town, account, build
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places
from wangge.kernel.signals.kinds import KINDS
from wangge.kernel.signals.models import SetThreshold


@pytest.fixture
def town(db: None) -> Town:
    places._atlases.clear()
    reference._snapshots.clear()
    return build()


def run(*given: str) -> Any:
    out = StringIO()
    call_command("signals", this_quarter().text, "--area", ROOT, *given, "--json", stdout=out)
    return {one["signal"]: one for one in json.loads(out.getvalue().splitlines()[-1])["lists"]}


def test_it_prints_every_worklist(town: Town) -> None:
    case = solved_at_once(town)
    found = run()
    assert list(found) == list(KINDS)
    assert [row["data"]["number"] for row in found["fast"]["rows"]] == [case.number]
    out = StringIO()
    call_command("signals", this_quarter().text, "--signal", "fast", stdout=out)
    assert "1 open, 0 settled" in out.getvalue()
    assert f"T-G11 · grid_worker · number {case.number}" in out.getvalue()


def test_a_threshold_is_set_by_somebody_who_may(town: Town) -> None:
    account(town, "leader")
    account(town, "auditor")
    assert run("--set", "fast.seconds=60", "--as", "leader")["fast"]["thresholds"] == {"seconds": 60}
    assert SetThreshold.objects.get().value == 60
    assert run("--unset", "fast.seconds", "--as", "leader")["fast"]["thresholds"] == {"seconds": 120}
    for given in (("--set", "fast.seconds=60"), ("--set", "fast.seconds", "--as", "leader"),
                  ("--set", "fast.seconds=x", "--as", "leader"), ("--set", "fast.seconds=1", "--as", "leader"),
                  ("--set", "fast.seconds=60", "--as", "auditor")):
        with pytest.raises(CommandError):
            run(*given)


@pytest.mark.parametrize("period", ["2026", "x"])
def test_a_period_that_is_none_is_refused(town: Town, period: str) -> None:
    with pytest.raises(CommandError):
        call_command("signals", period)
