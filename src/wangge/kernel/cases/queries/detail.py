"""One case with everything its page shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases import routing
from wangge.kernel.cases.access import may_read, visible_sql
from wangge.kernel.cases.clocks import CLOCK_ACTS, ClockSum, clock_events, clock_sum
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.loading import load_with
from wangge.kernel.cases.parts.queries import OF_CASE, PartView, read_view
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import ClassInfo, Condition, reference
from wangge.kernel.cases.rules import allowed_actions
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import Roster, roster_at
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


class Kin(NamedTuple):
    """Another case that this one is bound to. `how`: into (this one joined it), joined (it this one), whole, part.

    `post` and `unit` say who has it, `task` (of a part) what is to be done: only where the reader may see it.
    """

    how: str
    number: str
    state: str
    seen: bool
    post: str | None
    unit: str | None
    unit_en: str | None
    task: str | None


class CaseDetail(NamedTuple):
    """A case with its words, place, class, files, clock, and what the reader may do.

    `area` is the deepest area, `above` all areas from the root down. `names` maps the ids of persons and
    organisations in the state to names, `names_en` organisations to English ones.
    `suggestion` says where a registered case should go, `roster` who holds what from its place upward now.
    `part` is the public part that it is about. Words and photos are `withheld` where its class is not public and the
    mandate does not read them. `beside` is what an upper room asked for along with it.
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
    roster: Roster | None = None
    part: PartView | None = None
    withheld: bool = False
    beside: tuple[Any, ...] = ()
    kin: tuple[Kin, ...] = ()


_WORDS = (
    "(SELECT json_object_agg(t.field, t.value) FROM journal_content t WHERE t.subject_id = c.id AND t.seq = 1)"
)
_FILES = (
    "(SELECT json_agg(json_build_array(f.id, f.role, f.seq, f.media_type, f.width, f.height, f.stored_at)"
    " ORDER BY f.seq, f.stored_at, f.id) FROM cases_file f"
    " WHERE f.case_id = c.id AND f.erased_at IS NULL AND f.digest_kept IS NOT NULL)"
)
_NAMES = (
    "(SELECT json_agg(json_build_array(n.id, n.name, n.name_en)) FROM (SELECT p.id, p.name, NULL AS name_en"
    " FROM people_person p WHERE p.id IN (c.reporter, c.handler, c.inspector) UNION ALL"
    " SELECT o.id, o.name, nullif(o.name_en, '') FROM people_organisation o"
    " WHERE o.id IN (c.organisation, c.called)) n)"
)
_KIN = (
    "(SELECT json_agg(json_build_array(x.how, x.number, x.state, x.seen, CASE WHEN x.seen THEN x.post END, o.name,"
    " nullif(o.name_en, ''), t.value) ORDER BY x.number)"
    " FROM (SELECT CASE WHEN k.id = c.merged_into THEN 'into' WHEN k.merged_into = c.id THEN 'joined'"
    " WHEN k.id = c.parent THEN 'whole' ELSE 'part' END AS how, k.id, k.number, k.state, k.post, k.organisation,"
    " coalesce({visible}, FALSE) AS seen FROM cases_case k"
    " WHERE k.merged_into = c.id OR k.parent = c.id OR k.id = c.merged_into OR k.id = c.parent) x"
    " LEFT JOIN people_organisation o ON o.id = x.organisation AND x.seen LEFT JOIN journal_content t"
    " ON t.subject_id = x.id AND t.seq = 1 AND t.field = 'description' AND x.how = 'part' AND x.seen)"
)

_CLOCK = (
    "(SELECT json_agg(json_build_array(e.verb, CASE WHEN c.origin = 'live' THEN e.recorded_at ELSE e.at END)"
    " ORDER BY e.seq) FROM journal_entry e WHERE e.subject_id = c.id AND e.verb IN ("
    + ", ".join(f"'{act}'" for act in CLOCK_ACTS)
    + ") AND (e.verb <> 'register' OR e.data->'set' ? 'registered_at'))"  # one that did not begin the clock anew
)


Beside = tuple[str, Sequence[Any]]
"""An SQL expression over the case `c`, and its values."""


def case_detail(case: UUID | str, by: Mandate, *, now: datetime, beside: Sequence[Beside] = (),
                suggest: bool = True) -> CaseDetail:
    """The case with this id or number, by one statement, and one more for the roster of a registered one
    where the page is to `suggest` whom it goes to.

    `beside` are further SQL expressions over the case `c`; what they give comes with that statement.

    Raises `NotFound` where there is none that the mandate may see.
    """
    visible, values = visible_sql(by, "k")
    wanted = (_WORDS, _FILES, _NAMES, _CLOCK, OF_CASE, _KIN.format(visible=visible), *(sql for sql, _ in beside))
    state, found = load_with(case, by, wanted, [*values, *(one for _, more in beside for one in more)])
    texts: dict[str, str | None] = found[0] or {}
    files = msgspec.convert(found[1] or (), tuple[FileInfo, ...])
    called = msgspec.convert(found[2] or (), tuple[tuple[UUID, str, str | None], ...])
    ticks = msgspec.convert(found[3] or (), tuple[tuple[str, datetime], ...])
    places = atlas()
    known = reference()
    kin = msgspec.convert(found[5] or (), tuple[Kin, ...])
    withheld = not may_read(state, known.level_of(state.case_class), by)
    if withheld:
        texts, files, kin = {}, (), tuple(one._replace(task=None) for one in kin)
    info = known.classes.get(state.case_class) if state.case_class else None
    suggestion = roster = None
    if suggest and state.state == State.REGISTERED:
        held = roster = roster_at(state.path, now)
        suggestion = routing.suggest(
            known,
            lambda path, post: held.holders(path, post, now),
            path=state.path,
            code=info.code if info else None,
            at=now,
            risen=routing.risen(state.tier, info.tier if info else None),
            keeper=known.keeper_of(state.part),
        )
    above = tuple(places.above(state.path))
    return CaseDetail(
        case=state,
        description=texts.get("description"),
        address=texts.get("address"),
        erased="description" in texts and texts["description"] is None,
        has_contact=not withheld
        and bool(texts.get("contact_name") or texts.get("contact_phone")),
        class_info=info,
        condition=info.conditions.get(state.condition) if info and state.condition else None,
        area=above[-1] if above else None,
        above=above,
        names={one: name for one, name, _ in called},
        names_en={one: english for one, _, english in called if english},
        files=files,
        clock=clock_sum(state, calendar_for(state.path), now, clock_events(ticks)),
        allowed=allowed_actions(state, by),
        suggestion=suggestion,
        roster=roster,
        part=read_view(found[4]),
        withheld=withheld,
        beside=tuple(found[6:]),
        kin=kin,
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
