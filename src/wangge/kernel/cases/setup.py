"""Setting up what an area works by: its class set; rules and limits are set in `settling`. Each act is journaled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases.classes.stating import enter, lock_set
from wangge.kernel.cases.models import CaseClass, ClassCondition
from wangge.kernel.cases.settling import RuleRow, set_routing, set_stage_limit

__all__ = ["ClassRow", "ConditionRow", "RuleRow", "load_class_set", "set_routing", "set_stage_limit"]


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
