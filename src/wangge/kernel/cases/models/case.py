"""The present state of a case."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import F, Func, Q

from wangge.kernel.cases.guards import MOST_EXTENSIONS, MOST_SUSPENSIONS, TIERS
from wangge.kernel.cases.lifecycle import OPEN, State
from wangge.kernel.cases.models.parts import Part
from wangge.kernel.cases.models.reference import CaseClass
from wangge.kernel.journal.models import Versioned

STANDING = Q(state__in=[state.value for state in OPEN])
"""The open cases: few of all, and what lists are about."""


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
    verified_at = models.DateTimeField(null=True)
    verifier = models.UUIDField(null=True)
    first_answer_at = models.DateTimeField(null=True)
    tier_since = models.DateTimeField(null=True)
    tier_due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    warned = models.PositiveSmallIntegerField(default=0)
    extensions = models.PositiveSmallIntegerField(default=0)
    suspensions = models.PositiveSmallIntegerField(default=0)
    suspended_at = models.DateTimeField(null=True)
    suspended_until = models.DateTimeField(null=True)
    request = models.TextField(null=True)
    request_step = models.TextField(null=True)
    request_by = models.UUIDField(null=True)
    request_first = models.UUIDField(null=True)
    request_until = models.DateTimeField(null=True)
    appealed = models.BooleanField(default=False)
    timeout_exempt = models.BooleanField(default=False)
    supervisor = models.UUIDField(null=True)
    supervised_at = models.DateTimeField(null=True)
    supervision_due_at = models.DateTimeField(null=True)
    supervisions = models.PositiveSmallIntegerField(default=0)
    called = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False, db_column="called"
    )
    call_due_at = models.DateTimeField(null=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    meeting = models.TextField(null=True)
    self_disposed = models.BooleanField(default=False)
    sampled = models.BooleanField(null=True)
    forced = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", db_index=False, db_column="merged_into"
    )
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False, db_column="parent")
    parts = models.PositiveSmallIntegerField(default=0)
    part = models.ForeignKey(Part, models.PROTECT, null=True, related_name="+", db_index=False, db_column="part")
    satisfaction = models.PositiveSmallIntegerField(null=True)
    accepted_at = models.DateTimeField(null=True)
    register_due_at = models.DateTimeField(null=True)
    dispatch_due_at = models.DateTimeField(null=True)
    inspect_due_at = models.DateTimeField(null=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    reminded_at = models.DateTimeField(null=True)

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
                | Q(forced=True)
                | Q(merged_into__isnull=False)
                | Q(self_disposed=True, sampled=False)
                | (Q(inspected_at__isnull=False) & (Q(inspector__isnull=True) | ~Q(inspector=F("handler")))),
                name="cases_case_closed_by_another",
            ),
            models.CheckConstraint(condition=Q(tier__in=TIERS), name="cases_case_known_tier"),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_at__isnull=False, suspended_until__gt=F("suspended_at")),
                name="cases_case_suspended_until",
            ),
            models.CheckConstraint(
                condition=Q(extensions__lte=MOST_EXTENSIONS, suspensions__lte=MOST_SUSPENSIONS),
                name="cases_case_granted_at_most",
            ),
            models.CheckConstraint(
                condition=Q(request__isnull=True, request_step__isnull=True)
                | Q(request__in=["extension", "suspension", "appeal"], request_step__isnull=False),
                name="cases_case_request_and_step",
            ),
            models.CheckConstraint(
                condition=Q(called__isnull=True, call_due_at__isnull=True)
                | Q(called__isnull=False, call_due_at__isnull=False),
                name="cases_case_call_and_time",
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=True) | Q(meeting__in=["called", "ruled"]), name="cases_case_known_meeting"
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="cases_case_joins_another"
            ),
            models.CheckConstraint(condition=Q(parts=0) | Q(parent__isnull=True), name="cases_case_one_level_of_parts"),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 3)), name="cases_case_satisfaction"
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
            models.Index(fields=["path", "state", "stage_due_at"], include=["merged_into"], name="cases_case_open",
                         condition=STANDING),
            models.Index(fields=["-reported_at", "-id"], name="cases_case_open_newest", condition=STANDING,
                         include=["path", "state", "merged_into", "stage_due_at", "lon_e7", "lat_e7"]),
            models.Index(fields=["stage_due_at", "id"], name="cases_case_open_due", condition=STANDING),
            models.Index(fields=["reported_at"], name="cases_case_risen", condition=STANDING & ~Q(tier="grid")),
            models.Index(fields=["reported_at"], name="cases_case_reminded", condition=STANDING & Q(reminders__gt=0)),
            models.Index(fields=["organisation"], name="cases_case_at_unit",
                         condition=STANDING & Q(organisation__isnull=False)),
            models.Index(fields=["post", "post_path"], name="cases_case_at_post",
                         condition=STANDING & Q(post__isnull=False)),
            models.Index(fields=["tier_due_at"], name="cases_case_tier_due", condition=Q(tier_due_at__isnull=False)),
            models.Index(fields=["warn_at"], name="cases_case_warning", condition=Q(warn_at__isnull=False)),
            models.Index(
                fields=["suspended_until"], name="cases_case_resumes", condition=Q(suspended_until__isnull=False)
            ),
            models.Index(
                fields=["request", "-reported_at"], name="cases_case_asked", condition=Q(request__isnull=False)
            ),
            models.Index(
                fields=["supervision_due_at"],
                name="cases_case_ordered",
                condition=Q(supervision_due_at__isnull=False),
            ),
            models.Index(fields=["meeting", "-reported_at"], name="cases_case_meets", condition=Q(meeting="called")),
            models.Index(fields=["merged_into"], name="cases_case_joined", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["parent"], name="cases_case_parts", condition=Q(parent__isnull=False)),
            GistIndex(
                Func("lon_e7", "lat_e7", function="point"), name="cases_case_at", condition=Q(lon_e7__isnull=False)
            ),
            models.Index(
                fields=["part", "-reported_at"], name="cases_case_by_part", condition=Q(part__isnull=False)
            ),
            models.Index(fields=["stage_since"], name="cases_case_longest", condition=STANDING),
            models.Index(fields=["called"], name="cases_case_called", condition=Q(called__isnull=False)),
            models.Index(fields=["-closed_at"], name="cases_case_ended", condition=Q(closed_at__isnull=False)),
        ]
