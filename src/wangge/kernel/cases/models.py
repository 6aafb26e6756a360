"""Tables of cases: reference data of an area, the case's present state, its reports, files and search terms.

Invariants held by the database: a case's version is the head of its journal chain; a state changes only
along the transition table (trigger generated from `lifecycle`); a key makes one report; a case's place at
birth never changes; coordinates come in pairs and lie on the globe.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from wangge.base.ids import new_id
from wangge.base.units import LimitUnit
from wangge.kernel.cases.lifecycle import LIVE, State
from wangge.kernel.journal.models import Versioned


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
    retired = models.BooleanField(default=False)

    class Meta:
        db_table = "cases_class"
        constraints: ClassVar = [models.UniqueConstraint(fields=["area", "code"], name="cases_class_code_once")]


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


class RoutingRule(models.Model):
    """On this area, a class (or all that its prefix covers) goes to a post or an organisation.

    The nearest area's rule wins, there the longest prefix; a vacant post falls back as the rule states.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    class_prefix = models.TextField(blank=True, default="")
    post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    fallback_post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+")
    fallback_organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)

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


class StageLimit(models.Model):
    """How long a stage may take on an area and below, where it differs from `rules.STAGE_LIMITS`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    state = models.TextField(choices=[(state.value, state.value) for state in LIVE])
    limit_amount = models.PositiveIntegerField()
    limit_unit = models.TextField(choices=[(unit.value, unit.value) for unit in LimitUnit])

    class Meta:
        db_table = "cases_stage_limit"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "state"], name="cases_stage_limit_once"),
            models.CheckConstraint(condition=Q(limit_amount__gte=1), name="cases_stage_limit_positive"),
        ]


class Case(Versioned):
    """The present state of a case; what each column means stands in `state.CaseState`."""

    number = models.TextField()
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    origin = models.TextField(default="live")
    source = models.TextField()
    channel = models.TextField()
    case_class = models.ForeignKey(
        CaseClass, models.PROTECT, null=True, related_name="+", db_index=False, db_column="case_class"
    )
    condition = models.PositiveSmallIntegerField(null=True)
    area = models.ForeignKey(
        "places.Area", models.PROTECT, null=True, related_name="+", db_index=False, db_column="area"
    )
    born_path = models.TextField(db_collation="C")
    path = models.TextField(db_collation="C")
    tier = models.TextField()
    lon_e7 = models.IntegerField(null=True)
    lat_e7 = models.IntegerField(null=True)
    crs = models.TextField(null=True)
    reporter = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False, db_column="reporter"
    )
    reported_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)
    dispatched_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    handled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    stage_since = models.DateTimeField()
    stage_due_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)
    limit_amount = models.PositiveIntegerField(null=True)
    limit_unit = models.TextField(null=True)
    organisation = models.ForeignKey(
        "people.Organisation",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_column="organisation",
    )
    post = models.ForeignKey(
        "duties.Post", models.PROTECT, null=True, related_name="+", db_index=False, db_column="post"
    )
    post_path = models.TextField(null=True, db_collation="C")
    handler = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False, db_column="handler"
    )
    handler_duty = models.UUIDField(null=True)
    inspector = models.ForeignKey(
        "people.Person", models.PROTECT, null=True, related_name="+", db_index=False, db_column="inspector"
    )
    inspected_at = models.DateTimeField(null=True)
    returns = models.PositiveSmallIntegerField(default=0)
    reworks = models.PositiveSmallIntegerField(default=0)
    reopens = models.PositiveSmallIntegerField(default=0)
    external_source = models.TextField(null=True)
    external_id = models.TextField(null=True)

    class Meta:
        db_table = "cases_case"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="cases_case_number_once"),
            models.UniqueConstraint(
                fields=["external_source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="cases_case_external_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="cases_case_known_state"
            ),
            models.CheckConstraint(
                condition=Q(lon_e7__isnull=True, lat_e7__isnull=True)
                | Q(lon_e7__range=(-1_800_000_000, 1_800_000_000), lat_e7__range=(-900_000_000, 900_000_000)),
                name="cases_case_on_the_globe",
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True) | Q(post__isnull=True), name="cases_case_one_addressee"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_at__isnull=False), name="cases_case_closed_when"
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | ~Q(origin="live")
                | (Q(inspected_at__isnull=False) & (Q(inspector__isnull=True) | ~Q(inspector=F("handler")))),
                name="cases_case_closed_by_another",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-reported_at", "-id"], name="cases_case_newest"),
            models.Index(fields=["path", "state", "-reported_at", "-id"], name="cases_case_by_place"),
            models.Index(
                fields=["reporter", "-reported_at", "-id"],
                name="cases_case_by_reporter",
                condition=Q(reporter__isnull=False),
            ),
            models.Index(fields=["state", "-reported_at", "-id"], name="cases_case_by_state"),
            models.Index(
                fields=["organisation", "-reported_at"],
                name="cases_case_by_unit",
                condition=Q(organisation__isnull=False),
            ),
            models.Index(fields=["stage_due_at"], name="cases_case_stage_due", condition=Q(stage_due_at__isnull=False)),
        ]


class Report(models.Model):
    """One report that a case was made from (or that joined it). `key` is the sender's idempotency key.

    `request_digest` is a keyed digest of sender and body, so that a replay is told from a misuse without
    keeping either. `tracking_code` is 80 random bits in Crockford's base 32.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    key = models.TextField(null=True)
    request_digest = models.BinaryField(null=True)
    tracking_code = models.TextField(null=True)
    channel = models.TextField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "cases_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="cases_report_key_once"),
            models.UniqueConstraint(fields=["tracking_code"], name="cases_report_code_once"),
        ]


class StoredFile(models.Model):
    """A file as kept: content-addressed by `digest_kept`; `digest_received` is of the bytes as sent.

    Unattached files have no case; `role` is near, far, reference, before, after or other. The id is the
    sender's, made before sending, so that sending twice is storing once.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="files")
    seq = models.PositiveIntegerField(null=True)
    role = models.TextField(default="other")
    digest_received = models.TextField()
    digest_kept = models.TextField(null=True)
    media_type = models.TextField()
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sender = models.TextField()
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_file"
        indexes: ClassVar = [
            models.Index(fields=["digest_kept"], name="cases_file_by_digest"),
            models.Index(fields=["stored_at"], name="cases_file_loose", condition=Q(case__isnull=True)),
        ]


class SearchTerms(models.Model):
    """Bigrams of the masked text of a case. Erasing a case deletes its row."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="terms")
    terms = ArrayField(models.TextField())

    class Meta:
        db_table = "cases_search"
        indexes: ClassVar = [GinIndex(fields=["terms"], name="cases_search_terms")]


class ReferenceVersion(models.Model):
    """One row: a number that every change of classes, conditions, rules or stage limits moves on."""

    only = models.BooleanField(primary_key=True, default=True)
    n = models.BigIntegerField(default=1)

    class Meta:
        db_table = "cases_reference_version"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="cases_reference_one_row")]
