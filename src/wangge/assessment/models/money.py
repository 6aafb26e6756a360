"""What money needs on file: documents, employment and pay, contractors' invoices. Held by the database:

- A document is never changed or deleted; `digest` is the SHA-256 of its bytes.
- Pay has a floor not above itself, and the bonus is a part of the pay.
- An invoice is approved by somebody who did not enter it; what is deducted is a part of it.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from wangge.kernel.journal.models import Versioned
from wangge.kernel.people.models import Organisation, Person
from wangge.kernel.places.models import Area

DOCUMENT_KINDS = ("legal_basis", "consultation", "publication")
EMPLOYMENTS = ("civil_servant", "institution", "cadre", "contract", "dispatched", "other")
BARRED = ("contract", "dispatched")
"""Labour Contract Law art. 9: nobody under a labour contract gives a guarantee, dispatched workers neither."""
INVOICE_STATES = ("entered", "approved", "paid", "refused")


class Document(Versioned):
    """A document on file for a policy that takes money. `number` is the one that the policy names as its `basis`;
    a legal basis is one for a class of employment."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    kind = models.TextField(choices=[(kind, kind) for kind in DOCUMENT_KINDS])
    number = models.TextField()
    employment = models.TextField(blank=True, default="")
    media_type = models.TextField()
    content = models.BinaryField()
    digest = models.TextField()
    filed_at = models.DateTimeField()
    filed_by = models.UUIDField(null=True)

    class Meta:
        db_table = "assessment_document"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["area", "kind", "number", "employment"],
                                    name="assessment_document_once"),
            models.CheckConstraint(condition=Q(kind__in=DOCUMENT_KINDS), name="assessment_document_known_kind"),
            models.CheckConstraint(
                condition=Q(kind="legal_basis", employment__in=EMPLOYMENTS)
                | (~Q(kind="legal_basis") & Q(employment="")),
                name="assessment_document_basis_of_a_class",
            ),
        ]


class Employment(Versioned):
    """How somebody is employed, and their pay of a quarter in fen: all of it, the performance bonus within it, and the
    floor below which it must never fall. Kept by who keeps pay; everybody sees their own."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", db_column="person")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    kind = models.TextField(choices=[(kind, kind) for kind in EMPLOYMENTS])
    pay = models.PositiveBigIntegerField()
    bonus = models.PositiveBigIntegerField()
    floor = models.PositiveBigIntegerField()

    class Meta:
        db_table = "assessment_employment"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person"], name="assessment_employment_once"),
            models.CheckConstraint(condition=Q(kind__in=EMPLOYMENTS), name="assessment_employment_known_kind"),
            models.CheckConstraint(condition=Q(bonus__lte=F("pay"), floor__lte=F("pay")),
                                   name="assessment_employment_parts_of_pay"),
        ]


class Invoice(Versioned):
    """What a contractor bills, in fen, with what is deducted under the contract for charges of posted periods."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", db_column="organisation")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_column="area")
    area_path = models.TextField(db_collation="C")
    number = models.TextField()
    fen = models.PositiveBigIntegerField()
    deducted = models.PositiveBigIntegerField(default=0)
    state = models.TextField(choices=[(state, state) for state in INVOICE_STATES])
    entered_by = models.UUIDField(null=True)
    approved_by = models.UUIDField(null=True)
    entered_at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "assessment_invoice"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "number"], name="assessment_invoice_number_once"),
            models.CheckConstraint(condition=Q(state__in=INVOICE_STATES), name="assessment_invoice_known_state"),
            models.CheckConstraint(condition=Q(deducted__lte=F("fen")), name="assessment_invoice_deducted_within"),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "paid"])
                | (Q(approved_by__isnull=False) & (Q(entered_by__isnull=True) | ~Q(approved_by=F("entered_by")))),
                name="assessment_invoice_approved_by_another",
            ),
        ]
