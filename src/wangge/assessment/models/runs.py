"""Runs on record, their statements and lines, appeals. Invariants, held by the database:

- A period of an area is assessed once; a run that was given up leaves room for another.
- What went in and what came out of a revision never changes (triggers): their digests stand in the journal.
- A run goes forward only: provisional, notified, final, posted.
- An appeal has two reviewers who are two people, neither the one who appeals; a finding has one open appeal in a run.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.assessment.models.findings import FindingRow
from wangge.assessment.models.policies import PolicyVersion
from wangge.kernel.journal.models import Versioned
from wangge.kernel.places.models import Area

STAGES = ("provisional", "notified", "final", "posted", "dropped")
HOLDER_KINDS = ("person", "organisation")
REASONS = ("assess", "appeal", "correction")
APPEAL_STATES = ("open", "granted", "refused", "withdrawn")
_DIGEST = r"^[0-9a-f]{64}$"


class Run(Versioned):
    """A period of an area under one version of a policy. `revision` is the newest statement, `published` the one that
    became final; later ones are corrections of the then current period. `digest` is that of the newest."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    period = models.TextField()
    timezone = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    policy = models.ForeignKey(PolicyVersion, models.PROTECT, related_name="+", db_column="policy")
    stage = models.TextField(choices=[(stage, stage) for stage in STAGES])
    revision = models.PositiveSmallIntegerField()
    published = models.PositiveSmallIntegerField(null=True)
    digest = models.TextField()
    assessed_at = models.DateTimeField()
    notified_at = models.DateTimeField(null=True)
    appeal_until = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    posted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_run"
        indexes: ClassVar = [models.Index(fields=["area_path", "-starts_at"], name="assessment_run_below")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "period"], condition=~Q(stage="dropped"),
                                    name="assessment_run_period_once"),
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="assessment_run_known_stage"),
            models.CheckConstraint(condition=Q(digest__regex=_DIGEST), name="assessment_run_digest_form"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="assessment_run_ends_later"),
            models.CheckConstraint(
                condition=Q(stage__in=["provisional", "dropped"])
                | Q(stage="notified", notified_at__isnull=False, appeal_until__gt=F("notified_at"))
                | Q(stage="final", final_at__gte=F("appeal_until"), published__isnull=False)
                | Q(stage="posted", posted_at__gte=F("final_at"), published__isnull=False),
                name="assessment_run_stage_has_its_time",
            ),
        ]


class Revision(models.Model):
    """One statement of a run: the frozen inputs and all that was found, in canonical form, without names of people."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    reason = models.TextField(choices=[(reason, reason) for reason in REASONS])
    inputs = models.TextField()
    facts = models.TextField()
    inputs_digest = models.TextField()
    digest = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        db_table = "assessment_revision"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "number"], name="assessment_revision_once"),
            models.CheckConstraint(condition=Q(reason__in=REASONS), name="assessment_revision_known_reason"),
            models.CheckConstraint(condition=Q(digest__regex=_DIGEST) & Q(inputs_digest__regex=_DIGEST),
                                   name="assessment_revision_digest_form"),
        ]


class StatementLine(models.Model):
    """What one holder answers for by one clause: points in thousandths, ticks of units, fen; with sum and sentence.

    `key` names it for good within a run; `area_path` is the ground of the duty, whose chain sees the line.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="lines")
    revision = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    key = models.TextField()
    holder = models.UUIDField()
    holder_kind = models.TextField(choices=[(kind, kind) for kind in HOLDER_KINDS])
    post = models.TextField()
    place = models.TextField()
    area_path = models.TextField(db_collation="C")
    clause = models.TextField()
    points = models.PositiveIntegerField()
    ticks = models.PositiveIntegerField()
    fen = models.PositiveBigIntegerField()
    arithmetic = models.TextField()
    sentence = models.TextField()
    sentence_en = models.TextField()
    findings = models.JSONField()

    class Meta:
        db_table = "assessment_line"
        indexes: ClassVar = [models.Index(fields=["holder", "run"], name="assessment_line_of_holder")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "revision", "number"], name="assessment_line_number_once"),
            models.UniqueConstraint(fields=["run", "revision", "key"], name="assessment_line_key_once"),
            models.CheckConstraint(condition=Q(holder_kind__in=HOLDER_KINDS), name="assessment_line_known_holder"),
        ]


class Appeal(Versioned):
    """Somebody says that a finding of their statement is wrong. Two people look at it, each for themselves.

    `first_points` and `second_points` are the thousandths that each reviewer would leave, −1 where they would void it;
    what both grant is granted: `outcome` is the larger of the two. The words lie in the journal's erasable content.
    """

    run = models.ForeignKey(Run, models.PROTECT, related_name="appeals")
    finding = models.ForeignKey(FindingRow, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    line_key = models.TextField()
    holder = models.UUIDField()
    appellant = models.UUIDField()
    state = models.TextField(choices=[(state, state) for state in APPEAL_STATES])
    filed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    photo = models.UUIDField(null=True)
    first_reviewer = models.UUIDField(null=True)
    first_points = models.IntegerField(null=True)
    second_reviewer = models.UUIDField(null=True)
    second_points = models.IntegerField(null=True)
    outcome = models.IntegerField(null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_appeal"
        indexes: ClassVar = [models.Index(fields=["area_path", "state"], name="assessment_appeal_below")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "finding"], condition=Q(state="open"),
                                    name="assessment_appeal_open_once"),
            models.CheckConstraint(condition=Q(state__in=APPEAL_STATES), name="assessment_appeal_known_state"),
            models.CheckConstraint(
                condition=(Q(first_reviewer__isnull=True) | ~Q(first_reviewer=F("appellant")))
                & (Q(second_reviewer__isnull=True)
                   | (~Q(second_reviewer=F("appellant")) & ~Q(second_reviewer=F("first_reviewer")))),
                name="assessment_appeal_two_others",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["granted", "refused"])
                | Q(first_points__isnull=False, second_points__isnull=False, decided_at__isnull=False),
                name="assessment_appeal_decided_by_two",
            ),
        ]
