"""A planted name, phone number and photo: after erasing they are found nowhere, and the journal still verifies."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import requests

from tests.faults.system import System
from tests.journeys.people import Api, Browser, photo
from wangge.base.masking import bigrams
from wangge.runtime import binaries

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]
NAME, PHONE = "章某某测试", "13912340987"
NEEDLES = {
    "the name": NAME.encode(),
    "the name in UTF-16": NAME.encode("utf-16-le"),
    "the name escaped": NAME.encode("unicode_escape"),
    "the name in an address": requests.utils.quote(NAME).encode(),
    "the name in hex": NAME.encode().hex().encode(),
    "the number": PHONE.encode(),
    "the number in groups": b"139 1234 0987",
    "the number in hex": PHONE.encode().hex().encode(),
}


@dataclass
class Planted:
    """What was planted, and what of it lay where before it was erased."""

    system: System
    numbers: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    photos: list[bytes] = field(default_factory=list)
    kept: dict[str, bytes] = field(default_factory=dict)
    before: Path = Path()
    after: Path = Path()


def _plain_dump(system: System) -> bytes:
    known = system.cluster.settings("owner")
    done = subprocess.run(
        [str(binaries.tool("pg_dump")), "-h", known["HOST"], "-U", known["USER"], known["NAME"]], capture_output=True,
        check=True, env={"PGPASSWORD": known["PASSWORD"], "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout


def _found(data: bytes) -> list[str]:
    """Which of the needles are in these bytes, unpacked where they are packed."""
    return [name for name, needle in NEEDLES.items() if needle in data]


def _by_form(planted: Planted) -> None:
    """A resident's form with a photo; at the desk a comment, two reasons, and a look at the contact."""
    with Browser(planted.system) as resident:
        planted.photos.append(photo(11))
        code = resident.report(planted.photos[-1:], description=f"{NAME}家门口堆物，电话{PHONE}",
                               address=f"青禾路 1 号{NAME}家", contact_phone="139 1234 0987")
        resident.send(f"/track/{code}", f"/track/{code}/say", {"note": f"我是{NAME}，请打{PHONE}"})
    planted.codes.append(code)
    [number] = planted.system.query(f"SELECT number FROM cases_case c JOIN cases_report r ON r.case_id = c.id"
                                    f" WHERE r.tracking_code = '{code}'")
    planted.numbers.append(number)
    with Browser(planted.system) as operator:
        operator.sign_in("operator")
        assert NAME in operator.get("/desk/", 200).text
        assert number in operator.get(f"/desk/?q={requests.utils.quote(NAME)}").text
        operator.act(number, "accept")
        operator.act(number, "register", condition="E0401:1")
        operator.act(number, "return", reason=f"{NAME}说地点不对，{PHONE}")
        operator.send(f"/desk/cases/{number}", f"/desk/cases/{number}/contact", {"reason": f"回访{NAME} {PHONE}"})


def _by_api(planted: Planted) -> None:
    """A program's report with a name, a number and a photo sent before; a comment with a second photo."""
    api = Api(planted.system, "operator")
    files = []
    for seed in (12, 13):
        planted.photos.append(photo(seed))
        files.append(str(uuid4()))
        api.ask("PUT", f"/files/{files[-1]}", data=planted.photos[-1], headers={"Content-Type": "image/jpeg"})
    body = {
        "description": f"来电人{NAME}反映路灯不亮，{PHONE}", "address": f"{NAME}楼下", "source": "hotline",
        "location": {"lon": 119.905, "lat": 31.605}, "contact": {"name": NAME, "phone": PHONE}, "files": files[:1],
    }
    case = api.ask("POST", "/cases", json=body, headers={"Idempotency-Key": str(uuid4())})
    planted.numbers.append(case["number"])
    planted.codes.append(case["tracking_code"])
    api.act(case, "comment", note=f"已电话联系{NAME}（{PHONE}）", files=files[1:])
    found = api.ask("GET", "/cases", params={"q": NAME})
    assert {one["number"] for one in found["items"]} == set(planted.numbers)
    # Refused words are words too: they must not lie in a log.
    requests.post(f"{api.url}/cases", json={**body, "surname": NAME}, headers=api.headers, timeout=30)
    requests.get(f"{api.url}/cases", params={"area": NAME, "cursor": PHONE}, headers=api.headers, timeout=30)
    requests.get(f"{planted.system.url}/{NAME}/{PHONE}", timeout=30)


