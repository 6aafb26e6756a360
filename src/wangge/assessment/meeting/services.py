"""The review meeting: a secretary's statement goes on file, once for each community and period."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery

from wangge.assessment.models import Pledge, Run
from wangge.assessment.running.queries import SHOWN, run
from wangge.base.clock import to_us
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.journal.models import Content
from wangge.kernel.journal.services import Act, append
from wangge.kernel.people.models import Person
from wangge.kernel.places.queries import area_by_code

VERB, SUBJECT = "pledge", "pledge"
LONGEST = 4000


@transaction.atomic
def give_pledge(*, run_id: UUID, area: str, words: str, by: Mandate) -> Pledge:
    """What the secretary of a community says about its standing. Needs `pledge` there; a person says it.

    Raises `InvalidInput` without words, `Conflict` before notice was given and where a statement is on file.
    """
    one: Run = run(run_id, by)
    place = area_by_code(area)
    by.require(VERB, place.path)
    if by.actor is None:
        raise Forbidden("A person gives a statement.", field="actor")
    if not words.strip() or len(words) > LONGEST:
        raise InvalidInput("Say something, in a few sentences.", field="words", value=f"{len(words)} characters",
                           expected=f"1 to {LONGEST} characters")
    if one.stage not in SHOWN or not place.path.startswith(one.area_path):
        raise Conflict("There is no such standing yet.", field="stage", value=one.stage, expected="after the notice")
    made = Pledge(id=new_id(), version=1, run=one, area_id=place.id, area_path=place.path, speaker=by.actor,
                  given_at=by.at)
    data = {"run": str(one.id), "path": place.path, "speaker": str(by.actor), "given_at": to_us(by.at)}
    append([Act(made.id, SUBJECT, "pledge", place.id, data, {"words": words.strip()})], by=by)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if "assessment_pledge_once" not in str(error):
            raise
        raise Conflict("A statement of this community is on file for the period.", field="area", value=area) from error
    return made


class Said(NamedTuple):
    """A statement on file, with its words and who spoke ('' after erasing)."""

    pledge: Pledge
    words: str
    speaker: str


def pledges(one: Run) -> list[Said]:
    """The statements on file for a run, in the order in which they were given. One statement."""
    words = Content.objects.filter(subject_id=OuterRef("id"), seq=1, field="words").values("value")[:1]
    speaker = Person.objects.filter(id=OuterRef("speaker")).values("name")[:1]
    rows = Pledge.objects.filter(run=one).select_related("area").order_by("given_at")
    found = rows.annotate(words=Subquery(words), speaker_name=Subquery(speaker))
    return [Said(row, row.words or "", row.speaker_name or "") for row in found]
