"""The rules of a case, pure: from a state, a command and facts to the next state and its entry.

Nothing here reads a clock or a database. The entry's `data.set` holds exactly the columns that the act
changed, so a case is what its entries add up to (`replay`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from wangge.base.errors import Conflict, Forbidden
from wangge.base.mandate import Mandate
from wangge.kernel.cases.effects import changes_of
from wangge.kernel.cases.facts import STAGE_LIMITS, Command, Facts, Target, stage_due
from wangge.kernel.cases.guards import GUARDS
from wangge.kernel.cases.lifecycle import INTERNAL, State, Transition, Who, possible, transition
from wangge.kernel.cases.needs import check_needs
from wangge.kernel.cases.replaying import plain, replay
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act, Head

__all__ = [
    "STAGE_LIMITS",
    "SUBJECT",
    "Command",
    "Facts",
    "Target",
    "addressed",
    "allowed_actions",
    "check_allowed",
    "check_needs",
    "decide",
    "impossible",
    "plain",
    "present",
    "refused",
    "replay",
    "stage_due",
]

SUBJECT = "case"


def decide(state: CaseState, command: Command, facts: Facts, head: Head | None) -> Change:
    """What this act makes of the case.

    Raises `Conflict` where the state does not allow the act, `Forbidden` where the mandate does not, and
    `InvalidInput` naming the missing input.
    """
    row = check_allowed(state, command.act, facts.by)
    check_needs(row, state, command, facts)
    updates = changes_of(row, state, command, facts)
    data: dict[str, Any] = {"set": plain(updates)}
    if command.files:
        data["files"] = dict(facts.files)
    if facts.near and "part" in data["set"]:
        data["part"] = {"code": facts.near.part.code, "metres": round(facts.near.metres)}
    if row.target is State.DISPATCHED and facts.target and facts.target.rule:
        data["rule"] = str(facts.target.rule)
    content = {name: text for name in ("reason", "note") if (text := getattr(command, name))}
    act = Act(state.id, SUBJECT, command.act, state.area, data, content, state.version)
    after = msgspec.structs.replace(state, version=state.version + 1, **updates)
    return Change(after, (act,), state, head)


def check_allowed(state: CaseState, act: str, by: Mandate) -> Transition:
    """The row of this act, where the state and the mandate allow it. Raises `Conflict` or `Forbidden`."""
    row = transition(act, state.state)
    if row is None:
        raise impossible(state, act)
    refusal = refused(row, state, by)
    if refusal:
        raise refusal
    return row


def refused(row: Transition, state: CaseState, by: Mandate) -> Forbidden | Conflict | None:
    """Why this mandate may not do this act on this case, or None. Missing inputs are not judged here."""
    try:
        by.require(row.act, state.path)
    except Forbidden as error:
        return error
    refusal = _REFUSED[row.who](row, state, by)
    if refusal:
        return refusal
    if state.merged_into is not None and not row.joined:
        return _conflict(state, row.act, "It has been joined to another case; act on that one.", "separate first")
    for name in row.guards:
        guard = GUARDS[name]
        if not guard.test(state, by):
            return _conflict(state, row.act, guard.text, guard.expected)
    return None


def _conflict(state: CaseState, act: str, text: str, expected: str) -> Conflict:
    return Conflict(text, field="action", value=act, expected=expected, extra={"present": present(state)})


def _forbidden(text: str, act: str, expected: str) -> Forbidden:
    return Forbidden(text, field="action", value=act, expected=expected)


def _unless_addressed(row: Transition, state: CaseState, by: Mandate) -> Forbidden | None:
    if addressed(state, by):
        return None
    return _forbidden(
        f"Case {state.number} was dispatched to somebody else.",
        row.act,
        "the post or organisation that the case was dispatched to",
    )


def _if_handler(row: Transition, state: CaseState, by: Mandate) -> Forbidden | None:
    if by.actor is None or by.actor != state.handler:
        return None
    return _forbidden("Who handled a case does not inspect it nor decide about it.", row.act, "another person")


def _unless_reporter(row: Transition, state: CaseState, by: Mandate) -> Forbidden | None:
    if by.actor is not None and by.actor == state.reporter:
        return None
    return _forbidden("Only who reported it may do this.", row.act, "the person who reported it")


def _unless_called(row: Transition, state: CaseState, by: Mandate) -> Forbidden | Conflict | None:
    if state.called is None or (by.organisation is not None and by.organisation == state.called):
        return None
    return _forbidden("Another organisation was called.", row.act, "the organisation that was called")


_REFUSED: Mapping[Who, Callable[[Transition, CaseState, Mandate], Forbidden | Conflict | None]] = {
    Who.SCOPE: lambda row, state, by: None,
    Who.TARGET: _unless_addressed,
    Who.HANDLER: _unless_addressed,
    Who.OTHER: _if_handler,
    Who.REPORTER: _unless_reporter,
    Who.CALLED: _unless_called,
}


def allowed_actions(state: CaseState, by: Mandate) -> tuple[str, ...]:
    """The acts that this mandate may do on this case now, in the order of the table."""
    return tuple(
        dict.fromkeys(
            row.act for row in possible(state.state) if row.act not in INTERNAL and refused(row, state, by) is None
        )
    )


def addressed(state: CaseState, by: Mandate) -> bool:
    """Whether the case was dispatched to the mandate's organisation or to its post on its ground.

    For a case that is shared between units, whoever may share it out answers for the whole.
    """
    if state.parts:
        return "share" in by.may
    if state.organisation is not None and state.organisation == by.organisation:
        return True
    return state.post is not None and state.post == by.post and (state.post_path or "").startswith(by.scope_path)


def impossible(state: CaseState, act: str) -> Conflict:
    """The error for an act that the present state does not allow."""
    acts = ", ".join(dict.fromkeys(row.act for row in possible(state.state) if row.act not in INTERNAL))
    return Conflict(
        f"Case {state.number} is “{state.state}”; it cannot {act} now.",
        field="action",
        value=act,
        expected=f"one of {acts}",
        extra={"present": present(state)},
    )


def present(state: CaseState) -> dict[str, Any]:
    """What a caller who lost a race is shown."""
    return {
        "id": str(state.id),
        "number": state.number,
        "state": state.state,
        "version": state.version,
        "stage_since": state.stage_since.isoformat(),
    }
