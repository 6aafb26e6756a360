"""What the holder of a tracking code sees of a case, and what they may add: words and photos, never more.

The code is the authority: eighty random bits. It opens one case, without names, contacts or internal notes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import msgspec

from wangge.base.clock import now
from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.controls import controls_on
from wangge.kernel.cases.lifecycle import ENDED
from wangge.kernel.cases.loading import load, read_many
from wangge.kernel.cases.models.reference import CONFIDENTIALITY
from wangge.kernel.cases.queries.timeline import Moment, timeline
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import ControlInfo, reference
from wangge.kernel.cases.rules import Command, allowed_actions
from wangge.kernel.cases.services import act
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.tracking import read_code
from wangge.kernel.duties.mandates import follower

SHOWN = frozenset(
    {
        "report",
        "accept",
        "confirm",
        "merge",
        "separate",
        "rule",
        "suspend",
        "resume",
        "force_close",
        "dissent",
        "rate",
        "follow_close",
        "follow_void",
        "follow_reopen",
        "dispose",
        "reject",
        "register",
        "dispatch",
        "share",
        "gather",
        "part_back",
        "recall",
        "sign",
        "handle",
        "rework",
        "return",
        "inspect",
        "close",
    }
    | {"void", "reopen", "tell", "comment", "attach"}
)
"""Acts that a reporter sees. Comments and added photos only where they came by a tracking code."""

ANSWERS = frozenset({"reject", "void", "reopen", "force_close", "tell"})
"""Acts whose words are written for the reporter."""

OUTCOMES = frozenset({"reject", "void", "force_close"})
"""Of these, what the reporter of a joined case reads too: why the case that theirs joined ended."""


class Followed(NamedTuple):
    """A case as its reporter sees it. `moments` hold no names; their content is what the reporter may read.

    `units` maps duties that stand in moments to their organisation's name and English name. Where the report joined
    another case (`joined`), `case` is that one as it stands, and its moments go on from there without other reporters'
    words. `files` are photos with what they show (before or after): of the report, and of the finished work, also of
    the case that it joined and of its parts. `sharing` are the units and posts that still have a part of it in hand.
    `controls` say why such a thing is not handled there for a time. Where the class is restricted (`level`) the steps
    are told without words and photos, where it is confidential only how far it is: a code may fall into other hands.
    """

    code: str
    case: CaseState
    joined: bool
    may_rate: bool
    may_dissent: bool
    organisation: str | None
    moments: tuple[Moment, ...]
    files: tuple[tuple[UUID, str], ...]
    units: dict[UUID, tuple[str, str]]
    level: str = "public"
    sharing: tuple[tuple[str, str, str], ...] = ()
    controls: tuple[ControlInfo, ...] = ()


_FILES = """
SELECT f.id, f.role FROM cases_file f JOIN journal_entry e ON e.subject_id = f.case_id AND e.seq = f.seq
LEFT JOIN cases_case k ON k.id = f.case_id
WHERE f.erased_at IS NULL AND ((f.case_id = %(own)s AND e.verb IN ('report', 'handle', 'dispose'))
  OR (f.role = 'after' AND (k.id = %(shown)s OR k.parent = %(shown)s)))
