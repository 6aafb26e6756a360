"""Posts, who holds them where and when, and working calendars. Invariants, held by the database:

- A single-seat post has at most one regular holder on an area at any moment (exclusion constraint); ranges are
  half-open. Nobody holds the same post on the same area twice at once.
- A row is never rewritten: its valid range may be ended once, its recorded range closed once (trigger). A correction
  closes the recorded range and inserts a new row.
- Changes of calendars move `places_version`, by which they are cached.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Q

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.models import Area

DUTY_KINDS = ("regular", "acting", "deputy", "leave")


class Post(models.Model):
    """A role of the catalogue (`catalogue.POSTS`), as the target of foreign keys; verbs stand in code."""

    code = models.TextField(primary_key=True)
    name = models.TextField()
    name_en = models.TextField()
    single_seat = models.BooleanField()
    group = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        db_table = "duties_post"


class Assignment(Versioned):
    """A person (or only an organisation) holds a post on an area during `valid`; known so during `recorded`.

    `leave` says that the person is absent from that post there. `single_seat` and `area_path` repeat what post
    and area say, so that one index and one constraint can use them (a trigger keeps them true).
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    area_path = models.TextField(db_collation="C")
    single_seat = models.BooleanField()
    kind = models.TextField(choices=[(kind, kind) for kind in DUTY_KINDS], default="regular")
    valid = DateTimeRangeField()
    recorded = DateTimeRangeField()

    class Meta:
        db_table = "duties_assignment"
        indexes: ClassVar = [
            models.Index(fields=["area_path", "post"], name="duties_assignment_answerable",
                         condition=Q(recorded__upper_inf=True)),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=DUTY_KINDS), name="duties_assignment_known_kind"),
            models.CheckConstraint(condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                                   name="duties_assignment_has_holder"),
            models.CheckConstraint(condition=~Q(kind="leave") | Q(person__isnull=False),
                                   name="duties_assignment_leave_of_person"),
            models.CheckConstraint(
                condition=Q(valid__isempty=False, valid__startswith__isnull=False, valid__lower_inc=True,
                            valid__upper_inc=False, recorded__isempty=False),
                name="duties_assignment_half_open",
            ),
        ]


INTERESTS = ("kin", "stake", "former")
"""Kin who work there, a stake in it, or one who came from there: what bears on judging an organisation's work."""


class DeclaredInterest(Versioned):
    """A person's declared relation to an organisation, a code and no words; `until` None while it lasts."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.TextField(choices=[(kind, kind) for kind in INTERESTS])
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        db_table = "duties_interest"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=INTERESTS), name="duties_interest_known_kind"),
            models.UniqueConstraint(fields=["person", "organisation", "kind"], name="duties_interest_once",
                                    condition=Q(until__isnull=True)),
        ]


class Calendar(Versioned):
    """Working hours of an area and below: `windows` are [start, end) minutes of the day.

    `source` is where holidays come from: a country code of the `holidays` library, with a subdivision after '-'.
    """

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    timezone = models.TextField()
    windows = models.JSONField()
    source = models.TextField(blank=True, default="")

    class Meta:
        db_table = "duties_calendar"
        constraints: ClassVar = [models.UniqueConstraint(fields=["area"], name="duties_calendar_one_per_area")]


class CalendarDay(models.Model):
    """A day that is not as its weekday says: a holiday, or a workday at the weekend (make-up day)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    calendar = models.ForeignKey(Calendar, models.CASCADE, related_name="days", db_index=False)
    day = models.DateField()
    kind = models.TextField(choices=[("holiday", "holiday"), ("workday", "workday")])
    name = models.TextField(blank=True, default="")

    class Meta:
        db_table = "duties_calendar_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["calendar", "day"], name="duties_calendar_day_once"),
            models.CheckConstraint(condition=Q(kind__in=["holiday", "workday"]), name="duties_calendar_day_kind"),
        ]
