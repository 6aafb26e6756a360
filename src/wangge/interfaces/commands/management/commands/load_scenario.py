"""Loads a scenario: the generated subdistrict of the demo, or a real city's data."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Bar, Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.runtime import secrets
from wangge.scenarios import registry
from wangge.scenarios.nanxiashu.lapse import load_lapse
from wangge.scenarios.nanxiashu.past import load_past, spread_of_past, tell_past
from wangge.scenarios.nanxiashu.past.assumptions import EVENTS


class Command(WanggeCommand):
    """`wangge load-scenario`."""

    help = "Load a scenario; a second load changes nothing. With --history, nanxiashu's simulated past."
    example = "wangge load-scenario nanxiashu --history --json"

    def arguments(self, parser: CommandParser) -> None:
        """Which scenario, and the seed of what is invented."""
        parser.add_argument("name", metavar="NAME", help=" or ".join(registry.SCENARIOS))
        parser.add_argument("--seed", type=int, default=2018, help="draws people and cases of nanxiashu (default 2018)")
        words = "nanxiashu from August 2018 to May 2019 as a root of its own, simulated"
        parser.add_argument("--history", action="store_true", help=words)
        words = "with --history: the second past, a bad one: losses above the cap, charges, appeals, refunds"
        parser.add_argument("--bad", action="store_true", help=words)
        words = "with --history: print the spread of so many seeds; nothing is stored"
        parser.add_argument("--seeds", type=int, metavar="N", help=words)
        words = "with --history: only this share of the staff is there (0.5: half); nothing is stored"
        parser.add_argument("--staff", type=float, metavar="SHARE", help=words)
        words = f"with --history: so many events (default {EVENTS}, the article's)"
        parser.add_argument("--events", type=int, default=EVENTS, metavar="N", help=words)

    def run(self, **options: Any) -> Facts:
        """What was loaded, or only told."""
        if options["history"]:
            return self._history(options)
        for name in ("seeds", "staff", "bad"):
            if options[name] not in (None, False):
                raise InvalidInput(f"--{name} tells of the simulated past.", field=name, value=options[name],
                                   expected="--history beside it")
        load = registry.loader(options["name"])
        with self.bar(f"Loading {options['name']}") as bar:
            return load(by=mandates.console(), seed=options["seed"], progress=_Steps(bar))

    def _history(self, options: dict[str, Any]) -> Facts:
        """Store the past once; with other staff, or for several seeds, only tell it."""
        given: dict[str, Any] = {"by": mandates.console(), "seed": options["seed"], "count": options["events"]}
        if options["name"] != "nanxiashu":
            raise InvalidInput("Only nanxiashu has a simulated past.", field="name", value=options["name"],
                               expected="nanxiashu")
        if options["bad"]:
            return self._bad(options)
        if options["events"] < 1:
            raise InvalidInput("A past needs an event.", field="events", value=options["events"],
                               expected="1 or more")
        with self.bar("Simulating the past", total=options["events"]) as bar:
            given["progress"] = _Steps(bar)
            if options["seeds"] is not None:
                return spread_of_past(seeds=options["seeds"], share=options["staff"] or 1.0, **given)
            if options["staff"] is not None:
                return tell_past(share=options["staff"], **given)
            return load_past(**given)


    def _bad(self, options: dict[str, Any]) -> Facts:
        """Play the bad past once, and say whom to sign in as."""
        for name in ("seeds", "staff"):
            if options[name] is not None:
                raise InvalidInput(f"--{name} tells of the first past.", field=name, value=options[name],
                                   expected="--history without --bad")
        with self.bar("Playing the bad past") as bar:
            facts = load_lapse(by=mandates.console(), seed=options["seed"], progress=_Steps(bar))
        self.say(f"Sign in at /desk/ with the password {secrets.demo_password()}; the place is {facts['root']}:")
        for name, words in facts["accounts"].items():
            self.say(f"  {name:<15} {words}")
        return facts


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
