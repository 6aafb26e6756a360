"""Inspections: that somebody looked, also where nothing was found. Held by the database: a source's own number is used
once, and what is on record stays (trigger)."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.assessment.core.clauses import COUNTED
from wangge.kernel.journal.models import Versioned
from wangge.kernel.places.models import Area

MOST_CHECKS = 10_000


class Inspection(Versioned):
    """So many looks (`checks`) of a source at an area at a time: what a score is divided by."""

    source = models.TextField(choices=[(source, source) for source in COUNTED])
    ref = models.TextField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    inspected_at = models.DateTimeField()
    checks = models.PositiveIntegerField()

    class Meta:
        db_table = "assessment_inspection"
        indexes: ClassVar = [models.Index(fields=["inspected_at", "area_path"], name="assessment_inspection_at")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["source", "ref"], name="assessment_inspection_ref_once"),
            models.CheckConstraint(condition=Q(source__in=COUNTED), name="assessment_inspection_known_source"),
            models.CheckConstraint(condition=Q(ref__regex=r"^[^\s=]{1,64}$"), name="assessment_inspection_ref_form"),
            models.CheckConstraint(condition=Q(checks__gte=1, checks__lte=MOST_CHECKS),
                                   name="assessment_inspection_counts"),
        ]
