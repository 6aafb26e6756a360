"""Public parts (部件): manhole covers, lamps and the like, each with its code, place and who is in charge of it."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GistIndex
from django.db import models
from django.db.models import Func, Q

from wangge.kernel.journal.models import Versioned

STATES = ("intact", "damaged", "lost", "removed")
"""完好, 破损, 丢失, 废除. A part is never deleted: one that is gone is `removed`, and its code stays taken."""


class Part(Versioned):
    """A thing that somebody keeps. `code` has 16 digits (`base.codes`) and names the class, `class_code`.

    The place is WGS 84 in 1e-7 degree, `crs` what it came in; `path` is the area that holds it. `initial_on` and
    `changed_on` are the source's own dates (初始时间, 变更时间). Notes are erasable content of its entries.
    """

    code = models.TextField()
    name = models.TextField()
    class_code = models.TextField()
    area = models.ForeignKey("places.Area", models.PROTECT, null=True, related_name="+")
    path = models.TextField(db_collation="C")
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()
    crs = models.TextField()
    owner = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    supervisor = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    keeper = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+")
    state = models.TextField(choices=[(state, state) for state in STATES])
    initial_on = models.DateField(null=True)
    changed_on = models.DateField(null=True)

    class Meta:
        db_table = "cases_part"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="cases_part_code_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{16}$"), name="cases_part_code_form"),
            models.CheckConstraint(condition=Q(class_code__regex=r"^P[0-9]{4}$"), name="cases_part_class_form"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="cases_part_known_state"),
            models.CheckConstraint(
                condition=Q(lon_e7__range=(-1_800_000_000, 1_800_000_000), lat_e7__range=(-900_000_000, 900_000_000)),
                name="cases_part_on_the_globe",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "code"], name="cases_part_by_place"),
            GistIndex(Func("lon_e7", "lat_e7", function="point"), name="cases_part_at"),
        ]
