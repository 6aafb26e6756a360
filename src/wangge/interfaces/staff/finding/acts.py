"""What a reader may do about a finding now: the forms that its page offers, the one that brings it on first.

An offer is a hint; who may is decided by the services.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.utils.translation import gettext as _

from wangge.assessment.models import FindingRow
from wangge.assessment.services import AMEND
from wangge.base.mandate import Mandate
from wangge.inspections.answering import Answering, answers, people
from wangge.inspections.contesting import DECIDE
from wangge.inspections.rectifying import CHECK, DO, DROP
from wangge.inspections.rules import addressed
from wangge.inspections.story import Story
from wangge.kernel.cases.reporting import LIMITS


class Form(NamedTuple):
    """A form: what it does, to which thing at which version; its words; `forward` where it brings the finding on."""

    do: str
    label: str
    key: UUID
    version: int
    words: str = ""
    required: bool = True
    forward: bool = False
    danger: bool = False
    hint: str = ""
    most: int = LIMITS["reason"]


def offered(
    one: FindingRow, told: Story, held: Sequence[Answering], by: Mandate, *, until: datetime, now: datetime
) -> list[Form]:
    """The forms, in the order in which they matter."""
    counts = not one.void and not one.merged_into_id
    free = by.actor is not None and by.actor not in people(held)
    found = [*_rounds(told, by, counts=counts, free=free, path=one.area_path)]
    contest = told.open_contest
    if contest and by.allows(DECIDE, one.area_path) and free and by.actor not in (
            contest.contester, told.first.actor):
        found.append(Form("decide", _("Decide the contest"), contest.id, contest.version, _("Why"), forward=True,
                          hint=_("What the city or the district found changes with them only by their own word.")))
    own = any(row.contester == by.actor for row in told.contests)
    if counts and not contest and not own and now <= until and answers(held, by):
        found.append(Form("contest", _("Contest it"), one.id, one.version, _("What is wrong with it"),
                          hint=_("Somebody who has no part in it decides.")))
    if counts and free and by.allows(AMEND, one.area_path):
        found.append(Form("amend", _("Cut or void it"), one.id, one.version, _("Why"), danger=True,
                          hint=_("As whoever found it corrected it. What was found stays beside it.")))
        found.append(Form("merge", _("It repeats another one"), one.id, one.version, danger=True))
    return sorted(found, key=lambda form: not form.forward)


def _rounds(told: Story, by: Mandate, *, counts: bool, free: bool, path: str) -> list[Form]:
    row = told.open_round
    if row is None:
        return []
    found = []
    if counts and row.state == "ordered" and by.allows(DO, path) and addressed(row.post, row.organisation, path, by):
        found.append(Form("rectify", _("Report it put right"), row.id, row.version, _("What was done"), forward=True))
    if counts and row.state == "reported" and by.allows(CHECK, path) and free and by.actor != row.done_by:
        found.append(Form("recheck", _("Check again"), row.id, row.version, _("What you saw"), required=False,
                          forward=True, hint=_("Not passed opens the next round; say then what is still wrong.")))
    if by.allows(DROP, path):
        found.append(Form("drop", _("Give the order up"), row.id, row.version, _("Why"), danger=True))
    return found
