"""`wangge patrols`."""

from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.town import ROOT, Town, account, build
from wangge.base.clock import now
from wangge.kernel.cases import reference
from wangge.kernel.places import queries as places
from wangge.patrols.models import Patrol

TIMES = tuple((now() + timedelta(hours=hours)).isoformat(timespec="minutes") for hours in (1, 3))


@pytest.fixture
def town(db: None) -> Town:
    places._atlases.clear()
    reference._snapshots.clear()
    made = build()
    for name in ("secretary", "officer", "worker"):
        account(made, name)
    return made


def run(*given: str) -> Any:
    out = StringIO()
    call_command("patrols", *given, "--json", stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_a_patrol_is_planned_for_another_and_listed(town: Town) -> None:
    given = ("--plan", *TIMES, "--stop", "T-G12", "--stop", "120.010,31.010", "--as", "secretary", "--for", "officer")
    found = run("T-C1", *given)
    row = Patrol.objects.get()
    assert (found["planned"], row.person_id) == (str(row.id), town.people["officer"])
    assert [one["name"] for one in found["patrols"][0]["stops"]] == ["T-G12", "120.01000, 31.01000"]
    assert run(ROOT)["patrols"] == found["patrols"]
    assert run("T-C2")["patrols"] == []
    assert run(ROOT, "--state", "ended")["patrols"] == []
    out = StringIO()
    call_command("patrols", "T-C1", stdout=out)
    assert "T-G12: not visited" in out.getvalue()


@pytest.mark.parametrize("given", [
    ("T-C1", "--plan", *TIMES), ("T-C1", "--plan", *TIMES, "--as", "worker"),
    ("T-C1", "--plan", *TIMES, "--as", "secretary", "--for", "worker"),
    ("T-C1", "--plan", *TIMES, "--as", "secretary", "--for", "nobody"),
    ("T-C1", "--plan", "soon", "later", "--as", "officer"), ("nowhere",),
    ("T-C1", "--plan", *TIMES, "--as", "officer", "--stop", "T-G21"),
])
def test_what_cannot_be_planned_is_refused(town: Town, given: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*given)
    assert not Patrol.objects.exists()
