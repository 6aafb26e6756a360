"""Versions of policies. Invariants, held by the database:

- What a version says never changes (trigger): `body` is its canonical form, `digest` the SHA-256 of that.
- Who approved it did not write it; only the one that ships has neither.
- On one area at most one approved version holds for each kind of period at a time (exclusion).
- A version is never deleted: a draft is approved or dropped, an approved one ends where its successor begins.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.journal.models import Versioned
from wangge.kernel.places.models import Area

STATES = ("draft", "approved", "dropped")
PERIODS = ("month", "quarter")
MODES = ("points", "performance_pay", "deposit")


class PolicyVersion(Versioned):
    """One numbered version of a policy on an area. `begins` (inclusive) and `ends` (exclusive) are days of the place.

    `author` and `approver` are ids of persons; `author` is empty where a file was imported at the console. `shipped`
    marks the policy that comes with the product.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    name = models.TextField()
    number = models.PositiveIntegerField()
    state = models.TextField(choices=[(state, state) for state in STATES])
    shipped = models.BooleanField(default=False)
    body = models.TextField()
    digest = models.TextField()
    period = models.TextField(choices=[(kind, kind) for kind in PERIODS])
    mode = models.TextField(choices=[(mode, mode) for mode in MODES])
    begins = models.DateField()
    ends = models.DateField(null=True)
    author = models.UUIDField(null=True)
    approver = models.UUIDField(null=True)
    drafted_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_policy"
        indexes: ClassVar = [models.Index(fields=["area_path", "state"], name="assessment_policy_below")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name", "number"], name="assessment_policy_number_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="assessment_policy_known_state"),
            models.CheckConstraint(condition=Q(period__in=PERIODS), name="assessment_policy_known_period"),
            models.CheckConstraint(condition=Q(mode__in=MODES), name="assessment_policy_known_mode"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="assessment_policy_digest_form"),
            models.CheckConstraint(condition=Q(ends__isnull=True) | Q(ends__gt=F("begins")),
                                   name="assessment_policy_begins_before_it_ends"),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(shipped=True, mode="points")
                | (Q(approver__isnull=False, approved_at__isnull=False)
                   & (Q(author__isnull=True) | ~Q(approver=F("author")))),
                name="assessment_policy_approved_by_another",
            ),
        ]
