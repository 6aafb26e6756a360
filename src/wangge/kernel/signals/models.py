"""Signals that somebody settled, and thresholds that an area sets. A signal itself is never stored: it is asked.

Invariants held by the database: a signal is settled in one row, whose version is the head of its entries; an outcome
is a known one, and only what was passed on has a task; a threshold lies within its bounds and stands once an area.
Words of people are content of the entries.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import ClassVar

from django.db import models
from django.db.models import Q

from wangge.kernel.journal.models import Versioned
from wangge.kernel.signals.kinds import KINDS, THRESHOLDS

SUBJECT, THRESHOLD_SUBJECT = "signal", "signal_threshold"
OUTCOMES = ("looked", "explained", "passed")
"""看过、有说明、已交办."""


class Settled(Versioned):
    """What somebody made of a signal. It stays away until it has evidence later than `latest`."""

    kind = models.TextField()
    key = models.TextField()
    path = models.TextField(db_collation="C")
    latest = models.DateTimeField()
    outcome = models.TextField(choices=[(one, one) for one in OUTCOMES])
    person = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False, db_column="person")
    post = models.TextField()
    at = models.DateTimeField()
    task = models.ForeignKey("tasks.Task", models.PROTECT, null=True, related_name="+", db_index=False,
                             db_column="task")

    class Meta:
        db_table = "signals_settled"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="signals_settled_once"),
            models.CheckConstraint(condition=Q(kind__in=list(KINDS)), name="signals_settled_known_kind"),
            models.CheckConstraint(
                condition=Q(outcome__in=["looked", "explained"], task__isnull=True)
                | Q(outcome="passed", task__isnull=False),
                name="signals_settled_outcome",
            ),
        ]


_BOUNDS = reduce(or_, (Q(name=name, value__range=(one.least, one.most)) for name, one in THRESHOLDS.items()))


class SetThreshold(Versioned):
    """A threshold of an area and all below it; the nearest area's wins. One that is not `active` sets nothing."""

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+", db_index=False, db_column="area")
    name = models.TextField()
    value = models.PositiveIntegerField()
    active = models.BooleanField()

    class Meta:
        db_table = "signals_threshold"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "name"], name="signals_threshold_once"),
            models.CheckConstraint(condition=_BOUNDS, name="signals_threshold_bounds"),
        ]
