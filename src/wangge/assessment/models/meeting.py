"""What is said at the review meeting. Held by the database: one statement an area and run, and it stays."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wangge.assessment.models.runs import Run
from wangge.kernel.journal.models import Versioned
from wangge.kernel.places.models import Area


class Pledge(Versioned):
    """The statement of a community's secretary on stage (表态发言). The words lie in the journal's erasable content."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="pledges")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    speaker = models.UUIDField()
    given_at = models.DateTimeField()

    class Meta:
        db_table = "assessment_pledge"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "area"], name="assessment_pledge_once"),
        ]
