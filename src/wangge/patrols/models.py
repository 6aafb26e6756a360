"""Patrols, tracks, observations, switches. Invariants, held by the database:

- Who patrols has one patrol under way. A point of a track comes only while its patrol is, and only if it was started
  with a track; it never changes, and is deleted after 30 days.
- An observation is made within a patrol of the observer's own, or under a switch that is on; never of oneself. What
  was observed stays (trigger); it is contested within its time, and decided by neither observer nor worker.
- A switch needs scene, document number, an expiry, and is approved by another than who asked.
- What people write is content of the journal, not here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.duties.models import Assignment, Post
from wangge.kernel.journal.models import Versioned
from wangge.kernel.people.models import Person
from wangge.kernel.places.models import Area
from wangge.patrols.lifecycle import (
    FUNCTIONS,
    GRADES,
    LONGEST_PATROL,
    LONGEST_SWITCH,
    OBSERVATION_STATES,
    OUTCOMES,
    PATROL_STATES,
    SCENES,
    SWITCH_STATES,
)


def _person(column: str, *, null: bool = False) -> models.ForeignKey[Person, Person]:
    return models.ForeignKey(Person, models.PROTECT, null=null, related_name="+", db_index=False, db_column=column)


class Patrol(Versioned):
    """A patrol of one person on one area (责任区), planned by `author`; `stops` are those on the way, in order,
    `visited` says by their numbers how each was visited (see `stops`)."""

    person = _person("person")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False, db_column="post")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, db_column="area")
    path = models.TextField(db_collation="C")
    author = _person("author")
    planned_from = models.DateTimeField()
    planned_to = models.DateTimeField()
    stops = models.JSONField(default=list)
    visited = models.JSONField(default=dict, db_default={})
    state = models.TextField(choices=[(one, one) for one in PATROL_STATES])
    tracked = models.BooleanField(default=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    points = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "patrols_patrol"
        indexes: ClassVar = [
            models.Index(fields=["path", "-planned_from"], name="patrols_patrol_by_place"),
            models.Index(fields=["person", "-planned_from"], name="patrols_patrol_of_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], condition=Q(state="started"), name="patrols_patrol_one_at_once"),
            models.CheckConstraint(condition=Q(state__in=PATROL_STATES), name="patrols_patrol_known_state"),
            models.CheckConstraint(condition=Q(planned_to__gt=F("planned_from"))
                                   & Q(planned_to__lte=F("planned_from") + LONGEST_PATROL),
                                   name="patrols_patrol_span"),
            models.CheckConstraint(
                condition=Q(state__in=["planned", "dropped"], started_at__isnull=True, ended_at__isnull=True)
                | Q(state="started", started_at__isnull=False, ended_at__isnull=True)
                | Q(state="ended", started_at__isnull=False, ended_at__gte=F("started_at")),
                name="patrols_patrol_when"),
        ]


class TrackPoint(models.Model):
    """Where somebody was during a started patrol with a track. Not journaled: it is deleted after 30 days."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, related_name="track", db_index=False, db_column="patrol")
    at = models.DateTimeField()
    lon_e7 = models.IntegerField()
    lat_e7 = models.IntegerField()

    class Meta:
        db_table = "patrols_track_point"
        constraints: ClassVar = [models.UniqueConstraint(fields=["patrol", "at"], name="patrols_track_point_once")]


class Switch(Versioned):
    """A barred function on a place: asked for, approved by another, over at `expires` at the latest."""

    function = models.TextField(choices=[(one, one) for one in FUNCTIONS])
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, db_column="area")
    path = models.TextField(db_collation="C")
    scene = models.TextField(choices=[(one, one) for one in SCENES])
    document = models.TextField()
    asked_by = _person("asked_by")
    asked_at = models.DateTimeField()
    begins = models.DateTimeField()
    expires = models.DateTimeField()
    state = models.TextField(choices=[(one, one) for one in SWITCH_STATES])
    approver = _person("approver", null=True)
    decided_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrols_switch"
        indexes: ClassVar = [models.Index(fields=["function", "path"], name="patrols_switch_by_place")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(function__in=FUNCTIONS), name="patrols_switch_known_function"),
            models.CheckConstraint(condition=Q(scene__in=SCENES), name="patrols_switch_known_scene"),
            models.CheckConstraint(condition=Q(state__in=SWITCH_STATES), name="patrols_switch_known_state"),
            models.CheckConstraint(condition=Q(document__regex=r"^\S(.{2,62})\S$"), name="patrols_switch_document"),
            models.CheckConstraint(condition=Q(expires__gt=F("begins"))
                                   & Q(expires__lte=F("begins") + LONGEST_SWITCH), name="patrols_switch_expires"),
            models.CheckConstraint(condition=~Q(approver=F("asked_by")), name="patrols_switch_another_approves"),
            models.CheckConstraint(
                condition=Q(state="asked", approver__isnull=True, decided_at__isnull=True)
                | (~Q(state="asked") & Q(approver__isnull=False, decided_at__isnull=False)),
                name="patrols_switch_approver"),
            models.CheckConstraint(condition=Q(state="ended", ended_at__isnull=False)
                                   | (~Q(state="ended") & Q(ended_at__isnull=True)), name="patrols_switch_ended_when"),
        ]


