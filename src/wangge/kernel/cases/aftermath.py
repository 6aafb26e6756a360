"""What follows from an act, in its own transaction: parts, joined cases, precedents, the end of a case that nobody
was drawn to review. Each consequence is an entry of its own on its own case.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from wangge.base import events
from wangge.base.mandate import Mandate
from wangge.kernel.cases import reference
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.dividing import share_out
from wangge.kernel.cases.events import CaseMoved
from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.lifecycle import ENDED, State, transition
from wangge.kernel.cases.loading import Loaded, lock_many
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.rules import decide
from wangge.kernel.cases.settling import set_precedent
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.duties import mandates
from wangge.kernel.journal.writing import Head

SHARED_FATES: Mapping[str, str] = {
    "close": "follow_close",
    "force_close": "follow_close",
    "void": "follow_void",
    "reject": "follow_void",
    "reopen": "follow_reopen",
    "dissent": "follow_reopen",
    "merge": "follow_move",
}
"""What joined cases do when the case that they joined does this."""


def moved(before: CaseState, after: CaseState, act: str, at: datetime) -> CaseMoved:
    """The event that tells of an act."""
    return CaseMoved(after.id, act, before.state, after.state, after.path, after.version, at)


def follow_up(change: Change, command: Command, facts: Facts, loaded: Loaded) -> CaseState:
    """Do what follows from a decided and recorded act; returns the case as it then stands."""
    case = change.after
    if command.act in SHARED_FATES:
        _share_fate(case, SHARED_FATES[command.act], facts if facts.other else facts._replace(other=case))
    if case.parent is not None and command.act in _TELL_PARENT:
        _tell_parent(case, facts)
    own = _OWN.get(command.act)
    return own(change, command, facts, loaded) if own else case


_TELL_PARENT = frozenset({"close", "force_close", "void", "reopen", "dissent"})


def _share_fate(case: CaseState, act: str, facts: Facts) -> None:
    found = [pair for pair in lock_many("c.merged_into = %s", [case.id]) if transition(act, pair[0].state)]
    if found:
        follow(found, Command(act=act), facts._replace(by=as_job("joined", facts)))


def follow(found: Sequence[tuple[CaseState, Head]], command: Command, facts: Facts) -> list[CaseState]:
    """Decide one internal act for locked cases of the same ground, record all at once, tell of each."""
    changes = [decide(state, command, facts, head) for state, head in found]
    record(changes, draw("journal_entry_ordinal", len(changes)), by=facts.by)
    for change in changes:
        assert change.before is not None
        events.publish(moved(change.before, change.after, command.act, facts.moment))
    return [change.after for change in changes]


def _tell_parent(part: CaseState, facts: Facts) -> None:
    """The whole is handed back when its last part has ended, and taken up again when a part is.

    Parts of a round before the whole was reopened end for themselves.
    """
    found = lock_many("c.id = %s OR c.parent = %s", [part.parent, part.parent])
    whole = next((pair for pair in found if pair[0].id == part.parent), None)
    shared_at = whole[0].dispatched_at if whole and whole[0].parts else None
    if whole is None or shared_at is None:
        return
    parts = [state for state, _ in found if state.parent == part.parent and state.reported_at >= shared_at]
    done = all(one.state in ENDED for one in parts)
    act = {(State.HANDLING, True): "gather", (State.HANDLED, False): "part_back"}.get((State(whole[0].state), done))
    if act:
        follow([whole], Command(act=act), facts._replace(by=as_job("parts", facts)))


def _settle_disposal(change: Change, command: Command, facts: Facts, loaded: Loaded) -> CaseState:
    """A self-disposed case that was not drawn for review ends at once, and is counted apart."""
    case = change.after
    if case.sampled:
        return case
    [pair] = lock_many("c.id = %s", [case.id])
    return follow([pair], Command(act="close"), facts._replace(by=as_job("sample", facts)))[0]


def _keep_precedent(change: Change, command: Command, facts: Facts, loaded: Loaded) -> CaseState:
    case = change.after
    known = reference.reference(loaded.reference_version)
    info = known.classes.get(case.case_class) if case.case_class else None
    if info is not None and case.area is not None and facts.target is not None:
        keeper = known.keeper_of(case.part)
        heard = {*refused_by(case.id), *([keeper] if keeper else [])}
        set_precedent(
            area_id=case.area, code=info.code, target=facts.target, case_id=case.id, passed_over=sorted(heard),
            by=facts.by, at=facts.moment,
        )  # fmt: skip
    return case


def refused_by(case_id: UUID) -> set[UUID]:
    """The organisations that were sent this case and gave it back, from its entries."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT verb, data->'set' ? 'organisation', data->'set'->>'organisation' FROM journal_entry"
            " WHERE subject_id = %s ORDER BY seq",
            [case_id],
        )
        found, holder = set[UUID](), None
        for verb, told, organisation in cursor.fetchall():
            if verb == "return" and holder is not None:
                found.add(UUID(holder))
            holder = organisation if told else holder
    return found


def _end_parts(change: Change, command: Command, facts: Facts, loaded: Loaded) -> CaseState:
    """What is closed by force takes its shares along, by the same hand and with the same reason."""
    assert change.before is not None
    if change.before.parts:
        shares = lock_many("c.parent = %s", [change.after.id])
        found = [pair for pair in shares if transition(command.act, pair[0].state)]
        if found:
            follow(found, Command(act=command.act, reason=command.reason), facts)
    return change.after


def as_job(name: str, facts: Facts) -> Mandate:
    """The job's mandate at the moment of the act that it follows from."""
    return mandates.job(name, at=facts.by.at, recorded_at=facts.by.recorded_at, clock_from_at=facts.by.clock_from_at)


_OWN: Mapping[str, Callable[[Change, Command, Facts, Loaded], CaseState]] = {
    "dispose": _settle_disposal,
    "force_close": _end_parts,
    "rule": _keep_precedent,
    "share": share_out,
}
