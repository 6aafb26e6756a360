"""Many charges against one deposit at once: it never falls below zero, and what it cannot cover is a shortfall."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from tests.assessment import quarter
from tests.assessment.quarter import LATER, PERIOD, by
from tests.town import ROOT
from wangge.assessment.running import services
from wangge.assessment.running.posting import Taken, take_deposit
from wangge.kernel.duties import mandates
from wangge.kernel.ledger.queries import sums, trial_balance
from wangge.kernel.ledger.rules import Line
from wangge.kernel.ledger.services import open_account, post

CHARGES, YUAN = 20, 100


def test_twenty_charges_of_900_against_5000(committed_db: str) -> None:
    made = quarter.town()
    quarter.lost(made)
    console, worker = mandates.console(), made.people["worker"]
    deposit = open_account(
        owner_kind="person", owner=worker, purpose="deposit", unit="cny", area=ROOT, by=console, floor=0
    )
    fund = open_account(owner_kind="area", owner=made.areas[ROOT], purpose="fund", unit="cny", area=ROOT, by=console)
    post(key="in", lines=[Line(deposit.id, 5000 * YUAN), Line(fund.id, -5000 * YUAN)], by=console)
    run = services.assess_period(area=ROOT, period=PERIOD, by=by(made, "assessor")).run
    leader = by(made, "leader", LATER)
    take_deposit(run, "first", worker, 0, None, by=leader)

    def charge(number: int) -> Taken:
        try:
            return take_deposit(run, f"charge/{number}", worker, 900 * YUAN, None, by=leader)
        finally:
            connection.close()

    with ThreadPoolExecutor(CHARGES) as pool:
        taken = list(pool.map(charge, range(CHARGES)))
    assert sorted(one.taken for one in taken) == [0] * 14 + [500 * YUAN] + [900 * YUAN] * 5
    assert sum(one.shortfall for one in taken) == (CHARGES * 900 - 5000) * YUAN
    assert sums([deposit.id])[deposit.id].balance == 0
    assert trial_balance().balanced
