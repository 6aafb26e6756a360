"""Seals what is not sealed yet, and prints the line to post elsewhere."""

from __future__ import annotations

from typing import Any

from wangge.base.clock import now
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import seal, seal_line


class Command(WanggeCommand):
    """`wangge seal`."""

    help = "Seal all entries that no seal covers yet. Print the line, or post it where you cannot edit it later."
    example = "wangge seal"

    def run(self, **options: Any) -> Facts:
        """The seal, or that there was nothing to seal."""
        made = seal(by=mandates.console())
        if made is None:
            return {"sealed": 0, "number": None, "sealed_at": now(), "digest": None, "line": None}
        return {
            "sealed": made.count, "number": made.number, "sealed_at": made.sealed_at,
            "digest": bytes(made.digest).hex(), "line": seal_line(made),
        }

    def show(self, facts: Facts) -> None:
        """The line alone."""
        self.stdout.write(facts["line"] or "Nothing to seal: every entry is under a seal.")
