"""import-balances, balance and trial-balance at the command line."""

from __future__ import annotations

import json
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command

from tests import town as towns
from tests.kernel.ledger.books import Books, build
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.ledger import services
from wangge.kernel.ledger.importing import COLUMNS


@pytest.fixture
def books(db: None) -> Books:
    return build(towns.build())


def facts(*arguments: str) -> dict[str, Any]:
    """The JSON that a command prints last."""
    out = StringIO()
    call_command(*arguments, "--json", stdout=out, stderr=StringIO())
    found: dict[str, Any] = json.loads(out.getvalue().splitlines()[-1])
    return found


def said(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_balances_are_exact_decimal_numbers(books: Books) -> None:
    books.post("outside", "worker", 500_000)
    held = books.hold("worker", "fund", 90_050)
    found = facts("balance", str(books.town.people["worker"]), "--unit", "cny")
    [account] = found["accounts"]
    assert account == {
        "account": str(books.accounts["worker"]), "purpose": "deposit", "unit": "cny", "area": "T-G11", "floor": "0.00",
        "balance": "5000.00", "held": "900.50", "expected": "0.00", "available": "4099.50",
    }
    assert facts("balance", towns.ROOT, "--purpose", "fund")["accounts"][0]["expected"] == "900.50"
    assert facts("balance", "T-UNIT")["accounts"][0]["balance"] == "0.00"
    past = facts("balance", str(books.town.people["worker"]), "--unit", "cny", "--at", "2020-01-01T00:00+08:00")
    assert past["accounts"][0]["balance"] == "0.00"
    assert "available 4099.50, floor 0.00" in said("balance", str(books.town.people["worker"]))
    assert held.fresh


def test_lines_of_a_persons_account_take_a_reason_and_are_journaled(books: Books) -> None:
    towns.account(books.town, "worker")
    books.post("outside", "worker", 500)
    services.settle(posting=books.hold("worker", "fund", 100).id, by=mandates.console())
    with pytest.raises(CommandError, match="Say why"):
        facts("balance", "worker", "--lines")
    with pytest.raises(CommandError, match="--lines"):
        facts("balance", "worker", "--reason", "审计")
    assert not Entry.objects.filter(subject_type="access").exists()
    [account] = facts("balance", "WORKER", "--unit", "cny", "--lines", "--reason", "审计")["accounts"]
    assert [(line["kind"], line["amount"], line["pending"], line["balance"]) for line in account["lines"]] == [
        ("post", "5.00", "0.00", "5.00"), ("hold", "0.00", "-1.00", "5.00"), ("settle", "-1.00", "1.00", "4.00")]
    assert (account["opening"], account["closing"]) == ("0.00", "4.00")
    assert Entry.objects.filter(subject_type="access").count() == 1
    text = said("balance", "worker", "--unit", "cny", "--lines", "--reason", "审计")
    assert "hold  pending -1.00  → 5.00" in text
    assert "settle  -1.00  → 4.00" in text


@pytest.mark.parametrize("arguments", [
    ("balance", "nobody"), ("balance", "T-G22"), ("balance", "T-UNIT", "--at", "someday"),
    ("balance", "T-UNIT", "--at", "2026-01-01"), ("trial-balance", "--known-at", "yesterday"),
])
def test_what_is_not_there_is_said(books: Books, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        facts(arguments[0].replace("-", "_"), *arguments[1:])


def test_the_trial_balance_is_zero_in_every_unit(books: Books) -> None:
    books.post("outside", "worker", 500)
    books.post("points", "score", 1500)
    books.hold("worker", "fund", 200)
    found = facts("trial_balance")
    assert (found["balanced"], found["postings"], found["levels_off"]) == (True, 3, [])
    assert found["units"] == [
        {"unit": "cny", "accounts": 3, "legs": 4, "inward": "5.00", "outward": "-5.00", "total": "0.00",
         "pending": "0.00"},
        {"unit": "points", "accounts": 2, "legs": 2, "inward": "1.500", "outward": "-1.500", "total": "0.000",
         "pending": "0.000"},
    ]
    assert facts("trial_balance", "--at", "2020-01-01T00:00Z")["units"] == []
    assert said("trial_balance").splitlines()[-1] == "balanced: 3 postings"


def test_a_ledger_that_does_not_balance_fails_and_says_so(
    committed_db: str, owner_connection: psycopg.Connection[Any]
) -> None:
    books = build(towns.build())
    books.post("outside", "worker", 500)
    owner_connection.execute("ALTER TABLE ledger_leg DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE ledger_leg SET amount = 501 WHERE amount = 500")
    out = StringIO()
    with pytest.raises(CommandError, match="does not balance"):
        call_command("trial_balance", "--json", stdout=out, stderr=StringIO())
    found = json.loads(out.getvalue().splitlines()[-1])
    assert (found["balanced"], found["units"][0]["total"]) == (False, "0.01")
    assert found["levels_off"] == [str(books.accounts["worker"])]


def test_opening_balances_come_in_with_an_error_report(books: Books, tmp_path: Path) -> None:
    file, errors = tmp_path / "balances.csv", tmp_path / "errors.csv"
    rows = ["person,样例officer,deposit,cny,T-C1,2000,0,2026-01-01",
            "person,没有这个人,deposit,cny,T-C1,1,0,2026-01-01"]
    file.write_text("\n".join([",".join(COLUMNS), *rows]), encoding="utf-8")
    dry = facts("import_balances", str(file), "--errors", str(errors), "--dry-run")
    assert (dry["posted"], dry["rejected"], dry["dry_run"]) == (1, 1, True)
    found = facts("import_balances", str(file), "--errors", str(errors))
    assert (found["posted"], found["unchanged"], found["error_report"]) == (1, 0, str(errors))
    assert found["faults"] == [{"line": 3, "field": "owner", "reason": "There is no person 没有这个人."}]
    assert errors.read_text(encoding="utf-8").splitlines()[1].startswith("3,没有这个人,owner,")
    assert facts("import_balances", str(file), "--errors", str(errors))["unchanged"] == 1
    file.write_text("\n".join([",".join(COLUMNS), rows[1]]), encoding="utf-8")
    with pytest.raises(CommandError, match="None of 1 balances"):
        facts("import_balances", str(file), "--errors", str(errors))
