"""Money within the law: documents on file first, no deposit of contract employees, pay above the floor, invoices."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError
from django.db import IntegrityError, ProgrammingError, connection, transaction

from tests.assessment import quarter
from tests.assessment.platform import told
from tests.assessment.quarter import AFTER, LATER, PERIOD, by
from tests.town import ROOT, SINCE, Town, account
from wangge.assessment.models import Run
from wangge.assessment.models.money import Invoice
from wangge.assessment.money import invoices
from wangge.assessment.money.filing import Pay, file_document, keep_pay
from wangge.assessment.running import services
from wangge.assessment.running.appeals import file_appeal, withdraw_appeal
from wangge.assessment.running.correcting import correct_run, cover
from wangge.assessment.running.posting import post_run
from wangge.assessment.services import amend_finding
from wangge.base.errors import Conflict, Forbidden, InvalidInput, MalformedInput, NotFound, TooLarge, WanggeError
from wangge.kernel.duties import mandates
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger.models import Account
from wangge.kernel.ledger.queries import NOTHING, Balance, sums, trial_balance
from wangge.kernel.ledger.rules import Line
from wangge.kernel.ledger.services import open_account, post
from wangge.kernel.people.services import create_organisation

PDF = b"%PDF-1.4 a basis"
YUAN = 100
KINDS = (("legal_basis", "civil_servant"), ("legal_basis", "cadre"), ("consultation", ""), ("publication", ""))


@pytest.fixture
def town(db: None) -> Town:
    made = quarter.town()
    quarter.lost(made)
    return made


def filed(town: Town) -> None:
    for kind, employment in KINDS:
        file_document(area=ROOT, kind=kind, number="文-1", content=PDF, employment=employment, by=by(town, "leader"))


def employed(town: Town, **kinds: str) -> None:
    rows = [Pay(town.people[name], kind, 20_000 * YUAN, 3_000 * YUAN, 19_200 * YUAN) for name, kind in kinds.items()]
    keep_pay(rows, area=ROOT, by=by(town, "assessor"))


def deposited(town: Town, name: str, yuan: int) -> Account:
    console = mandates.console()
    made = open_account(owner_kind="person", owner=town.people[name], purpose="deposit", unit="cny", area=ROOT,
                        by=console, floor=0)
    fund = open_account(owner_kind="area", owner=town.areas[ROOT], purpose="fund", unit="cny", area=ROOT, by=console)
    post(key=f"in/{name}", lines=[Line(made.id, yuan * YUAN), Line(fund.id, -yuan * YUAN)], by=console)
    return made


def held(account: Account) -> Balance:
    return sums([account.id]).get(account.id, NOTHING)


def notified(town: Town, mode: str) -> Run:
    filed(town)
    quarter.in_force(town, quarter.money_policy(mode))
    one = services.assess_period(area=ROOT, period=PERIOD, by=by(town, "assessor")).run
    return services.give_notice(run=one.id, expected_version=one.version, by=by(town, "leader"))


def posted(town: Town, one: Run) -> Run:
    one.refresh_from_db()
    leader = by(town, "leader", LATER)
    done = services.finish_run(run=one.id, expected_version=one.version, by=leader)
    return post_run(run=done.id, expected_version=done.version, by=leader)


def test_a_policy_that_takes_money_waits_for_its_documents(town: Town) -> None:
    with pytest.raises(Conflict, match="on file"):
        quarter.in_force(town, quarter.money_policy("deposit"))
    filed(town)
    assert quarter.in_force(town, quarter.money_policy("deposit", **{"version: 1": "version: 2"})).state == "approved"
    assert verify().clean


def test_a_deposit_is_taken_of_whom_the_law_lets_and_never_of_contract_employees(town: Town) -> None:
    employed(town, worker="contract", grid_leader="cadre", secretary="civil_servant", secretary2="institution")
    accounts = {name: deposited(town, name, 2_000) for name in ("worker", "grid_leader", "secretary2", "leader")}
    one = posted(town, notified(town, "deposit"))
    left = {name: held(account).balance // YUAN for name, account in accounts.items()}
    assert left == {"worker": 2_000, "grid_leader": 1_000, "secretary2": 2_000, "leader": 2_000}
    assert one.stage == "posted"
    assert trial_balance().balanced
    assert verify().clean


def test_an_appeal_holds_the_deposit_and_takes_nothing(town: Town) -> None:
    employed(town, grid_leader="cadre")
    account = deposited(town, "grid_leader", 2_000)
    one = notified(town, "deposit")
    line = one.lines.get(holder=town.people["grid_leader"], key__startswith="charge/")
    case = file_appeal(run=one.id, line=line.key, finding="city/1", words="不在网格内", by=by(town, "grid_leader"))
    assert (held(account).balance, held(account).held) == (2_000 * YUAN, 1_000 * YUAN)
    withdraw_appeal(appeal=case.id, expected_version=1, by=by(town, "grid_leader"))
    assert held(account).held == 0
    posted(town, one)
    assert held(account) == Balance(1_000 * YUAN, 0, 0)


def test_performance_pay_never_falls_below_the_floor(town: Town) -> None:
    employed(town, worker="contract", grid_leader="cadre")
    one = posted(town, notified(town, "performance_pay"))
    taken = {name: held(Account.objects.get(owner=town.people[name], purpose="withheld")).balance // YUAN
             for name in ("worker", "grid_leader")}
    assert taken == {"worker": -800, "grid_leader": -800}
    assert not Account.objects.filter(owner=town.people["secretary"], purpose="withheld").exists()
    assert post_run(run=one.id, expected_version=None, by=by(town, "leader", LATER)).version == one.version
    assert verify().clean


def test_a_reversal_restores_every_balance_and_a_refund_clears_shortfalls_first(town: Town) -> None:
    employed(town, grid_leader="cadre", secretary2="civil_servant")
    accounts = {name: deposited(town, name, 2_000) for name in ("grid_leader", "secretary2")}
    one = posted(town, notified(town, "deposit"))
    assert {name: held(account).balance // YUAN for name, account in accounts.items()} == {
        "grid_leader": 1_000, "secretary2": 1_500,
    }
    leader = by(town, "leader", LATER)
    for row in quarter.FindingRow.objects.filter(source="city"):
        amend_finding(finding=row.id, points=Decimal(0), ground="source", expected_version=row.version, by=leader)
    correct_run(run=one.id, by=leader)
    assert {name: held(account).balance // YUAN for name, account in accounts.items()} == {
        "grid_leader": 2_000, "secretary2": 2_000,
    }
    assert trial_balance().balanced
    assert verify().clean


def test_what_a_deposit_does_not_cover_is_a_shortfall_and_a_cut_gives_back_the_rest(town: Town) -> None:
    employed(town, grid_leader="cadre")
    account_ = deposited(town, "grid_leader", 700)
    one = posted(town, notified(town, "deposit"))
    assert held(account_).balance == 0
    leader, row = by(town, "leader", LATER), quarter.FindingRow.objects.get(source="city", ref="1")
    amend_finding(finding=row.id, points=Decimal("0.35"), ground="source", expected_version=1, by=leader)
    changes = {row.holder: row.fen for row in correct_run(run=one.id, by=leader).changes}
    assert changes[town.people["grid_leader"]] == (1_000 * YUAN, 500 * YUAN)
    assert held(account_).balance == 200 * YUAN
    assert trial_balance().balanced


def short_of_300(town: Town) -> Account:
    """A deposit of 700 yuan from which a run of 1,000 took all there was, and 500 yuan put in since."""
    employed(town, grid_leader="cadre")
    found = deposited(town, "grid_leader", 700)
    posted(town, notified(town, "deposit"))
    assert held(found).balance == 0
    fund = Account.objects.get(purpose="fund")
    post(key="more", lines=[Line(found.id, 500 * YUAN), Line(fund.id, -500 * YUAN)], by=mandates.console())
    return found


def test_what_a_deposit_did_not_cover_is_taken_once_within_the_quarter(town: Town) -> None:
    found, holder = short_of_300(town), town.people["grid_leader"]
    assert cover(town.people["secretary"], by=by(town, "leader", LATER)) == 0
    assert cover(holder, by=by(town, "leader", LATER)) == 300 * YUAN
    assert held(found).balance == 200 * YUAN
    assert cover(holder, by=by(town, "leader", LATER)) == 0
    assert held(found).balance == 200 * YUAN
    assert trial_balance().balanced
    assert verify().clean


@pytest.mark.parametrize(("at", "yuan"), [
    (datetime(2024, 3, 31, 15, 59, tzinfo=UTC), 300), (datetime(2024, 3, 31, 16, 0, tzinfo=UTC), 0),
    (datetime(2025, 1, 18, 2, tzinfo=UTC), 0),
])
def test_a_shortfall_lapses_with_the_quarter_of_the_place(town: Town, at: datetime, yuan: int) -> None:
    found = short_of_300(town)
    assert cover(town.people["grid_leader"], by=by(town, "leader", at)) == yuan * YUAN
    assert held(found).balance == (500 - yuan) * YUAN


@pytest.mark.parametrize(("given", "error"), [
    ({"content": b"#!/bin/sh"}, MalformedInput), ({"content": PDF + b"x" * 10_485_760}, TooLarge),
    ({"kind": "letter"}, InvalidInput), ({"employment": "friend"}, InvalidInput), ({"number": " "}, InvalidInput),
    ({"kind": "publication"}, InvalidInput), ({"area": "nowhere"}, NotFound),
])
def test_an_unusable_document_is_refused(town: Town, given: dict[str, Any], error: type[WanggeError]) -> None:
    row = {"area": ROOT, "kind": "legal_basis", "number": "文-1", "content": PDF, "employment": "cadre"}
    with pytest.raises(error):
        file_document(**{**row, **given}, by=by(town, "leader"))
    with pytest.raises(Forbidden):
        file_document(**row, by=by(town, "worker"))  # type: ignore[arg-type]


def test_pay_is_kept_once_and_its_parts_fit(town: Town) -> None:
    row = Pay(town.people["worker"], "contract", 2_000, 300, 1_800)
    assessor = by(town, "assessor")
    assert keep_pay([row], area=ROOT, by=assessor) == 1
    assert keep_pay([row], area=ROOT, by=assessor) == 0
    assert keep_pay([row._replace(bonus=200)], area=ROOT, by=assessor) == 1
    for wrong in (row._replace(floor=2_001), row._replace(bonus=-1), row._replace(kind="guest")):
        with pytest.raises(InvalidInput):
            keep_pay([wrong], area=ROOT, by=assessor)
    assert verify().clean


def contractor(town: Town) -> str:
    unit = create_organisation(code="T-CLEAN", name="示例保洁", kind="contractor", by=mandates.console())
    assign(post="contractor", area=ROOT, valid_from=SINCE, organisation=unit, by=mandates.console())
    return unit.code


def test_an_invoice_is_approved_by_another_and_deducts_what_is_open(town: Town) -> None:
    code = contractor(town)
    posted(town, notified(town, "performance_pay"))
    assessor, leader = by(town, "assessor", LATER), by(town, "leader", LATER)
    one = invoices.enter_invoice(organisation=code, area=ROOT, number="2023-12", fen=100_000 * YUAN, by=assessor)
    assert invoices.open_charges(one.organisation_id, town.root) == 15_000 * YUAN
    with pytest.raises(Conflict, match="on record"):
        invoices.enter_invoice(organisation=code, area=ROOT, number="2023-12", fen=1, by=assessor)
    with pytest.raises(InvalidInput, match="No more is deducted"):
        invoices.approve_invoice(invoice=one.id, expected_version=1, deducted=15_001 * YUAN, by=leader)
    done = invoices.approve_invoice(invoice=one.id, expected_version=1, deducted=15_000 * YUAN, by=leader)
    owed = Account.objects.get(purpose="payable")
    assert held(owed).balance == 85_000 * YUAN
    assert invoices.open_charges(one.organisation_id, town.root) == 0
    paid = invoices.pay_invoice(invoice=one.id, expected_version=done.version, by=leader)
    assert (paid.state, held(owed).balance) == ("paid", 0)
    with pytest.raises(Conflict):
        invoices.pay_invoice(invoice=one.id, expected_version=paid.version, by=leader)
    assert trial_balance().balanced
    assert verify().clean


def test_who_enters_an_invoice_does_not_approve_it(town: Town) -> None:
    code = contractor(town)
    one = invoices.enter_invoice(organisation=code, area=ROOT, number="1", fen=500, by=mandates.console())
    with pytest.raises(Forbidden):
        invoices.approve_invoice(invoice=one.id, expected_version=1, by=by(town, "assessor", AFTER))
    with pytest.raises(Conflict, match="did not enter"):
        invoices.approve_invoice(invoice=one.id, expected_version=1, by=mandates.console())
    assert invoices.refuse_invoice(invoice=one.id, expected_version=1, by=by(town, "leader")).state == "refused"
    assert Invoice.objects.get().deducted == 0


@pytest.mark.parametrize("change", [
    "UPDATE assessment_document SET content = 'x'", "DELETE FROM assessment_document",
    "UPDATE assessment_employment SET floor = pay + 1",
])
def test_the_database_refuses_to_rewrite_what_is_on_file(town: Town, change: str) -> None:
    filed(town)
    employed(town, worker="contract")
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)


def test_the_commands_keep_pay_documents_and_invoices(town: Town, tmp_path: Path) -> None:
    code = contractor(town)
    for name in ("assessor", "leader", "worker"):
        account(town, name)
    sheet, file = tmp_path / "pay.csv", tmp_path / "basis.pdf"
    sheet.write_text("username,employment,pay,bonus,floor\nworker,contract,20000,3000,19200.50\n", encoding="utf-8")
    file.write_bytes(PDF)
    assert told("import_pay", str(sheet), "--area", ROOT, "--as", "assessor") == {"rows": 1, "changed": 1}
    assert told("import_pay", str(sheet), "--area", ROOT)["changed"] == 0
    facts = told("basis", ROOT, "--file", str(file), "--number", "文-1", "--employment", "cadre", "--as", "leader")
    assert [(one["kind"], one["employment"]) for one in facts["documents"]] == [("legal_basis", "cadre")]
    told("invoices", ROOT, "--enter", f"{code}/7", "--yuan", "1200.50", "--as", "assessor")
    told("invoices", ROOT, "--approve", f"{code}/7", "--as", "leader")
    [one] = told("invoices", ROOT, "--pay", f"{code}/7", "--as", "leader")["invoices"]
    assert (one["state"], one["yuan"], one["deducted"]) == ("paid", "1200.50", "0.00")
    sheet.write_text("username,employment,pay,bonus,floor\nnobody,contract,1,1,1\n", encoding="utf-8")
    for words in (("import_pay", str(sheet), "--area", ROOT), ("invoices", ROOT, "--pay", "x/1")):
        with pytest.raises(CommandError):
            told(*words)
