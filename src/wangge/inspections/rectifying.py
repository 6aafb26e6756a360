"""Putting right what was found (整改): ordered with a deadline, reported done, checked again (复查) by another.

A check that is not passed opens the next round in the same transaction, with the term of further rounds.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max

from wangge.assessment.models import FindingRow
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.inspections import terms
from wangge.inspections.contesting import locked_finding, words_of
from wangge.inspections.models import Rectification
from wangge.inspections.queries import answering_of, require_seen
from wangge.inspections.recording import locked
from wangge.inspections.rules import addressed, check_counts, check_decider, check_person
from wangge.kernel.cases.guards import moment_of
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.partaking import partaking
from wangge.kernel.duties.queries import holders
from wangge.patrols.recording import advance, begin

SUBJECT = "rectification"
ORDER, DO, CHECK, DROP = "order_rectification", "rectify", "recheck", "drop_rectification"


class NewRectification(NamedTuple):
    """What is to be put right by whom: a post held over the place, or an organisation that serves it; with a deadline,
    else that of the terms."""

    finding: UUID
    post: str | None = None
    organisation: UUID | None = None
    due_at: datetime | None = None
    words: str = ""


@transaction.atomic
def order_rectification(*, new: NewRectification, expected_version: int | None, by: Mandate) -> Rectification:
    """Order that a finding be put right. Raises `NotFound`, `Forbidden`, `InvalidInput`, `Conflict` where one is open.
    """
    one = locked_finding(new.finding, expected_version, by)
    by.require(ORDER, one.area_path)
    check_counts(one)
    moment = moment_of(by)
    _check_addressee(new, one, moment)
    content = words_of("note", new.words, must=False)
    number = (one.rectifications.aggregate(last=Max("round"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            return _begin(one, number, new.post, new.organisation, moment, new.due_at, content, by=by)
    except IntegrityError as error:
        if "inspections_rectification_one_open" not in str(error):
            raise
        raise Conflict("It is being put right already.", field="finding", value=f"{one.source}/{one.ref}") from error


@transaction.atomic
def rectify(*, rectification: UUID, words: str, expected_version: int | None, by: Mandate) -> Rectification:
    """Report that it was put right: by whom it is addressed to. Raises `NotFound`, `Forbidden`, `Conflict`."""
    row = locked(Rectification, SUBJECT, rectification, expected_version, DO)
    require_seen(row.finding, by)
    by.require(DO, row.path)
    actor = check_person(by)
    if not addressed(row.post_id, row.organisation_id, row.path, by):
        raise Forbidden("It is addressed to another post or unit.", field="action", value=DO,
                        expected="whom it is addressed to")
    check_counts(row.finding)
    updates = {"state": "reported", "done_by": actor, "done_at": moment_of(by)}
    return advance(row, SUBJECT, DO, updates, area=row.area_id, by=by, content=words_of("note", words))


@transaction.atomic
def recheck(
    *, rectification: UUID, passed: bool, words: str, expected_version: int | None, by: Mandate
) -> Rectification:
    """Say whether it is put right: by who neither did it nor answers for the place. Not passed opens the next round.

    Raises `NotFound`, `Forbidden`, `Conflict`, `InvalidInput` without words where it is not passed.
    """
    row = locked(Rectification, SUBJECT, rectification, expected_version, CHECK)
    one = FindingRow.objects.select_for_update(of=("self",)).get(id=row.finding_id)
    require_seen(one, by)
    by.require(CHECK, row.path)
    check_counts(one)
    actor, moment = check_person(by), moment_of(by)
    check_decider(answering_of(one), partaking(actor, moment), row.path, (one.discovered_at, moment),
                  {"Who put it right does not check it.": row.done_by_id})
    content = words_of("note", words, must=not passed)
    updates = {"state": "passed" if passed else "failed", "checked_by": actor, "checked_at": moment}
    done = advance(row, SUBJECT, CHECK, updates, area=row.area_id, by=by, content=content)
    if not passed:
        _begin(one, row.round + 1, row.post_id, row.organisation_id, moment, None, {}, by=by)
    return done


@transaction.atomic
def drop_rectification(*, rectification: UUID, words: str, expected_version: int | None, by: Mandate) -> Rectification:
    """Give an order up, such as one that went to the wrong post. Raises `NotFound`, `Forbidden`, `Conflict`."""
    row = locked(Rectification, SUBJECT, rectification, expected_version, DROP)
    require_seen(row.finding, by)
    by.require(DROP, row.path)
    return advance(row, SUBJECT, DROP, {"state": "dropped"}, area=row.area_id, by=by, content=words_of("reason", words))


def _begin(
    one: FindingRow, number: int, post: str | None, organisation: UUID | None, moment: datetime,
    due_at: datetime | None, content: dict[str, str], *, by: Mandate,
) -> Rectification:
    calendar = calendar_for(one.area_path)
    until = terms.check(due_at, moment, calendar) if due_at else terms.due(one.source, number, moment, calendar)
    row = Rectification(
        id=new_id(), version=1, finding=one, round=number, area_id=one.area_id, path=one.area_path, post_id=post,
        organisation_id=organisation, ordered_by_id=by.actor, ordered_at=moment, due_at=until, state="ordered",
    )
    return begin(row, SUBJECT, ORDER, area=one.area_id, by=by, content=content)


def _check_addressee(new: NewRectification, one: FindingRow, at: datetime) -> None:
    if (new.post is None) == (new.organisation is None):
        raise InvalidInput("Say who puts it right: a post or an organisation.", field="target", expected="one of both")
    if new.organisation is not None and not serves(new.organisation, one.area_path):
        raise InvalidInput("There is no such organisation here.", field="organisation", value=new.organisation,
                           expected="one that serves this place")
    if new.post is not None:
        info = POSTS.get(new.post)
        if info is None or DO not in info.verbs:
            raise InvalidInput("This post puts nothing right.", field="post", value=new.post,
                               expected="a post that handles")
        if not holders(one.area_path, new.post, at):
            raise InvalidInput("Nobody holds this post there now.", field="post", value=new.post,
                               expected="a post that is held, or an organisation")


