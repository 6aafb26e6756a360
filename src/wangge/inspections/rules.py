"""Who may contest, decide, do and check: pure. Each refusal names what would be right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from wangge.assessment.models import FindingRow
from wangge.base.errors import Conflict, Forbidden
from wangge.base.mandate import Mandate
from wangge.inspections.answering import Answering, answers, people
from wangge.kernel.duties.partaking import Partaking


def check_counts(one: FindingRow) -> None:
    """Raise `Conflict` for a finding that counts no more: there is nothing to contest or to put right."""
    if one.void or one.merged_into_id:
        raise Conflict("This finding counts no more.", field="finding", value=f"{one.source}/{one.ref}",
                       expected="one that is neither void nor a duplicate")


def check_contest(found: Sequence[Answering], until: datetime, moment: datetime, by: Mandate) -> UUID:
    """Raise unless the actor answered for the place then and is in time; the actor."""
    if by.actor is None or not answers(found, by):
        raise Forbidden("Only who answered for the place on that day contests it.", field="action",
                        value="contest_finding", expected="a holder of one of the posts that answer for it")
    if moment > until:
        raise Conflict("The three working days for contesting it are over.", field="action", value="contest_finding",
                       expected=f"until {until.isoformat()}")
    return by.actor


def check_decider(
    found: Sequence[Answering], who: Partaking, path: str, moments: Sequence[datetime], others: dict[str, UUID | None]
) -> None:
    """Raise `Conflict` unless this person has no part in it: neither one of the `others` (by what is said of each), nor
    answering for the place on that day or now, nor bound to who works there."""
    for said, person in others.items():
        if who.person == person:
            raise Conflict(said, field="person", value=who.person, expected="somebody who has no part in it")
    part = "answers" if who.person in people(found) else next(
        (part for at in moments if (part := who.why(path, at))), "")
    if part:
        raise Conflict(PARTS[part], field="person", value=who.person, expected="somebody who has no part in it")


PARTS = {
    "answers": "Nobody decides on what they answer for themselves.",
    "bound": "Nobody decides where an organisation works to which they declared a relation.",
}


def check_person(by: Mandate) -> UUID:
    """The person who acts. Raises `Forbidden` where nobody is named."""
    if by.actor is None:
        raise Forbidden("A person does this.", field="actor", expected="somebody who is signed in")
    return by.actor


def addressed(post: str | None, organisation: UUID | None, path: str, by: Mandate) -> bool:
    """Whether a rectification is the actor's: their organisation's, or their post's over the place."""
    if organisation is not None:
        return by.organisation == organisation
    return post == by.post and path.startswith(by.scope_path)
