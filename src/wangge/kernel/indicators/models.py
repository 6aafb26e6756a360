"""Published periods: their figures as they stood when they were published.

Invariants held by the database: a period of an area is published once, after it has ended; neither a publication nor
its rows ever change (triggers, and no right of the serving role); a publication has its journal entry.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.journal.models import Versioned

SUBJECT = "publication"


class Publication(Versioned):
    """A period of an area, published. `digest` is the SHA-256 of its rows (see `freezing.DIGEST`)."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    path = models.TextField(db_collation="C")
    period = models.TextField()
    timezone = models.TextField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    published_at = models.DateTimeField()
    rows = models.PositiveIntegerField()
    digest = models.TextField()

    class Meta:
        db_table = "indicators_publication"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "period"], name="indicators_publication_once"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at"), published_at__gte=F("ends_at")),
                name="indicators_publication_after_its_end",
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="indicators_publication_digest"),
        ]
        indexes: ClassVar = [models.Index(fields=["period", "path"], name="indicators_publication_of")]


class FrozenRow(models.Model):
    """One row of a published table. `figures` maps codes to denominator, numerator and seconds.

    `grouping` is `total` (one row, key ''), `area` (every area below, by its path) or another one of
    `asking.GROUPINGS`, never persons.
    """

    publication = models.ForeignKey(Publication, models.PROTECT, related_name="frozen")
    grouping = models.TextField()
    key = models.TextField(db_collation="C")
    figures = models.JSONField()

    class Meta:
        db_table = "indicators_frozen"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["publication", "grouping", "key"], name="indicators_frozen_once"),
            models.CheckConstraint(condition=~Q(grouping="person"), name="indicators_frozen_no_persons"),
        ]
