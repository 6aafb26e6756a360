"""Tasks. Invariants held by the database: one addressee; a task that ended says when; states change along the table
(a trigger); a sender's key makes one task. Words of people are content of the task's entries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.journal.models import Versioned
from wangge.kernel.tasks.lifecycle import ENDED, HELD, OPEN, Kind, State

SUBJECT = "task"
_OPEN = Q(state__in=[state.value for state in OPEN])


class Task(Versioned):
    """A directive or a call (see `state.TaskState` for what each column says)."""

    number = models.TextField()
    kind = models.TextField()
    state = models.TextField(choices=[(state.value, state.value) for state in State])
    case = models.ForeignKey("cases.Case", models.PROTECT, null=True, related_name="+", db_index=False,
                             db_column="case")
    area = models.ForeignKey("places.Area", models.PROTECT, null=True, related_name="+", db_index=False,
                             db_column="area")
    path = models.TextField(db_collation="C")
    organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+", db_index=False,
                                     db_column="organisation")
    post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+", db_index=False,
                             db_column="post")
    post_path = models.TextField(null=True, db_collation="C")
    from_person = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False,
                                    db_column="from_person")
    from_post = models.TextField()
    from_path = models.TextField(db_collation="C")
    from_organisation = models.ForeignKey("people.Organisation", models.PROTECT, null=True, related_name="+",
                                          db_index=False, db_column="from_organisation")
    key = models.UUIDField(null=True)
    issued_at = models.DateTimeField()
    due_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    replied_at = models.DateTimeField(null=True)
    replier = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False,
                                db_column="replier")
    ended_at = models.DateTimeField(null=True)
    overdue_since = models.DateTimeField(null=True)
    overdues = models.PositiveSmallIntegerField(default=0)
    reminders = models.PositiveSmallIntegerField(default=0)
    returns = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "tasks_task"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["number"], name="tasks_task_number_once"),
            models.UniqueConstraint(fields=["key"], name="tasks_task_key_once"),
            models.CheckConstraint(condition=Q(kind__in=[kind.value for kind in Kind]), name="tasks_task_known_kind"),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in State]), name="tasks_task_known_state"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, post__isnull=False, post_path__isnull=False)
                | Q(organisation__isnull=False, post__isnull=True, post_path__isnull=True),
                name="tasks_task_one_addressee",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in ENDED], ended_at__isnull=False)
                | (_OPEN & Q(ended_at__isnull=True)),
                name="tasks_task_ended_when",
            ),
            models.CheckConstraint(condition=Q(due_at__gt=F("issued_at")), name="tasks_task_due_after_issue"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["path", "-issued_at", "-id"], name="tasks_task_by_place"),
            models.Index(fields=["-issued_at", "-id"], name="tasks_task_newest"),
            models.Index(fields=["post", "post_path"], name="tasks_task_to_post"),
            models.Index(fields=["organisation"], name="tasks_task_to_unit", condition=Q(organisation__isnull=False)),
            models.Index(fields=["from_post", "from_path"], name="tasks_task_from"),
            models.Index(fields=["case"], name="tasks_task_of_case", condition=Q(case__isnull=False)),
            models.Index(
                fields=["due_at"],
                name="tasks_task_falls_due",
                condition=Q(state__in=[state.value for state in HELD], overdue_since__isnull=True),
            ),
        ]
