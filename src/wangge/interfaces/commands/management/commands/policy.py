"""Checks a policy file, and says how it differs from another one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.core.difference import difference
from wangge.assessment.core.files import read_policy
from wangge.interfaces.commands.base import Facts, WanggeCommand


class Command(WanggeCommand):
    """`wangge policy`."""

    help = "Check a policy file: its digest and clauses; with --against, what differs from an older version in words."
    example = "wangge policy policy-2.yaml --against policy-1.yaml"

    def arguments(self, parser: CommandParser) -> None:
        """The file, and the older one."""
        parser.add_argument("file", metavar="FILE.yaml", type=Path, help="a policy as docs/policies.md shows")
        parser.add_argument("--against", metavar="FILE.yaml", type=Path, help="the older version")

    def run(self, **options: Any) -> Facts:
        """Name, version, digest, clauses; the differences."""
        policy = read_policy(options["file"])
        facts: dict[str, Any] = {
            "policy": policy.policy, "version": policy.version, "digest": policy.digest,
            "clauses": [clause.name for clause in policy.clauses],
        }
        if options["against"]:
            changes = difference(read_policy(options["against"]), policy)
            facts |= {"changes": [one.zh for one in changes], "changes_en": [one.en for one in changes]}
        return facts

    def show(self, facts: Facts) -> None:
        """The facts, then the differences, one a line."""
        super().show({name: value for name, value in facts.items() if not name.startswith("changes")})
        for one in facts.get("changes", ()):
            self.stdout.write(one)
