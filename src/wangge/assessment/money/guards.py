"""How much money may be taken of whom, whatever a policy says. Sources of the rules:

- Deposits: Labour Contract Law art. 9 bars any guarantee or property taken from workers under contract; each other
  class of employment needs its own legal basis on file.
- Performance pay: never so that what is paid falls below the floor that is on file, and never more than the bonus.
- Who has no record of employment and pay is not charged money at all. Contractors: under their contract, by invoice.
- A policy that takes money takes effect only with its legal basis, consultation and publication on file.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from django.db.models import Sum

from wangge.assessment.core.clauses import MoneyPerUnit
from wangge.assessment.core.policy import Policy
from wangge.assessment.models import PolicyVersion, Run
from wangge.assessment.models.money import BARRED, DOCUMENT_KINDS, Document, Employment
from wangge.assessment.policies.queries import stated
from wangge.assessment.running.books import WITHHELD, Holder
from wangge.base.errors import Conflict
from wangge.kernel.ledger.models import Leg
from wangge.kernel.places.queries import ancestors


class Limit(NamedTuple):
    """At most so many fen, and why (a code of `LIMITS`)."""

    most: int
    code: str


LIMITS = ("contract_employee", "no_basis", "no_pay_record", "pay_floor", "no_deposit", "deposit_empty", "by_contract")
UNKNOWN = Limit(0, "no_pay_record")


def check_mode(one: PolicyVersion) -> None:
    """Points only takes effect as it is; the modes that take money need their documents on file. Raises `Conflict`."""
    if one.mode == "points":
        return
    basis = _basis(stated(one.body))
    found = set(Document.objects.filter(area_path__in=ancestors(one.area_path), number=basis).values_list(
        "kind", flat=True))
    if lacking := [kind for kind in DOCUMENT_KINDS if kind not in found]:
        raise Conflict("This mode of money needs its legal basis, consultation and publication on file.", field="mode",
                       value=one.mode, expected=f"documents of number {basis}: {', '.join(lacking)}")


def limits(run: Run, holders: Collection[Holder]) -> dict[UUID, Limit]:
    """The limits of these holders in the mode of the run's policy; who is not in it has none of its own."""
    people = [one.id for one in holders if one.kind == "person"]
    kept = {one.person_id: one for one in Employment.objects.filter(person__in=people)}
    if run.policy.mode == "deposit":
        based = set(Document.objects.filter(
            area_path__in=ancestors(run.area_path), kind="legal_basis", number=_basis(stated(run.policy.body)),
        ).values_list("employment", flat=True))
        found = {person: _deposit(kept.get(person), based) for person in people}
        return {person: limit for person, limit in found.items() if limit is not None}
    taken = _withheld(run, people)
    bounds = {person: _pay(kept.get(person), taken.get(person, 0)) for person in people}
    return bounds | {one.id: Limit(0, "by_contract") for one in holders if one.kind == "organisation"}


def _basis(policy: Policy) -> str:
    money = policy.one(MoneyPerUnit)
    return money.basis if money else ""


def _deposit(kept: Employment | None, based: set[str]) -> Limit | None:
    if kept is None:
        return UNKNOWN
    if kept.kind in BARRED:
        return Limit(0, "contract_employee")
    return None if kept.kind in based else Limit(0, "no_basis")


def _pay(kept: Employment | None, taken: int) -> Limit:
    if kept is None:
        return UNKNOWN
    return Limit(max(0, min(kept.bonus, kept.pay - kept.floor) - taken), "pay_floor")


def _withheld(run: Run, people: Collection[UUID]) -> dict[UUID, int]:
    """What other runs of the same period withheld already, and this one, of these people; in fen."""
    keys = [f"run/{one}/" for one in Run.objects.filter(period=run.period, stage__in=["final", "posted"]).values_list(
        "id", flat=True)]
    found: dict[UUID, int] = {}
    for key in keys:
        rows = Leg.objects.filter(
            posting__key__startswith=key, posting__kind="post", posting__reversals__isnull=True,
            account__purpose=WITHHELD, account__owner__in=list(people),
        ).values("account__owner").annotate(sum=Sum("amount"))
        for row in rows:
            found[row["account__owner"]] = found.get(row["account__owner"], 0) - row["sum"]
    return found
