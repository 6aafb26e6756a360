"""The main job over HTTP: reported, found on the desk, worked to closed across a handover, tracked, traced, proved."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.faults.system import System
from tests.journeys.people import Browser, photo

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("up")]
WORDS = "菜场东门占道烧烤，油烟大"


@dataclass
class Done:
    """A case that went all the way."""

    number: str
    code: str


@pytest.fixture(scope="module")
def done(system: System) -> Done:
    """A resident reports, the operator dispatches, the worker signs and hands over, the successor handles."""
    with Browser(system) as resident:
        code = resident.report([photo(1)], description=WORDS, lon="119.905", lat="31.605")
        assert "收到了，归青禾社区管" in resident.get(f"/track/{code}").text
    with Browser(system) as operator:
        operator.sign_in("operator")
        page = operator.get("/desk/").text
        assert WORDS in page
        [number] = set(re.findall(r'href="/desk/cases/(\d+)"', page))
        operator.act(number, "accept")
        operator.act(number, "register", condition="E0401:1")
        operator.act(number, "dispatch", target="post:grid_worker")
    with Browser(system) as worker:
        worker.sign_in("worker").act(number, "sign")
    system.furnish("handover")
    with Browser(system) as successor:
        successor.sign_in("successor").act(number, "handle", [photo(2)], note="三户已撤，路面已冲洗")
    with Browser(system) as inspector:
        page = inspector.sign_in("inspector").act(number, "inspect_close", note="前后一致").text
        assert "结案" in page
    return Done(number, code)


def test_the_reporter_sees_that_it_is_closed_and_no_names(system: System, done: Done) -> None:
    with Browser(system) as resident:
        page = resident.get(f"/track/{done.code}").text
    assert "办好了，已核查" in page
    for name in ("王示范", "冯接替", "李样例", "赵模拟"):
        assert name not in page


def test_the_trace_names_both_who_held_the_duty_with_their_spans(system: System, done: Done) -> None:
    found = system.facts("trace", done.number)
    assert found["state"] == "closed"
    assert [act["verb"] for act in found["acts"]] == [
        "report", "accept", "confirm", "register", "dispatch", "sign", "handle", "inspect", "close"
    ]
    assert [act["person"] for act in found["acts"]] == [
        None, "赵模拟", "赵模拟", "赵模拟", "赵模拟", "王示范", "冯接替", "李样例", "李样例"
    ]
    handling = next(stage for stage in found["stages"] if stage["state"] == "handling")
    held = {one["person"]: one for one in handling["answerable"]}
    assert held.keys() == {"王示范", "冯接替"}
    handed_over = held["冯接替"]["from"]
    assert held["王示范"]["to"] == handed_over
    assert handling["from"] < handed_over < handling["to"]
    assert handling["ended_by"] == {"verb": "handle", "post": "grid_worker", "person": "冯接替"}
    assert 2 * 8 * 3600 - 900 < handling["limit_seconds"] <= 2 * 8 * 3600  # what dispatching and signing had left of it
    assert {one["post"] for one in found["chain"]} >= {"secretary"}


def test_the_trace_in_words_says_the_same(system: System, done: Done) -> None:
    said = system.command("trace", done.number)
    for words in (done.number, "王示范", "冯接替", "吴虚构", "handling:", "chain above the place:"):
        assert words in said


def test_the_case_page_names_both(system: System, done: Done) -> None:
    with Browser(system) as leader:
        page = leader.sign_in("secretary").get(f"/desk/trace/{done.number}").text
    assert "王示范" in page
    assert "冯接替" in page


def _without_database(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In an empty home and with nothing configured; a settings module that reaches for a server would fail."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WANGGE", "DATABASE", "DJANGO"))}
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=60,
                          env={**kept, "WANGGE_HOME": str(home), "WANGGE_ENV_FILE": os.devnull})


def test_the_proof_holds_without_a_database_and_falls_with_any_byte(
    system: System, done: Done, tmp_path: Path
) -> None:
    proof, home = tmp_path / "case.proof", tmp_path / "elsewhere"
    facts = system.facts("prove", done.number, "--out", str(proof))
    assert facts["entries"] == 9
    assert facts["unsealed"] == []
    sound = _without_database(home, "-m", "wangge", "check-proof", str(proof), "--anchor", facts["last_digest"])
    assert sound.returncode == 0, sound.stderr
    assert "The seal that you kept is among its seals." in sound.stdout
    assert not (home / "pg").exists()

    data = bytearray(proof.read_bytes())
    data[len(data) // 2] ^= 1
    proof.with_suffix(".forged").write_bytes(data)
    forged = _without_database(home, "-m", "wangge", "check-proof", str(proof.with_suffix(".forged")))
    assert forged.returncode == 1
    assert "The proof does not hold" in forged.stderr

    tried = _without_database(home, "-c", _EVERY_BYTE, str(proof))
    assert tried.returncode == 0, tried.stderr
    assert tried.stdout == "200 refused, without Django or a driver\n"


_EVERY_BYTE = """
import random, sys
from pathlib import Path
from wangge.base.errors import InvalidInput
from wangge.kernel.journal.checking import check

data = Path(sys.argv[1]).read_bytes()
check(data)
chance = random.Random(20260302)
refused = 0
for place in chance.sample(range(len(data)), 200):
    changed = bytearray(data)
    changed[place] = chance.choice([one for one in range(256) if one != changed[place]])
    try:
        check(bytes(changed))
    except InvalidInput:
        refused += 1
    else:
        sys.exit(f"byte {place} of {len(data)} may be changed unnoticed")
assert not {"django", "psycopg"} & set(sys.modules)
print(f"{refused} refused, without Django or a driver")
"""


def test_one_who_was_relieved_acts_no_more(system: System, done: Done) -> None:
    with Browser(system) as worker:
        worker.session.headers["Accept"] = "text/html"
        login: dict[str, Any] = {"login": "worker", "password": "open-sesame-for-tests"}
        answer = worker.send("/accounts/login/", "/accounts/login/", login)
        worker.get("/desk/", status=403)
        worker.get(f"/desk/cases/{done.number}", status=403)
    assert answer.url.endswith("/desk/me")
    assert done.number not in answer.text
