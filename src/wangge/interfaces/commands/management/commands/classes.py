"""Class sets: list, add, edit and retire classes of an area, and the crosswalk between numberings."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from django.core.management import CommandParser

from wangge.base.errors import InvalidInput
from wangge.base.units import Limit, LimitUnit
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.cases.classes.crosswalk import load_crosswalk, read_links, translate
from wangge.kernel.cases.classes.editing import add_class, edit_class, retire_class
from wangge.kernel.cases.models import CONFIDENTIALITY, CaseClass
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.setup import ConditionRow
from wangge.kernel.duties import mandates
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import area_by_code

#: Each sub-command: what it does, and an example of it.
WORDS = {
    "list": ("The classes that hold on an area.", "wangge classes list 320412 --code G01"),
    "add": ("Add a sub-class of the area's own; its number counts down from 99.",
            "wangge classes add 320412 G01 --name 单车乱停 --condition 堵住路口 --closing 移走 --limit 4 working_hour"),
    "edit": ("Change name, tier, confidentiality or limits of a class from now on.",
             "wangge classes edit 320412 G0199 --tier community --limit 1 2 working_day"),
    "retire": ("End a class; its number is never given again.", "wangge classes retire 320412 G0199"),
    "crosswalk": ("Load the crosswalk between numberings: the one that ships, or a CSV file.",
                  "wangge classes crosswalk"),
    "translate": ("What a class is in another numbering.",
                  "wangge classes translate E04 --from cjt-214-2007 --to gbt-30428-2"),
}


class Command(WanggeCommand):
    """`wangge classes list | add | edit | retire | crosswalk | translate`."""

    help = "Classes of cases: list, add, edit, retire; and the crosswalk between numberings."
    example = WORDS["add"][1]
    facts: ClassVar[bool] = False  # each sub-command has its own --json

    def arguments(self, parser: CommandParser) -> None:
        """One parser for each sub-command."""
        chosen = parser.add_subparsers(dest="what", required=True, metavar=" | ".join(WORDS))
        made = {
            name: chosen.add_parser(
                name, help=words, description=words, epilog=f"example:\n  {example}",
                formatter_class=argparse.RawDescriptionHelpFormatter,
            )
            for name, (words, example) in WORDS.items()
        }
        for name in ("list", "add", "edit", "retire"):
            made[name].add_argument("area", metavar="AREA_CODE")
        made["list"].add_argument("--code", default="", help="a code or its beginning")
        made["add"].add_argument("major", metavar="MAJOR", help="the code of the major class, such as G01")
        made["add"].add_argument("--name", required=True)
        for name in ("edit", "retire"):
            made[name].add_argument("code", metavar="CODE")
        made["edit"].add_argument("--name")
        for name in ("add", "edit"):
            made[name].add_argument("--name-en", default="" if name == "add" else None)
            made[name].add_argument("--tier", help="grid, community or subdistrict")
            made[name].add_argument("--confidentiality", choices=CONFIDENTIALITY)
        _add_arguments(made["add"])
        made["edit"].add_argument("--limit", nargs=3, action="append", default=[], metavar=("CONDITION", "N", "UNIT"),
                                  help="a new limit of a condition; may be repeated")
        made["crosswalk"].add_argument("file", metavar="FILE.csv", type=Path, nargs="?")
        made["translate"].add_argument("code", metavar="CODE")
        made["translate"].add_argument("--from", dest="source", required=True, metavar="SCHEME")
        made["translate"].add_argument("--to", dest="target", required=True, metavar="SCHEME")
        for one in made.values():
            one.add_argument("--json", action="store_true", dest="as_json", help="print the facts as JSON")

    def run(self, **options: Any) -> Facts:
        """What the sub-command found or did."""
        facts: Facts = getattr(self, f"_{options.pop('what')}")(**options)
        return facts

    def show(self, facts: Facts) -> None:
        """A line for each class of a list, else one for each fact."""
        for one in facts.get("classes", ()):
            limits = ", ".join(f"{limit['amount']} {limit['unit']}" for limit in one["limits"])
            cells = (one["code"], one["name"], one["tier"], one["confidentiality"], limits)
            self.stdout.write("  ".join(cells).rstrip())
        if "classes" not in facts:
            super().show(facts)

    def _list(self, *, area: str, code: str) -> Facts:
        found = [one for one in reference().classes_at(area_by_code(area).path) if one.code.startswith(code)]
        return {
            "classes": [
                {
                    "code": one.code, "name": one.name, "scheme": one.scheme, "tier": one.tier,
                    "confidentiality": one.confidentiality,
                    "limits": [{"condition": row.number, "amount": row.limit.amount, "unit": str(row.limit.unit)}
                               for row in one.conditions.values()],
                }
                for one in found
            ]
        }  # fmt: skip

    def _add(self, *, area: str, major: str, name: str, **given: Any) -> Facts:
        condition = ConditionRow(
            1, given["condition"], given["condition_en"], given["closing"], given["closing_en"], _limit(given["limit"])
        )
        made = add_class(
            area_code=area, major=major, name=name, name_en=given["name_en"], tier=given["tier"] or "grid",
            confidentiality=given["confidentiality"] or "public", conditions=[condition], post=given["post"],
            organisation=_organisation(given["organisation"]), fallback_post=given["fallback"], by=mandates.console(),
        )  # fmt: skip
        return _told(made)

    def _edit(self, *, area: str, code: str, limit: list[list[str]], **given: Any) -> Facts:
        limits = {_number(condition): _limit([amount, unit]) for condition, amount, unit in limit}
        return _told(edit_class(area_code=area, code=code, limits=limits, by=mandates.console(), **given))

    def _retire(self, *, area: str, code: str) -> Facts:
        return _told(retire_class(area_code=area, code=code, by=mandates.console())) | {"retired": True}

    def _crosswalk(self, *, file: Path | None) -> Facts:
        return {"rows": load_crosswalk(links=read_links(file), by=mandates.console())}

    def _translate(self, *, code: str, source: str, target: str) -> Facts:
        return {"code": translate(code, source, target), "scheme": target}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--condition", required=True, metavar="TEXT", help="when a case is registered")
    parser.add_argument("--condition-en", default="", metavar="TEXT")
    parser.add_argument("--closing", required=True, metavar="TEXT", help="what must be so before it is closed")
    parser.add_argument("--closing-en", default="", metavar="TEXT")
    parser.add_argument("--limit", nargs=2, required=True, metavar=("N", "UNIT"), help="such as 4 working_hour")
    parser.add_argument("--post", help="the post that it goes to")
    parser.add_argument("--organisation", metavar="CODE", help="or the organisation")
    parser.add_argument("--fallback", metavar="POST", help="who gets it where the post is vacant")


def _limit(given: list[str]) -> Limit:
    amount, unit = given
    if unit not in set(LimitUnit):
        raise InvalidInput("There is no such unit.", field="--limit", value=unit, expected=", ".join(LimitUnit))
    return Limit(_number(amount), LimitUnit(unit))


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) > 0):
        raise InvalidInput("This is no whole number.", field="--limit", value=text, expected="1 or more")
    return int(text)


def _organisation(code: str | None) -> UUID | None:
    if code is None:
        return None
    found = Organisation.objects.filter(code=code).first()
    if found is None:
        raise InvalidInput("There is no such organisation.", field="--organisation", value=code, expected="its code")
    return found.id


def _told(one: CaseClass) -> dict[str, Any]:
    return {"code": one.code, "name": one.name, "tier": one.tier, "confidentiality": one.confidentiality}
