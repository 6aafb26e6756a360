"""Assesses a period by a policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment import trying
from wangge.assessment.core.files import read_policy
from wangge.assessment.core.periods import periods_between
from wangge.assessment.core.telling import tell
from wangge.assessment.gathering import VERB
from wangge.assessment.running.queries import names_of_holders
from wangge.assessment.running.services import assess_period
from wangge.base.errors import InvalidInput
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas


class Command(WanggeCommand):
    """`wangge assess`."""

    help = (
        "Assess a period (2019Q1, 2019-03), or several (2018Q3..2019Q2), by the policy in force and put the provisional"
        " statement on record; assessing again compares. With --dry-run nothing is written: any policy may be tried,"
        " --appeal says what cutting a finding would change, --previous what differs from a published one."
    )
    example = "wangge assess 2019Q1 --area 320412-NXS"

    def arguments(self, parser: CommandParser) -> None:
        """The period, the policy, and what the platform does not hold yet."""
        parser.add_argument("period", metavar="PERIOD", help="a quarter or a month, as the policy says")
        parser.add_argument("--policy", metavar="FILE.yaml", type=Path, help="default: the policy that ships")
        parser.add_argument("--area", default="", metavar="CODE", help="what is assessed; else the policy's, or all")
        parser.add_argument("--dry-run", action="store_true", help="write nothing")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME",
                            help="who assesses; else the console")
        parser.add_argument("--inspections", metavar="FILE.csv", type=Path, help=",".join(trying.CHECKS))
        parser.add_argument("--figures", metavar="FILE.csv", type=Path, help=",".join(trying.FIGURES))
        parser.add_argument("--appeal", action="append", default=[], metavar="SOURCE/ID=POINTS",
                            help="as if an appeal cut this finding to so many points (0 voids it); repeatable")
        parser.add_argument("--previous", metavar="FILE.json", type=Path, help="what an earlier run printed")

    def run(self, **options: Any) -> Facts:
        """The statement's facts."""
        if not options["dry_run"]:
            return self._record(options)
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

    def _record(self, options: dict[str, Any]) -> Facts:
        """Each period on record, the earliest first; of one period its facts, of several one row each."""
        for name in ("policy", "appeal", "previous"):
            if options[name]:
                raise InvalidInput("This belongs to a run that writes nothing.", field=f"--{name}",
                                   expected="--dry-run; or a policy that is approved by `wangge policies`")
        area = options["area"] or atlas().by_path[atlas().default_root].code
        by = acting(options["username"], verb=VERB) if options["username"] else mandates.console()
        checks = trying.read_checks(options["inspections"]) if options["inspections"] else ()
        figures = trying.read_figures(options["figures"]) if options["figures"] else ()
        made = [
            assess_period(area=area, period=period, by=by, checks=checks, figures=figures)
            for period in periods_between(options["period"])
        ]
        names = names_of_holders([one.statement for one in made])
        rows = [
            {"run": str(one.run.id), "stage": one.run.stage, "revision": one.run.revision, "fresh": one.fresh}
            for one in made
        ]
        if len(made) == 1:
            return {**tell(made[0].statement, names), **rows[0]}
        return {"area": area, "periods": [
            {**tell(one.statement, names), **row} for one, row in zip(made, rows, strict=True)
        ]}

    def show(self, facts: Facts) -> None:
        """The sums, each line's sentence, the charges, what stands."""
        for one in facts.get("periods", ()):
            self.show(one)
        if "periods" in facts:
            return
        for name in ("period", "total", "cap", "excess", "units", "unallotted", "streak", "digest"):
            self.stdout.write(f"{name}: {facts[name]}")
        for line in facts["lines"]:
            self.stdout.write(f"  {line['sentence']}")
        for charge in facts["charges"]:
            self.stdout.write(f"{charge['person']} ({charge['post']}, {charge['area']}): {charge['units']}, fen "
                              f"{charge['fen']}")
            for said in charge["sentences"]:
                self.stdout.write(f"  {said}")
        for slip in facts["slips"]:
            self.stdout.write(f"{slip['person']} ({slip['post']}, {slip['area']}): {slip['sentence']}")
        for kind in ("gaps", "ranking", "scores"):
            for one in facts[kind]:
                self.stdout.write(one["sentence"])
