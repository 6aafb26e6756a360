"""Verifies the journal: every entry, content, seal, and the present state against heads and entries."""

from __future__ import annotations

import time
from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import Conflict
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.subjects import resolve
from wangge.kernel.journal.checking import anchor_digest
from wangge.kernel.journal.verifying import Report, verify


class Command(WanggeCommand):
    """`wangge verify-journal`."""

    help = "Verify that the journal still says what was written. Exit code 1 if any fault is found."
    example = "wangge verify-journal --anchor 'wangge-seal 7 2026-03-02T08:00:00Z 812 SHA-256 …'"
    report: Report | None = None

    def arguments(self, parser: CommandParser) -> None:
        """One subject only; seals that were kept elsewhere; how many faults to print."""
        parser.add_argument("--subject", help="verify only this case (number or id) or subject id")
        parser.add_argument(
            "--anchor", action="append", default=[], metavar="LINE",
            help="a seal line or digest that was printed or posted: that seal must be there (repeatable)",
        )
        parser.add_argument("--limit", type=int, default=100, help="print so many faults (default 100)")

    def run(self, **options: Any) -> Facts:
        """What was verified and what was found."""
        subject = resolve(options["subject"]) if options["subject"] else None
        anchors = [anchor_digest(one) for one in options["anchor"]]
        began, seen = time.monotonic(), 0
        with self.bar("Verifying") as bar:

            def progress(done: int, total: int) -> None:
                nonlocal seen
                bar.total(total)
                bar.advance(done - seen)
                seen = done

            self.report = report = verify(subject=subject, anchors=anchors, progress=progress)
        return {
            "ok": report.clean,
            "entries": report.entries,
            "contents": report.contents,
            "erased": report.erased,
            "seals": report.seals,
            "unsealed": report.unsealed,
            "cases": report.states.get("case", 0),
            "states": report.states,
            "untold": report.untold,
            "fault_count": report.fault_count,
            "faults": [
                {
                    "kind": fault.kind, "subject_id": fault.subject_id, "seq": fault.seq, "ordinal": fault.ordinal,
                    "detail": fault.detail,
                }
                for fault in report.faults[: max(0, options["limit"])]
            ],
            "seconds": round(time.monotonic() - began, 3),
        }

    def show(self, facts: Facts) -> None:
        """The faults, then one line."""
        assert self.report is not None
        for fault in self.report.faults[: len(facts["faults"])]:
            self.stdout.write(str(fault))
        verdict = "the journal verifies" if facts["ok"] else f"{facts['fault_count']} faults"
        compared = sum(facts["states"].values())
        self.stdout.write(
            f"{verdict}: {facts['entries']} entries, {facts['contents']} contents ({facts['erased']} erased),"
            f" {facts['seals']} seals, {facts['unsealed']} entries not sealed yet, {compared} states"
            f" compared ({_listed(facts['states']) or 'none'}); {facts['seconds']} s"
        )
        if facts["untold"]:
            self.stdout.write(f"not told by older entries, so not compared: {_listed(facts['untold'])}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print first; then fail if there is a fault."""
        super().handle(*args, **options)
        if self.report is not None and not self.report.clean:
            self._fail(Conflict(f"The journal does not verify: {self.report.fault_count} faults."))


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()) if count)
