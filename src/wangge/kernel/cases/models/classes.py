"""Class sets as subjects of the journal, and the crosswalk between numberings."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned


class ClassSet(Versioned):
    """The classes of one scheme on one area: what its entries add up to, `verify` compares with the tables."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+")
    scheme = models.TextField()

    class Meta:
        db_table = "cases_class_set"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "scheme"], name="cases_class_set_once"),
        ]


class Crosswalk(models.Model):
    """A class of one numbering is that class of another. Read both ways; several rows of one code are a choice."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    from_scheme = models.TextField()
    from_code = models.TextField()
    to_scheme = models.TextField()
    to_code = models.TextField()

    class Meta:
        db_table = "cases_crosswalk"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["from_scheme", "from_code", "to_scheme", "to_code"], name="cases_crosswalk_once"
            ),
            models.CheckConstraint(condition=~Q(from_scheme=F("to_scheme")), name="cases_crosswalk_two_schemes"),
        ]
