"""Loads a scenario: the generated subdistrict of the demo, or a real city's data."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.interfaces.commands.base import Bar, Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.scenarios import registry


class Command(WanggeCommand):
    """`wangge load-scenario`."""

    help = "Load a scenario; a second load changes nothing."
    example = "wangge load-scenario nanxiashu --seed 2018 --json"

    def arguments(self, parser: CommandParser) -> None:
        """Which scenario, and the seed of what is invented."""
        parser.add_argument("name", metavar="NAME", help=" or ".join(registry.SCENARIOS))
        parser.add_argument("--seed", type=int, default=2018, help="draws people and cases of nanxiashu (default 2018)")

    def run(self, **options: Any) -> Facts:
        """What was loaded."""
        load = registry.loader(options["name"])
        with self.bar(f"Loading {options['name']}") as bar:
            return load(by=mandates.console(), seed=options["seed"], progress=_Steps(bar))


class _Steps:
    """Turns "done of total" into steps of the bar."""

    def __init__(self, bar: Bar) -> None:
        self._bar, self._done, self._total = bar, 0, -1

    def __call__(self, done: int, total: int) -> None:
        if total != self._total:
            self._bar.total(total)
            self._total = total
        self._bar.advance(done - self._done)
        self._done = done