@pytest.fixture(scope="module")
def planted(system: System, tmp_path_factory: pytest.TempPathFactory) -> Planted:
    """Everything planted, found to be there, sealed and backed up; then erased and backed up again."""
    made = Planted(system)
    _by_form(made)
    _by_api(made)
    made.ids = system.query(
        f"SELECT id FROM cases_case WHERE number IN ('{made.numbers[0]}', '{made.numbers[1]}') ORDER BY number"
    )
    made.kept = {path.name: path.read_bytes() for path in (system.home / "files").rglob("*") if path.is_file()}
    assert len(made.kept) >= 6  # three photos, three thumbnails
    system.query("ANALYZE")  # as autovacuum does: statistics hold samples of what people wrote
    assert _found(_plain_dump(system)), "nothing was planted"
    system.command("seal")
    folder = tmp_path_factory.mktemp("backups")
    made.before, made.after = folder / "before", folder / "after"
    system.command("backup", str(made.before))
    for number in made.numbers:
        facts = system.facts("erase", number, "--reason", "requested")
        assert facts["erased"]
    system.command("backup", str(made.after))
    return made


def test_a_dump_of_the_database_holds_none_of_it(planted: Planted) -> None:
    assert _found(_plain_dump(planted.system)) == []


def test_no_table_holds_it_packed(planted: Planted) -> None:
    """Sessions are packed and jobs are JSON: looked at unpacked."""
    system = planted.system
    sessions = system.query("SELECT session_data FROM django_session")
    assert sessions, "nobody was signed in"
    for line in sessions:
        assert _found(_unpacked(line)) == [], line
    for table in ("procrastinate_jobs", "procrastinate_events"):
        assert _found("\n".join(system.query(f"SELECT to_jsonb(t) FROM {table} t")).encode()) == []


def test_the_statistics_of_the_planner_hold_none_of_it(planted: Planted) -> None:
    """As superuser: the owner would not see the samples of other roles."""
    rows = planted.system.query("SELECT to_jsonb(s) FROM pg_stats s WHERE schemaname = 'public'", "superuser")
    assert rows
    assert _found("\n".join(rows).encode()) == []


def test_the_search_index_holds_no_term_of_it(planted: Planted) -> None:
    system = planted.system
    for word in (NAME, PHONE):
        terms = ",".join(bigrams(word))
        assert system.query(f"SELECT count(*) FROM cases_search WHERE terms @> '{{{terms}}}'::text[]") == ["0"]
    for case in planted.ids:
        assert system.query(f"SELECT count(*) FROM cases_search WHERE case_id = '{case}'") == ["0"]
    assert Api(system, "operator").ask("GET", "/cases", params={"q": NAME})["items"] == []


