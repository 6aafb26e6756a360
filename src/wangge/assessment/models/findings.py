"""Findings. Invariants, held by the database:

- A source's own number is used once. What was found never changes (trigger): points are cut or voided beside what was
  found, and never rise above it; a duplicate names the finding that it repeats.
- A note is free text: it lies in the journal's erasable content, not here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.assessment.core.amounts import MILLI, MOST_POINTS
from wangge.assessment.core.clauses import SOURCES
from wangge.kernel.journal.models import Versioned
from wangge.kernel.places.models import Area


class FindingRow(Versioned):
    """What an inspector, the city or a sample found at a place. Points are thousandths."""

    source = models.TextField(choices=[(source, source) for source in SOURCES])
    ref = models.TextField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    class_code = models.TextField(blank=True, default="")
    lon_e7 = models.IntegerField(null=True)
    lat_e7 = models.IntegerField(null=True)
    occurred_at = models.DateTimeField()
    discovered_at = models.DateTimeField()
    found_points = models.PositiveIntegerField()
    points = models.PositiveIntegerField()
    void = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", db_column="merged_into"
    )

    class Meta:
        db_table = "assessment_finding"
        indexes: ClassVar = [
            models.Index(fields=["discovered_at", "area_path"], name="assessment_finding_discovered"),
            models.Index(fields=["occurred_at", "area_path"], name="assessment_finding_occurred"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "ref"], name="assessment_finding_ref_once"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="assessment_finding_known_source"),
            models.CheckConstraint(condition=Q(ref__regex=r"^[^\s=]{1,64}$"), name="assessment_finding_ref_form"),
            models.CheckConstraint(condition=Q(points__lte=F("found_points"))
                                   & Q(found_points__lte=MOST_POINTS * MILLI), name="assessment_finding_never_raised"),
            models.CheckConstraint(condition=Q(void=False) | Q(points=0), name="assessment_finding_void_costs_nothing"),
            models.CheckConstraint(condition=Q(occurred_at__lte=F("discovered_at")),
                                   name="assessment_finding_occurred_before"),
            models.CheckConstraint(condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                                   name="assessment_finding_not_itself"),
            models.CheckConstraint(condition=Q(lon_e7__isnull=True, lat_e7__isnull=True)
                                   | Q(lon_e7__isnull=False, lat_e7__isnull=False), name="assessment_finding_point"),
        ]
