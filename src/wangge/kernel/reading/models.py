"""The versions of the models that read reports. The learned numbers lie in a file named by `digest`.

Invariants held by the database: one version at most is in use on an area; a version has its journal entry; figures
lie between nothing and all.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.kernel.journal.models import Versioned

SUBJECT = "reading_model"


class ReadingModel(Versioned):
    """One training: on which area's closed cases, when, with what result. Figures are shares of 1, by five folds."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    trained_at = models.DateTimeField()
    cases = models.PositiveIntegerField()
    classes = models.PositiveIntegerField()
    digest = models.TextField()
    bytes = models.PositiveIntegerField()
    macro_f1 = models.DecimalField(max_digits=5, decimal_places=4)
    top3 = models.DecimalField(max_digits=5, decimal_places=4)
    calibration_error = models.DecimalField(max_digits=5, decimal_places=4)
    active = models.BooleanField()

    class Meta:
        db_table = "reading_model"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area"], condition=Q(active=True), name="reading_model_one_in_use"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="reading_model_digest_form"),
            models.CheckConstraint(
                condition=Q(macro_f1__range=(0, 1), top3__range=(0, 1), calibration_error__range=(0, 1)),
                name="reading_model_shares",
            ),
        ]
