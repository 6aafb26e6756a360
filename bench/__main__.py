"""`make bench`: what is measured stands beside the limit that it is measured against, in one run."""

from __future__ import annotations

import argparse
import json
import os
import platform

from bench import bulk_import, http_reports, ledger, lists, locating, reading
from bench.stage import stage

PARTS = ("locating", "reading", "reports", "bulk", "ledger", "lists")


def main() -> None:
    """Run the parts that are named, all by default, and print one JSON line at the end."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help="which parts (default: all)")
    parser.add_argument("--cases", type=int, default=1_000_000, help="the long list has so many cases")
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
    print(json.dumps(found))


if __name__ == "__main__":
    main()