ORDER BY e.recorded_at, f.id
"""
_SHARING = """
SELECT coalesce(o.name, ''), coalesce(o.name_en, ''), coalesce(k.post, '') FROM cases_case k
LEFT JOIN people_organisation o ON o.id = k.organisation
WHERE k.parent = %s AND NOT k.state = ANY(%s) ORDER BY k.number
"""


def follow(code: str) -> Followed:
    """The case behind a tracking code as it was typed. Raises `InvalidInput` or `NotFound`."""
    code, by, case_id = _opened(code)
    own = state = load(case_id, by)
    moments = [shown for moment in timeline(case_id) if (shown := _shown(moment))]
    if own.merged_into is not None:
        [state] = read_many("c.id = %s", [own.merged_into])
        moments += _of_the_other(own, moments)
    level = _level(own, state)
    if level != "public":
        moments = [moment._replace(content={}) for moment in moments] if level == "restricted" else []
    with hot_cursor() as cursor:
        files = cursor.execute(_FILES, {"own": case_id, "shown": state.id}, prepare=True).fetchall()
        name = cursor.execute(
            "SELECT name FROM people_organisation WHERE id = %s", [state.organisation], prepare=True
        ).fetchone()
        sharing = cursor.execute(_SHARING, [state.id, list(ENDED)]).fetchall() if state.parts else []
    allowed = allowed_actions(own, by)
    return Followed(
        code=code,
        case=msgspec.structs.replace(state, reported_at=own.reported_at),
        joined=own.merged_into is not None,
        may_rate="rate" in allowed,
        may_dissent="dissent" in allowed,
        organisation=name[0] if name else None,
        moments=tuple(moments),
        files=tuple(files) if level == "public" else (),
        units=_units(moments),
        level=level,
        sharing=tuple(sharing) if level != "confidential" else (),
        controls=tuple(controls_on(reference(), state, now())),
    )


def _level(own: CaseState, state: CaseState) -> str:
    """The stricter confidentiality of the case and of the one that it joined."""
    known = reference()
    return max(known.level_of(own.case_class), known.level_of(state.case_class), key=CONFIDENTIALITY.index)


def _of_the_other(own: CaseState, moments: Sequence[Moment]) -> list[Moment]:
    """What happened since to the case that this one joined, with why it ended; the words of other reporters are not
    told."""
    assert own.merged_into is not None
    since = max((moment.recorded_at for moment in moments if moment.verb == "merge"), default=own.reported_at)
    return [
        shown if shown.verb in OUTCOMES else shown._replace(content={})
        for moment in timeline(own.merged_into)
        if moment.recorded_at > since
        and moment.verb not in ("tell", "comment", "attach", "rate", "dissent")
        and (shown := _shown(moment))
    ]


def rate(code: str, satisfaction: int) -> CaseState:
    """How content the reporter is: 3 very, 2, 1 not. Once for each time that it is closed."""
    return _do(code, Command(act="rate", satisfaction=satisfaction))


def dissent(code: str, reason: str) -> CaseState:
    """The reporter is not content, within seven days of closing: the case is opened again, with a new limit."""
    return _do(code, Command(act="dissent", reason=reason))


def _do(code: str, command: Command) -> CaseState:
    _code, by, case_id = _opened(code)
    return act(case_id=case_id, command=command, expected_version=load(case_id, by).version, by=by)


def _units(moments: Sequence[Moment]) -> dict[UUID, tuple[str, str]]:
    """The organisations of duties held for one."""
    duties = list({moment.duty for moment in moments if moment.duty})
    if not duties:
        return {}
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT d.id, o.name, o.name_en FROM duties_assignment d"
            " JOIN people_organisation o ON o.id = d.organisation_id WHERE d.id = ANY(%s)",
            [duties],
            prepare=True,
        ).fetchall()
    return {duty: (name, name_en) for duty, name, name_en in rows}


def add(code: str, *, note: str = "", files: Sequence[UUID] = ()) -> CaseState:
    """A word, photos or both from the holder of the code. Raises `InvalidInput` where there is neither."""
    _code, by, case_id = _opened(code)
    if not note.strip() and not files:
        raise InvalidInput("Write something or add a photo.", field="note", expected="some words or a photo")
    name = "comment" if note.strip() else "attach"
    return act(case_id=case_id, command=Command(act=name, note=note, files=tuple(files)), expected_version=None, by=by)


def sender(code: str) -> Mandate:
    """The mandate under which the holder of the code sends photos."""
    return _opened(code)[1]


def _opened(code: str) -> tuple[str, Mandate, UUID]:
    code = read_code(code)
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT c.id, c.path FROM cases_report r JOIN cases_case c ON c.id = r.case_id WHERE r.tracking_code = %s",
            [code],
            prepare=True,
        ).fetchone()
    if row is None:
        raise NotFound("No report has this code.", field="code", expected="the code of your receipt")
    return code, follower(row[1]), row[0]


def _shown(moment: Moment) -> Moment | None:
    """The moment without names, with only the words that the reporter may read; None for internal ones."""
    own = moment.channel == "public"
    if moment.verb not in SHOWN or (moment.verb in ("comment", "attach") and not own):
        return None
    readable = own or moment.verb in ANSWERS
    content = {
        name: text
        for name, text in moment.content.items()
        if readable and name in ("description", "address", "note", "reason")
    }
    return moment._replace(actor=None, actor_name=None, content=content)
