"""Setting up what an area works by: its class set, routing rules and stage limits. Each act is journaled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases.classes.stating import enter, lock_set
from wangge.kernel.cases.facts import Target
from wangge.kernel.cases.models import CaseClass, ClassCondition, RoutingRule, StageLimit
from wangge.kernel.journal.services import Act, append


class ConditionRow(NamedTuple):
    """A registration condition to load."""

    number: int
    text: str
    text_en: str
    closing: str
    closing_en: str
    limit: Limit


class ClassRow(NamedTuple):
    """A class to load; a major has no conditions, `parent` is the code of its major."""

    code: str
    name: str
    name_en: str
    parent: str | None = None
    tier: str = "grid"
    conditions: Sequence[ConditionRow] = ()
    confidentiality: str = "public"


class RuleRow(NamedTuple):
    """A routing rule to load: `class_prefix` → post or organisation, with its fallback."""

    class_prefix: str
    post: str | None = None
    organisation: UUID | None = None
    fallback_post: str | None = None
    fallback_organisation: UUID | None = None


@transaction.atomic
def load_class_set(*, area_id: UUID, area_path: str, scheme: str, classes: Iterable[ClassRow], by: Mandate) -> int:
    """Load a class set for an area. Parents stand before their children. Returns the number of classes."""
    by.require("manage_classes", area_path)
    rows = list(classes)
    held = lock_set(area_id, scheme, by)
    made: dict[str, CaseClass] = {}
    conditions: list[ClassCondition] = []
    for row in rows:
        if row.parent is not None and row.parent not in made:
            raise InvalidInput(
                f"Class {row.code} names a parent that does not stand before it.",
                field="parent",
                value=row.parent,
                expected="the code of an earlier row",
            )
        made[row.code] = CaseClass(
            area_id=area_id,
            scheme=scheme,
            code=row.code,
            name=row.name,
            name_en=row.name_en,
            parent=made[row.parent] if row.parent else None,
            tier=row.tier,
            confidentiality=row.confidentiality,
        )
        conditions += [
            ClassCondition(
                case_class=made[row.code],
                number=item.number,
                text=item.text,
                text_en=item.text_en,
                closing=item.closing,
                closing_en=item.closing_en,
                limit_amount=item.limit.amount,
                limit_unit=str(item.limit.unit),
            )
            for item in row.conditions
        ]
    CaseClass.objects.bulk_create(made.values())
    ClassCondition.objects.bulk_create(conditions)
    data = {"conditions": len(conditions)}
    enter(held, "load", list(made), data, by=by)
    return len(rows)


@transaction.atomic
def set_routing(*, area_id: UUID, area_path: str, rules: Iterable[RuleRow], valid_from: datetime, by: Mandate) -> int:
    """Set routing rules of an area from a moment on; a present rule for the same prefix ends there."""
    by.require("manage_classes", area_path)
    rows = list(rules)
    RoutingRule.objects.filter(
        area_id=area_id, valid_to__isnull=True, class_prefix__in=[row.class_prefix for row in rows]
    ).update(valid_to=valid_from)
    RoutingRule.objects.bulk_create(
        RoutingRule(
            area_id=area_id,
            class_prefix=row.class_prefix,
            post_id=row.post,
            organisation_id=row.organisation,
            fallback_post_id=row.fallback_post,
            fallback_organisation_id=row.fallback_organisation,
            valid_from=valid_from,
        )
        for row in rows
    )
    stated = [[str(field) if field is not None else None for field in row] for row in rows]
    append([Act(new_id(), "routing", "set", area_id, {"rules": stated})], by=by)
    return len(rows)


@transaction.atomic
def set_stage_limit(*, area_id: UUID, area_path: str, state: str, limit: Limit, by: Mandate) -> None:
    """Let a stage take at most `limit` on this area and below."""
    by.require("manage_classes", area_path)
    StageLimit.objects.update_or_create(
        area_id=area_id, state=state, defaults={"limit_amount": limit.amount, "limit_unit": str(limit.unit)}
    )
    data = {"state": state, "amount": limit.amount, "unit": str(limit.unit)}
    append([Act(new_id(), "stage_limit", "set", area_id, data)], by=by)


@transaction.atomic
def set_precedent(*, area_id: UUID, code: str, target: Target, case_id: UUID, by: Mandate, at: datetime) -> None:
    """What a joint meeting ruled about one case holds from then on for its class on its ground (先例).

    The authority is the ruling act's own; the caller has decided it.
    """
    present = RoutingRule.objects.filter(area_id=area_id, valid_to__isnull=True, class_prefix=code)
    present.update(valid_to=at)
    RoutingRule.objects.create(
        area_id=area_id,
        class_prefix=code,
        post_id=target.post,
        organisation_id=target.organisation,
        valid_from=at,
        precedent=case_id,
    )
    data = {
        "class": code,
        "post": target.post,
        "organisation": str(target.organisation) if target.organisation else None,
        "case": str(case_id),
    }
    append([Act(new_id(), "routing", "precedent", area_id, data)], by=by)
