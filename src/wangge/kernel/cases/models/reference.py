"""What an area works by: classes and their conditions, routing, limits, controls; and the version of it all."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wangge.base.ids import new_id
from wangge.base.units import LimitUnit
from wangge.kernel.cases.facts import TIER_LIMITS
from wangge.kernel.cases.lifecycle import LIVE
from wangge.kernel.journal.models import Versioned

CONFIDENTIALITY = ("public", "restricted", "confidential")
"""Who reads the words and photos of a case of this class: see `access.READS`."""


class CaseClass(models.Model):
    """A class of problem, valid on an area and below. `code` is kind letter + major + minor, such as E0417.

    `scheme` names the code list (numbers differ between lists); majors are rows without a parent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    scheme = models.TextField()
    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    tier = models.TextField(default="grid")
    confidentiality = models.TextField(
        choices=[(level, level) for level in CONFIDENTIALITY], default="public", db_default="public"
    )
    retired = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_class"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "code"], name="cases_class_code_once"),
            models.CheckConstraint(
                condition=Q(confidentiality__in=CONFIDENTIALITY), name="cases_class_known_confidentiality"
            ),
        ]


class ClassCondition(models.Model):
    """A registration condition (立案情形) of a class, with its closing condition and limit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case_class = models.ForeignKey(CaseClass, models.CASCADE, related_name="conditions")
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    text_en = models.TextField()
    closing = models.TextField()
    closing_en = models.TextField()
    limit_amount = models.PositiveIntegerField()
    limit_unit = models.TextField(choices=[(unit.value, unit.value) for unit in LimitUnit])

    class Meta:
        db_table = "cases_class_condition"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_class", "number"], name="cases_condition_number_once"),
            models.CheckConstraint(condition=Q(limit_amount__gte=1), name="cases_condition_limit_positive"),
            models.CheckConstraint(
                condition=Q(limit_unit__in=[unit.value for unit in LimitUnit]),
                name="cases_condition_known_unit",
            ),
        ]


class RoutingRule(Versioned):
    """On this area, a class (or all that its prefix covers) goes to a post or an organisation.

    The nearest area's rule wins, there the longest prefix; a vacant post falls back as the rule states. `precedent` is
    the case whose joint meeting made the rule, `passed_over` the organisations that the meeting heard about that case
    and did not name: see `routing`.
    """

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    class_prefix = models.TextField(blank=True, default="")
    post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    fallback_post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+")
    fallback_organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    precedent = models.UUIDField(null=True)
    passed_over = ArrayField(models.UUIDField(), default=list, db_default=[])

    class Meta:
        db_table = "cases_routing_rule"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(post__isnull=True, organisation__isnull=False)
                | Q(post__isnull=False, organisation__isnull=True),
                name="cases_rule_one_target",
            ),
            models.CheckConstraint(
                condition=Q(fallback_post__isnull=True) | Q(fallback_organisation__isnull=True),
                name="cases_rule_one_fallback",
            ),
            models.UniqueConstraint(
                fields=["area", "class_prefix"], condition=Q(valid_to__isnull=True), name="cases_rule_once"
            ),
        ]


class StageLimit(Versioned):
    """How long a stage may take, or a tier hold a case, on an area and below, where that differs from `facts`.

    `state` is a state, or `tier.` and a tier. One that is not `active` sets nothing: what holds above holds here.
    """

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    state = models.TextField(choices=[(name, name) for name in (*(state.value for state in LIVE), *TIER_LIMITS)])
    limit_amount = models.PositiveIntegerField()
    limit_unit = models.TextField(choices=[(unit.value, unit.value) for unit in LimitUnit])
    active = models.BooleanField(default=True, db_default=True)

    class Meta:
        db_table = "cases_stage_limit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "state"], name="cases_stage_limit_once"),
            models.CheckConstraint(condition=Q(limit_amount__gte=1), name="cases_stage_limit_positive"),
        ]


class Control(Versioned):
    """Here, from and to these moments, these classes are not to be reported (管控): a road under works, say.

    `text` is what a reporter is told. A prefix that is empty covers every class.
    """

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    class_prefix = models.TextField(blank=True, default="")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    text = models.TextField()
    text_en = models.TextField(blank=True, default="")
    requested_by = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")

    class Meta:
        db_table = "cases_control"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(valid_to__gt=F("valid_from")), name="cases_control_ends_later"),
            models.CheckConstraint(condition=~Q(text=""), name="cases_control_says_why"),
        ]


class ReferenceVersion(models.Model):
    """One row: a number that every change of classes, rules, limits, controls or parts moves on; and `parts`, what it
    was when parts changed last."""

    only = models.BooleanField(primary_key=True, default=True)
    n = models.BigIntegerField(default=1)
    parts = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        db_table = "cases_reference_version"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="cases_reference_one_row")]
