"""Policies on record: drafted by one, approved by another, in force by dates, never rewritten, told by the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from hypothesis import given, settings

from tests.assessment.core.test_properties import policies
from tests.assessment.platform import told
from tests.town import ROOT, SINCE, Town, account, build
from wangge.assessment.core.files import parse_policy, write_policy
from wangge.assessment.core.periods import parse_period
from wangge.assessment.core.policy import Policy
from wangge.assessment.models import PolicyVersion
from wangge.assessment.policies import queries, services
from wangge.assessment.trying import SHIPPED, shipped
from wangge.base.errors import Conflict, Forbidden, Moved, NotFound, WanggeError
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.people.services import create_person

NOW = datetime(2024, 2, 15, 2, tzinfo=UTC)
TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def town(db: None) -> Town:
    made = build()
    person = create_person(name="样例assessor", by=mandates.console())
    assign(post="assessor", area=ROOT, valid_from=SINCE, person=person, by=mandates.console())
    made.people["assessor"] = person.id
    return made


@pytest.fixture(autouse=True)
def february(town: Town) -> object:
    with time_machine.travel(NOW, tick=True) as traveller:
        yield traveller


def version(number: int, begins: str, cap: str = "1.0") -> Policy:
    return parse_policy(TEXT.replace("version: 1", f"version: {number}").replace("2018-07-01", begins)
                        .replace("cap: 1.0", f"cap: {cap}"))


def drafted(town: Town, number: int, begins: str, cap: str = "1.0") -> PolicyVersion:
    return services.draft_policy(area=ROOT, policy=version(number, begins, cap), by=town.by("assessor"))


def approved(town: Town, number: int, begins: str, cap: str = "1.0") -> PolicyVersion:
    one = drafted(town, number, begins, cap)
    return services.approve_policy(version=one.id, expected_version=one.version, by=town.by("leader"))


def test_a_version_is_drafted_by_one_and_approved_by_another(town: Town) -> None:
    one = drafted(town, 1, "2024-01-01")
    with pytest.raises(Forbidden):
        services.approve_policy(version=one.id, expected_version=1, by=town.by("assessor"))
    with pytest.raises(Conflict, match="did not write it"):
        services.approve_policy(version=one.id, expected_version=1, by=mandates.console())
    with pytest.raises(Moved):
        services.approve_policy(version=one.id, expected_version=2, by=town.by("leader"))
    done = services.approve_policy(version=one.id, expected_version=1, by=town.by("leader"))
    assert (done.state, done.approver, done.version) == ("approved", town.people["leader"], 2)
    with pytest.raises(Conflict, match="Only a draft"):
        services.approve_policy(version=one.id, expected_version=2, by=town.by("leader"))
    assert verify().clean


def test_a_leader_who_wrote_it_does_not_approve_it(town: Town) -> None:
    assign(post="assessor", area=ROOT, valid_from=datetime(2020, 1, 1, tzinfo=UTC), by=mandates.console(),
           person=town_person(town, "leader"))
    by = mandates.for_person(town.people["leader"], channel="desk", verb="draft_policy", path=town.root)
    one = services.draft_policy(area=ROOT, policy=version(1, "2024-01-01"), by=by)
    with pytest.raises(Conflict, match="did not write it"):
        services.approve_policy(version=one.id, expected_version=1, by=mandates.for_person(
            town.people["leader"], channel="desk", verb="approve_policy", path=town.root))


def town_person(town: Town, name: str) -> object:
    from wangge.kernel.people.models import Person

    return Person.objects.get(id=town.people[name])


def test_a_successor_ends_what_was_in_force_and_the_period_decides_which_holds(town: Town) -> None:
    first = approved(town, 1, "2024-01-01")
    second = approved(town, 2, "2024-04-01", "2.0")
    first.refresh_from_db()
    assert (str(first.ends), second.ends) == ("2024-04-01", None)
    held = {code: queries.in_force(town.paths["G11"], parse_period(code)) for code in ("2023Q4", "2024Q1", "2024Q2")}
    assert [held[code] and held[code].number for code in held] == [None, 1, 2]
    assert [said.zh for said in queries.changes(first, second)] == [
        "施行日：由 2024-01-01 改为 2024-04-01。", "市考扣分超上限·上限（分）：由 1 改为 2。",
    ]
    with pytest.raises(Conflict, match="begins there or later"):
        approved(town, 3, "2024-04-01")
    assert verify().clean


def test_a_policy_does_not_reach_back(town: Town) -> None:
    with pytest.raises(Conflict, match="does not reach back"):
        approved(town, 1, "2023-10-01")


def test_the_same_number_is_refused_and_a_draft_can_be_dropped(town: Town) -> None:
    one = drafted(town, 1, "2024-01-01")
    with pytest.raises(Conflict, match="stands already"):
        drafted(town, 1, "2024-01-01", "3.0")
    done = services.drop_policy(version=one.id, expected_version=1, by=town.by("assessor"))
    assert done.state == "dropped"
    with pytest.raises(Conflict):
        services.drop_policy(version=one.id, expected_version=2, by=town.by("assessor"))
    assert verify().clean


def test_money_is_not_taken_without_its_documents(town: Town) -> None:
    text = TEXT.replace("mode: points", "mode: deposit\n    basis: 文-1")
    policy = parse_policy(text.replace("2018-07-01", "2024-01-01"))
    one = services.draft_policy(area=ROOT, policy=policy, by=town.by("assessor"))
    with pytest.raises(Conflict, match="on file"):
        services.approve_policy(version=one.id, expected_version=1, by=town.by("leader"))


def test_the_policy_that_ships_is_put_on_record_once_and_gives_way(town: Town) -> None:
    by = mandates.console()
    one = services.ship(area=ROOT, policy=shipped(), by=by)
    assert services.ship(area=ROOT, policy=shipped(), by=by).id == one.id
    assert queries.in_force(town.paths["G11"], parse_period("2018Q3")) == one
    approved(town, 2, "2024-01-01")
    one.refresh_from_db()
    assert str(one.ends) == "2024-01-01"
    assert verify().clean


@pytest.mark.parametrize("change", [
    "UPDATE assessment_policy SET body = '{}'", "UPDATE assessment_policy SET state = 'draft', approver = NULL",
    "UPDATE assessment_policy SET begins = '2023-01-01'", "DELETE FROM assessment_policy",
    "UPDATE assessment_policy SET approver = author",
])
def test_the_database_refuses_to_rewrite_a_policy(town: Town, change: str) -> None:
    approved(town, 1, "2024-01-01")
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_who_works_elsewhere_does_not_see_it(town: Town) -> None:
    one = drafted(town, 1, "2024-01-01")
    assert queries.version(one.id, town.by("worker")).id == one.id
    below = services.draft_policy(area="T-C2", policy=version(1, "2024-01-01"), by=mandates.console())
    with pytest.raises(NotFound):
        queries.version(below.id, town.by("worker"))
    assert [row.area_path for row in queries.versions(town.by("worker"))] == [town.root]


@settings(max_examples=30, deadline=None)
@given(policies())
def test_what_is_exported_reads_as_the_same_policy(policy: Policy) -> None:
    assert parse_policy(write_policy(policy)).digest == policy.digest
    assert queries.stated(services.body_of(policy)).digest == policy.digest


def test_the_command_drafts_approves_and_exports(town: Town, tmp_path: Path) -> None:
    account(town, "leader")
    file, out = tmp_path / "policy.yaml", tmp_path / "out.yaml"
    file.write_text(TEXT.replace("2018-07-01", "2024-01-01"), encoding="utf-8")
    facts = told("policies", ROOT, "--draft", str(file))
    assert facts["policies"][0]["state"] == "draft"
    facts = told("policies", ROOT, "--approve", "default/1", "--as", "leader", "--export", "default/1",
                 "--out", str(out))
    assert (facts["policies"][0]["state"], facts["policies"][0]["begins"]) == ("approved", "2024-01-01")
    assert parse_policy(out.read_text(encoding="utf-8")).digest == facts["policies"][0]["digest"]
    file.write_text(TEXT.replace("2018-07-01", "2024-04-01").replace("version: 1", "version: 2"), encoding="utf-8")
    facts = told("policies", ROOT, "--draft", str(file), "--export", "default/2", "--against", "default/1")
    assert facts["changes"] == ["施行日：由 2024-01-01 改为 2024-04-01。"]
    with pytest.raises((WanggeError, Exception), match="no such version"):
        told("policies", ROOT, "--export", "default/9")