def _files_of(home: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file of the home but the database's own pages, which a dump stands for."""
    for path in home.rglob("*"):
        if path.is_file() and not path.is_relative_to(home / "pg/data"):
            yield path, path.read_bytes()


def test_no_file_no_log_and_no_output_holds_it(planted: Planted) -> None:
    system = planted.system
    digests = {hashlib.sha256(data).hexdigest() for data in (*planted.kept.values(), *planted.photos)}
    seen = [(path, data) for path, data in _files_of(system.home)]
    assert any(path.suffix == ".jsonl" and data for path, data in seen)
    assert any(path.name == "server.log" for path, _ in seen)
    for path, data in [*seen, (system.output, system.said())]:
        assert _found(data) == [], path
        assert hashlib.sha256(data).hexdigest() not in digests, path
        assert path.name not in planted.kept, path


def test_the_next_backup_holds_none_of_it(planted: Planted) -> None:
    """The one made before holds it still: it goes when its time is over."""
    restored = {folder: _restored(folder) for folder in (planted.before, planted.after)}
    assert _found(restored[planted.before])
    assert _found(restored[planted.after]) == []
    names = {path.name for path in (planted.before / "files").rglob("*")}
    assert planted.kept.keys() <= names
    for path in planted.after.rglob("*"):
        assert path.name not in planted.kept
        if path.is_file():
            assert _found(path.read_bytes()) == [], path


def test_no_dead_row_holds_it(planted: Planted) -> None:
    """Erasing vacuums: where the words were, another vacuum finds no dead row to remove."""
    known = planted.system.cluster.settings("superuser", "wangge")
    said: list[str] = []
    with psycopg.connect(host=known["HOST"], user=known["USER"], password=known["PASSWORD"], dbname="wangge",
                         autocommit=True) as connection:
        connection.add_notice_handler(lambda note: said.append(note.message_primary or ""))
        for table in ("journal_content", "cases_search", "cases_file"):
            connection.execute(f"VACUUM (VERBOSE) {table}")
            assert "tuples: 0 removed" in said[-1], said[-1]


def test_the_journal_verifies_and_says_erased(planted: Planted) -> None:
    facts = planted.system.facts("verify-journal")
    assert facts["ok"]
    assert facts["erased"] == 5 + 5 + 1  # by either report, and the reason of the look at the contact
    for number in planted.numbers:
        one = planted.system.facts("verify-journal", "--subject", number)
        assert one["ok"]
        assert one["erased"] == one["contents"] > 0
    assert "erased" in planted.system.command("verify-journal")


def test_a_proof_says_erased(planted: Planted, tmp_path: Path) -> None:
    proof = tmp_path / "erased.proof"
    planted.system.command("prove", planted.numbers[0], "--with-text", "--out", str(proof))
    assert _found(proof.read_bytes()) == []
    facts = planted.system.facts("check-proof", str(proof))
    assert facts["contents"] == 0
    assert len(facts["erased"]) == 5
    assert facts["acts"][-1]["verb"] == "erase"


def test_the_pages_and_the_api_say_erased(planted: Planted) -> None:
    api = Api(planted.system, "operator")
    with Browser(planted.system) as operator:
        operator.sign_in("operator")
        for number in planted.numbers:
            page = operator.get(f"/desk/cases/{number}").text
            assert "文字已删除" in page
            assert "/desk/?q=" not in page
            assert _found(page.encode()) == []
            assert "/desk/photos/" not in page
            case = api.ask("GET", f"/cases/{number}")
            assert case["erased"] is True
            assert case["files"] == []
            story = api.ask("GET", f"/cases/{case['id']}/timeline")
            assert story["items"][-1]["verb"] == "erase"
            texts = [text for one in story["items"] for text in one["content"].values()]
            assert texts
            assert set(texts) == {None}
    with Browser(planted.system) as resident:
        for code in planted.codes:
            page = resident.get(f"/track/{code}").text
            assert _found(page.encode()) == []
            assert "/photos/" not in page


def test_erasing_again_changes_nothing_more(planted: Planted) -> None:
    assert planted.system.facts("erase", planted.numbers[0], "--reason", "requested")["erased"] == []
    assert planted.system.facts("verify-journal", "--subject", planted.numbers[0])["ok"]


def _unpacked(session: str) -> bytes:
    """The JSON of a stored session (Django's signing, compressed where it begins with a dot)."""
    packed = session.lstrip(".").split(":")[0]
    data = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    plain = zlib.decompress(data) if session.startswith(".") else data
    return plain + re.sub(rb"\\u([0-9a-f]{4})", lambda m: chr(int(m.group(1), 16)).encode(), plain)


def _restored(folder: Path) -> bytes:
    """The dump of a backup as SQL."""
    command = [str(binaries.tool("pg_restore")), "-f", "-", str(folder / "database.dump")]
    return subprocess.run(command, capture_output=True, check=True).stdout
