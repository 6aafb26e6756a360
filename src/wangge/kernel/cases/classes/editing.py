"""Own sub-classes: added with the next number down from 99, edited, retired. Each is an entry on the class set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases.classes.stating import enter, lock_set
from wangge.kernel.cases.guards import TIERS
from wangge.kernel.cases.models import CONFIDENTIALITY, CaseClass, ClassCondition
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.setup import ConditionRow, RuleRow, set_routing
from wangge.kernel.places.models import Area

VERB = "manage_classes"
HIGHEST, LOWEST = 99, 60
"""Own numbers count down from 99; below 60 begins what the national lists may use."""
LONGEST = 60


@transaction.atomic
def add_class(
    *,
    area_code: str,
    major: str,
    name: str,
    conditions: Sequence[ConditionRow],
    by: Mandate,
    name_en: str = "",
    tier: str = "grid",
    confidentiality: str = "public",
    post: str | None = None,
    organisation: UUID | None = None,
    fallback_post: str | None = None,
) -> CaseClass:
    """A sub-class of the area's own below a major that holds there, with the next number down from 99.

    With a post or an organisation a routing rule of the area goes with it; without, the rules that are there hold.
    """
    area = _area(area_code, by)
    above = next((one for one in reference().by_code.get(major, ()) if area.path.startswith(one.area_path)), None)
    if above is None or above.parent is not None:
        raise InvalidInput(
            "There is no such major class here.", field="major", value=major, expected="the code of a class of classes"
        )
    _check(name, tier, confidentiality)
    if not conditions:
        raise InvalidInput("A class has a condition with its limit.", field="conditions", expected="one or more")
    held = lock_set(area.id, above.scheme, by)
    made = CaseClass.objects.create(
        area=area,
        scheme=above.scheme,
        code=f"{major}{_next_number(major, area.path):02d}",
        name=name.strip(),
        name_en=name_en.strip(),
        parent_id=above.id,
        tier=tier,
        confidentiality=confidentiality,
    )
    ClassCondition.objects.bulk_create(condition_of(made, row) for row in conditions)
    data = {"code": made.code, "now": _stated(made)}
    enter(held, "add", [made.code], data, by=by, content={"name": made.name})
    if post or organisation:
        rule = RuleRow(made.code, post, organisation, fallback_post)
        set_routing(area_id=area.id, area_path=area.path, rules=[rule], valid_from=by.at, by=by)
    return made


@transaction.atomic
def edit_class(
    *,
    area_code: str,
    code: str,
    by: Mandate,
    name: str | None = None,
    name_en: str | None = None,
    tier: str | None = None,
    confidentiality: str | None = None,
    limits: Mapping[int, Limit] | None = None,
) -> CaseClass:
    """Change a class of the area's set from now on: what is None stays. Cases that are registered keep their limit.

    `limits` gives new limits by the number of the condition.
    """
    area = _area(area_code, by)
    one, held = _locked(area, code, by)
    _check(
        one.name if name is None else name,
        one.tier if tier is None else tier,
        one.confidentiality if confidentiality is None else confidentiality,
    )
    was, before = _stated(one), one.name
    for field, value in (("name", name), ("name_en", name_en), ("tier", tier), ("confidentiality", confidentiality)):
        if value is not None:
            setattr(one, field, value.strip())
    one.save()
    conditions = {row.number: row for row in one.conditions.all()}
    for number, limit in (limits or {}).items():
        if number not in conditions:
            raise InvalidInput(
                f"Class {code} has no condition {number}.",
                field="condition",
                value=number,
                expected="one of " + ", ".join(map(str, sorted(conditions))),
            )
        conditions[number].limit_amount, conditions[number].limit_unit = limit.amount, str(limit.unit)
        conditions[number].save()
    now = _stated(one)
    if now == was and one.name == before and name_en is None:
        raise InvalidInput("Nothing would change.", field="code", value=code, expected="another name, tier or limit")
    changed = {key: value for key, value in now.items() if value != was[key]}
    data = {"code": code, "was": {key: was[key] for key in changed}, "now": changed}
    content = {"name": one.name, "name_before": before} if one.name != before else {}
    enter(held, "edit", [code], data, by=by, content=content)
    return one


@transaction.atomic
def retire_class(*, area_code: str, code: str, by: Mandate) -> CaseClass:
    """End a class: no case is filed under it any more, old ones keep it, and its number is never given again."""
    area = _area(area_code, by)
    one, held = _locked(area, code, by)
    if one.children.filter(retired=False).exists():
        raise InvalidInput(
            f"Class {code} still has classes below it.", field="code", value=code, expected="end them first"
        )
    one.retired = True
    one.save(update_fields=["retired"])
    enter(held, "retire", [code], {"code": code}, by=by)
    return one


def condition_of(made: CaseClass, row: ConditionRow) -> ClassCondition:
    """The row of a condition."""
    return ClassCondition(
        case_class=made,
        number=row.number,
        text=row.text,
        text_en=row.text_en,
        closing=row.closing,
        closing_en=row.closing_en,
        limit_amount=row.limit.amount,
        limit_unit=str(row.limit.unit),
    )


def _area(code: str, by: Mandate) -> Area:
    area = Area.objects.filter(code=code).first()
    if area is None:
        raise NotFound("There is no area with this code.", field="area_code", value=code)
    by.require(VERB, area.path)
    return area


def _locked(area: Area, code: str, by: Mandate) -> tuple[CaseClass, Any]:
    one = CaseClass.objects.select_for_update(of=("self",)).filter(area=area, code=code, retired=False).first()
    if one is None:
        raise NotFound(f"{area.code} has no class of its own with this code.", field="code", value=code)
    return one, lock_set(area.id, one.scheme, by)


def _check(name: str, tier: str, confidentiality: str) -> None:
    if not 0 < len(name.strip()) <= LONGEST or "\0" in name:
        raise InvalidInput(
            "A class needs a name.", field="name", value=name[:80], expected=f"1 to {LONGEST} characters"
        )
    if tier not in TIERS:
        raise InvalidInput("There is no such tier.", field="tier", value=tier, expected="one of " + ", ".join(TIERS))
    if confidentiality not in CONFIDENTIALITY:
        raise InvalidInput(
            "There is no such confidentiality.",
            field="confidentiality",
            value=confidentiality,
            expected="one of " + ", ".join(CONFIDENTIALITY),
        )


def _next_number(major: str, path: str) -> int:
    """The highest number of a major that was never used anywhere on this root, also by a class that has ended."""
    codes = CaseClass.objects.filter(area__path__startswith=root_of(path), code__startswith=major)
    used = {int(code[len(major) :]) for code in codes.values_list("code", flat=True) if code[len(major) :].isdigit()}
    free = next((number for number in range(HIGHEST, LOWEST - 1, -1) if number not in used), None)
    if free is None:
        raise InvalidInput(
            f"{major} has no number left for a class of your own.",
            field="major",
            value=major,
            expected=f"another major; own numbers are {HIGHEST} down to {LOWEST}",
        )
    return free


def _stated(one: CaseClass) -> dict[str, Any]:
    """What an entry says openly: codes and numbers."""
    limits = [[row.number, row.limit_amount, row.limit_unit] for row in one.conditions.order_by("number")]
    return {"tier": one.tier, "confidentiality": one.confidentiality, "limits": limits}
