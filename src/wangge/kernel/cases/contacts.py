"""How to reach the person who reported: read only with a reason, and each look is journaled.

The look is an entry on an access subject of its own, one for each case, so that the case's version does not
move. Basis: the reporter gave the contact to hear of the result; it is erased with the case's contents, or
when the retention job finds its time over.
"""

from __future__ import annotations

from uuid import UUID, uuid5

from django.db import transaction

from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import may_read
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.journal.services import Act, note

FIELDS = ("contact_name", "contact_phone")


def access_subject(case_id: UUID) -> UUID:
    """The id of the subject on which looks at this case's contact are journaled."""
    return uuid5(case_id, "access")


def has_contact(case_id: UUID) -> bool:
    """Whether the reporter left a way to be reached that was not erased."""
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM journal_content"
            " WHERE subject_id = %s AND field = ANY(%s) AND value IS NOT NULL)",
            [case_id, list(FIELDS)],
        ).fetchone()
    return bool(row and row[0])


def read_contact(*, case_id: UUID | str, reason: str, by: Mandate) -> dict[str, str]:
    """The reporter's name and phone, as far as given. The look is written down before anything is shown.

    Raises `Forbidden` without the verb `read_contact` there, `InvalidInput` without a reason.
    """
    reason = check_text("reason", reason)
    if not reason:
        raise InvalidInput("Say why you need to reach the reporter.", field="reason", expected="some words")
    state = load(case_id, by)
    readable = may_read(state, reference().level_of(state.case_class), by)
    if not readable or not by.allows("read_contact", state.path):
        raise Forbidden("Your post does not read contacts.", field="action", value="read_contact")
    subject = access_subject(state.id)
    with transaction.atomic():
        data = {"case": str(state.id)}
        note(Act(subject, "access", "read_contact", state.area, data, {"reason": reason}), by=by)
        with hot_cursor() as cursor:
            rows = cursor.execute(
                "SELECT field, value FROM journal_content WHERE subject_id = %s AND field = ANY(%s)"
                " AND value IS NOT NULL ORDER BY seq",
                [state.id, list(FIELDS)],
            ).fetchall()
    return dict(rows)
