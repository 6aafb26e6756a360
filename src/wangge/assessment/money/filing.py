"""Writes of what money needs on file: documents, and how people are employed and paid."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from wangge.assessment.models.money import DOCUMENT_KINDS, EMPLOYMENTS, Document, Employment
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, MalformedInput, NotFound, TooLarge
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.services import Act, append
from wangge.kernel.people.models import Person
from wangge.kernel.places.queries import area_by_code

FILE, KEEP = "file_basis", "keep_pay"
DOCUMENT, EMPLOYMENT = "basis", "employment"
MOST_BYTES = 10 * 1024 * 1024
LONGEST_NUMBER = 100
_BEGINS = {b"%PDF-": "application/pdf", b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png"}


class Pay(NamedTuple):
    """How a person is employed, and their pay of a quarter, the bonus in it and the floor, in fen."""

    person: UUID
    kind: str
    pay: int
    bonus: int
    floor: int


@transaction.atomic
def file_document(
    *, area: str, kind: str, number: str, content: bytes, by: Mandate, employment: str = ""
) -> Document:
    """Put a document on file; the content says what it is: PDF, JPEG or PNG.

    Raises `TooLarge`, `MalformedInput`, `InvalidInput`, `Conflict` where it is on file already.
    """
    place = area_by_code(area)
    by.require(FILE, place.path)
    _one_of("kind", kind, DOCUMENT_KINDS)
    if kind == "legal_basis":
        _one_of("employment", employment, EMPLOYMENTS)
    elif employment:
        raise InvalidInput("Only a legal basis is one for a class of employment.", field="employment",
                           value=employment, expected="nothing")
    if not number.strip() or len(number) > LONGEST_NUMBER:
        raise InvalidInput("A document has a number.", field="number", value=number,
                           expected=f"1 to {LONGEST_NUMBER} characters, as the policy names it")
    if len(content) > MOST_BYTES:
        raise TooLarge("The document is too large.", field="file", value=len(content), expected="at most 10 MB")
    media = next((known for begin, known in _BEGINS.items() if content.startswith(begin)), "")
    if not media:
        raise MalformedInput("This is no document.", field="file", expected="PDF, JPEG or PNG")
    made = Document(
        id=new_id(), version=1, area_id=place.id, area_path=place.path, kind=kind, number=number.strip(),
        employment=employment, media_type=media, content=content, digest=hashlib.sha256(content).hexdigest(),
        filed_at=by.at, filed_by=by.actor,
    )
    append([Act(made.id, DOCUMENT, "file", place.id, {
        "path": made.area_path, "kind": kind, "number": made.number, "employment": employment, "digest": made.digest,
        "filed_at": to_us(by.at), "filed_by": by.actor and str(by.actor),
    })], by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "assessment_document_once" not in str(error):
            raise
        raise Conflict("This document is on file.", field="number", value=number) from error
    return made


@transaction.atomic
def keep_pay(rows: Sequence[Pay], *, area: str, by: Mandate) -> int:
    """Record how people are employed and paid; what stands already as given is left alone. How many changed.

    Raises `InvalidInput` for amounts that do not fit one another, `NotFound` for a person.
    """
    place = area_by_code(area)
    by.require(KEEP, place.path)
    known = {one.person_id: one for one in Employment.objects.select_for_update(of=("self",)).filter(
        person__in=[row.person for row in rows])}
    missing = {row.person for row in rows} - set(
        Person.objects.filter(id__in=[row.person for row in rows]).values_list("id", flat=True))
    if missing:
        raise NotFound("There is no such person.", field="person", value=min(missing))
    changed = 0
    for row in rows:
        _one_of("employment", row.kind, EMPLOYMENTS)
        if not 0 <= row.bonus <= row.pay or not 0 <= row.floor <= row.pay:
            raise InvalidInput("Bonus and floor are parts of the pay.", field="pay", value=row.pay,
                               expected="fen, at least the bonus and the floor")
        old = known.get(row.person)
        given = (row.kind, row.pay, row.bonus, row.floor)
        if old is not None and (old.kind, old.pay, old.bonus, old.floor) == given:
            continue
        one = old or Employment(id=new_id(), version=0, person_id=row.person)
        one.area_id, one.area_path = place.id, place.path
        one.kind, one.pay, one.bonus, one.floor = given
        [written] = append([Act(one.id, EMPLOYMENT, "keep", place.id, {
            "person": str(row.person), "path": place.path, "kind": one.kind, "pay": one.pay, "bonus": one.bonus,
            "floor": one.floor,
        }, version=one.version)], by=by)
        one.version = written.seq
        one.save(force_insert=old is None, force_update=old is not None)
        changed += 1
    return changed


def _one_of(field: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        raise InvalidInput(f"There is no such {field}.", field=field, value=value,
                           expected="one of " + ", ".join(known))
