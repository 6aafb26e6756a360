"""Contests of findings, and rectifications. Invariants, held by the database:

- Whoever answers contests a finding once, within its time; one contest of a finding is open; another decides.
- A finding has one open rectification; its rounds are numbered. It is addressed to a post or to an organisation.
  Who reported it done does not check it. What was ordered stays (trigger).
- What people write is content of the journal, not here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.assessment.models import FindingRow
from wangge.inspections.lifecycle import CONTEST_STATES, OPEN, RECTIFICATION_STATES
from wangge.kernel.duties.models import Post
from wangge.kernel.journal.models import Versioned
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.models import Area


def _person(column: str) -> models.ForeignKey[Person | None, Person | None]:
    return models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", db_index=False, db_column=column)


class Contest(Versioned):
    """Somebody who answers for the place says that a finding is wrong, until `until`; one other person decides.

    `points` are the thousandths that are left of it where it was granted.
    """

    finding = models.ForeignKey(FindingRow, models.PROTECT, related_name="contests", db_column="finding")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, db_column="area")
    path = models.TextField(db_collation="C")
    contester = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, db_column="contester")
    filed_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.TextField(choices=[(one, one) for one in CONTEST_STATES])
    points = models.PositiveIntegerField(null=True)
    decider = _person("decider")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inspections_contest"
        indexes: ClassVar = [
            models.Index(fields=["path"], name="inspections_contest_open", condition=Q(state="open")),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding"], condition=Q(state="open"), name="inspections_contest_one_open"),
            models.UniqueConstraint(fields=["finding", "contester"], name="inspections_contest_once"),
            models.CheckConstraint(condition=Q(state__in=CONTEST_STATES), name="inspections_contest_known_state"),
            models.CheckConstraint(condition=Q(filed_at__lte=F("until")), name="inspections_contest_in_time"),
            models.CheckConstraint(condition=Q(decider__isnull=True) | ~Q(decider=F("contester")),
                                   name="inspections_contest_another_decides"),
            models.CheckConstraint(
                condition=Q(state="open", decider__isnull=True, decided_at__isnull=True, points__isnull=True)
                | Q(state="refused", decider__isnull=False, decided_at__isnull=False, points__isnull=True)
                | Q(state="granted", decider__isnull=False, decided_at__isnull=False, points__isnull=False),
                name="inspections_contest_decided"),
        ]


class Rectification(Versioned):
    """A round of putting right what was found: by whom (`post` held over the place, or `organisation`), until when."""

    finding = models.ForeignKey(FindingRow, models.PROTECT, related_name="rectifications", db_column="finding")
    round = models.PositiveSmallIntegerField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False, db_column="area")
    path = models.TextField(db_collation="C")
    post = models.ForeignKey(Post, models.PROTECT, null=True, related_name="+", db_index=False, db_column="post")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+", db_index=False, db_column="organisation"
    )
    ordered_by = _person("ordered_by")
    ordered_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.TextField(choices=[(one, one) for one in RECTIFICATION_STATES])
    done_by = _person("done_by")
    done_at = models.DateTimeField(null=True)
    checked_by = _person("checked_by")
    checked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "inspections_rectification"
        indexes: ClassVar = [
            models.Index(fields=["path", "due_at"], name="inspections_rectification_open", condition=Q(state__in=OPEN)),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["finding", "round"], name="inspections_rectification_round_once"),
            models.UniqueConstraint(fields=["finding"], condition=Q(state__in=OPEN),
                                    name="inspections_rectification_one_open"),
            models.CheckConstraint(condition=Q(state__in=RECTIFICATION_STATES),
                                   name="inspections_rectification_known_state"),
            models.CheckConstraint(condition=Q(round__gte=1), name="inspections_rectification_rounds"),
            models.CheckConstraint(condition=Q(post__isnull=True) ^ Q(organisation__isnull=True),
                                   name="inspections_rectification_addressed"),
            models.CheckConstraint(condition=Q(due_at__gt=F("ordered_at")), name="inspections_rectification_due"),
            models.CheckConstraint(condition=Q(checked_by__isnull=True) | ~Q(checked_by=F("done_by")),
                                   name="inspections_rectification_another_checks"),
            models.CheckConstraint(
                condition=Q(state="ordered", done_at__isnull=True, checked_at__isnull=True)
                | Q(state="reported", done_by__isnull=False, done_at__isnull=False, checked_at__isnull=True)
                | Q(state__in=["passed", "failed"], done_by__isnull=False, done_at__isnull=False,
                    checked_by__isnull=False, checked_at__isnull=False)
                | Q(state="dropped", checked_at__isnull=True), name="inspections_rectification_when"),
        ]
