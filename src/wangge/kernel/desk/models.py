"""What is kept at the desk. Invariants held by the database: own or shared, never both; one of a name; a shift is
taken over by another person, after it was closed."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from wangge.base.ids import new_id
from wangge.kernel.journal.models import Versioned

SUBJECT = "kept"
SHIFT = "shift"
KINDS = ("view", "reply")


class Kept(Versioned):
    """A view or a standard reply. `text` is the view's name or the reply's words (content of its last entry); `filter`
    the view's conditions as the query of an address; `act` the act that the reply is for.

    Own: `owner`. Shared: `area` with its path, and `post` where only that post is meant.
    """

    kind = models.TextField(choices=[(kind, kind) for kind in KINDS])
    owner = models.ForeignKey("people.Account", models.PROTECT, null=True, related_name="+", db_index=False)
    post = models.ForeignKey("duties.Post", models.PROTECT, null=True, related_name="+", db_index=False)
    area = models.ForeignKey("places.Area", models.PROTECT, null=True, related_name="+", db_index=False)
    area_path = models.TextField(blank=True, default="", db_collation="C")
    act = models.TextField(blank=True, default="")
    text = models.TextField()
    filter = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "desk_kept"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="desk_kept_known_kind"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False, area__isnull=True, post__isnull=True, area_path="")
                | Q(owner__isnull=True, area__isnull=False),
                name="desk_kept_own_or_shared",
            ),
            models.CheckConstraint(
                condition=Q(kind="view", act="") | (Q(kind="reply", filter="") & ~Q(act="")),
                name="desk_kept_of_its_kind",
            ),
            models.UniqueConstraint(
                fields=["kind", "owner", "area", "post", "act", "text"],
                condition=Q(active=True),
                nulls_distinct=False,
                name="desk_kept_once",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["area_path"], name="desk_kept_shared", condition=Q(active=True, owner__isnull=True)),
        ]


class Layout(models.Model):
    """The columns of the list that an account looks at, in their order."""

    account = models.OneToOneField("people.Account", models.CASCADE, primary_key=True, related_name="+")
    columns = ArrayField(models.TextField())

    class Meta:
        db_table = "desk_layout"


class Shift(Versioned):
    """A shift that was given over: the post and ground it was about, the time, and `facts` as they stood at its end.

    `facts`: `came` (source → cases that came in), `open` ([organisation, post, state, cases, late] each), `late` (the
    numbers of the cases that were late, the longest first), `waits` (kind → cases). The note is content of its entry.
    """

    area = models.ForeignKey("places.Area", models.PROTECT, related_name="+", db_index=False)
    area_path = models.TextField(db_collation="C")
    post = models.ForeignKey("duties.Post", models.PROTECT, related_name="+", db_index=False)
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    giver = models.ForeignKey("people.Person", models.PROTECT, related_name="+", db_index=False)
    taker = models.ForeignKey("people.Person", models.PROTECT, null=True, related_name="+", db_index=False)
    taken_at = models.DateTimeField(null=True)
    facts = models.JSONField()

    class Meta:
        db_table = "desk_shift"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(ends__gt=F("begins")), name="desk_shift_lasts"),
            models.CheckConstraint(
                condition=Q(taker__isnull=True, taken_at__isnull=True)
                | (Q(taker__isnull=False, taken_at__gte=F("ends")) & ~Q(taker=F("giver"))),
                name="desk_shift_taken_by_another",
            ),
            models.UniqueConstraint(fields=["area", "post", "begins"], name="desk_shift_begins_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["area", "post", "-ends"], name="desk_shift_latest")]


STATES = ("waiting", "running", "done", "failed")


class Import(models.Model):
    """A long file that is taken in behind the page. `content` is kept until it is worked; what came of it for a week.

    `begun`: how often a worker began it. `done` of `total` rows are worked. `told` are counts by sheet, `refused` the
    rows that were not taken, `options` what the file needs beside itself. Not a subject: each row that it changes is an
    entry of its own, by the duty under which it was sent.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey("people.Account", models.CASCADE, related_name="+", db_index=False)
    duty = models.UUIDField()
    kind = models.TextField()
    name = models.TextField()
    language = models.TextField()
    options = models.JSONField(default=dict)
    content = models.BinaryField(null=True)
    size = models.PositiveIntegerField()
    state = models.TextField(choices=[(state, state) for state in STATES], default="waiting")
    begun = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    told = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    more_refused = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_import"
        indexes: ClassVar = [models.Index(fields=["account", "-sent_at"], name="desk_import_own")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="desk_import_known_state"),
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "running"), content__isnull=False, ended_at__isnull=True)
                | Q(state__in=("done", "failed"), content__isnull=True, ended_at__isnull=False),
                name="desk_import_file_until_worked",
            ),
        ]
