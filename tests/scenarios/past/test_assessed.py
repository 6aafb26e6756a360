"""Both histories are assessed by the shipped policy; each quarter says what the slow reckoning says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from pytest_django.plugin import DjangoDbBlocker

from tests import databases
from tests.assessment.platform import told as facts_of
from tests.scenarios.past.comparing import same, span
from tests.scenarios.past.conftest import Stored, quiet
from tests.scenarios.past.slowly import rows, told
from wangge.assessment.core.files import parse_policy
from wangge.assessment.lab import compare
from wangge.assessment.models import Appeal, Revision, Run
from wangge.assessment.policies.services import approve_policy, draft_policy
from wangge.assessment.trying import SHIPPED
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger.models import Account as Held
from wangge.kernel.ledger.queries import sums, trial_balance
from wangge.kernel.people.models import Account
from wangge.scenarios.nanxiashu.lapse import load_lapse
from wangge.scenarios.nanxiashu.past.names import BAD, ROOT

QUARTERS = ("2018Q3", "2018Q4", "2019Q1", "2019Q2")
EVENTS = 120


@pytest.fixture(scope="module")
def bad_database(
    django_db_setup: None, template_database: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[Stored]:
    """A database with the bad past, on fewer matters."""
    before = connections.settings["default"]["NAME"]
    with databases.clone(template_database) as name:
        with django_db_blocker.unblock():
            databases.point_at(name)
            try:
                facts = load_lapse(by=mandates.console(), seed=2018, count=EVENTS, progress=quiet)
            finally:
                databases.point_at(before)
        yield Stored(name, facts)


@pytest.fixture
def bad(bad_database: Stored, django_db_blocker: DjangoDbBlocker) -> Iterator[Stored]:
    before = connections.settings["default"]["NAME"]
    with django_db_blocker.unblock():
        databases.point_at(bad_database.database)
        try:
            yield bad_database
        finally:
            databases.point_at(before)


def revision(period: str, number: int | None = None) -> dict[str, Any]:
    """The facts of a statement on record."""
    run = Run.objects.get(area_path=f"{BAD.root}/", period=period)
    facts: dict[str, Any] = json.loads(Revision.objects.get(run=run, number=number or run.revision).facts)
    return facts


def test_ten_months_are_assessed_by_one_command_and_say_what_the_slow_reckoning_says(stored: Stored) -> None:
    data = rows(ROOT)
    with transaction.atomic():
        made = facts_of("assess", "2018Q3..2019Q2", "--area", ROOT)["periods"]
        transaction.set_rollback(True)
    assert [one["period"] for one in made] == list(QUARTERS)
    for one in made:
        same(one, told(data, *span(one["period"])))
        assert any(row["flag"] == "steed" for row in one["ranking"])
    assert made[-1]["streak"] == "10" or float(stored.facts["city_points"]) > 0
    assert sum(len(one["findings"]) for one in made) == sum(stored.facts["findings"].values()) > 0


def test_a_month_is_assessed_where_the_policy_is_one_of_months(stored: Stored, tmp_path: Path) -> None:
    monthly = tmp_path / "month.yaml"
    monthly.write_text(SHIPPED.read_text("utf-8").replace("period: quarter", "period: month"), "utf-8")
    data = rows(ROOT)
    for period in ("2018-12", "2019-02"):
        facts = facts_of("assess", period, "--area", ROOT, "--policy", str(monthly), "--dry-run")
        same(facts, told(data, *span(period)))
        assert facts["ranking"]


def test_months_stand_on_record_from_a_monthly_version_on(stored: Stored) -> None:
    text = SHIPPED.read_text("utf-8").replace("period: quarter", "period: month").replace("2018-07-01", "2018-12-01")
    when, data = datetime(2018, 12, 3, 2, tzinfo=UTC), rows(ROOT)
    with transaction.atomic():
        one = draft_policy(area=ROOT, policy=parse_policy(text), by=mandates.console(at=when))
        leader = Account.objects.get(username="history").person_id
        assert leader is not None
        by = mandates.simulated(leader, at=when, verb="approve_policy")
        approve_policy(version=one.id, expected_version=1, by=by)
        made = facts_of("assess", "2018-12..2019-02", "--area", ROOT)["periods"]
        transaction.set_rollback(True)
    assert [one["stage"] for one in made] == ["provisional"] * 3
    for facts in (made[0], made[2]):
        same(facts, told(data, *span(facts["period"])))


@pytest.mark.parametrize("period", QUARTERS)
def test_the_bad_quarters_say_what_the_slow_reckoning_says(bad: Stored, period: str) -> None:
    same(revision(period), told(rows(BAD.root), *span(period), steed=0 if period == "2019Q2" else 1))


def test_the_first_statement_stands_as_everything_was_found(bad: Stored) -> None:
    first = revision("2018Q4", 1)
    same(first, told(rows(BAD.root), *span("2018Q4"), as_found=True))
    assert (first["total"], first["units"]) == ("2.35", "13")
    assert {one["holder"]: int(one["fen"]) for one in first["charges"]} != {}
    before, after = ({one["holder"]: int(one["fen"]) for one in facts["charges"]}
                     for facts in (first, revision("2018Q4", 2)))
    assert all(after.get(holder, 0) <= owed for holder, owed in before.items())
    assert sum(after.values()) < sum(before.values()), "who did not appeal pays less too"


def test_what_a_bad_past_has_to_show_is_there(bad: Stored) -> None:
    assert [revision(period)["streak"] for period in QUARTERS] == ["2", "0", "0", "0"]
    flags = {period: {row["area"]: row["flag"] for row in revision(period)["ranking"] if row["flag"]}
             for period in QUARTERS}
    assert "snail" not in {*flags["2018Q3"].values(), *flags["2018Q4"].values()}
    assert flags["2019Q1"]["NXSB-04"] == "snail"
    assert flags["2019Q2"] == {"NXSB-06": "snail"}, "the policy of that quarter gives no Steed flag"
    said = {row["area"]: row["sentence"] for row in revision("2018Q4")["ranking"]}
    assert "不足以判断" in said["NXSB-13"]
    assert "未检查" in said["NXSB-14"]
    assert "全部优秀" in str(revision("2018Q3")["ranking"])
    assert [(one["post"], one["area"]) for one in revision("2018Q4", 1)["gaps"]] == [("assessor", "NXSB-05-01")]
    assessors = [one["units"] for one in revision("2018Q4", 1)["charges"] if one["post"] == "assessor"]
    assert sorted(assessors) == ["3", "4", "5"], "eight units of one grid are divided over who left and who came"
    assert any(one["exempt"] for one in revision("2018Q4")["findings"])
    assert revision("2018Q4")["daily"]
    states = list(Appeal.objects.order_by("filed_at").values_list("state", flat=True))
    assert states == ["granted", "refused", "refused", "open"]


def test_deposits_are_taken_within_the_law_and_given_back_to_everybody(bad: Stored) -> None:
    run = Run.objects.get(area_path=f"{BAD.root}/", period="2019Q1")
    posted = Entry.objects.get(subject_id=run.id, verb="post").data
    assert posted["fen"] > 0
    assert {reason for *_, reason in posted["limited"]} == {"contract_employee", "no_basis", "deposit_empty"}
    assert revision("2019Q1")["charges"] == []
    accounts = list(Held.objects.filter(purpose__in=["deposit", "working-funds"]))
    left = {one.balance for one in sums([account.id for account in accounts]).values()}
    assert left == {30_000, 200_000, 5_000_000}, "what was paid in"
    assert trial_balance().balanced
    assert verify().clean


def test_a_second_load_changes_nothing_and_says_whom_to_sign_in_as(bad: Stored) -> None:
    runs = Run.objects.count()
    out, said = StringIO(), StringIO()
    call_command("load_scenario", "nanxiashu", "--history", "--bad", "--json", stdout=out, stderr=said)
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert (facts["fresh"], Run.objects.count()) == (False, runs)
    assert facts["runs"] == bad.facts["runs"]
    assert "bad-leader" in said.getvalue() + out.getvalue()
    with pytest.raises(CommandError):
        call_command("load_scenario", "nanxiashu", "--history", "--bad", "--staff", "0.5", stdout=out, stderr=said)
    with pytest.raises(CommandError):
        call_command("load_scenario", "nanxiashu", "--bad", stdout=out, stderr=said)


def test_the_articles_deposits_run_as_a_shadow_over_the_history(bad: Stored) -> None:
    text = SHIPPED.read_text("utf-8").replace("version: 1", "version: 9", 1)
    dearer = parse_policy(text.replace(": 500\n", ": 1000\n"))
    found = compare(dearer, area=BAD.root, periods=QUARTERS, by=mandates.console())
    assert found.now.by_post["secretary"].fen > 0
    assert found.tried.by_post["secretary"].fen == 2 * found.now.by_post["secretary"].fen
    assert found.tried.by_post["contractor"] == found.now.by_post["contractor"]
    assert (found.gain, found.lose > 0) == (0, True)
    assert sum(one.fen for one in found.tried.by_area.values()) == found.tried.total.fen
