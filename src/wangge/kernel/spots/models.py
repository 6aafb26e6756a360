"""Spot files, what is in them, the rule by which they open, and how far the job has read.

Invariants held by the database: a case is in one file at most; a file has one unfinished remedy at most; a remedy has
one owner; only a resolved file has a time at which it was resolved; states change along the table (a trigger).
Words of people (what was done, why a file was closed) are content of the file's entries, named here by `seq`.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned
from wangge.kernel.spots.lifecycle import KINDS, OUTCOMES, State
from wangge.kernel.spots.rules import BOUNDS

SUBJECT = "spot"
RULE_SUBJECT = "spot_rule"


class SpotRule(Versioned):
    """By what cases a file opens on an area and below; the nearest area's rule wins (see `rules.Rule`)."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+", db_index=False)
    needed = models.PositiveSmallIntegerField()
    metres = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField()
    hold_days = models.PositiveSmallIntegerField()
    active = models.BooleanField()

    class Meta:
        db_table = "spots_rule"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area"], name="spots_rule_once"),
            models.CheckConstraint(
                condition=Q(**{f"{name}__range": bounds for name, bounds in BOUNDS.items()}), name="spots_rule_bounds"
            ),
        ]


class Spot(Versioned):
    """A file. Its place is that of the case that opened it, and reaches `metres` around; `hold_days` is how long a
    finished remedy must hold. `rebounds` counts remedies that did not, `reopens` how often the file opened again."""

    number = models.TextField()
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    case_class = models.ForeignKey(
        "cases.CaseClass", models.PROTECT, related_name="+", db_index=False, db_column="case_class"
    )
    area = models.ForeignKey("places.Area", models.PROTECT, null=True, related_name="+", db_column="area")
    path = models.TextField(db_collation="C")
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()
    metres = models.PositiveSmallIntegerField()
    hold_days = models.PositiveSmallIntegerField()
    opened_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    reopens = models.PositiveSmallIntegerField(default=0)
    rebounds = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "spots_spot"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="spots_spot_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="spots_spot_known_state"
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False)
                | (~Q(state="resolved") & Q(resolved_at__isnull=True)),
                name="spots_spot_resolved_when",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "-opened_at", "-id"], name="spots_spot_by_place"),
            models.Index(fields=["-opened_at", "-id"], name="spots_spot_newest"),
            models.Index(fields=["case_class", "path"], name="spots_spot_by_class"),
            GistIndex(Func("lon_e7", "lat_e7", function="point"), name="spots_spot_at"),
        ]


class Member(models.Model):
    """A case of the file; entry `seq` brought it in."""

    case = models.OneToOneField("cases.Case", models.PROTECT, primary_key=True, related_name="+")
    spot = models.ForeignKey(Spot, models.PROTECT, related_name="members")
    seq = models.PositiveIntegerField()

    class Meta:
        db_table = "spots_member"


class Campaign(models.Model):
    """A clean-up (整治): when, and by which organisation, where one is named. Entry `seq` says what was done."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    spot = models.ForeignKey(Spot, models.PROTECT, related_name="campaigns")
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        db_table = "spots_campaign"


class Remedy(models.Model):
    """What is to make the place stop: its kind, its owner (an organisation, or a post), the day it is planned for.

    `outcome` is empty until it is judged by the cases that came, or given up; `judged_at` says when.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    spot = models.ForeignKey(Spot, models.PROTECT, related_name="remedies")
    seq = models.PositiveIntegerField()
    kind = models.TextField()
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    planned_on = models.DateField()
    begun_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.TextField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "spots_remedy"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="spots_remedy_known_kind"),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, post__isnull=False)
                | Q(organisation__isnull=False, post__isnull=True),
                name="spots_remedy_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(outcome__isnull=True, judged_at__isnull=True)
                | Q(outcome__in=OUTCOMES, judged_at__isnull=False),
                name="spots_remedy_outcome_and_time",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["held", "rebounded"]) | Q(finished_at__isnull=False),
                name="spots_remedy_judged_when_finished",
            ),
            models.UniqueConstraint(
                fields=["spot"],
                condition=Q(finished_at__isnull=True, outcome__isnull=True),
                name="spots_remedy_one_under_way",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["finished_at"],
                name="spots_remedy_watched",
                condition=Q(finished_at__isnull=False, outcome__isnull=True),
            )
        ]


class Mark(models.Model):
    """One row: the ordinal of the last entry of a case that the job has read."""

    only = models.BooleanField(primary_key=True, default=True)
    ordinal = models.BigIntegerField()

    class Meta:
        db_table = "spots_mark"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(only=True), name="spots_mark_one_row")]
