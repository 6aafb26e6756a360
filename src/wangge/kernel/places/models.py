"""Areas in layers and their dated boundaries. Invariants, held by the database:

- A code is used once, for ever. Code, parent and path never change (trigger): re-parenting ends an
  area and opens its successor.
- Times are half-open; a successor stands only after an end.
- `places_version` moves with every change of areas and boundaries, so that snapshots know when they are
  old; the number is drawn from the clock, so that one rolled back is never given to other content.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned

KINDS = (
    "district", "subdistrict", "community", "village", "estate", "grid", "building", "stairwell", "unit", "zone",
    "line", "point",
)
"""What an area can be. `zone` is a responsibility zone, `line` a street or a river."""

DECLARED = ("region", "grid", "case")
"""The kinds of code whose form an area may declare; a part's code always has its form."""

TERRITORY = ("district", "subdistrict", "community", "village", "grid")
"""The kinds that divide the ground: in these a point is located, unless other kinds are asked for."""


class Area(Versioned):
    """A place that somebody can answer for. What each kind and layer means stands in the README."""

    code = models.TextField()
    name = models.TextField()
    name_en = models.TextField(blank=True, default="")
    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    layer = models.TextField(default="administrative")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.TextField(db_collation="C")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors", db_index=False)
    timezone = models.TextField(null=True)
    region = models.TextField(null=True)
    residents = models.PositiveIntegerField(null=True)

    class Meta:
        db_table = "places_area"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code"], name="places_area_code_once"),
            models.UniqueConstraint(fields=["path"], name="places_area_path_once"),
            models.CheckConstraint(condition=Q(code__regex=r"^[A-Z0-9-]{1,32}$"), name="places_area_code_form"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="places_area_known_kind"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="places_area_half_open"
            ),
            models.CheckConstraint(
                condition=Q(region__isnull=True) | Q(region__regex=r"^[0-9]{6}$"), name="places_area_region_form"
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | Q(valid_to__isnull=False),
                name="places_area_successor_after_end",
            ),
        ]


class Boundary(models.Model):
    """The ground of an area for a time, as WKB in WGS 84 degrees; `repaired` says what was wrong with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="boundaries", db_index=False)
    geometry = models.BinaryField()
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    repaired = models.TextField(blank=True, default="")

    class Meta:
        db_table = "places_boundary"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="places_boundary_half_open"
            ),
        ]


class CodeForm(models.Model):
    """On this area and below, codes of a kind (`base.codes.FORMS`) have their form, its last segment so many digits."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind, kind) for kind in DECLARED])
    last = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "places_code_form"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "kind"], name="places_code_form_once"),
            models.CheckConstraint(condition=Q(kind__in=DECLARED), name="places_code_form_known_kind"),
            models.CheckConstraint(condition=Q(last__range=(2, 9)), name="places_code_form_last"),
        ]


class Redrawing(Versioned):
    """The grids of a community divided anew from `at` on: the areas touched, and those that end with their successors.

    Areas, boundaries and duties were dated when it was decided; `carried_out_at` is when open cases moved.
    """

    community = models.ForeignKey(Area, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    touched = models.JSONField()
    ended = models.JSONField()
    carried_out_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "places_redrawing"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"], name="places_redrawing_one_waits", condition=Q(carried_out_at__isnull=True)
            ),
        ]


class PlacesVersion(models.Model):
    """One row: a number that every change of areas, boundaries and calendars moves on."""

    one = models.BooleanField(primary_key=True, default=True)
    n = models.BigIntegerField()

    class Meta:
        db_table = "places_version"
        constraints: ClassVar = [models.CheckConstraint(condition=Q(one=True), name="places_version_one_row")]
