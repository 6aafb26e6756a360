"""Opening balances from a table: posted once, refused by name, nothing changed by a second run."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.kernel.ledger.books import Books
from tests.town import ROOT
from wangge.base.errors import InvalidInput, MalformedInput
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.ledger import queries
from wangge.kernel.ledger.importing import COLUMNS, OPENING, Fault, Outcome, import_balances, write_faults
from wangge.kernel.ledger.models import Account, Posting
from wangge.kernel.people.services import create_person

GOOD = (
    "person,样例officer,deposit,cny,T-C1,2000.00,0,2026-01-01", "person,样例worker,score,points,T-G11,98.5,,2026-01-01",
    "organisation,T-UNIT,deposit,cny,320499-T,5000,0,2026-01-01T08:00+08:00", "area,T-G12,score,points,,-3,,2026-01-01",
    "person,样例inspector,hours,minutes,T-C2,0,,2026-01-01",
    "person,样例secretary,deposit,cny,T-C1,-1.50,-500,2026-01-01",
)


def run(folder: Path, *lines: str, dry_run: bool = False) -> Outcome:
    file = folder / "balances.csv"
    file.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8-sig")
    return import_balances(file, by=mandates.console(), dry_run=dry_run)


def test_each_balance_is_posted_once_against_the_opening_account_of_the_root(tmp_path: Path, books: Books) -> None:
    first = run(tmp_path, *GOOD)
    assert (first.posted, first.empty, first.unchanged, first.faults) == (5, 1, 0, [])
    second = run(tmp_path, *GOOD)
    assert (second.posted, second.empty, second.unchanged, second.faults) == (0, 1, 5, [])
    assert (books.of("points").balance, books.of("firm").balance, books.of("secretary").balance) == (
        98_500, 500_000, -150)
    root = books.town.areas[ROOT]
    openings = {one.unit: queries.sums([one.id])[one.id].balance
                for one in Account.objects.filter(owner=root, purpose=OPENING, unit__in=["cny", "points"])}
    assert openings == {"cny": -(200_000 + 500_000 - 150), "points": -(98_500 - 3000)}
    posting = Posting.objects.get(key=f"{OPENING}:{books.accounts['points']}")
    assert (posting.at, posting.policy) == (datetime(2025, 12, 31, 16, tzinfo=UTC), OPENING)
    assert queries.trial_balance().balanced
    assert verify().clean


BAD = (
    ("cat,样例officer,deposit,cny,T-C1,1,0,2026-01-01", "owner_kind"),
    ("person,没有这个人,deposit,cny,T-C1,1,0,2026-01-01", "owner"),
    ("person,样例twice,deposit,cny,T-C1,1,0,2026-01-01", "owner"),
    ("person,00000000-0000-0000-0000-000000000000,deposit,cny,T-C1,1,0,2026-01-01", "owner"),
    ("person,,deposit,cny,T-C1,1,0,2026-01-01", "owner"),
    ("organisation,NOFIRM,deposit,cny,T-C1,1,0,2026-01-01", "owner"),
    ("area,NOWHERE,score,points,T-C1,1,,2026-01-01", "owner"),
    ("person,样例officer,Deposit,cny,T-C1,1,0,2026-01-01", "purpose"),
    ("person,样例officer,deposit,usd,T-C1,1,0,2026-01-01", "unit"),
    ("person,样例officer,deposit,cny,NOWHERE,1,0,2026-01-01", "area_code"),
    ("person,样例officer,deposit,cny,,1,0,2026-01-01", "area_code"),
    ("person,样例officer,deposit,cny,T-C1,1.005,0,2026-01-01", "balance"),
    ("person,样例officer,deposit,cny,T-C1,,0,2026-01-01", "balance"),
    ("person,样例officer,deposit,cny,T-C1,-1,0,2026-01-01", "balance"),
    ("person,样例officer,deposit,cny,T-C1,5,1,2026-01-01", "floor"),
    ("person,样例officer,deposit,cny,T-C1,1,x,2026-01-01", "floor"),
    ("person,样例officer,deposit,cny,T-C1,1,0,someday", "as_of"),
    ("person,样例officer,deposit,cny,T-C1,1,0,", "as_of"),
    ("person,样例worker,deposit,cny,T-G12,1,0,2026-01-01", "owner"),  # stands on other ground
)


def test_each_refused_row_is_named_and_the_others_are_kept(tmp_path: Path, books: Books) -> None:
    for _ in range(2):
        create_person(name="样例twice", by=mandates.console())
    before = Account.objects.count()
    good = "person,样例inspector,deposit,cny,T-C2,7,0,2026-01-01"
    outcome = run(tmp_path, *(line for line, _ in BAD), good, good)
    assert outcome.posted == 1
    assert [(fault.line, fault.field) for fault in outcome.faults] == [
        *((number, field) for number, (_, field) in enumerate(BAD, start=2)), (len(BAD) + 3, "owner")]
    assert all(fault.reason for fault in outcome.faults)
    assert Account.objects.count() == before + 2  # the one that is good, and the root's opening account


def test_another_opening_balance_of_an_account_is_refused(tmp_path: Path, books: Books) -> None:
    row = "person,样例worker,score,points,T-G11,{},,{}"
    assert run(tmp_path, row.format("5", "2026-01-01")).posted == 1
    for changed in (("6", "2026-01-01"), ("5", "2026-01-02"), ("0", "2026-01-01")):
        outcome = run(tmp_path, row.format(*changed))
        assert [(fault.field, fault.line) for fault in outcome.faults] == [("balance", 2)]
        assert "another opening balance" in outcome.faults[0].reason
    assert books.of("points").balance == 5000


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path, books: Books) -> None:
    before = (Account.objects.count(), Posting.objects.count(), Entry.objects.count())
    dry = run(tmp_path, *GOOD, BAD[0][0], dry_run=True)
    assert (Account.objects.count(), Posting.objects.count(), Entry.objects.count()) == before
    assert run(tmp_path, *GOOD, BAD[0][0]) == dry
    assert (dry.posted, len(dry.faults)) == (5, 1)


def test_a_large_file_goes_in_by_batches(tmp_path: Path, books: Books) -> None:
    people = "样例worker"
    lines = [f"person,{people},p{number},minutes,T-G11,{number},,2026-01-01" for number in range(1, 1101)]
    outcome = run(tmp_path, *lines[:600], "cat,,,,,,,", *lines[600:])
    assert (outcome.posted, [fault.line for fault in outcome.faults]) == (1100, [602])
    assert queries.trial_balance().balanced


@pytest.mark.parametrize("content", [b"", b"owner,balance\n", b"\xff\xfe", b"\x00"])
def test_a_file_that_is_no_such_table_is_refused(tmp_path: Path, books: Books, content: bytes) -> None:
    file = tmp_path / "balances.csv"
    file.write_bytes(content)
    with pytest.raises(MalformedInput):
        import_balances(file, by=mandates.console())
    with pytest.raises(InvalidInput):
        import_balances(tmp_path / "none.csv", by=mandates.console())


def test_the_error_report_is_harmless_in_a_spreadsheet(tmp_path: Path) -> None:
    file = tmp_path / "below" / "errors.csv"
    write_faults(file, [Fault(2, "=cmd()", "balance", "-1", "This is no amount.")])
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows == [["line", "owner", "field", "value", "reason"],
                    ["2", "'=cmd()", "balance", "'-1", "This is no amount."]]
