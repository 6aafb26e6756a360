"""Clearing photos for the wall: somebody has looked at both and answers for it that nobody can be recognised.

A photo on the wall is seen by whoever passes: no face, no number plate, no name, no door. Nothing is shown that was
not cleared, nothing of a class that is not public; clearing and taking back are entries of the journal.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from wangge.base.clock import to_us
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.files import FileBytes
from wangge.kernel.cases.files.reading import read_kept
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import reference
from wangge.kernel.journal.services import Act, append
from wangge.kernel.wall.models import CLEARANCE, Clearance

VERB = "clear_photos"
SHOWN_FOR = timedelta(days=7)
"""So long after its closing a case with cleared photos is shown."""
MOST_OFFERED = 24
SIDES = ("before", "after")

_OF_CASE = "f.case_id = c.id AND f.erased_at IS NULL AND f.digest_kept IS NOT NULL"
FIRST = (
    f"(SELECT f.id FROM cases_file f WHERE {_OF_CASE} AND f.role <> 'after' ORDER BY f.role <> 'before', f.seq, f.id"
    " LIMIT 1)"
)
LAST = f"(SELECT f.id FROM cases_file f WHERE {_OF_CASE} AND f.role = 'after' ORDER BY f.seq DESC, f.id DESC LIMIT 1)"
"""The photos of the case `c` that are offered: what was found, and the last of what was done."""


class Offer(NamedTuple):
    """A closed case with both photos; `cleared_at` while they are shown."""

    case_id: UUID
    number: str
    path: str
    class_code: str | None
    class_name: str | None
    class_name_en: str | None
    closed_at: datetime
    before: UUID
    after: UUID
    cleared_at: datetime | None


def subject_of(case_id: UUID) -> UUID:
    """The id of the subject on which the clearing of a case's photos is journaled."""
    return uuid5(case_id, CLEARANCE)


def clear_photos(*, case: UUID | str, before: UUID, after: UUID, by: Mandate) -> Clearance:
    """Let the wall show these two photos of a closed case.

    Raises `Forbidden` without the verb there, `NotFound` for a case or photos that the mandate does not see, and
    `InvalidInput` for a case that is not closed or whose class is not public.
    """
    state = load(case, by)
    by.require(VERB, state.path)
    if state.state != "closed":
        raise InvalidInput("Only photos of a closed case are cleared.", field="state", value=state.state,
                           expected="closed")  # fmt: skip
    if reference().level_of(state.case_class) != "public":
        raise InvalidInput("Photos of this class are never shown.", field="case_class", expected="a public class")
    with transaction.atomic():
        known = Clearance.objects.select_for_update().filter(case_id=state.id).first()
        _require_photos(state.id, before, after)
        data = {"case": str(state.id), "before": str(before), "after": str(after), "cleared_at": to_us(by.recorded_at)}
        subject = subject_of(state.id)
        version = known.version if known else 0
        [written] = append([Act(subject, CLEARANCE, VERB, state.area, data, version=version)], by=by)
        made = Clearance(
            id=subject, version=written.seq, case_id=state.id, before_id=before, after_id=after,
            cleared_at=by.recorded_at, retracted_at=None,
        )  # fmt: skip
        made.save(force_insert=known is None, force_update=known is not None)
    return made


def retract_photos(*, case: UUID | str, by: Mandate) -> Clearance:
    """The wall shows them no more, from its next look. Twice changes nothing. Raises `NotFound`, `Forbidden`."""
    state = load(case, by)
    by.require(VERB, state.path)
    with transaction.atomic():
        known = Clearance.objects.select_for_update().filter(case_id=state.id).first()
        if known is None:
            raise NotFound("No photos of this case were cleared.", field="case", value=case)
        if known.retracted_at is None:
            known.retracted_at = by.recorded_at
            data = {"retracted_at": to_us(known.retracted_at)}
            act = Act(known.id, CLEARANCE, "retract_photos", state.area, data, version=known.version)
            [written] = append([act], by=by)
            known.version = written.seq
            known.save(force_update=True)
    return known


def offers(*, by: Mandate, now: datetime) -> list[Offer]:
    """Closed cases of the last days with both photos, those not cleared first. One statement."""
    by.require(VERB, by.scope_path)
    scope = by.scope_path
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT x.* FROM (SELECT c.id, c.number, c.path, k.code, k.name, k.name_en, c.closed_at,"
            f" coalesce(w.before_id, {FIRST}) AS before, coalesce(w.after_id, {LAST}) AS after, w.cleared_at"
            " FROM cases_case c JOIN cases_class k ON k.id = c.case_class"
            " LEFT JOIN wall_clearance w ON w.case_id = c.id AND w.retracted_at IS NULL"
            " WHERE c.closed_at >= %s AND c.state = 'closed' AND k.confidentiality = 'public'"
            " AND (%s = '' OR (c.path >= %s AND c.path < %s)) AND c.merged_into IS NULL"
            " AND EXISTS (SELECT 1 FROM cases_file f WHERE f.case_id = c.id AND f.role = 'after')) x"
            " WHERE x.before IS NOT NULL AND x.after IS NOT NULL"
            f" ORDER BY x.cleared_at IS NOT NULL, x.closed_at DESC LIMIT {MOST_OFFERED}",
            [now - SHOWN_FOR, scope, scope, after(scope)],
        ).fetchall()
    return [Offer(*row) for row in rows]


_SHOWN = """
SELECT f.digest_kept, f.media_type FROM wall_clearance w JOIN cases_case c ON c.id = w.case_id
JOIN cases_class k ON k.id = c.case_class
JOIN cases_file f ON f.id = CASE WHEN %s = 'before' THEN w.before_id ELSE w.after_id END
WHERE w.id = %s AND w.retracted_at IS NULL AND f.erased_at IS NULL AND k.confidentiality = 'public'
  AND c.state = 'closed' AND c.path >= %s AND c.path < %s
"""


def read_shown(clearance: UUID, side: str, *, by: Mandate) -> FileBytes:
    """A cleared photo for a display, the small form. Raises `NotFound` where it is not (or no more) to be shown."""
    from wangge.kernel.wall.watching import require_watch

    require_watch(by, by.scope_path)
    if side not in SIDES:
        raise NotFound("There is no such photo.", field="side", value=side, expected="one of " + ", ".join(SIDES))
    bounds = [by.scope_path, after(by.scope_path) if by.scope_path else "\U0010ffff"]
    return read_kept(_SHOWN, [side, clearance, *bounds], clearance, thumb=True)


def _require_photos(case_id: UUID, before: UUID, after: UUID) -> None:
    with hot_cursor() as cursor:
        rows = cursor.execute(
            f"SELECT f.id, f.role FROM cases_file f, (SELECT %s::uuid AS id) c WHERE {_OF_CASE} AND f.id = ANY(%s)",
            [case_id, [before, after]],
        ).fetchall()
    roles = dict(rows)
    if before == after or roles.get(before, "after") == "after" or roles.get(after) != "after":
        raise NotFound("The case has no such photos.", field="photos", value=f"{before}, {after}",
                       expected="one from before and one from after")  # fmt: skip
