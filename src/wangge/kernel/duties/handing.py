"""Handing over a post (交接): one holder leaves at a moment, the next comes at it, and what is open goes along.

The moment may lie ahead; then both ranges are dated now and nothing waits for a job. It never lies in the past: what
was recorded wrongly is corrected (`services.correct_assignment`), which a handover is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.duties.models import Assignment
from wangge.kernel.duties.services import NewDuty, assign_many, end_assignment, lock_duty

MOST_CASES = 500
"""So many open cases are named in the entry of a handover; the rest follow the post like these."""
MOST_NOTE = 1000


class Leave(NamedTuple):
    """A person's absence from a post, and who stands in, None where nobody was named."""

    absent: Assignment
    acting: Assignment | None


def hand_over(
    *, duty: UUID, to: UUID, at: datetime, by: Mandate, note: str = "", cases: Sequence[UUID] = ()
) -> Assignment:
    """The post of a duty goes to the person `to` at `at`; returns the new duty.

    A regular holder is followed by a regular one, an acting one by an acting one for the time that was left. `cases`
    are the open cases that go along, for the record. Raises `InvalidInput`, `Forbidden`, `Conflict`.
    """
    check_note(note)
    with transaction.atomic():
        held = lock_duty(duty, by=by)
        if held.kind == "leave":
            raise InvalidInput("A leave is not handed over.", field="duty", value=duty, expected="a duty that is held")
        if held.person_id == to:
            raise InvalidInput("Who leaves and who comes are the same person.", field="to", value=to,
                               expected="another person")
        _ahead(at, by)
        until = held.valid.upper
        end_assignment(assignment=duty, at=at, by=by)
        row = NewDuty(
            held.post_id, held.area.code, at, to, held.organisation_id, held.kind, until, takes_over=duty,
            cases=tuple(cases[:MOST_CASES]), note=note.strip(),
        )
        [made] = assign_many([row], by=by)
    return made


def take_leave(
    *, duty: UUID, since: datetime, until: datetime, by: Mandate, stand_in: UUID | None = None, note: str = ""
) -> Leave:
    """The holder is absent from the post in [since, until); `stand_in` acts meanwhile.

    Raises `InvalidInput`, `Forbidden`, `Conflict` where a leave stands in that time already.
    """
    check_note(note)
    with transaction.atomic():
        held = lock_duty(duty, by=by)
        if held.kind != "regular" or held.person_id is None:
            raise InvalidInput("Only a person who holds the post regularly goes on leave.", field="duty", value=duty,
                               expected="a regular holder")
        if stand_in == held.person_id:
            raise InvalidInput("Nobody stands in for themselves.", field="stand_in", value=stand_in,
                               expected="another person")
        _ahead(since, by)
        area = held.area.code
        rows = [NewDuty(held.post_id, area, since, held.person_id, None, "leave", until, note=note.strip())]
        if stand_in is not None:
            rows.append(NewDuty(held.post_id, area, since, stand_in, held.organisation_id, "acting", until))
        made = assign_many(rows, by=by)
    return Leave(made[0], made[1] if stand_in is not None else None)


def duty_of(assignment: UUID) -> Assignment:
    """A duty as it stands. Raises `NotFound`."""
    found = Assignment.objects.select_related("area", "person").filter(id=assignment).first()
    if found is None:
        raise NotFound("There is no such duty.", field="duty", value=assignment)
    return found


def check_note(note: str) -> None:
    """Raise `InvalidInput` for a note that cannot be kept."""
    if len(note) > MOST_NOTE or "\0" in note:
        raise InvalidInput("The note is too long.", field="note", expected=f"at most {MOST_NOTE} characters")


def _ahead(at: datetime, by: Mandate) -> None:
    if at < by.at:
        raise InvalidInput("A handover lies now or ahead; what was recorded wrongly is corrected.", field="at",
                           value=at.isoformat(), expected=f"{by.at.isoformat()} or later")
