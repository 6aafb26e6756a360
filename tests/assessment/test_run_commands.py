"""The commands: periods on record in one go, notice, appeal, review, final, posted."""

from __future__ import annotations

import pytest
import time_machine
from django.core.management import CommandError

from tests.assessment import quarter
from tests.assessment.platform import told
from tests.assessment.quarter import AFTER, LATER, PERIOD
from tests.town import ROOT, Town, account


@pytest.fixture
def town(db: None) -> Town:
    made = quarter.town()
    quarter.lost(made)
    for name in ("assessor", "leader", "worker", "reviewer", "auditor"):
        account(made, name)
    return made


def test_several_periods_stand_on_record_by_one_command(town: Town) -> None:
    with time_machine.travel(AFTER, tick=True):
        facts = told("assess", "2023Q3..2023Q4", "--area", ROOT, "--as", "assessor")
        assert [(one["period"], one["stage"], one["fresh"], one["total"]) for one in facts["periods"]] == [
            ("2023Q3", "provisional", True, "0.00"), ("2023Q4", "provisional", True, "1.35"),
        ]
        again = told("assess", PERIOD, "--area", ROOT)
        assert (again["fresh"], again["digest"]) == (False, facts["periods"][1]["digest"])
        assert "样例worker" in {one["person"] for one in again["charges"]}


def test_from_notice_to_the_books(town: Town) -> None:
    with time_machine.travel(AFTER, tick=True) as traveller:
        facts = told("assess", PERIOD, "--area", ROOT)
        told("runs", ROOT, "--notify", PERIOD, "--as", "leader")
        line = next(one["key"] for one in facts["slips"] if one["person"] == "样例worker")
        told("appeal", ROOT, PERIOD, "--as", "worker", "--line", line, "--finding", "subdistrict/4",
             "--words", "同一处")
        for who in ("reviewer", "auditor"):
            [one] = told("appeal", ROOT, PERIOD)["appeals"]
            told("appeal", ROOT, PERIOD, "--as", who, "--review", one["id"], "--points", "0", "--words", "照片相同")
        assert told("appeal", ROOT, PERIOD)["appeals"][0]["state"] == "granted"
        traveller.move_to(LATER)
        told("runs", ROOT, "--finish", PERIOD, "--as", "leader")
        [run] = told("runs", ROOT, "--post", PERIOD, "--as", "leader")["runs"]
        assert run["stage"] == "posted"
        assert told("runs", ROOT, "--correct", PERIOD, "--as", "leader")["changes"] == []


@pytest.mark.parametrize("words", [
    ("assess", "2023Q4..2023-01"), ("assess", "2023Q4", "--appeal", "city/1=0"), ("runs", ROOT, "--post", "2023Q4"),
    ("appeal", ROOT, "2023Q4"), ("assess", "2023Q4", "--as", "nobody"),
])
def test_what_cannot_be_done_is_said(town: Town, words: tuple[str, ...]) -> None:
    with time_machine.travel(AFTER, tick=True), pytest.raises(CommandError):
        told(*words)
