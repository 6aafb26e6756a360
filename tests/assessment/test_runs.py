"""A period's way from its statement over notice and appeals to the books, and back by counter-entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.assessment import quarter
from tests.assessment.quarter import AFTER, LATER, PERIOD, by
from tests.town import ROOT, Town
from wangge.assessment.core.inputs import Earlier, thawed
from wangge.assessment.core.run import run as reckon
from wangge.assessment.models import Appeal, Revision, Run, StatementLine
from wangge.assessment.running import services
from wangge.assessment.running.appeals import file_appeal, review_appeal, withdraw_appeal
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.lines import own_lines, points_of
from wangge.assessment.running.posting import post_run
from wangge.assessment.services import NewFinding, amend_finding, record_findings
from wangge.base.errors import Conflict, Forbidden, InvalidInput, Moved, NotFound
from wangge.kernel.duties import mandates
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger.models import Account, Posting
from wangge.kernel.ledger.queries import sums, trial_balance


@pytest.fixture
def town(db: None) -> Town:
    made = quarter.town()
    quarter.lost(made)
    return made


def assessed(town: Town) -> Run:
    return services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor")).run


def notified(town: Town) -> Run:
    one = assessed(town)
    return services.give_notice(run=one.id, expected_version=one.version, by=by(town, "leader"))


def finished(town: Town, one: Run) -> Run:
    one.refresh_from_db()
    return services.finish_run(run=one.id, expected_version=one.version, by=by(town, "leader", LATER))


def posted(town: Town, one: Run) -> Run:
    done = finished(town, one)
    return post_run(run=done.id, expected_version=done.version, by=by(town, "leader", LATER))


def points(town: Town, name: str) -> int:
    account = Account.objects.filter(owner=town.people[name], purpose="score").first()
    return sums([account.id])[account.id].balance if account else 0


def own(town: Town, one: Run, name: str) -> list[StatementLine]:
    return list(StatementLine.objects.filter(run=one, revision=one.revision, holder=town.people[name]).order_by("key"))


def appealed(town: Town, one: Run, finding: str = "city/2", who: str = "worker") -> Appeal:
    line = next(row for row in own(town, one, who) if finding in row.findings)
    return file_appeal(run=one.id, line=line.key, finding=finding, words="那天已清走", by=by(town, who, AFTER))


def reviewed(town: Town, one: Appeal, *views: tuple[str, str]) -> Appeal:
    for name, left in views:
        one.refresh_from_db()
        one = review_appeal(
            appeal=one.id, points=Decimal(left) if left else None, words="现场照片可证", expected_version=one.version,
            by=by(town, name, AFTER),
        )
    return one


def test_a_statement_names_each_line_and_its_sum(town: Town) -> None:
    one = assessed(town)
    lines = own(town, one, "worker")
    assert [(row.clause, row.points, row.ticks) for row in lines] == [
        ("city_deductions", 200, 20000), ("daily_limit", 200, 0),
    ]
    assert lines[0].arithmetic == "2 × 0.1 = 0.20"
    assert lines[1].arithmetic == "2 × 0.1 = 0.20"
    assert "2023-11-06 T-G11 查出 5 个问题" in lines[1].sentence
    assert lines[1].findings == [f"subdistrict/{number}" for number in range(1, 6)]
    assert (one.stage, one.policy.shipped) == ("provisional", True)
    assert verify().clean


def test_the_same_facts_have_the_same_digest_and_another_fact_another(town: Town) -> None:
    one = assessed(town)
    again = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
    assert (again.fresh, again.run.revision, again.run.digest) == (False, 1, one.digest)
    record_findings([NewFinding("city", "9", "T-G22", datetime(2023, 12, 1, tzinfo=UTC), Decimal("0.1"))],
                    by=by(town, "assessor"))
    more = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
    assert (more.fresh, more.run.revision) == (True, 2)
    assert more.run.digest != one.digest
    assert verify().clean


def test_a_statement_can_be_reckoned_again_from_what_was_frozen(town: Town) -> None:
    one = assessed(town)
    row = Revision.objects.get(run=one)
    policy, inputs = services.latest(one)
    assert thawed(row.inputs).digest == row.inputs_digest == inputs.digest
    assert reckon(policy, inputs).digest == row.digest == one.digest


def test_a_period_that_has_not_ended_is_not_assessed(town: Town) -> None:
    with pytest.raises(InvalidInput, match="not ended"):
        services.assess_period(area=ROOT, period="2024Q1", by=by(town, "assessor"))
    with pytest.raises(Forbidden):
        services.assess_period(area=ROOT, period=PERIOD, by=by(town, "worker"))


def test_after_notice_only_appeals_change_it(town: Town) -> None:
    one = notified(town)
    assert one.appeal_until is not None
    assert one.appeal_until > AFTER
    with pytest.raises(Conflict, match="Notice"):
        services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor"))
    with pytest.raises(Conflict):
        services.drop_run(run=one.id, expected_version=one.version, by=by(town, "assessor"))
    with pytest.raises(Conflict, match="still be appealed"):
        services.finish_run(run=one.id, expected_version=one.version, by=by(town, "leader"))
    with pytest.raises(Moved):
        services.finish_run(run=one.id, expected_version=1, by=by(town, "leader", LATER))
    assert finished(town, one).stage == "final"


def test_a_statement_that_was_given_up_leaves_room(town: Town) -> None:
    one = assessed(town)
    services.drop_run(run=one.id, expected_version=one.version, by=by(town, "assessor"))
    assert assessed(town).id != one.id
    assert verify().clean


def test_an_appeal_that_two_grant_takes_it_off_everybody(town: Town) -> None:
    one = notified(town)
    before = {name: sum(row.points for row in own(town, one, name)) for name in ("worker", "grid_leader", "secretary")}
    case = appealed(town, one)
    case = reviewed(town, case, ("reviewer", "0"), ("auditor", "0.10"))
    assert (case.state, case.outcome) == ("granted", 100)
    one.refresh_from_db()
    after = {name: sum(row.points for row in own(town, one, name)) for name in before}
    assert (before["worker"], after["worker"]) == (400, 200)
    assert all(after[name] < before[name] for name in before)
    assert one.revision == 2
    assert verify().clean


def test_a_problem_without_points_is_voided_and_counts_toward_no_day(town: Town) -> None:
    one = notified(town)
    case = reviewed(town, appealed(town, one, "subdistrict/2"), ("reviewer", "0"), ("auditor", "0"))
    assert (case.state, case.outcome, case.finding.void) == ("granted", -1, True)
    one.refresh_from_db()
    [line] = [row for row in own(town, one, "worker") if row.clause == "daily_limit"]
    assert (line.points, line.arithmetic) == (100, "1 × 0.1 = 0.10")
    refused = reviewed(town, appealed(town, one, "subdistrict/4"), ("reviewer", "0"), ("auditor", ""))
    assert (refused.state, refused.outcome) == ("refused", 0)
    assert verify().clean


def test_what_only_one_grants_is_not_granted(town: Town) -> None:
    one = notified(town)
    case = reviewed(town, appealed(town, one), ("reviewer", "0"), ("auditor", ""))
    assert case.state == "refused"
    one.refresh_from_db()
    assert one.revision == 1
    with pytest.raises(Conflict, match="decided"):
        reviewed(town, case, ("secretary2", "0"))


@pytest.mark.parametrize(("who", "said"), [
    ("secretary", "answer for themselves"), ("assessor", "may not review_charge"), ("worker", "may not review_charge"),
])
def test_who_has_a_part_in_it_does_not_review(town: Town, who: str, said: str) -> None:
    one = notified(town)
    case = appealed(town, one)
    with pytest.raises((Conflict, Forbidden), match=said):
        reviewed(town, case, (who, "0"))


def test_nobody_reviews_twice_and_the_finder_never(town: Town) -> None:
    record_findings([NewFinding("city", "7", "T-G11", datetime(2023, 12, 2, tzinfo=UTC), Decimal("0.2"))],
                    by=mandates.simulated(town.people["assessor"], at=AFTER))
    one = notified(town)
    case = reviewed(town, appealed(town, one), ("reviewer", "0"))
    with pytest.raises(Conflict, match="another person"):
        reviewed(town, case, ("reviewer", "0"))
    with pytest.raises(InvalidInput, match="never raises"):
        reviewed(town, case, ("auditor", "0.60"))


def test_an_appeal_is_of_ones_own_line_in_its_time_and_once(town: Town) -> None:
    one = notified(town)
    mine = own(town, one, "worker")[0]
    with pytest.raises(NotFound, match="no such line of yours"):
        file_appeal(run=one.id, line=mine.key, finding="city/2", words="x", by=by(town, "grid_leader"))
    with pytest.raises(InvalidInput, match="does not rest"):
        file_appeal(run=one.id, line=mine.key, finding="city/3", words="x", by=by(town, "worker"))
    with pytest.raises(InvalidInput, match="few words"):
        file_appeal(run=one.id, line=mine.key, finding="city/2", words=" ", by=by(town, "worker"))
    with pytest.raises(Conflict, match="is over"):
        file_appeal(run=one.id, line=mine.key, finding="city/2", words="x", by=by(town, "worker", LATER))
    case = appealed(town, one)
    with pytest.raises(Conflict, match="counts for everybody"):
        appealed(town, one, who="grid_leader")
    with pytest.raises(Conflict, match="Appeals are open"):
        finished(town, one)
    with pytest.raises(NotFound):
        withdraw_appeal(appeal=case.id, expected_version=1, by=by(town, "grid_leader"))
    withdraw_appeal(appeal=case.id, expected_version=1, by=by(town, "worker"))
    assert finished(town, one).stage == "final"
    assert verify().clean


def test_a_final_statement_is_posted_once(town: Town) -> None:
    one = posted(town, notified(town))
    assert (one.stage, points(town, "worker"), points(town, "secretary2")) == ("posted", -400, -100)
    count = Posting.objects.count()
    again = post_run(run=one.id, expected_version=1, by=by(town, "leader", LATER))
    assert (again.version, Posting.objects.count()) == (one.version, count)
    total = sum(StatementLine.objects.filter(run=one, revision=one.published).values_list("points", flat=True))
    [other] = Account.objects.filter(purpose="assessment", unit="points")
    assert sums([other.id])[other.id].balance == total
    assert trial_balance().balanced
    assert verify().clean


def test_only_what_is_final_is_posted_and_by_who_may(town: Town) -> None:
    one = notified(town)
    with pytest.raises(Conflict, match="notified"):
        post_run(run=one.id, expected_version=one.version, by=by(town, "leader"))
    with pytest.raises(Forbidden):
        post_run(run=one.id, expected_version=one.version, by=by(town, "assessor"))


def test_a_correction_reverses_and_posts_anew_and_the_statement_stays(town: Town) -> None:
    one = posted(town, notified(town))
    kept = Revision.objects.get(run=one, number=1).facts
    assert correct_run(run=one.id, by=by(town, "leader", LATER)).changes == ()
    finding = next(row for row in quarter.FindingRow.objects.filter(source="city", ref="1"))
    leader = by(town, "leader", LATER)
    amend_finding(finding=finding.id, points=Decimal(0), ground="source", expected_version=1, by=leader)
    done = correct_run(run=one.id, by=by(town, "leader", LATER))
    assert {change.holder for change in done.changes} >= {town.people["worker"], town.people["secretary"]}
    assert (points(town, "worker"), points(town, "secretary"), points(town, "secretary2")) == (-200, 0, 0)
    assert Revision.objects.get(run=one, number=1).facts == kept
    assert (done.run.published, done.run.revision) == (1, 2)
    assert trial_balance().balanced
    assert verify().clean


@pytest.mark.parametrize("change", [
    "UPDATE assessment_revision SET facts = '{}'", "DELETE FROM assessment_line", "DELETE FROM assessment_run",
    "UPDATE assessment_line SET points = 0", "UPDATE assessment_run SET stage = 'posted', posted_at = now()",
    "UPDATE assessment_run SET period = '2023Q3'",
])
def test_the_database_refuses_to_rewrite_a_statement(town: Town, change: str) -> None:
    notified(town)
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_a_line_rewritten_behind_the_journal_is_named(
    committed_db: str, owner_connection: psycopg.Connection[Any]
) -> None:
    made = quarter.town()
    quarter.lost(made)
    one = notified(made)
    owner_connection.execute("ALTER TABLE assessment_line DISABLE TRIGGER assessment_line_stays")
    owner_connection.execute("UPDATE assessment_line SET points = 0 WHERE run_id = %s", [one.id])
    [fault] = verify().faults
    assert (fault.subject_id, fault.kind) == (one.id, "state-differs")


def test_what_was_reported_before_stands_as_a_line_that_costs_nothing(town: Town) -> None:
    _, inputs = services.latest(assessed(town))
    policy, _ = services.latest(Run.objects.get())
    finding = next(row for row in inputs.findings if row.key == "subdistrict/5")
    report = Earlier("subdistrict/5", "2023-1", "E0417", 20, finding.discovered.replace(hour=1), None)
    lines = own_lines(reckon(policy, replace(inputs, earlier=(report,))))
    mine = [row for row in lines if row.holder == str(town.people["worker"]) and row.key.startswith("exempt/")]
    assert [(row.points, row.arithmetic) for row in mine] == [(0, "0.00 × 0 = 0.00")]
    assert points_of(lines)[str(town.people["worker"])] == 300


def test_ids_in_lines_are_holders(town: Town) -> None:
    one = assessed(town)
    holders = set(StatementLine.objects.filter(run=one).values_list("holder", flat=True))
    assert town.people["worker"] in holders
    assert holders <= set(town.people.values())


def test_a_crash_before_the_commit_leaves_nothing_and_a_retry_posts_once(town: Town) -> None:
    one = finished(town, notified(town))
    leader = by(town, "leader", LATER)
    with transaction.atomic():
        post_run(run=one.id, expected_version=one.version, by=leader)
        transaction.set_rollback(True)
    assert (Posting.objects.count(), Run.objects.get().stage) == (0, "final")
    post_run(run=one.id, expected_version=one.version, by=leader)
    post_run(run=one.id, expected_version=one.version, by=leader)
    assert Posting.objects.filter(key__endswith=f"{town.people['worker']}/points").count() == 1
    assert verify().clean
