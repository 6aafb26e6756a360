"""Which displays may show the wall, and which photos may be shown on it.

Invariants held by the database: a display's token is kept as its SHA-256 only and always expires; photos are cleared
for one case of a public class, one from before and one from after, both of that case (trigger); a display and a
clearance have their journal entries.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.cases.models import Case, StoredFile
from wangge.kernel.journal.models import Versioned

DISPLAY, CLEARANCE = "display", "clearance"
LANGUAGES = ("zh-hans", "en")


class Display(Versioned):
    """A screen that opens with a token and nothing else. `area` is all that it shows; `label` says where it hangs."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    digest = models.BinaryField()
    label = models.TextField(blank=True, default="")
    language = models.TextField(choices=[(code, code) for code in LANGUAGES], default="zh-hans")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wall_display"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["digest"], name="wall_display_digest_once"),
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="wall_display_expires"),
            models.CheckConstraint(condition=Q(language__in=LANGUAGES), name="wall_display_known_language"),
        ]


class Clearance(Versioned):
    """Two photos of a closed case that may be shown in public, until that is taken back."""

    case = models.OneToOneField(Case, models.PROTECT, related_name="+")
    before = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    after = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    cleared_at = models.DateTimeField()
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wall_clearance"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(before=F("after")), name="wall_clearance_two_photos"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-cleared_at"], name="wall_clearance_shown", condition=Q(retracted_at__isnull=True)),
        ]
