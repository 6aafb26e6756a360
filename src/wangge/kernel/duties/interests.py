"""Declared relations of people to organisations (须回避的关系): put on record, ended, read for a moment.

A relation is a code, never a story: who is whose kin is nobody's business here. Whoever fills a person's posts keeps
them, and may do so only for people whose duties all lie on the own ground.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.conflicts import Interest
from wangge.kernel.duties.models import INTERESTS, DeclaredInterest
from wangge.kernel.journal.services import Act, append
from wangge.kernel.people.access import require_over
from wangge.kernel.people.models import Organisation, Person

SUBJECT = "interest"


@transaction.atomic
def declare(*, person: UUID, organisation: UUID, kind: str, by: Mandate) -> DeclaredInterest:
    """From now on the person is bound to the organisation.

    Raises `InvalidInput`, `NotFound`, `Forbidden`, `Conflict` where it is declared already.
    """
    _over(by, person)
    if kind not in INTERESTS:
        raise InvalidInput("There is no such relation.", field="relation", value=kind,
                           expected="one of " + ", ".join(INTERESTS))
    for field, model, given in (("person", Person, person), ("organisation", Organisation, organisation)):
        if not model.objects.filter(id=given).exists():
            raise NotFound(f"There is no such {field}.", field=field, value=given)
    made = DeclaredInterest(id=new_id(), version=1, person_id=person, organisation_id=organisation, kind=kind,
                            since=by.at)
    data = {"person": str(person), "organisation": str(organisation), "kind": kind, "since": to_us(by.at)}
    append([Act(made.id, SUBJECT, "declare", None, data)], by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict("This relation is declared already.", field="relation", value=kind) from error
    return made


@transaction.atomic
def end(*, interest: UUID, by: Mandate) -> DeclaredInterest:
    """The relation has ended. Ending twice changes nothing. Raises `NotFound`, `Forbidden`."""
    row = DeclaredInterest.objects.select_for_update(of=("self",)).filter(id=interest).first()
    if row is None:
        raise NotFound("There is no such relation.", field="relation", value=interest)
    _over(by, row.person_id)
    if row.until is None:
        row.until = by.at
        act = Act(row.id, SUBJECT, "end_interest", None, {"until": to_us(by.at)}, version=row.version)
        [written] = append([act], by=by)
        row.version = written.seq
        row.save(force_update=True)
    return row


def interests_at(at: datetime) -> list[Interest]:
    """The relations that last at a moment. One statement."""
    rows = DeclaredInterest.objects.filter(Q(until__isnull=True) | Q(until__gt=at), since__lte=at)
    return [Interest(one.id, one.person_id, one.organisation_id, one.kind) for one in rows.order_by("id")]


def _over(by: Mandate, person: UUID) -> None:
    require_over(by, "manage_duties" if "manage_duties" in by.may else "hand_over", person)
