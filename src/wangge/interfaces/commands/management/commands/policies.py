"""Lists, drafts, approves and exports the versions of policies of an area."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.core.files import read_policy, write_policy
from wangge.assessment.models import PolicyVersion
from wangge.assessment.policies import queries, services
from wangge.base.errors import NotFound
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge policies`."""

    help = (
        "The versions of policies of an area. --draft FILE.yaml adds one as a draft; --approve NAME/NUMBER puts it in"
        " force by somebody who did not write it (--as USERNAME); --export NAME/NUMBER prints it as YAML; --against"
        " NAME/NUMBER says what differs from that one."
    )
    example = "wangge policies 320412-NXS --approve default/2 --as leader"

    def arguments(self, parser: CommandParser) -> None:
        """The area and what to do."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("--draft", metavar="FILE.yaml", type=Path, help="a policy as docs/policies.md shows")
        parser.add_argument("--approve", metavar="NAME/NUMBER", help="put this draft in force")
        parser.add_argument("--drop", metavar="NAME/NUMBER", help="give this draft up")
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME", help="who acts; else the console")
        parser.add_argument("--export", metavar="NAME/NUMBER", help="print this version as YAML")
        parser.add_argument("--against", metavar="NAME/NUMBER", help="with --export: what differs from this one")
        parser.add_argument("--out", metavar="FILE.yaml", type=Path, help="with --export: write it there")

    def run(self, **options: Any) -> Facts:
        """Do it, and tell the versions as they stand."""
        area = area_by_code(options["area"])
        by = acting(options["username"], path=area.path) if options["username"] else mandates.console()
        if options["draft"]:
            services.draft_policy(area=area.code, policy=read_policy(options["draft"]), by=by)
        for name, act in (("approve", services.approve_policy), ("drop", services.drop_policy)):
            if options[name]:
                if options["username"]:
                    verb = services.APPROVE if name == "approve" else services.DRAFT
                    by = acting(options["username"], verb=verb, path=area.path)
                one = _named(area.path, options[name])
                act(version=one.id, expected_version=one.version, by=by)
        facts: dict[str, Any] = {
            "area": area.code,
            "policies": [_told(one) for one in queries.versions(mandates.console(), area.path)],
        }
        if options["export"]:
            one = _named(area.path, options["export"])
            facts["yaml"] = write_policy(queries.stated(one.body))
            if options["out"]:
                options["out"].write_text(facts["yaml"], encoding="utf-8")
            if options["against"]:
                changes = queries.changes(_named(area.path, options["against"]), one)
                facts |= {"changes": [said.zh for said in changes], "changes_en": [said.en for said in changes]}
        return facts

    def show(self, facts: Facts) -> None:
        """One version a line; the exported text and what differs below."""
        for one in facts["policies"]:
            dates = f"{one['begins']} – {one['ends'] or ''}"
            self.stdout.write(f"{one['policy']}: {one['state']}, {dates}, {one['mode']}, {one['digest']}")
        for line in (*facts.get("changes", ()), facts.get("yaml", "")):
            self.stdout.write(line)


def _named(path: str, text: str) -> PolicyVersion:
    name, _, number = text.rpartition("/")
    for one in queries.versions(mandates.console(), path):
        if one.name == name and str(one.number) == number and path.startswith(one.area_path):
            return one
    raise NotFound("There is no such version here.", field="policy", value=text, expected="such as default/1")


def _told(one: PolicyVersion) -> dict[str, Any]:
    return {
        "policy": f"{one.name}/{one.number}", "state": one.state, "area": one.area.code, "period": one.period,
        "mode": one.mode, "begins": one.begins.isoformat(), "ends": one.ends and one.ends.isoformat(),
        "digest": one.digest, "shipped": one.shipped,
    }
