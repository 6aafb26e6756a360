"""A long run under load (`make soak`): kill -9 of every part round after round, random acts, memory of the server.

Bounded: about five minutes with the defaults. Ends with exit code 1 at the first thing that does not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

from tests.faults.stream import Stream, check_record
from tests.faults.system import ROOT, System, children, running, until


def kill_rounds(system: System, rounds: int, chance: random.Random) -> Stream:
    """In each round every part is killed once, in another order, and then all at once."""
    stream = Stream(system, most=rounds * 2000)
    stream.start()
    stream.wait_for(50)
    for number in range(rounds):
        victims = [system.web_worker, system.web_master, system.job_worker, system.postmaster]
        chance.shuffle(victims)
        for victim in victims:
            os.kill(victim(), signal.SIGKILL)
            stream.wait_for(chance.randrange(20, 80))
        system.end(signal.SIGKILL)
        system.up()
        stream.wait_for(50)
        print(f"  round {number + 1}: {len(stream.acknowledged)} acknowledged, {stream.again} sent again", flush=True)
    stream.finish()
    until(system.ready, 90, "not ready after the kills")
    check_record(stream)
    return stream


def random_acts(system: System, count: int, seed: int) -> str:
    """The acts in a process of their own, beside the serving system."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.random_acts", str(count), str(seed)],
        env=system.environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=1200,
    )
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    return done.stdout.splitlines()[-1]


def resident_memory(system: System) -> int:
    """Bytes that the web server's processes hold."""
    pids = [system.web_master(), *children(system.web_master())]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGESIZE")


def memory(system: System, requests_: int) -> tuple[int, int]:
    """Resident memory after a warm-up, and after so many more lists and case pages."""
    headers = {"Authorization": f"Bearer {system.tokens['operator']}"}
    with requests.Session() as session:

        def ask(times: int) -> None:
            for number in range(times):
                page = session.get(f"{system.url}/api/v1/cases", headers=headers, timeout=30).json()["items"]
                one = page[number % len(page)]
                session.get(f"{system.url}/api/v1/cases/{one['id']}/trace", headers=headers, timeout=30)
                session.get(f"{system.url}/report/", timeout=30)

        ask(150)
        before = resident_memory(system)
        ask(requests_ // 3)
    return before, resident_memory(system)


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of kills (default 5)")
    parser.add_argument("--acts", type=int, default=2000, help="random acts (default 2000)")
    words = "requests between the two looks at memory (default 3000)"
    parser.add_argument("--requests", type=int, default=3000, help=words)
    parser.add_argument("--seed", type=int, default=1, help="the same seed does the same acts (default 1)")
    given = parser.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="wangge-soak-") as folder:
        Path(folder).chmod(0o711)
        with running(Path(folder)) as system:
            print("Kills under a stream of reports", flush=True)
            stream = kill_rounds(system, given.rounds, random.Random(given.seed))
            print(f"  each of {len(stream.acknowledged)} acknowledged reports is there once; the journal verifies")
            print(f"Random acts, seed {given.seed}", flush=True)
            print(f"  {random_acts(system, given.acts, given.seed)}", flush=True)
            before, after = memory(system, given.requests)
            grown = (after - before) / 2**20
            print(f"Memory of the web server: {before / 2**20:.1f} MB, after {given.requests} requests {grown:+.1f} MB")
            facts = system.facts("verify-journal")
            if not facts["ok"]:
                raise SystemExit(f"the journal does not verify: {facts['faults'][:3]}")
            print(f"The journal verifies: {facts['entries']} entries; {time.monotonic() - begun:.0f} s in all")


if __name__ == "__main__":
    main()
