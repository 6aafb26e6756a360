"""What holds for any quarter in the books: the lines are what is posted, no appeal or merge raises anybody, a way
back restores every balance. Few long cases on a real database; each undoes what it did."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.assessment import quarter
from tests.assessment.quarter import AFTER, LATER, PERIOD, by
from tests.town import ROOT, Town
from wangge.assessment.core.run import run as reckon
from wangge.assessment.models import FindingRow, Run, StatementLine
from wangge.assessment.running import services
from wangge.assessment.running.appeals import file_appeal, review_appeal
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.posting import post_run
from wangge.assessment.services import NewFinding, amend_finding, merge_findings, record_findings
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import sums, trial_balance

GRIDS = ("T-G11", "T-G12", "T-G21", "T-G22")
FEW = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def findings(draw: st.DrawFn) -> list[NewFinding]:
    """Findings of the quarter: some of the city, some without points, several at one time."""
    rows = []
    for number in range(draw(st.integers(1, 9))):
        source = draw(st.sampled_from(["city", "city", "subdistrict"]))
        points = Decimal(draw(st.integers(1, 90))) / 100 if source == "city" else Decimal(0)
        when = datetime(2023, 10, 2, 2, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 3)))
        rows.append(NewFinding(source, str(number), draw(st.sampled_from(GRIDS)), when, points, "E0417"))
    return rows


def built(rows: list[NewFinding]) -> Town:
    town = quarter.town()
    record_findings(rows, by=by(town, "assessor", AFTER))
    return town


def notified(town: Town) -> Run:
    one = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor")).run
    return services.give_notice(run=one.id, expected_version=one.version, by=by(town, "leader"))


def posted(town: Town, one: Run) -> Run:
    one.refresh_from_db()
    leader = by(town, "leader", LATER)
    done = services.finish_run(run=one.id, expected_version=one.version, by=leader)
    return post_run(run=done.id, expected_version=done.version, by=leader)


def owed(one: Run) -> dict[UUID, tuple[int, int]]:
    sums_: dict[UUID, tuple[int, int]] = {}
    for row in StatementLine.objects.filter(run=one, revision=one.revision):
        points, fen = sums_.get(row.holder, (0, 0))
        sums_[row.holder] = points + row.points, fen + row.fen
    return sums_


def booked() -> Mapping[UUID, int]:
    accounts = {one.id: one.owner for one in Account.objects.filter(purpose="score")}
    return {accounts[account]: -found.balance for account, found in sums(list(accounts)).items() if found.balance}


@FEW
@given(findings())
def test_what_is_posted_is_what_the_lines_say_and_a_way_back_restores_it(db: None, rows: list[NewFinding]) -> None:
    with transaction.atomic():
        town = built(rows)
        one = posted(town, notified(town))
        assert booked() == {holder: points for holder, (points, _) in owed(one).items() if points}
        leader = by(town, "leader", LATER)
        for row in FindingRow.objects.all():
            amend_finding(finding=row.id, points=Decimal(0), ground="source", expected_version=1, by=leader)
        correct_run(run=one.id, by=leader)
        assert booked() == {}
        assert trial_balance().balanced
        transaction.set_rollback(True)


@FEW
@given(findings(), st.integers(0, 100))
def test_no_appeal_raises_anybody(db: None, rows: list[NewFinding], chance: int) -> None:
    with transaction.atomic():
        town = built(rows)
        one = notified(town)
        before = owed(one)
        lines = [row for row in one.lines.order_by("key") if row.points and row.holder_kind == "person"
                 and row.holder in {town.people[name] for name in ("worker", "worker2", "grid_leader")}]
        if lines:
            line = lines[chance % len(lines)]
            name = next(name for name, person in town.people.items() if person == line.holder)
            finding = line.findings[chance % len(line.findings)]
            case = file_appeal(run=one.id, line=line.key, finding=finding, words="不对", by=by(town, name))
            for reviewer in ("reviewer", "auditor"):
                case.refresh_from_db()
                case = review_appeal(appeal=case.id, points=Decimal(0), words="成立", expected_version=case.version,
                                     by=by(town, reviewer))
            one.refresh_from_db()
            after = owed(one)
            assert all(after.get(holder, (0, 0)) <= held and after.get(holder, (0, 0))[1] <= held[1]
                       for holder, held in before.items())
            assert after.keys() <= before.keys()
        transaction.set_rollback(True)


@FEW
@given(findings(), st.randoms(use_true_random=False))
def test_the_order_in_which_findings_came_changes_no_digest_and_a_merge_raises_nobody(
    db: None, rows: list[NewFinding], chance: object
) -> None:
    digests = []
    for given_rows in (rows, list(reversed(rows))):
        with transaction.atomic():
            town = built(given_rows)
            made = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
            policy, inputs = services.latest(made.run)
            assert reckon(policy, inputs).digest == made.run.digest
            digests.append([(one.clause, one.about, one.amount) for one in made.statement.lines if one.unit != "fen"])
            before = owed(made.run)
            same = list(FindingRow.objects.filter(source="city").order_by("ref")[:2])
            if len(same) == 2:
                merge_findings(finding=same[1].id, into=same[0].id, expected_version=1, by=by(town, "leader"))
                again = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
                after = owed(again.run)
                assert all(after.get(holder, (0, 0))[1] <= held[1] and after.get(holder, (0, 0))[0] <= held[0]
                           for holder, held in before.items())
            transaction.set_rollback(True)
    assert digests[0] == digests[1]