class Observation(Versioned):
    """What a spot check found of a worker in a post at a place; `duty` is the assignment observed."""

    patrol = models.ForeignKey(Patrol, models.PROTECT, null=True, related_name="observations", db_column="patrol")
    switch = models.ForeignKey(Switch, models.PROTECT, null=True, related_name="+", db_index=False, db_column="switch")
    observer = _person("observer")
    worker = _person("worker")
    duty = models.ForeignKey(Assignment, models.PROTECT, related_name="+", db_index=False, db_column="duty")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False, db_column="post")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, db_column="area")
    path = models.TextField(db_collation="C")
    outcome = models.TextField(choices=[(one, one) for one in OUTCOMES])
    grade = models.TextField(choices=[(one, one) for one in GRADES])
    witness = _person("witness", null=True)
    lon_e7 = models.IntegerField(null=True)
    lat_e7 = models.IntegerField(null=True)
    seen_at = models.DateTimeField()
    told_at = models.DateTimeField()
    contest_until = models.DateTimeField()
    state = models.TextField(choices=[(one, one) for one in OBSERVATION_STATES])
    contested_at = models.DateTimeField(null=True)
    decider = _person("decider", null=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "patrols_observation"
        indexes: ClassVar = [
            models.Index(fields=["worker", "-seen_at"], name="patrols_observation_of_worker"),
            models.Index(fields=["path", "-seen_at"], name="patrols_observation_by_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(worker=F("observer")), name="patrols_observation_not_of_oneself"),
            models.CheckConstraint(condition=Q(witness__isnull=True)
                                   | (~Q(witness=F("observer")) & ~Q(witness=F("worker"))),
                                   name="patrols_observation_third_person"),
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="patrols_observation_known_outcome"),
            models.CheckConstraint(condition=Q(state__in=OBSERVATION_STATES), name="patrols_observation_known_state"),
            models.CheckConstraint(
                condition=Q(grade="witnessed", witness__isnull=False)
                | Q(grade="placed", witness__isnull=True, lon_e7__isnull=False)
                | Q(grade="word", witness__isnull=True), name="patrols_observation_grade"),
            models.CheckConstraint(condition=Q(lon_e7__isnull=True, lat_e7__isnull=True)
                                   | Q(lon_e7__isnull=False, lat_e7__isnull=False), name="patrols_observation_point"),
            models.CheckConstraint(condition=Q(patrol__isnull=False, switch__isnull=True)
                                   | Q(patrol__isnull=True, switch__isnull=False), name="patrols_observation_ground"),
            models.CheckConstraint(condition=Q(contested_at__isnull=True)
                                   | Q(contested_at__lte=F("contest_until")), name="patrols_observation_in_time"),
            models.CheckConstraint(
                condition=Q(state="open", contested_at__isnull=True, decider__isnull=True, decided_at__isnull=True)
                | Q(state="contested", contested_at__isnull=False, decider__isnull=True, decided_at__isnull=True)
                | Q(state__in=["upheld", "struck"], contested_at__isnull=False, decider__isnull=False,
                    decided_at__isnull=False), name="patrols_observation_decided"),
            models.CheckConstraint(condition=Q(decider__isnull=True) | (~Q(decider=F("observer"))
                                   & ~Q(decider=F("worker")) & (Q(witness__isnull=True) | ~Q(decider=F("witness")))),
                                   name="patrols_observation_another_decides"),
        ]
