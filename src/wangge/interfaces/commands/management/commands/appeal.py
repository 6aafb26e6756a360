"""Appeals against lines of a statement: file one, review one, list those that wait."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.management import CommandParser

from wangge.assessment.core.amounts import points_text
from wangge.assessment.models import Appeal, Run
from wangge.assessment.running.appeals import file_appeal, review_appeal
from wangge.assessment.tables import number
from wangge.base.errors import InvalidInput, NotFound
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge appeal`."""

    help = (
        "Appeal against a finding in one's own statement (--line, --finding, --words), or review an appeal (--review ID"
        " --points P --words): what both of two reviewers grant is granted. Without either, the appeals of the period."
    )
    example = 'wangge appeal 320412-NXS 2019Q1 --as wang --line daily/… --finding city/17 --words "cleared before"'

    def arguments(self, parser: CommandParser) -> None:
        """Where, when, who, and what."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("period", metavar="PERIOD")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="who appeals or reviews")
        parser.add_argument("--line", default="", metavar="KEY", help="the key of one's own line")
        parser.add_argument("--finding", default="", metavar="SOURCE/ID", help="the finding that is wrong")
        parser.add_argument("--review", default="", metavar="ID", help="the appeal to review")
        parser.add_argument("--points", default="", metavar="POINTS",
                            help="what the finding should cost; 0 voids it; without it as it is")
        parser.add_argument("--words", default="", metavar="TEXT", help="why")

    def run(self, **options: Any) -> Facts:
        """File or review, then list."""
        area = area_by_code(options["area"])
        run = Run.objects.filter(area_id=area.id, period=options["period"]).exclude(stage="dropped").first()
        if run is None:
            raise NotFound("This period is not assessed.", field="period", value=options["period"])
        if options["finding"]:
            file_appeal(run=run.id, line=options["line"], finding=options["finding"], words=options["words"],
                        by=acting(options["username"]))
        elif options["review"]:
            one = _appeal(run, options["review"])
            left = number(options["points"], "points") if options["points"] else None
            by = acting(options["username"], verb="review_charge")
            review_appeal(appeal=one.id, points=left, words=options["words"], expected_version=one.version, by=by)
        rows = Appeal.objects.filter(run=run).select_related("finding").order_by("filed_at")
        return {"area": area.code, "period": run.period, "appeals": [
            {"id": str(one.id), "finding": f"{one.finding.source}/{one.finding.ref}", "state": one.state,
             "due_at": one.due_at.isoformat(), "outcome": _left(one.outcome)}
            for one in rows
        ]}

    def show(self, facts: Facts) -> None:
        """One appeal a line."""
        for one in facts["appeals"]:
            self.stdout.write(f"{one['id']}: {one['finding']}, {one['state']}, due {one['due_at']}")


def _left(outcome: int | None) -> str | None:
    return None if outcome is None else points_text(max(0, outcome))


def _appeal(run: Run, text: str) -> Appeal:
    try:
        return Appeal.objects.get(run=run, id=UUID(text))
    except (ValueError, Appeal.DoesNotExist):
        raise InvalidInput("There is no such appeal in this period.", field="review", value=text,
                           expected="the id of an appeal") from None
