"""Routing rules and limits of an area: set, replaced, ended. Each row is a subject; an entry's `data.set` holds the
columns that the act changed (`COLUMNS`), so that `verify` tells the row from its entries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases.facts import Target
from wangge.kernel.cases.models import Control, RoutingRule, StageLimit
from wangge.kernel.cases.replaying import plain
from wangge.kernel.journal.services import Act, append

VERB = "manage_classes"
RULE, LIMIT, CONTROL = "routing_rule", "limit", "control"
"""Types of subjects. Entries of the types `routing` and `stage_limit` are older: those told of no row."""
COLUMNS: Mapping[str, tuple[str, ...]] = {
    RULE: ("area", "class_prefix", "post", "organisation", "fallback_post", "fallback_organisation", "valid_from",
           "valid_to", "precedent", "passed_over"),
    LIMIT: ("area", "state", "limit_amount", "limit_unit", "active"),
    CONTROL: ("area", "class_prefix", "valid_from", "valid_to", "requested_by"),
}  # fmt: skip
"""By type, what entries tell of a row."""
NOTHING_SAID: Mapping[str, str] = {"text": "—", "text_en": ""}
"""What a control's row has for words that were erased."""
_IDS = frozenset({"area", "post", "organisation", "fallback_post", "fallback_organisation", "requested_by"})


class RuleRow(NamedTuple):
    """A routing rule to set: `class_prefix` → post or organisation, with its fallback."""

    class_prefix: str
    post: str | None = None
    organisation: UUID | None = None
    fallback_post: str | None = None
    fallback_organisation: UUID | None = None


def stated(kind: str, row: Model) -> dict[str, Any]:
    """All that entries tell of a row, as the journal keeps it."""
    values = {name: getattr(row, f"{name}_id" if name in _IDS else name) for name in COLUMNS[kind]}
    if "passed_over" in values:
        values["passed_over"] = [str(one) for one in values["passed_over"]]
    return plain(values)


@transaction.atomic
def set_routing(*, area_id: UUID, area_path: str, rules: Iterable[RuleRow], valid_from: datetime, by: Mandate) -> int:
    """Set routing rules of an area from a moment on; what the same prefix had then ends there. Returns how many."""
    by.require(VERB, area_path)
    rows = list(rules)
    _end(_replaced(area_id, [row.class_prefix for row in rows], valid_from), valid_from, by)
    made = [
        RoutingRule(
            id=new_id(),
            version=1,
            area_id=area_id,
            class_prefix=row.class_prefix,
            post_id=row.post,
            organisation_id=row.organisation,
            fallback_post_id=row.fallback_post,
            fallback_organisation_id=row.fallback_organisation,
            valid_from=valid_from,
        )
        for row in rows
    ]
    append([Act(one.id, RULE, "set", area_id, {"set": stated(RULE, one)}) for one in made], by=by)
    RoutingRule.objects.bulk_create(made)
    return len(rows)


@transaction.atomic
def end_rule(*, rule_id: UUID, by: Mandate, at: datetime | None = None) -> RoutingRule:
    """End a rule now or at a moment to come; one that has not begun by then is called off. Needs `manage_classes`.

    Raises `NotFound`, and `InvalidInput` where it has ended before, or for a moment that has passed.
    """
    one = RoutingRule.objects.select_for_update(of=("self",)).select_related("area").filter(id=rule_id).first()
    if one is None:
        raise NotFound("There is no such rule.", field="rule", value=rule_id)
    by.require(VERB, one.area.path)
    at = at or by.at
    if at < by.at:
        raise InvalidInput("This moment has passed.", field="at", value=at, expected="now or later")
    if one.valid_to is not None and one.valid_to <= at:
        raise InvalidInput(
            "This rule ends before that.", field="at", value=at, expected=f"before {one.valid_to.isoformat()}"
        )
    _end([one], at, by)
    return one


