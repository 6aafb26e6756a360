"""One case with everything its page shows."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases import routing
from wangge.kernel.cases.clocks import ClockSum, clock_sum
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.queries.names import names_of
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import ClassInfo, Condition, reference
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import holders
from wangge.kernel.places.queries import AreaInfo, atlas


class FileInfo(NamedTuple):
    """A file of the case; erased ones are left out."""

    id: UUID
    role: str
    seq: int
    media_type: str
    width: int | None
    height: int | None
    stored_at: datetime


class CaseDetail(NamedTuple):
    """A case with its words, place, class, files, clock, and what the reader may do.

    `area` is the deepest area, `above` all areas from the root down. `names` maps the ids of persons and
    organisations in the state to names, `names_en` organisations to English ones.
    `suggestion` says where a registered case should go.
    """

    case: CaseState
    description: str | None
    address: str | None
    erased: bool
    has_contact: bool
    class_info: ClassInfo | None
    condition: Condition | None
    area: AreaInfo | None
    above: tuple[AreaInfo, ...]
    names: dict[UUID, str]
    names_en: dict[UUID, str]
    files: tuple[FileInfo, ...]
    clock: ClockSum
    allowed: tuple[str, ...]
    suggestion: routing.Suggestion | None


_TEXTS = """
SELECT field, value FROM journal_content WHERE subject_id = %s AND seq = 1
"""
_FILES = """
SELECT id, role, seq, media_type, width, height, stored_at FROM cases_file
WHERE case_id = %s AND erased_at IS NULL AND digest_kept IS NOT NULL ORDER BY seq, stored_at, id
"""


def case_detail(case: UUID | str, by: Mandate, *, now: datetime) -> CaseDetail:
    """The case with this id or number. Raises `NotFound` where there is none that the mandate may see."""
    state = load(case, by)
    with hot_cursor() as cursor:
        texts = dict(cursor.execute(_TEXTS, [state.id], prepare=True).fetchall())
        files = tuple(FileInfo(*row) for row in cursor.execute(_FILES, [state.id], prepare=True).fetchall())
    places = atlas()
    known = reference()
    info = known.classes.get(state.case_class) if state.case_class else None
    suggestion = None
    if state.state == State.REGISTERED:
        suggestion = routing.suggest(
            known,
            lambda path, post: holders(path, post, now),
            path=state.path,
            code=info.code if info else None,
            at=now,
        )
    organisations = [
        state.organisation,
        suggestion.target.organisation if suggestion and suggestion.target else None,
    ]
    above = tuple(places.above(state.path))
    called = names_of([state.reporter, state.handler, state.inspector], organisations)
    return CaseDetail(
        case=state,
        description=texts.get("description"),
        address=texts.get("address"),
        erased="description" in texts and texts["description"] is None,
        has_contact=bool(texts.get("contact_name") or texts.get("contact_phone")),
        class_info=info,
        condition=info.conditions.get(state.condition) if info and state.condition else None,
        area=above[-1] if above else None,
        above=above,
        names=called.names,
        names_en=called.english,
        files=files,
        clock=clock_sum(state, calendar_for(state.path), now),
        allowed=allowed_actions(state, by),
        suggestion=suggestion,
    )


def subject_of(text: str) -> UUID:
    """The id of the case that a number (spaces allowed) or an id names. Raises `NotFound`."""
    wanted = text.strip().replace(" ", "")
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT id FROM cases_case WHERE number = %s OR id::text = lower(%s)", [wanted, wanted]
        ).fetchone()
    if row is None:
        raise NotFound("There is no such case.", field="case", value=text, expected="a case number or id")
    return UUID(str(row[0]))
