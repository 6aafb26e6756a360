"""The commands of the journal: facts as JSON, exit codes, and `check-proof` without any database."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from django.core.management import CommandError, call_command

from wangge.base.ids import new_id
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import Act, append
from wangge.kernel.journal.verifying import verify


@pytest.fixture
def subject(committed_db: str) -> UUID:
    """A subject with two entries, the first with text."""
    made = new_id()
    first = Act(made, "thing", "noted", data={"code": "0101"}, content={"note": "示范路 1 号"})
    append([first, Act(made, "thing", "noted", version=1)], by=mandates.console())
    return made


def facts(*words: str) -> Any:
    """What a command prints as its last line with --json."""
    out = StringIO()
    call_command(*words, "--json", stdout=out, stderr=StringIO())
    return json.loads(out.getvalue().splitlines()[-1])


def test_seal_prints_the_line_to_post_and_then_finds_nothing(subject: UUID) -> None:
    made = facts("seal")
    assert (made["sealed"], made["number"]) == (2, 1)
    assert made["line"].endswith(made["digest"])
    assert facts("seal")["sealed"] == 0
    assert facts("verify_journal", "--anchor", made["line"])["ok"]
    with pytest.raises(CommandError, match="1 faults"):
        facts("verify_journal", "--anchor", "0" * 64)


def test_verify_counts_and_names(subject: UUID, owner_connection: psycopg.Connection[Any]) -> None:
    assert facts("verify_journal", "--subject", str(subject))["entries"] == 2
    owner_connection.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    owner_connection.execute("UPDATE journal_entry SET verb = 'forged' WHERE seq = 2")
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("verify_journal", "--json", stdout=out, stderr=StringIO())
    assert caught.value.returncode == 1
    found = json.loads(out.getvalue().splitlines()[-1])
    assert not found["ok"]
    assert [(one["kind"], one["subject_id"], one["seq"]) for one in found["faults"]] == [
        ("entry-digest", str(subject), 2)
    ]


def test_erase_says_what_went_and_the_journal_verifies(subject: UUID) -> None:
    done = facts("erase", str(subject), "--reason", "asked")
    assert done["erased"] == [[1, "note"]]
    assert done["entry"] == 3
    report = verify()
    assert report.clean
    assert report.erased == 1
    with pytest.raises(CommandError):
        facts("erase", str(new_id()), "--reason", "asked")
    with pytest.raises(CommandError, match="must be a code"):
        facts("erase", str(subject), "--reason", "he asked me to")


def test_without_tables_a_command_says_what_to_run_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: object, **options: object) -> None:
        raise psycopg.errors.UndefinedTable('relation "journal_entry" does not exist')

    monkeypatch.setattr("wangge.interfaces.commands.management.commands.verify_journal.Command.run", run)
    with pytest.raises(CommandError, match="wangge migrate"):
        call_command("verify_journal", stdout=StringIO(), stderr=StringIO())


def test_an_unknown_case_number_is_not_found(subject: UUID) -> None:
    with pytest.raises(CommandError, match="no such case"):
        facts("prove", "320412-20260302-1", "--out", os.devnull)


def test_check_proof_needs_no_database(subject: UUID, tmp_path: Path) -> None:
    target = tmp_path / "case.proof"
    made = facts("prove", str(subject), "--out", str(target))
    assert (made["entries"], made["unsealed"]) == (2, [])

    def check(*words: str) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "wangge.settings", "WANGGE_HOME": str(tmp_path / "home"),
            "DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none", "DATABASE_OWNER_URL": "",
        }
        return subprocess.run(
            [sys.executable, "-m", "wangge", "check-proof", str(target), *words], env=environment,
            capture_output=True, text=True, timeout=120, check=False,
        )

    good = check("--json", "--anchor", made["last_digest"])
    assert good.returncode == 0, good.stderr
    shown = json.loads(good.stdout.splitlines()[-1])
    assert shown["ok"]
    assert shown["anchored"]
    assert [act["verb"] for act in shown["acts"]] == ["noted", "noted"]
    target.write_bytes(target.read_bytes().replace(b"0101", b"0102"))
    bad = check("--json")
    assert bad.returncode == 1
    assert "The proof does not hold" in bad.stderr
    assert "Traceback" not in bad.stderr
