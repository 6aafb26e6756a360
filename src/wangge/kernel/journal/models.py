"""The journal's tables. Invariants, held by the database:

- An entry is inserted once and never changed (trigger, and no right of the application's role).
- `(subject_id, seq)` is the key: one act is one entry per subject, a subject's version is its head `seq`.
- Erasable text lies in `Content`; the only change it allows is value and salt to NULL together.
- A seal covers ordinals; no two seals have the same number or cover the same ordinal.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from wangge.base.ids import new_id


class Entry(models.Model):
    """One act upon one subject. `actor`, `duty` and `area` are ids: an entry outlives what it names.

    `at` is when it happened, `recorded_at` when the server learned of it; `data` holds codes, ids and
    integers only, and under `content` the digest of each erasable field. `form` names the canonical form
    and the algorithm of `digest` (see `base.digests.FORMS`); `ordinal` is unique over all subjects.
    """

    pk = models.CompositePrimaryKey("subject_id", "seq")
    subject_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    subject_type = models.TextField()
    verb = models.TextField()
    actor = models.UUIDField(null=True)
    duty = models.UUIDField(null=True)
    area = models.UUIDField(null=True)
    channel = models.TextField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    form = models.SmallIntegerField()
    data = models.JSONField()
    previous_digest = models.BinaryField(null=True)
    digest = models.BinaryField()
    ordinal = models.BigIntegerField()

    class Meta:
        db_table = "journal_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["ordinal"], name="journal_entry_ordinal_once"),
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_entry_seq_from_one"),
            models.CheckConstraint(
                condition=models.Q(seq=1, previous_digest__isnull=True)
                | models.Q(seq__gt=1, previous_digest__isnull=False),
                name="journal_entry_chained",
            ),
        ]


class Content(models.Model):
    """Text that may be erased. Its entry keeps digest(salt‖value) under `data.content.<field>`."""

    pk = models.CompositePrimaryKey("subject_id", "seq", "field")
    subject_id = models.UUIDField()
    seq = models.PositiveIntegerField()
    field = models.TextField()
    value = models.TextField(null=True)
    salt = models.BinaryField(null=True)

    class Meta:
        db_table = "journal_content"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(value__isnull=True, salt__isnull=True)
                | models.Q(value__isnull=False, salt__isnull=False),
                name="journal_content_whole_or_erased",
            ),
        ]


class Seal(models.Model):
    """A Merkle root over every committed entry that no earlier seal covers, chained to the last seal.

    `covers` is an int8multirange of ordinals, no two of which overlap (exclusion constraint by migration);
    `count` the number of entries; `marks` the first bytes of each entry's digest in ordinal order, which
    tell *which* entry was rewritten when the root no longer fits; `digest` covers all other fields and is
    what one prints or posts.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    form = models.SmallIntegerField()
    covers = models.TextField()
    count = models.BigIntegerField()
    root = models.BinaryField()
    marks = models.BinaryField()
    previous_digest = models.BinaryField(null=True)
    digest = models.BinaryField()

    class Meta:
        db_table = "journal_seal"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(number=1, previous_digest__isnull=True)
                | models.Q(number__gt=1, previous_digest__isnull=False),
                name="journal_seal_chained",
            ),
        ]


class Versioned(models.Model):
    """A subject whose version is the head of its journal chain.

    Give the table its deferrable key by `migrating.versioned_key(table)`: no change without its entry,
    no cut tail. Being a subclass is all it takes for `verify` to compare the table with the heads and for
    `erase` to move `version` along with the entry it writes.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.PositiveIntegerField()

    class Meta:
        abstract = True
