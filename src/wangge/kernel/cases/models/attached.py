"""What hangs on a case: the reports it was made from, its files, its search terms."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from wangge.base.ids import new_id
from wangge.kernel.cases.models.case import Case


class Report(models.Model):
    """One report that a case was made from (or that joined it). `key` is the sender's idempotency key.

    `request_digest` is a keyed digest of sender and body, so that a replay is told from a misuse without
    keeping either. `tracking_code` is 80 random bits in Crockford's base 32.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="reports")
    key = models.TextField(null=True)
    request_digest = models.BinaryField(null=True)
    tracking_code = models.TextField(null=True)
    channel = models.TextField()
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "cases_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key"], name="cases_report_key_once"),
            models.UniqueConstraint(fields=["tracking_code"], name="cases_report_code_once"),
        ]


class StoredFile(models.Model):
    """A file as kept: content-addressed by `digest_kept`; `digest_received` is of the bytes as sent.

    Unattached files have no case; `role` is near, far, reference, before, after or other. The id is the
    sender's, made before sending, so that sending twice is storing once.
    """

    id = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="files")
    seq = models.PositiveIntegerField(null=True)
    role = models.TextField(default="other")
    digest_received = models.TextField()
    digest_kept = models.TextField(null=True)
    media_type = models.TextField()
    bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    sender = models.TextField()
    stored_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "cases_file"
        indexes: ClassVar = [
            models.Index(fields=["digest_kept"], name="cases_file_by_digest"),
            models.Index(fields=["stored_at"], name="cases_file_loose", condition=Q(case__isnull=True)),
            models.Index(fields=["stored_at"], name="cases_file_attached", condition=Q(case__isnull=False)),
        ]


class SearchTerms(models.Model):
    """Bigrams of the masked text of a case. Erasing a case deletes its row."""

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="terms")
    terms = ArrayField(models.TextField())

    class Meta:
        db_table = "cases_search"
        indexes: ClassVar = [GinIndex(fields=["terms"], name="cases_search_terms")]
