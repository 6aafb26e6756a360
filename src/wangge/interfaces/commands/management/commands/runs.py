"""Lists the runs of an area and brings one on: notice, final, posted, corrected, given up."""

from __future__ import annotations

from typing import Any

from django.core.management import CommandParser

from wangge.assessment.core.amounts import points_text
from wangge.assessment.models import Run
from wangge.assessment.running import queries, services
from wangge.assessment.running.correcting import correct_run
from wangge.assessment.running.posting import post_run
from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code

_ACTS = {
    "notify": "give notice: from now on the statement can be appealed",
    "finish": "make it final: the time for appeals is over and none is open",
    "post": "post a final statement; again changes nothing",
    "correct": "reckon a posted period anew from the facts of now, and book the difference",
    "drop": "give up a provisional statement",
}


class Command(WanggeCommand):
    """`wangge runs`."""

    help = "The runs of an area with their stages, and what comes next for one of them; --as says who does it."
    example = "wangge runs 320412-NXS --notify 2019Q1 --as leader"

    def arguments(self, parser: CommandParser) -> None:
        """The area, the act, and who acts."""
        parser.add_argument("area", metavar="AREA_CODE")
        for name, words in _ACTS.items():
            parser.add_argument(f"--{name}", metavar="PERIOD", help=words)
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="who acts; else the console")

    def run(self, **options: Any) -> Facts:
        """Do what was asked, and tell the runs as they stand."""
        area = area_by_code(options["area"])
        facts: dict[str, Any] = {"area": area.code}
        for name in _ACTS:
            if options[name]:
                by = acting(options["username"], path=area.path) if options["username"] else mandates.console()
                facts |= self._act(name, _run(area.path, options[name]), by)
        facts["runs"] = [
            {"id": str(one.id), "period": one.period, "stage": one.stage, "revision": one.revision,
             "policy": f"{one.policy.name}/{one.policy.number}", "digest": one.digest,
             "appeal_until": one.appeal_until and one.appeal_until.isoformat()}
            for one in queries.runs(mandates.console()) if one.area_path == area.path
        ]
        return facts

    def show(self, facts: Facts) -> None:
        """One run a line, and whose sums a correction changed."""
        for one in facts["runs"]:
            stage = f"{one['stage']}, revision {one['revision']}"
            self.stdout.write(f"{one['period']}: {stage}, {one['policy']}, {one['digest']}")
        for change in facts.get("changes", ()):
            self.stdout.write(f"{change['holder']}: {change['points'][0]} → {change['points'][1]}")

    def _act(self, name: str, one: Run, by: Mandate) -> dict[str, Any]:
        if name == "correct":
            changes = correct_run(run=one.id, by=by).changes
            return {"changes": [
                {"holder": str(change.holder), "points": [points_text(amount) for amount in change.points],
                 "fen": list(change.fen)} for change in changes
            ]}
        act = {"notify": services.give_notice, "finish": services.finish_run, "drop": services.drop_run,
               "post": post_run}[name]
        act(run=one.id, expected_version=one.version, by=by)
        return {}


def _run(path: str, period: str) -> Run:
    found = Run.objects.filter(area_path=path, period=period).exclude(stage="dropped").first()
    if found is None:
        raise NotFound("This period is not assessed.", field="period", value=period, expected="`wangge assess` first")
    return found
