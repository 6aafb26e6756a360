"""Many charges against one deposit at once: it never falls below zero, and what it cannot cover is a shortfall."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal

from django.db import connection

from tests.assessment import quarter
from tests.assessment.quarter import LATER, PERIOD, by
from tests.town import ROOT
from wangge.assessment.core.files import parse_policy
from wangge.assessment.core.periods import month_code
from wangge.assessment.models import Run
from wangge.assessment.money.filing import Pay, file_document, keep_pay
from wangge.assessment.policies import services as policies
from wangge.assessment.running import books, services
from wangge.assessment.running.posting import Taken, post_run, take_deposit
from wangge.assessment.services import NewFinding, record_findings
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger.models import Leg
from wangge.kernel.ledger.queries import sums, trial_balance
from wangge.kernel.ledger.rules import Line
from wangge.kernel.ledger.services import open_account, post
from wangge.kernel.places.models import Area

CHARGES, YUAN = 20, 100
MONTHLY = """
policy: monthly
version: 1
title: {zh: 月度押金}
valid_from: 2022-01-01
period: month
clauses:
  - {kind: city_deductions, cap: 1.0}
  - {kind: joint_liability, roles: [{post: grid_leader}]}
  - {kind: money_per_unit, mode: deposit, basis: 文-1, yuan: {grid_leader: 900}}
"""


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


def test_twenty_runs_posted_at_once_against_one_deposit(committed_db: str) -> None:
    made = quarter.town()
    early, owner = datetime(2022, 1, 4, 2, tzinfo=UTC), made.people["grid_leader"]
    for kind, employment in (("legal_basis", "cadre"), ("consultation", ""), ("publication", "")):
        file_document(area=ROOT, kind=kind, number="文-1", content=b"%PDF-1.4", employment=employment,
                      by=by(made, "leader", early))
    one = policies.draft_policy(area=ROOT, policy=parse_policy(MONTHLY), by=by(made, "assessor", early))
    policies.approve_policy(version=one.id, expected_version=1, by=by(made, "leader", early))
    keep_pay([Pay(owner, "cadre", 100, 0, 0)], area=ROOT, by=by(made, "assessor", early))
    console = mandates.console()
    deposit = open_account(
        owner_kind="person", owner=owner, purpose="deposit", unit="cny", area=ROOT, by=console, floor=0
    )
    fund = open_account(owner_kind="area", owner=made.areas[ROOT], purpose="fund", unit="cny", area=ROOT, by=console)
    post(key="in", lines=[Line(deposit.id, 5000 * YUAN), Line(fund.id, -5000 * YUAN)], by=console)
    books.counter(Area.objects.get(id=made.areas[ROOT]), "cny", by=console)
    months = [month_code(2022 * 12 + number) for number in range(CHARGES)]
    record_findings([
        NewFinding("city", month, "T-G11", datetime(int(month[:4]), int(month[5:]), 9, tzinfo=UTC), Decimal("1.1"))
        for month in months
    ], by=by(made, "assessor"))
    leader, final = by(made, "leader", LATER), []
    for month in months:
        run = services.assess_period(area=ROOT, period=month, by=by(made, "assessor")).run
        run = services.give_notice(run=run.id, expected_version=run.version, by=by(made, "leader"))
        final.append(services.finish_run(run=run.id, expected_version=run.version, by=leader))

    def posted(run: Run) -> int:
        try:
            done = post_run(run=run.id, expected_version=run.version, by=leader)
            again = post_run(run=run.id, expected_version=run.version, by=leader)
            assert (done.stage, again.version) == ("posted", done.version)
            return done.version
        finally:
            connection.close()

    with ThreadPoolExecutor(CHARGES) as pool:
        list(pool.map(posted, final))
    taken = sorted(-leg.amount for leg in Leg.objects.filter(account=deposit, amount__lt=0))
    assert taken == [500 * YUAN] + [900 * YUAN] * 5
    assert sums([deposit.id])[deposit.id].balance == 0
    limited = [entry.data["limited"] for entry in Entry.objects.filter(subject_type="run", verb="post")]
    assert sorted(len(rows) for rows in limited) == [0] * 5 + [1] * 15
    assert trial_balance().balanced
    assert verify().clean
