"""`wangge spots` and `wangge spot-rule`."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.cases.test_intake import a_report
from tests.town import ROOT, Town, build
from wangge.kernel.cases import reference
from wangge.kernel.cases.facts import Command
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.services import act
from wangge.kernel.places import queries as places
from wangge.kernel.spots.models import Spot, SpotRule


@pytest.fixture
def town(db: None) -> Town:
    places._atlases.clear()
    reference._snapshots.clear()
    return build()


def run(*given: str) -> Any:
    out = StringIO()
    call_command(given[0].replace("-", "_"), *given[1:], "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def vend(town: Town) -> None:
    """A report that is found true and closed."""
    by = town.by("operator")
    case = report_case(report=a_report(case_class="E0417", source="patrol"), by=by).case_id
    act(case_id=case, command=Command(act="register", condition=1), expected_version=1, by=by)
    act(case_id=case, command=Command(act="force_close", reason="样例"), expected_version=2, by=town.by("leader"))


def test_files_are_looked_for_and_listed(town: Town) -> None:
    for _ in range(3):
        vend(town)
    assert run("spots") == {"spots": []}
    found = run("spots", ROOT, "--sweep")
    assert found["swept"]["opened"] == 1
    [one] = found["spots"]
    assert (one["number"], one["state"], one["class"], one["cases"]) == (Spot.objects.get().number, "open", "E0417", 3)
    assert run("spots", "T-C2") == {"spots": []}
    assert run("spots", "--state", "resolved") == {"spots": []}
    assert len(run("spots", "--state", "any")["spots"]) == 1
    out = StringIO()
    call_command("spots", stdout=out)
    assert f"{one['number']}  open" in out.getvalue()


def test_a_rule_is_set_shown_and_ended(town: Town) -> None:
    default = {"needed": 3, "metres": 50, "days": 30, "hold_days": 30, "own": False}
    assert run("spot-rule", "T-C1") == {"area": "T-C1", **default}
    assert run("spot-rule", ROOT, "--needed", "2")["own"] is True
    assert run("spot-rule", "T-C1", "--metres", "20") == {
        "area": "T-C1", "needed": 2, "metres": 20, "days": 30, "hold_days": 30, "own": True,
    }
    vend(town)
    vend(town)
    assert run("spots", "--sweep")["swept"]["opened"] == 1
    assert run("spot-rule", "T-C1", "--end") == {"area": "T-C1", **default, "needed": 2}
    assert SpotRule.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("spot-rule", "T-C1", "--end"), "no rule of its own"),
        (("spot-rule", "T-C1", "--days", "0"), "1 to 365"),
        (("spot-rule", "NOWHERE"), "no area with this code"),
        (("spots", "NOWHERE"), "no area with this code"),
        (("spots", "--state", "flying"), "no such state"),
    ],
)
def test_refusals_are_one_line(town: Town, given: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        call_command(given[0].replace("-", "_"), *given[1:])