@transaction.atomic
def set_precedent(
    *, area_id: UUID, code: str, target: Target, case_id: UUID, passed_over: Sequence[UUID], by: Mandate, at: datetime
) -> None:
    """What a joint meeting ruled about one case holds from then on for its class on its ground (先例).

    `passed_over` were heard and not named. The authority is the ruling act's own; the caller has decided it.
    """
    _end(_replaced(area_id, [code], at), at, by)
    made = RoutingRule(
        id=new_id(),
        version=1,
        area_id=area_id,
        class_prefix=code,
        post_id=target.post,
        organisation_id=target.organisation,
        valid_from=at,
        precedent=case_id,
        passed_over=[one for one in passed_over if one != target.organisation],
    )
    append([Act(made.id, RULE, "precedent", area_id, {"set": stated(RULE, made)})], by=by)
    made.save(force_insert=True)


@transaction.atomic
def set_stage_limit(*, area_id: UUID, area_path: str, state: str, limit: Limit | None, by: Mandate) -> None:
    """Let a stage take, or a tier hold a case, at most `limit` on this area and below; None: as it is above.

    Raises `InvalidInput` for a stage that has no limit, and where there is none to take back.
    """
    by.require(VERB, area_path)
    known = [value for value, _ in StageLimit._meta.get_field("state").choices or ()]
    if state not in known:
        raise InvalidInput("No such stage has a limit.", field="state", value=state, expected="one of the list")
    held = StageLimit.objects.select_for_update(of=("self",)).filter(area_id=area_id, state=state).first()
    if limit is None and (held is None or not held.active):
        raise InvalidInput("This area sets no such limit.", field="state", value=state, expected="one that it sets")
    one = held or StageLimit(id=new_id(), version=0, area_id=area_id, state=state)
    before = stated(LIMIT, one) if held else {}
    if limit is None:
        one.active = False
    else:
        one.limit_amount, one.limit_unit, one.active = limit.amount, str(limit.unit), True
    changed = {name: value for name, value in stated(LIMIT, one).items() if before.get(name, ...) != value}
    append([Act(one.id, LIMIT, "set", area_id, {"set": changed}, version=one.version)], by=by)
    one.version += 1
    one.save(force_insert=held is None)


def move_settings(old: UUID, new: UUID, by: Mandate) -> None:
    """What an ended area worked by goes to its successor, with an entry for each row.

    Where the successor has set the same for itself, the old one's ends with the old area.
    """
    for kind, model in _MODELS.items():
        rows: list[Any] = list(model._default_manager.select_for_update(of=("self",)).filter(area_id=old))
        if kind == LIMIT:
            own = set(StageLimit.objects.filter(area_id=new).values_list("state", flat=True))
            rows = [row for row in rows if row.state not in own]
        if kind == RULE:
            present = RoutingRule.objects.filter(area_id=new, valid_to__isnull=True)
            taken = set(present.values_list("class_prefix", flat=True))
            rows = [row for row in rows if row.valid_to is not None or row.class_prefix not in taken]
        acts = [Act(row.id, kind, "move", old, {"set": {"area": str(new)}}, version=row.version) for row in rows]
        append(acts, by=by)
        for row in rows:
            row.area_id, row.version = new, row.version + 1
        model._default_manager.bulk_update(rows, ["area", "version"])


_MODELS: Mapping[str, type[Model]] = {RULE: RoutingRule, LIMIT: StageLimit, CONTROL: Control}


def _replaced(area_id: UUID, prefixes: Sequence[str], at: datetime) -> QuerySet[RoutingRule]:
    """The rules of these prefixes that would still hold at `at` or later."""
    later = Q(valid_to__isnull=True) | Q(valid_to__gt=at)
    return RoutingRule.objects.select_for_update(of=("self",)).filter(
        later, area_id=area_id, class_prefix__in=prefixes
    )


def _end(rules: Iterable[RoutingRule], at: datetime, by: Mandate) -> None:
    """End these rules; one that begins later never holds."""
    rows = list(rules)
    acts = []
    for row in rows:
        row.valid_to = max(at, row.valid_from)
        acts.append(Act(row.id, RULE, "end", row.area_id, {"set": plain({"valid_to": row.valid_to})},
                        version=row.version))  # fmt: skip
        row.version += 1
    append(acts, by=by)
    RoutingRule.objects.bulk_update(rows, ["valid_to", "version"])
