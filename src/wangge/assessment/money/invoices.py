"""Contractors' invoices: entered by one, approved by another with what the contract lets deduct, paid.

A deduction never exceeds what posted periods charged the contractor and nothing took yet. What is owed to the
contractor is an account; a payment brings it back to nothing.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Sum

from wangge.assessment.models import Run, StatementLine
from wangge.assessment.models.money import Invoice
from wangge.assessment.running import books
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.ledger import services as ledger
from wangge.kernel.ledger.models import Account, Leg
from wangge.kernel.ledger.rules import LARGEST, Line
from wangge.kernel.ledger.services import NewAccount, open_accounts
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.models import Area

ENTER, APPROVE = "enter_invoice", "approve_invoice"
SUBJECT = "invoice"
PAYABLE = "payable"


@transaction.atomic
def enter_invoice(*, organisation: str, area: str, number: str, fen: int, by: Mandate) -> Invoice:
    """A contractor's bill goes on record. Raises `NotFound`, `InvalidInput`, `Conflict` for a number that stands."""
    unit = Organisation.objects.filter(code=organisation).first()
    place = Area.objects.filter(code=area).first()
    if unit is None or place is None:
        raise NotFound("There is no such organisation or area.", field="organisation" if unit is None else "area",
                       value=organisation if unit is None else area)
    by.require(ENTER, place.path)
    if not 0 < fen <= LARGEST or not number.strip() or len(number) > 64:
        raise InvalidInput("An invoice has a number and an amount.", field="fen", value=fen,
                           expected="fen above 0, and a number of at most 64 characters")
    made = Invoice(id=new_id(), version=1, organisation=unit, area=place, area_path=place.path, number=number.strip(),
                   fen=fen, state="entered", entered_by=by.actor, entered_at=by.at)
    append([Act(made.id, SUBJECT, "enter", place.id, {
        "organisation": str(unit.id), "path": place.path, "number": made.number, "fen": fen,
        "entered_by": by.actor and str(by.actor), "entered_at": to_us(by.at),
    })], by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "assessment_invoice_number_once" not in str(error):
            raise
        raise Conflict("This invoice is on record.", field="number", value=number) from error
    return made


@transaction.atomic
def approve_invoice(*, invoice: UUID, expected_version: int, by: Mandate, deducted: int = 0) -> Invoice:
    """Somebody else approves it, with what is deducted: at most what charges are open. The rest is owed.

    Raises `Conflict` where who entered it approves, `InvalidInput` for a deduction beyond what is open.
    """
    one = _locked(invoice, expected_version, by=by)
    _state(one, "entered")
    if by.actor is None or by.actor == one.entered_by:
        raise Conflict("An invoice is approved by a person who did not enter it.", field="approver", value=by.actor)
    most = min(one.fen, open_charges(one.organisation_id, one.area_path))
    if not 0 <= deducted <= most:
        raise InvalidInput("No more is deducted than charges are open.", field="deducted", value=deducted,
                           expected=f"0 to {most} fen")
    one.state, one.approved_by, one.deducted = "approved", by.actor, deducted
    if one.fen > deducted:
        owed, other = payable(one, by=by), books.counter(one.area, "cny", by=by)
        amount = one.fen - deducted
        ledger.post(key=f"invoice/{one.id}/owed", lines=[Line(owed.id, amount), Line(other.id, -amount)], by=by)
    return _advance(one, "approve", {"approved_by": str(by.actor), "deducted": deducted}, by=by)


@transaction.atomic
def pay_invoice(*, invoice: UUID, expected_version: int, by: Mandate) -> Invoice:
    """What was owed is paid: once, whatever is pressed twice."""
    one = _locked(invoice, expected_version, by=by)
    _state(one, "approved")
    if one.fen > one.deducted:
        owed, other = payable(one, by=by), books.counter(one.area, "cny", by=by)
        amount = one.fen - one.deducted
        ledger.post(key=f"invoice/{one.id}/paid", lines=[Line(owed.id, -amount), Line(other.id, amount)], by=by)
    one.state, one.paid_at = "paid", by.at
    return _advance(one, "pay", {"paid_at": to_us(by.at)}, by=by)


@transaction.atomic
def refuse_invoice(*, invoice: UUID, expected_version: int, by: Mandate) -> Invoice:
    """It is not owed."""
    one = _locked(invoice, expected_version, by=by)
    _state(one, "entered")
    one.state = "refused"
    return _advance(one, "refuse", {}, by=by)


def open_charges(organisation: UUID, area_path: str) -> int:
    """What posted periods of modes that take money charged a contractor, less what was taken or deducted; in fen."""
    runs = Run.objects.filter(area_path__startswith=area_path, stage="posted").exclude(policy__mode="points")
    charged = taken = 0
    for run in runs:
        charged += StatementLine.objects.filter(run=run, revision=run.revision, holder=organisation).aggregate(
            sum=Sum("fen"))["sum"] or 0
        taken -= Leg.objects.filter(
            account__owner=organisation, account__purpose__in=[books.DEPOSIT, books.FUNDS],
            posting__in=books.standing(f"run/{run.id}/"),
        ).aggregate(sum=Sum("amount"))["sum"] or 0
    deducted = Invoice.objects.filter(organisation=organisation, state__in=["approved", "paid"]).aggregate(
        sum=Sum("deducted"))["sum"] or 0
    return max(0, charged - taken - deducted)


def payable(one: Invoice, *, by: Mandate) -> Account:
    """The account of what is owed to a contractor."""
    found = Account.objects.filter(owner=one.organisation_id, purpose=PAYABLE, unit="cny").first()
    return found or open_accounts(
        [NewAccount("organisation", one.organisation_id, PAYABLE, "cny", one.area.code, 0)], by=by)[0]


def _locked(invoice: UUID, expected_version: int, *, by: Mandate) -> Invoice:
    one = Invoice.objects.select_for_update(of=("self",)).select_related("area").filter(id=invoice).first()
    if one is None:
        raise NotFound("There is no such invoice.", field="invoice", value=invoice)
    by.require(APPROVE, one.area_path)
    if one.version != expected_version:
        raise Moved("The invoice has moved on.", field="expected_version", value=expected_version,
                    expected=str(one.version), extra={"present": {"version": one.version, "state": one.state}})
    return one


def _state(one: Invoice, expected: str) -> None:
    if one.state != expected:
        raise Conflict(f"This invoice is {one.state}.", field="state", value=one.state, expected=expected)


def _advance(one: Invoice, verb: str, data: dict[str, Any], *, by: Mandate) -> Invoice:
    [written] = append([Act(one.id, SUBJECT, verb, one.area_id, data, version=one.version)], by=by)
    one.version = written.seq
    one.save(force_update=True, update_fields=["version", "state", "approved_by", "deducted", "paid_at"])
    return one
