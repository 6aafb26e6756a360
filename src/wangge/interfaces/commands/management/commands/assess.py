"""Assesses a period by a policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment import trying
from wangge.assessment.core.files import read_policy
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates


class Command(WanggeCommand):
    """`wangge assess`."""

    help = (
        "Assess a period (2019Q1, 2019-03) by a policy and say what each line rests on. Nothing is posted: run it with"
        " --dry-run. --appeal says what cutting a finding would change, --previous what differs from a published one."
    )
    example = "wangge assess 2019Q1 --policy policy.yaml --dry-run --json"

    def arguments(self, parser: CommandParser) -> None:
        """The period, the policy, and what the platform does not hold yet."""
        parser.add_argument("period", metavar="PERIOD", help="a quarter or a month, as the policy says")
        parser.add_argument("--policy", metavar="FILE.yaml", type=Path, help="default: the policy that ships")
        parser.add_argument("--area", default="", metavar="CODE", help="what is assessed; else the policy's, or all")
        parser.add_argument("--dry-run", action="store_true", help="post nothing")
        parser.add_argument("--inspections", metavar="FILE.csv", type=Path, help=",".join(trying.CHECKS))
        parser.add_argument("--figures", metavar="FILE.csv", type=Path, help=",".join(trying.FIGURES))
        parser.add_argument("--appeal", action="append", default=[], metavar="SOURCE/ID=POINTS",
                            help="as if an appeal cut this finding to so many points (0 voids it); repeatable")
        parser.add_argument("--previous", metavar="FILE.json", type=Path, help="what an earlier run printed")

    def run(self, **options: Any) -> Facts:
        """The statement's facts."""
        if not options["dry_run"]:
            raise InvalidInput("Charges cannot be posted yet.", field="--dry-run", expected="--dry-run")
        policy = read_policy(options["policy"]) if options["policy"] else trying.shipped()
        facts = trying.try_policy(
            policy, options["period"], by=mandates.console(), area=options["area"],
            checks=trying.read_checks(options["inspections"]) if options["inspections"] else (),
            figures=trying.read_figures(options["figures"]) if options["figures"] else (),
            appeals=trying.read_appeals(options["appeal"]),
            previous=trying.read_statement(options["previous"]) if options["previous"] else None,
        )
        if not facts["policy"]["in_force"]:
            self.say(f"The policy is not in force for all of {options['period']}; this is what it would say.")
        return facts

    def show(self, facts: Facts) -> None:
        """The sums, each line's sentence, the charges, what stands."""
        for name in ("period", "total", "cap", "excess", "units", "unallotted", "streak", "digest"):
            self.stdout.write(f"{name}: {facts[name]}")
        for line in facts["lines"]:
            self.stdout.write(f"  {line['sentence']}")
        for charge in facts["charges"]:
            self.stdout.write(f"{charge['person']} ({charge['post']}, {charge['area']}): {charge['units']}, fen "
                              f"{charge['fen']}")
            for said in charge["sentences"]:
                self.stdout.write(f"  {said}")
        for kind in ("gaps", "ranking", "scores"):
            for one in facts[kind]:
                self.stdout.write(one["sentence"])
