"""`make bench`: what is measured stands beside the limit that it is measured against, in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys

from bench import assessing, bulk_import, desk, figures, http_reports, ledger, lists, locating, reading, sweep
from bench.stage import stage

PARTS = ("locating", "reading", "figures", "reports", "bulk", "ledger", "lists", "desk", "sweep", "assessing")

ALONE = {"figures": lambda made, cases: figures.run(made), "desk": desk.run, "sweep": sweep.run,
         "assessing": lambda made, cases: assessing.run(made)}
SERVED = frozenset({"desk"})


def main() -> None:
    """Run the parts that are named, all by default, and print one JSON line at the end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="which parts (default: all)")
    parser.add_argument("--cases", type=int, default=1_000_000, help="the long list and the sweep have so many cases")
    given = parser.parse_args()
    parts = given.parts or list(PARTS)
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the start\n")
    found: dict[str, object] = {}
    if "locating" in parts:
        found["locating"] = locating.run()
    if "reading" in parts:
        found["reading"] = reading.run()
    if {"reports", "bulk", "ledger", "lists"} & set(parts):
        with stage(serve=bool({"reports", "lists"} & set(parts))) as made:
            if "reports" in parts:
                found["reports"] = http_reports.run(made)
            if "bulk" in parts:
                found["bulk"] = bulk_import.run(made)
            if "ledger" in parts:
                found["ledger"] = ledger.run(made)
            if "lists" in parts:
                found["lists"] = lists.run(made, given.cases)
    for part, run in ALONE.items():  # on a stage of its own, and Django has one in a process
        if parts == [part]:
            with stage(serve=part in SERVED) as made:
                found[part] = run(made, given.cases)
        elif part in parts:
            found |= _apart(part, given.cases)
    print(json.dumps(found))


def _apart(part: str, cases: int) -> dict[str, object]:
    """One part in a process of its own; what it prints is printed, its JSON is the answer."""
    command = [sys.executable, "-m", "bench", part, "--cases", str(cases)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    *lines, last = done.stdout.splitlines()
    print("\n".join(lines[2:]))
    answer: dict[str, object] = json.loads(last)
    return answer


if __name__ == "__main__":
    main()
